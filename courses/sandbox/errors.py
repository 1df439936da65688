"""What a task of the limited process raises; it knows nothing of Django."""


class TaskRefused(Exception):
    """The file is not taken; ``key`` names a sentence of ``courses.sandbox.running.SENTENCES``."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
