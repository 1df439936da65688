"""What clients send and get. What a learner may see before grading and after it are different classes."""

from typing import Any

from rest_framework import serializers

from quizzes.models import Attempt
from quizzes.selectors import Shown
from quizzes.services.answering import LAST_SEQ


class StartInput(serializers.Serializer[Any]):
    course = serializers.SlugField(max_length=80)
    lesson = serializers.SlugField(max_length=60)


class AnswerInput(serializers.Serializer[Any]):
    """``answer`` is an option id, a list of them, or null to take the answer back."""

    position = serializers.IntegerField(min_value=1, max_value=10_000)
    answer = serializers.JSONField(allow_null=True)
    client_id = serializers.RegexField(r"^[a-z0-9]{1,40}$")
    seq = serializers.IntegerField(min_value=1, max_value=LAST_SEQ)


class StandingOutput(serializers.Serializer[Any]):
    """Which answer stands after a save, and whether it came from another device."""

    answer = serializers.JSONField(allow_null=True)
    client_id = serializers.CharField()
    seq = serializers.IntegerField()
    stands = serializers.BooleanField()
    other_device = serializers.BooleanField()


class AttemptOutput(serializers.ModelSerializer[Attempt]):
    course = serializers.CharField(source="enrolment.course.slug")
    lesson = serializers.CharField(source="lesson_uid")
    percent = serializers.IntegerField(allow_null=True, help_text="Null until the attempt is handed in.")
    passed = serializers.BooleanField(allow_null=True)

    class Meta:
        model = Attempt
        fields = [
            "id",
            "course",
            "lesson",
            "purpose",
            "number",
            "pass_mark",
            "started_at",
            "finished_at",
            "percent",
            "passed",
        ]


class ChoiceForLearner(serializers.Serializer[Any]):
    """An option as asked: nothing here says what is right."""

    id = serializers.CharField()
    html = serializers.CharField()
    chosen = serializers.BooleanField()


class ChoiceReviewed(serializers.Serializer[Any]):
    """An option after grading, with its reply."""

    id = serializers.CharField()
    html = serializers.CharField()
    chosen = serializers.BooleanField()
    right = serializers.BooleanField()
    reason = serializers.CharField()


class QuestionForLearner(serializers.Serializer[Shown]):
    position = serializers.IntegerField()
    uid = serializers.CharField()
    type = serializers.CharField()
    stem = serializers.SerializerMethodField()
    choices = ChoiceForLearner(many=True, source="fields.options", default=list)
    answer = serializers.JSONField(allow_null=True)

    def get_stem(self, question: Shown) -> str:
        """First paragraph, then the rest, as HTML."""
        return question.html.get("stem", "") + question.html.get("stem_more", "")


class QuestionReviewed(QuestionForLearner):
    choices = ChoiceReviewed(many=True, source="fields.options", default=list)
    verdict = serializers.ChoiceField(choices=["right", "partly", "wrong"])
    fraction = serializers.DecimalField(max_digits=6, decimal_places=5, source="mark.fraction")
    message = serializers.CharField(source="mark.message")
    general_feedback = serializers.CharField(source="html.general", default="")
    back_to = serializers.CharField()


class PaperOutput(AttemptOutput):
    """An attempt with its questions as asked and the answers that stand."""

    questions = QuestionForLearner(many=True)

    class Meta(AttemptOutput.Meta):
        fields = [*AttemptOutput.Meta.fields, "questions"]


class ReviewOutput(AttemptOutput):
    """A graded attempt with its questions, what was right and why."""

    questions = QuestionReviewed(many=True)

    class Meta(AttemptOutput.Meta):
        fields = [*AttemptOutput.Meta.fields, "questions"]
