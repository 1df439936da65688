"""Questions that belonged to a course belong to its bank; what every mark counted is what it earned."""

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    Bank = apps.get_model("quizzes", "Bank")
    Question = apps.get_model("quizzes", "Question")
    QuestionVersion = apps.get_model("quizzes", "QuestionVersion")
    SlotMark = apps.get_model("quizzes", "SlotMark")
    Course = apps.get_model("courses", "Course")
    for course in Course.objects.filter(pk__in=Question.objects.values("course")).iterator():
        bank = Bank.objects.create(
            slug=f"course-{course.slug}", title=course.code, course=course, organisation=course.organisation
        )
        Question.objects.filter(course=course).update(bank=bank)
    for question in Question.objects.iterator():
        newest = QuestionVersion.objects.filter(question=question).order_by("-number").first()
        if newest:
            question.ready = newest
            question.type = newest.type
            question.words = newest.content.get("stem", "")
            question.save(update_fields=["ready", "type", "words"])
    SlotMark.objects.update(earned=F("fraction"))


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0002_question_engine"), ("courses", "0002_search_index")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
