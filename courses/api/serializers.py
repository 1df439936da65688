"""What clients send and get."""

from typing import Any

from rest_framework import serializers

from courses.models import Audience, Edition, EditionKind, EditionText, Enrolment, Level, Topic


class CourseOutput(serializers.ModelSerializer[EditionText]):
    """A course of the catalogue in the reader's language, else in its first."""

    slug = serializers.CharField(source="edition.course.slug")
    code = serializers.CharField(source="edition.course.code")
    topic = serializers.ChoiceField(source="edition.course.topic", choices=Topic.choices)
    level = serializers.ChoiceField(source="edition.course.level", choices=Level.choices)
    audience = serializers.ChoiceField(source="edition.course.audience", choices=Audience.choices)
    organisation = serializers.SlugField(source="edition.course.organisation.slug", allow_null=True, default=None)
    languages = serializers.ListField(source="edition.languages", child=serializers.CharField())
    lessons = serializers.IntegerField(source="lesson_count")
    legal = serializers.BooleanField(source="edition.course.legal")
    checked_on = serializers.DateField(source="edition.course.checked_on", allow_null=True)
    licence = serializers.CharField(source="edition.course.licence")
    edition = serializers.IntegerField(source="edition.number")
    published_at = serializers.DateTimeField(source="edition.published_at")

    class Meta:
        model = EditionText
        fields = [
            "slug",
            "code",
            "title",
            "summary",
            "language",
            "topic",
            "level",
            "audience",
            "organisation",
            "languages",
            "minutes",
            "lessons",
            "legal",
            "checked_on",
            "licence",
            "edition",
            "published_at",
        ]


class OutlineLessonOutput(serializers.Serializer[Any]):
    uid = serializers.CharField()
    number = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    language = serializers.CharField()
    summary = serializers.CharField()
    opens_after = serializers.ListField(child=serializers.CharField(), source="rule.opens_after", default=list)


class OutlineModuleOutput(serializers.Serializer[Any]):
    uid = serializers.CharField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    lessons = OutlineLessonOutput(many=True)


class CourseDetailOutput(serializers.Serializer[Any]):
    """A course as the asking person reads it: their edition if they are enrolled, else the current one."""

    slug = serializers.CharField(source="course.slug")
    code = serializers.CharField(source="course.code")
    topic = serializers.ChoiceField(source="course.topic", choices=Topic.choices)
    level = serializers.ChoiceField(source="course.level", choices=Level.choices)
    audience = serializers.ChoiceField(source="course.audience", choices=Audience.choices)
    languages = serializers.ListField(source="edition.languages", child=serializers.CharField())
    title = serializers.CharField(source="outline.title")
    summary = serializers.CharField(source="outline.summary")
    language = serializers.CharField(source="outline.language")
    minutes = serializers.IntegerField(source="outline.minutes")
    objectives = serializers.ListField(source="outline.about.objectives", child=serializers.CharField(), default=list)
    credits = serializers.ListField(source="outline.about.credits", child=serializers.CharField(), default=list)
    licence = serializers.CharField(source="outline.about.licence", default="")
    legal = serializers.BooleanField(source="outline.about.legal", default=False)
    checked_on = serializers.DateField(source="outline.about.checked_on", allow_null=True, default=None)
    edition = serializers.IntegerField(source="edition.number")
    published_at = serializers.DateTimeField(source="edition.published_at")
    modules = OutlineModuleOutput(source="outline.modules", many=True)


class EditionOutput(serializers.ModelSerializer[Edition]):
    """A published edition."""

    course = serializers.SlugField(source="course.slug")
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=EditionKind.choices)
    current = serializers.SerializerMethodField()

    class Meta:
        model = Edition
        fields = ["id", "course", "number", "kind", "note", "hash", "published_at", "current"]

    def get_current(self, edition: Edition) -> bool:
        return edition.course.current_edition_id == edition.pk


class EnrolmentOutput(serializers.ModelSerializer[Enrolment]):
    course = serializers.SlugField(source="course.slug")
    code = serializers.CharField(source="course.code")
    learner = serializers.UUIDField(source="learner.uuid")
    learner_name = serializers.CharField(source="learner.name")
    edition = serializers.IntegerField(source="edition.number", allow_null=True, default=None)

    class Meta:
        model = Enrolment
        fields = [
            "id",
            "course",
            "code",
            "learner",
            "learner_name",
            "cycle",
            "language",
            "edition",
            "created_at",
            "opened_at",
            "closed_at",
            "close_reason",
        ]


class EnrolInput(serializers.Serializer[Any]):
    """``language`` is one of the course's; without it the reader's own, else the course's first."""

    course = serializers.SlugField(max_length=80)
    language = serializers.CharField(max_length=12, required=False, default="")
