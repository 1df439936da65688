"""What authors tell each other about a question."""

from django.db import transaction

from accounts.models import User
from core import clock
from quizzes.models import Question, QuestionComment


@transaction.atomic
def comment(*, question: Question, author: User, text: str) -> QuestionComment:
    """Say something about ``question``; it is open until somebody settles it."""
    return QuestionComment.objects.create(question=question, author=author, text=text)


@transaction.atomic
def settle(*, comment: QuestionComment, actor: User) -> None:
    """It needs nothing more. A comment that is settled already stays as it is."""
    open_ones = QuestionComment.objects.filter(pk=comment.pk, settled_at=None)
    open_ones.update(settled_at=clock.now(), settled_by=actor)


@transaction.atomic
def reopen(*, comment: QuestionComment) -> None:
    """It needs something after all."""
    QuestionComment.objects.filter(pk=comment.pk).update(settled_at=None, settled_by=None)
