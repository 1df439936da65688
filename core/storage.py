"""Where static files are found under the names of a release."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ReleasedStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's. What a file is called does not change while a process runs, so each address is made once."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self._addresses: dict[tuple[str, bool], str] = {}

    def url(self, name: str, force: bool = False) -> str:
        if (name, force) not in self._addresses:
            self._addresses[name, force] = super().url(name, force)
        return self._addresses[name, force]
