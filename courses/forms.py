"""Forms of the author pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from courses.models import EditionKind

KINDS = [(kind.value, kind.label) for kind in (EditionKind.MINOR, EditionKind.REFRESH, EditionKind.REDO)]


class PublishForm(forms.Form):
    """What the new edition asks of learners, and what is new in it."""

    kind = forms.ChoiceField(
        label=_("What it asks of learners"), choices=KINDS, widget=forms.RadioSelect, initial=EditionKind.MINOR
    )
    note = forms.CharField(
        label=_("What is new"),
        help_text=_("One or two sentences; learners read them."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class UploadForm(forms.Form):
    """A course folder packed as .zip."""

    archive = forms.FileField(
        label=_("Course folder as .zip"),
        help_text=_("With course.yaml in it. If anything is wrong, you get the whole list and nothing is changed."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_archive(self) -> UploadedFile:
        archive: UploadedFile = self.cleaned_data["archive"]
        if not str(archive.name).lower().endswith(".zip"):
            raise forms.ValidationError(_("This is no .zip file. Pack the course folder and choose the .zip."))
        if (archive.size or 0) > settings.IMPORT_MAX_BYTES:
            limit = settings.IMPORT_MAX_BYTES // (1024 * 1024)
            raise forms.ValidationError(_("The file is larger than %(limit)d MB."), params={"limit": limit})
        return archive


class LessonForm(forms.Form):
    """A lesson's text in its own source format."""

    title = forms.CharField(label=_("Lesson title"), max_length=200)
    minutes = forms.IntegerField(label=_("Minutes shown to learners"), min_value=1, max_value=600)
    body = forms.CharField(
        label=_("Text"),
        help_text=_("Markdown. Headings start at ##."),
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, source_format: str = "md", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["class"] = "input--mono"
        if source_format == "html":
            self.fields["body"].help_text = _("HTML. Headings start at h2.")
