"""Files on their way in and jobs on them keep to the test's own folder."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_making_folders(settings, tmp_path: Path) -> None:
    settings.UPLOAD_DIR = str(tmp_path / "uploads")
    settings.WORK_DIR = str(tmp_path / "work")
