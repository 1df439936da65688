"""The form with which a file of questions comes in."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from quizzes.exchange.registry import formats
from quizzes.models import Bank
from quizzes.services.importing import MOST_BYTES


class ImportForm(forms.Form):
    """A file, the bank it goes to, and how."""

    file = forms.FileField(
        label=_("File of questions"),
        help_text=_(
            "GIFT, Moodle XML, Aiken, QTI, YAML or CSV, up to 50 MB. Nothing is in the bank before you have seen it."
        ),
    )
    bank = forms.ModelChoiceField(label=_("Bank"), queryset=Bank.objects.none(), empty_label=None)
    format = forms.ChoiceField(label=_("Format"), required=False)
    language = forms.ChoiceField(label=_("Language, where the file does not say"), required=False)
    strict = forms.BooleanField(
        label=_("All or nothing"),
        help_text=_("Take none if a single question cannot be taken."),
        required=False,
    )
    as_ready = forms.BooleanField(
        label=_("Take as ready"),
        help_text=_("For questions that were checked elsewhere. Otherwise they are drafts until you read them."),
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = Bank.objects.editable_by(user)
        known = [(name, each.label) for name, each in formats.items()]
        self.fields["format"].choices = [("", _("Find out by itself")), *known]
        self.fields["language"].choices = [("", _("Not said")), *settings.LANGUAGES]

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is over 50 MB; divide it."))
        return file
