"""Forms of the bank pages: what is kept beside a question, banks, and what is done with many questions."""

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.errors import InvalidInput
from quizzes.models import Bank, Question
from quizzes.services.banking import TAGS_MOST, Details

TAG_MAX = 60
UPLOAD_MAX = 10 * 1024 * 1024
PICTURES = ["png", "jpg", "jpeg", "gif", "webp", "svg"]
OTHERS = ["pdf", "mp3", "m4a", "mp4", "webm", "vtt", "csv", "txt"]


def tags_of(text: str) -> tuple[str, ...]:
    """The words between commas, each once, in order. Raises ``ValidationError`` for a long one or for too many."""
    names = tuple(dict.fromkeys(" ".join(each.split()) for each in text.split(",") if each.strip()))
    if any(len(each) > TAG_MAX for each in names):
        raise forms.ValidationError(_("A tag has at most %(n)d characters."), params={"n": TAG_MAX})
    if len(names) > TAGS_MOST:
        raise forms.ValidationError(_("Give at most %(n)d tags."), params={"n": TAGS_MOST})
    return names


class DetailsForm(forms.Form):
    """What a bank keeps beside the words of a question. ``bank`` is asked for new questions only."""

    name = forms.CharField(
        label=_("Short name"), max_length=200, required=False, help_text=_("For lists; learners never see it.")
    )
    bank = forms.ModelChoiceField(label=_("Bank"), queryset=Bank.objects.none(), empty_label=None)
    topic = forms.CharField(label=_("Topic"), max_length=100, required=False)
    difficulty = forms.ChoiceField(
        label=_("Difficulty"), choices=[("", _("Not said")), *Question.Difficulty.choices], required=False
    )
    tags = forms.CharField(label=_("Tags"), max_length=1000, required=False, help_text=_("Separated by commas."))
    language = forms.RegexField(
        r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", label=_("Language"), max_length=12, required=False,
        help_text=_("Its code, such as en or de."),
        error_messages={"invalid": _("Write a language code such as en, de or pt-BR.")},
    )  # fmt: skip
    author = forms.CharField(
        label=_("Author"), max_length=120, required=False, help_text=_("As they are to be credited.")
    )
    licence = forms.CharField(label=_("Licence"), max_length=40, required=False, help_text=_("Such as CC-BY-4.0."))
    review_by = forms.DateField(
        label=_("Look at it again by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("What you changed"), max_length=200, required=False, help_text=_("For the history; a few words.")
    )
    upload = forms.FileField(
        label=_("Add a picture or another file"),
        required=False,
        validators=[FileExtensionValidator([*PICTURES, *OTHERS])],
        help_text=_("Then write it into a text as ![what it shows](media/its-name.png)."),
    )

    def __init__(self, *args: Any, banks: Any = None, topics: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if banks is None:
            del self.fields["bank"]
        else:
            field: Any = self.fields["bank"]
            field.queryset = banks
        self.topics = topics
        if topics:
            self.fields["topic"].widget.attrs["list"] = "topics"

    def clean_tags(self) -> tuple[str, ...]:
        return tags_of(self.cleaned_data["tags"])

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload is not None and upload.size > UPLOAD_MAX:
            raise forms.ValidationError(_("The file is larger than %(n)d MB."), params={"n": UPLOAD_MAX // 2**20})
        return upload

    @property
    def details(self) -> Details:
        """What was given, once the form is valid."""
        data = self.cleaned_data
        return Details(
            name=data["name"],
            topic=data["topic"],
            difficulty=data["difficulty"],
            language=data["language"],
            author=data["author"],
            licence=data["licence"],
            review_by=data["review_by"],
            tags=data["tags"],
        )


class BankForm(forms.Form):
    """A bank's name and who may use it; for a new one also whose it is."""

    title = forms.CharField(label=_("Name of the bank"), max_length=200)
    organisation = forms.ModelChoiceField(label=_("Library"), queryset=Organisation.objects.none(), empty_label=None)
    audience = forms.ChoiceField(label=_("Who may use its questions"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, bank: Bank | None = None, libraries: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["audience"]
        choice.choices = audiences_of(bank)
        if libraries is None:
            del self.fields["organisation"]
        else:
            field: Any = self.fields["organisation"]
            field.queryset = libraries


def audiences_of(bank: Bank | None) -> list[tuple[str, Any]]:
    """The audiences that make sense: a library's bank is always open to those who teach there."""
    every = list(Bank.Audience.choices)
    if bank is None or (bank.course_id is None and bank.organisation_id):
        return [each for each in every if each[0] != Bank.Audience.EDITORS]
    if bank.organisation_id is None:
        return [each for each in every if each[0] in (Bank.Audience.EDITORS, Bank.Audience.PUBLIC)]
    return every


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("What should be looked at?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "textarea--short"}),
        help_text=_("Other authors read it; learners never do."),
    )


ACTS = ("tag", "topic", "difficulty", "move", "retire", "back")


class BulkForm(forms.Form):
    """What is to be done with the chosen questions; only the field of the act that was pressed counts."""

    act = forms.ChoiceField(choices=[(each, each) for each in ACTS])
    question = forms.TypedMultipleChoiceField(coerce=int)
    tags = forms.CharField(max_length=1000, required=False)
    topic = forms.CharField(max_length=100, required=False)
    difficulty = forms.ChoiceField(choices=[("", ""), *Question.Difficulty.choices], required=False)
    bank = forms.ModelChoiceField(queryset=Bank.objects.none(), required=False, to_field_name="slug")

    def __init__(self, *args: Any, banks: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["bank"]
        field.queryset = banks
        given = [each for each in self.data.getlist("question") if each.isdecimal() and len(each) < 19]
        chosen: Any = self.fields["question"]
        chosen.choices = [(each, each) for each in given[:most]]
        chosen.error_messages["required"] = _("Choose questions first: tick the box before each.")
        chosen.error_messages["invalid_choice"] = _("These are too many at once.")

    def clean_tags(self) -> tuple[str, ...]:
        return tags_of(self.cleaned_data["tags"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        wanted = {"tag": ("tags", _("Write the tag to put on them.")), "move": ("bank", _("Choose the bank."))}
        name, said = wanted.get(data.get("act", ""), ("", ""))
        if name and not data.get(name) and name not in self.errors:
            self.add_error(name, said)
        return data


def refused(problem: InvalidInput, form: forms.Form) -> None:
    """Put what a service refused beside the fields of ``form``; what has no field there goes above."""
    for name, said in problem.fields.items():
        form.add_error(name if name in form.fields else None, said)
    if not problem.fields:
        form.add_error(None, problem.message)
