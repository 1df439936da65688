"""Question files on a disk: one file, or a folder that is the .zip of ``yaml_bank`` unpacked."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from quizzes.exchange.yaml_bank import MIMETYPE, NAME, SPOOLED


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, str]]:
    """The file at ``path`` and its name; a folder with ``questions.yaml`` and ``media/`` as the .zip it would be."""
    if path.is_file():
        with path.open("rb") as file:
            yield file, path.name
        return
    with tempfile.SpooledTemporaryFile(SPOOLED) as packed:
        with zipfile.ZipFile(cast("BinaryIO", packed), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
            for each in sorted([*path.glob(NAME), *path.glob("media/*")]):
                archive.write(each, each.relative_to(path).as_posix())
        packed.seek(0)
        yield cast("BinaryIO", packed), f"{path.name}.zip"
