"""An edition, or a draft, becomes a course folder (D25)."""

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from courses.folder.writing import write
from courses.models import Course, Edition, MediaFile
from courses.services import drafts, editions

FIXED = (1980, 1, 1, 0, 0, 0)  # the same course packs to the same bytes


def export_folder(*, course: Course, into: Path, draft: bool = False, edition: Edition | None = None) -> None:
    """Write the current edition of ``course`` (or ``edition``, or its draft) into the new folder ``into``.

    A draft may be unsound: then its ``course.yaml`` begins by saying what is wrong. Importing and publishing a sound
    folder gives the identical edition hash on any machine. Raises ``InvalidInput`` when there is no edition yet, when
    ``into`` holds something already, or when the media store has lost a file.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise InvalidInput(_("%(path)s is there already; name a new folder.") % {"path": into})
    faults: list[str] = []
    if draft:
        spec, (media, credited) = drafts.load(course), drafts.files_of(course)
        faults = [f"{fault.place}: {fault.sentence}" for fault in drafts.complete(course).faults]
    else:
        chosen = edition or course.current_edition
        if chosen is None:
            raise InvalidInput(_("The course has no edition yet; export its draft."))
        spec, media = editions.load(chosen), editions.media_of(chosen)
        credited = spec.credited
    write(spec, into, credited)
    if faults:
        _say_faults(faults, into / "course.yaml")
    stored = MediaFile.objects.in_bulk(set(media.values()), field_name="sha256")
    for name, sha in media.items():
        _copy(stored[sha], into / "media" / name)


def _say_faults(faults: list[str], path: Path) -> None:
    """What is wrong with the draft, as comments above what it says: whoever takes it along knows what to mend."""
    lines = [_("This draft has faults; until they are mended it can neither be published nor uploaded:"), *faults]
    said = "".join(f"# {' '.join(line.split())}\n" for line in lines)
    path.write_text(said + path.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")


def _copy(media: MediaFile, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with default_storage.open(media.path) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
    except FileNotFoundError as problem:
        raise InvalidInput(_("The media store has lost the file “%(name)s”.") % {"name": target.name}) from problem


def export_archive(*, course: Course, draft: bool = False, edition: Edition | None = None) -> BinaryIO:
    """The course folder as a .zip file, open for reading from its start; closing it deletes it."""
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        root = Path(folder) / course.slug
        export_folder(course=course, into=root, draft=draft, edition=edition)
        archive = tempfile.TemporaryFile(prefix="course-")  # noqa: SIM115  (the caller closes it)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(each for each in root.rglob("*") if each.is_file()):
                info = zipfile.ZipInfo(f"{course.slug}/{path.relative_to(root).as_posix()}", FIXED)
                info.external_attr = 0o100644 << 16
                info.compress_type = zipfile.ZIP_STORED if "media" in path.parts else zipfile.ZIP_DEFLATED
                with path.open("rb") as source, packed.open(info, "w") as file:
                    shutil.copyfileobj(source, file)
    archive.seek(0)
    return archive
