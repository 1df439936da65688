"""What clients send and get. What a learner may see before grading and after it are different classes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from quizzes.asking import REVIEWED
from quizzes.models import Attempt
from quizzes.selectors import Shown
from quizzes.services.answering import LAST_SEQ, LONGEST_MS, MOST_CERTAIN

STATES = [("open", "open"), ("checked", "checked, may be tried again"), ("closed", "takes no more answers")]


class StartInput(serializers.Serializer[Any]):
    course = serializers.SlugField(max_length=80)
    lesson = serializers.SlugField(max_length=60)


class AnswerInput(serializers.Serializer[Any]):
    """``answer`` in the names that the question gives its choices, or null to take it back; or ``form``, named as on
    the page."""

    position = serializers.IntegerField(min_value=1, max_value=10_000)
    answer = serializers.JSONField(allow_null=True, required=False)
    form = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(allow_blank=True, max_length=20_000), max_length=100),
        required=False,
        help_text="Instead of `answer`: the values of the page's controls by name, `answer` or `answer.<part>`.",
    )
    client_id = serializers.RegexField(r"^[a-z0-9]{1,40}$")
    seq = serializers.IntegerField(min_value=1, max_value=LAST_SEQ)
    certainty = serializers.IntegerField(min_value=1, max_value=MOST_CERTAIN, required=False, allow_null=True)
    ms = serializers.IntegerField(
        min_value=0,
        max_value=LONGEST_MS,
        required=False,
        allow_null=True,
        help_text="Milliseconds spent on the question so far.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two ways to answer."""
        if ("answer" in attrs) == ("form" in attrs):
            raise serializers.ValidationError({"answer": "Give either an answer or a form."})
        return attrs


class StandingOutput(serializers.Serializer[Any]):
    """Which answer stands after a save, and whether it came from another device."""

    answer = serializers.JSONField(allow_null=True)
    client_id = serializers.CharField()
    seq = serializers.IntegerField()
    stands = serializers.BooleanField()
    other_device = serializers.BooleanField()
    certainty = serializers.IntegerField(allow_null=True)


class AttemptOutput(serializers.ModelSerializer[Attempt]):
    course = serializers.CharField(source="enrolment.course.slug")
    lesson = serializers.CharField(source="lesson_uid")
    percent = serializers.IntegerField(
        allow_null=True, help_text="Null until the attempt is handed in, marked, and its score may be seen."
    )
    passed = serializers.BooleanField(allow_null=True)
    may_see = serializers.SerializerMethodField()

    class Meta:
        model = Attempt
        fields = [
            "id",
            "course",
            "lesson",
            "purpose",
            "number",
            "pass_mark",
            "behaviour",
            "started_at",
            "due_at",
            "closes_at",
            "finished_at",
            "marking",
            "percent",
            "passed",
            "may_see",
        ]

    @extend_schema_field({"type": "array", "items": {"enum": list(REVIEWED)}})
    def get_may_see(self, attempt: Any) -> list[str]:
        """What the review options of the quiz let see now."""
        return [name for name in REVIEWED if getattr(attempt.may_see, name)]


class ChoiceForLearner(serializers.Serializer[Any]):
    """An option as asked: nothing here says what is right."""

    id = serializers.CharField(help_text="Its name in answers. It says nothing of the order in which it was written.")
    html = serializers.CharField()
    chosen = serializers.BooleanField()


class ChoiceReviewed(serializers.Serializer[Any]):
    """An option after grading, with its reply."""

    id = serializers.CharField(help_text="Its name in answers, the same as before.")
    html = serializers.CharField()
    chosen = serializers.BooleanField()
    right = serializers.BooleanField()
    reason = serializers.CharField()


def plain(value: Any) -> Any:
    """``value`` as JSON, without what is empty: what a page's template gets, for whoever draws their own."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        rows = {str(key): plain(each) for key, each in value.items()}
        return {key: each for key, each in rows.items() if each not in ("", None, False, [], {})}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str):
        return [plain(each) for each in value]
    return value if isinstance(value, int | float) or value is None else str(value)


class QuestionForLearner(serializers.Serializer[Shown]):
    """A question as asked. ``state`` is open, checked (it may be tried again) or closed; ``verdicts`` are those of the
    checked answers. ``controls`` is what the page's controls are made of, for types that are no choice of options."""

    position = serializers.IntegerField()
    uid = serializers.CharField()
    type = serializers.CharField()
    stem = serializers.SerializerMethodField()
    choices = ChoiceForLearner(many=True, source="fields.options", default=list)
    controls = serializers.SerializerMethodField()
    answer = serializers.JSONField(allow_null=True)
    points = serializers.IntegerField()
    certainty = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(choices=STATES)
    verdicts = serializers.ListField(child=serializers.CharField())
    tries_left = serializers.IntegerField(allow_null=True)
    hint = serializers.CharField()

    def get_stem(self, question: Shown) -> str:
        """First paragraph, then the rest, as HTML."""
        return question.html.get("stem", "") + question.html.get("stem_more", "")

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_controls(self, question: Shown) -> Any:
        """Without the options: those are the choices."""
        return plain({key: value for key, value in question.fields.items() if key != "options"})


class QuestionReviewed(QuestionForLearner):
    """A question after grading, or once it is closed; what may not be seen is left out."""

    choices = ChoiceReviewed(many=True, source="fields.options", default=list, required=False)
    verdict = serializers.ChoiceField(choices=["right", "partly", "wrong"], required=False)
    fraction = serializers.DecimalField(max_digits=6, decimal_places=5, source="mark.fraction", required=False)
    earned = serializers.DecimalField(max_digits=9, decimal_places=5, required=False, help_text="Points.")
    message = serializers.CharField(required=False)
    general_feedback = serializers.CharField(source="html.general", default="", required=False)
    back_to = serializers.CharField(required=False)
    replies = serializers.ListField(child=serializers.CharField(), required=False)

    def to_representation(self, instance: Shown) -> dict[str, Any]:
        """Leave out what the review options hide."""
        said = super().to_representation(instance)
        if instance.mark is None:
            said["choices"] = [{key: row[key] for key in ("id", "html", "chosen")} for row in said["choices"]]
            said.pop("fraction", None)
        if instance.earned is None:
            for name in ("verdict", "fraction", "earned"):
                said.pop(name, None)
        return said


class PaperOutput(AttemptOutput):
    """An attempt with its questions as asked and the answers that stand."""

    questions = QuestionForLearner(many=True)

    class Meta(AttemptOutput.Meta):
        fields = [*AttemptOutput.Meta.fields, "questions"]


class ReviewOutput(AttemptOutput):
    """A finished attempt with its questions, as far as they may be seen now."""

    questions = QuestionReviewed(many=True)

    class Meta(AttemptOutput.Meta):
        fields = [*AttemptOutput.Meta.fields, "questions"]
