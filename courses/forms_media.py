"""Forms of files and of what is made of them."""

import re

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from courses.services.uploading import PLAIN_MAX_BYTES


class PlainUploadForm(forms.Form):
    """One file in one form: the way without scripts."""

    file = forms.FileField(label=_("File"), max_length=150)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > PLAIN_MAX_BYTES:
            limit = filesizeformat(PLAIN_MAX_BYTES)
            raise forms.ValidationError(
                _("In this form a file has at most %(limit)s. With scripts switched on, larger ones come in pieces."),
                params={"limit": limit},
            )
        return file


class PosterForm(forms.Form):
    """The moment whose picture stands for the film."""

    at = forms.CharField(
        label=_("Moment in the video"),
        help_text=_("Minutes and seconds, as 1:05."),
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "0:05"}),
    )

    def clean_at(self) -> int:
        """Milliseconds."""
        found = re.fullmatch(r"(?:(\d):)?(\d{1,3}):([0-5]\d)", self.cleaned_data["at"].strip())
        if not found:
            raise forms.ValidationError(_("Write minutes, a colon and seconds, as 1:05."))
        hours, minutes, seconds = (int(each or 0) for each in found.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * 1000


class FileForm(forms.Form):
    """Whose a file is, and where it comes from."""

    licence = forms.CharField(
        label=_("Licence"),
        help_text=_("As CC-BY-4.0. Empty: the course’s own."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "licences"}),
    )
    source = forms.CharField(
        label=_("Source"),
        help_text=_("Where it comes from, as it is to be credited: who made it, its title, its address."),
        max_length=400,
        required=False,
    )
