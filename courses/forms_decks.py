"""Forms of slides to video."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from core.naming import not_blank
from courses.decks.source import SOURCE_MAX
from courses.models import Course, LessonText, Slide, SlideDeck
from courses.narration.voices import PACES, voices

PAUSES = ((0, _("No pause")), (500, _("Half a second")), (1000, _("1 second")), (2000, _("2 seconds")))


class SlideForm(forms.Form):
    """One slide: what is seen and what is said."""

    heading = forms.CharField(label=_("Heading"), max_length=200, required=False)
    items = forms.CharField(
        label=_("What stands on it"),
        help_text=_("A line each. “1.” at the beginning numbers them, **two stars** make words bold."),
        max_length=4000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG or WebP. Without lines above it fills the slide."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    drop_picture = forms.BooleanField(label=_("Take the picture off the slide"), required=False)
    described = forms.CharField(label=_("What the picture says"), max_length=1000, required=False)
    opens_chapter = forms.BooleanField(label=_("A chapter of the video begins here"), required=False)
    sound = forms.ChoiceField(
        label=_("How it is spoken"), choices=Slide.Sound.choices, widget=forms.RadioSelect, initial=Slide.Sound.WORDS
    )
    words = forms.CharField(
        label=_("Words"), max_length=8000, required=False, strip=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    recording = forms.FileField(
        label=_("Recording"),
        help_text=_("WAV, MP3, M4A, OGG or FLAC, at most 50 MB. The words become its captions."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*,.wav,.mp3,.m4a,.ogg,.flac"}),
    )
    seconds = forms.IntegerField(label=_("Seconds to show it"), min_value=1, max_value=600, initial=5, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_seconds(self) -> int:
        return self.cleaned_data["seconds"] or 5


class DeckForm(forms.Form):
    """Voice and look of the whole video."""

    title = forms.CharField(label=_("Title"), max_length=200, validators=[not_blank])
    lesson_uid = forms.ChoiceField(label=_("For the lesson"), required=False)
    language = forms.ChoiceField(label=_("Language"))
    voice = forms.ChoiceField(label=_("Voice"))
    words_a_minute = forms.TypedChoiceField(label=_("Pace"), coerce=int)
    pause_ms = forms.TypedChoiceField(label=_("Pause between slides"), coerce=int)
    says_voice = forms.BooleanField(label=_("Say that the voice is made by a computer"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, deck: SlideDeck, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course = deck.course
        self.fields["lesson_uid"].choices = lesson_choices(course)
        self.fields["language"].choices = languages
        self.fields["voice"].choices = _with(
            deck.voice, [(voice.name, voice.label) for voice in voices().values()], _("%(name)s (not installed)")
        )
        paces = [(pace, _("%(n)d words a minute") % {"n": pace}) for pace in PACES]
        self.fields["words_a_minute"].choices = _with(deck.words_a_minute, paces, _("%(name)s words a minute"))
        self.fields["pause_ms"].choices = _with(deck.pause_ms, list(PAUSES), _("%(name)s thousandths of a second"))


def _with(value: Any, choices: list[tuple[Any, Any]], label: Any) -> list[tuple[Any, Any]]:
    """The choices, with the present value among them."""
    known = any(value == each for each, _label in choices)
    return choices if known else [(value, label % {"name": value}), *choices]


def lesson_choices(course: Course) -> list[tuple[str, Any]]:
    """The video lessons of a draft, by title in its first language."""
    rows = LessonText.objects.filter(
        lesson__course=course, lesson__kind="video", lesson__archived_at=None, language=course.first_language
    ).order_by("lesson__module__position", "lesson__position")
    return [("", _("No lesson yet")), *rows.values_list("lesson__uid", "title")]


class NewDeckForm(forms.Form):
    """A deck from nothing, or from Markdown that is pasted."""

    title = forms.CharField(label=_("Title"), max_length=200, validators=[not_blank])
    lesson_uid = forms.ChoiceField(label=_("For the lesson"), required=False)
    text = forms.CharField(
        label=_("Slides as Markdown"),
        help_text=_("Each slide begins with “##” and its heading. Leave it empty to begin with one empty slide."),
        max_length=SOURCE_MAX,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "input--mono"}),
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lesson_uid"].choices = lesson_choices(course)


class SourceForm(forms.Form):
    """The deck as Markdown, uploaded again."""

    file = forms.FileField(
        label=_("Markdown file"),
        help_text=_("All slides become what the file says."),
        widget=forms.FileInput(attrs={"accept": ".md,.markdown,text/markdown,text/plain"}),
    )

    def clean_file(self) -> str:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > 4 * SOURCE_MAX:
            limit = filesizeformat(4 * SOURCE_MAX)
            raise forms.ValidationError(_("The file has more than %(limit)s."), params={"limit": limit})
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            raise forms.ValidationError(_("The file is not UTF-8 text; save it as UTF-8.")) from problem
