"""A picture that an author puts into a text while writing."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from courses.models import Course, CourseMedia
from courses.services.arriving import examined, free_name, safe_name
from courses.services.media import store_all

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")


def add_picture(*, course: Course, upload: "UploadedFile[Any]") -> CourseMedia:
    """Keep ``upload`` among the files of the draft; gives its row, under another name when that is taken.

    Raises ``InvalidInput`` when it is no picture or too large. Takes the lock of the course row.
    """
    if (upload.size or 0) > settings.IMPORT_MAX_FILE_BYTES:
        sentence = _("The file is larger than %(limit)s.") % {"limit": filesizeformat(settings.IMPORT_MAX_FILE_BYTES)}
        raise InvalidInput(sentence, fields={"picture": sentence})
    name = safe_name(str(upload.name))
    with tempfile.TemporaryDirectory(prefix="picture-") as folder:
        path = Path(folder) / "picture"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        incoming = examined(path, name)
        if incoming.probe.type not in PICTURES:
            sentence = _("This is no picture that a lesson can show; use PNG, JPEG, GIF, WebP or SVG.")
            raise InvalidInput(sentence, fields={"picture": sentence})
        media = store_all({name: incoming}, owner=course.organisation, licence=course.licence)[name]
    with transaction.atomic():
        Course.objects.select_for_update().get(pk=course.pk)
        name = free_name(course, name, media)
        held, _new = CourseMedia.objects.get_or_create(course=course, name=name, defaults={"media": media})
    held.media = media
    return held
