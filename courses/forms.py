"""Forms of the author pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.languages import language_attributes
from core.naming import not_blank
from courses.bodies import FORMATS
from courses.services import remarking
from courses.services.editing import Typed


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
    """A lesson's text in its own source format. A draft may say anything; only what no row can hold is refused.

    ``version`` is what the text was written on, ``format`` the source format it is in: the lesson may have been turned
    into the other one since the page was loaded. The ``base_`` fields say so themselves when it was written on something
    that was never saved so: a merge that came back while its author went on typing. ``language`` is what it is written
    in, for whoever spells it or reads it aloud.
    """

    title = forms.CharField(label=_("Lesson title"), max_length=200, validators=[not_blank])
    minutes = forms.IntegerField(
        label=_("Minutes shown to learners"),
        min_value=1,
        max_value=600,
        widget=forms.NumberInput(attrs={"form": "lesson-form"}),  # it stands beside the form
    )
    body = forms.CharField(
        label=_("Text"),
        help_text=_("Markdown. Headings start at ##."),
        max_length=200_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    format = forms.ChoiceField(choices=[(each, each) for each in FORMATS], required=False, widget=forms.HiddenInput)
    base_title = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    base_minutes = forms.IntegerField(required=False, widget=forms.HiddenInput)
    base_body = forms.CharField(max_length=200_000, required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, source_format: str = "md", language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "body"):
            self.fields[name].widget.attrs |= language_attributes(language)
        self.fields["body"].widget.attrs["class"] = "input--mono"
        if source_format == "html":
            self.fields["body"].help_text = _("HTML. Headings start at h2.")

    def only_to_read(self) -> None:
        """For whoever may look and not change: its words can still be chosen and quoted."""
        for name in ("title", "minutes", "body"):
            self.fields[name].widget.attrs["readonly"] = True

    @property
    def typed(self) -> Typed:
        data = self.cleaned_data
        return Typed(data["title"], data["minutes"], data["body"])

    @property
    def base(self) -> Typed | None:
        data = self.cleaned_data
        if not data["base_title"] or data["base_minutes"] is None:
            return None
        return Typed(data["base_title"], data["base_minutes"], data["base_body"])


class RemarkForm(forms.Form):
    """A private note to the other authors; ``quote`` is the passage that it is about."""

    body = forms.CharField(
        label=_("Note"),
        max_length=remarking.BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "class": "textarea--short"}),
    )
    quote = forms.CharField(label=_("About these words"), max_length=remarking.QUOTE_MAX, required=False)
