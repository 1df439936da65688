"""Who may open which bank and which question: hidden is 404, seen but not to be done is 403."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import organisation_of
from accounts.models import Membership, Organisation, User
from courses.access import may_author
from courses.models import MediaFile
from quizzes.models import Bank, Question, QuestionVersion


def refuse_others(user: User) -> None:
    """Raise ``PermissionDenied`` for whoever writes neither courses nor questions."""
    if not may_author(user):
        raise PermissionDenied


def banks_for(user: User) -> QuerySet[Bank]:
    """The banks whose questions ``user`` may read. Raises ``PermissionDenied`` for whoever is no author."""
    refuse_others(user)
    return Bank.objects.visible_to(user).select_related("course", "organisation")


def bank_for(user: User, slug: str, *, edit: bool = False) -> Bank:
    """The bank called ``slug``. Raises ``Http404`` when it is hidden, ``PermissionDenied`` when ``edit`` is asked in vain."""
    bank = get_object_or_404(banks_for(user), slug=slug)
    if edit and not may_write(user, bank):
        raise PermissionDenied
    return bank


def may_write(user: User, bank: Bank) -> bool:
    return Bank.objects.editable_by(user).filter(pk=bank.pk).exists()


def question_for(user: User, pk: int, *, edit: bool = False) -> Question:
    """The question with its bank, ready version and draft. Raises ``Http404``, ``PermissionDenied`` as ``bank_for``."""
    refuse_others(user)
    rows = Question.objects.visible_to(user).select_related("bank__course", "bank__organisation", "ready", "draft")
    question = get_object_or_404(rows, pk=pk)
    if edit and not Question.objects.editable_by(user).filter(pk=pk).exists():
        raise PermissionDenied
    return question


def version_for(question: Question, number: int) -> QuestionVersion:
    """A version of ``question`` by its number. Raises ``Http404``."""
    version = get_object_or_404(question.versions.select_related("created_by"), number=number)
    version.question = question
    return version


def file_for(question: Question, sha: str) -> MediaFile:
    """A file that a version of ``question`` shows, or that its bank's course holds. Raises ``Http404``."""
    held = MediaFile.objects.filter(sha256=sha)
    found = held.filter(question_uses__version__question=question).first()
    if found is None and question.bank.course_id:
        found = held.filter(course_uses__course=question.bank.course_id).first()
    if found is None:
        raise Http404
    return found


def libraries_of(user: User) -> QuerySet[Organisation]:
    """The organisations for which ``user`` may make banks: where they teach; a site administrator's own."""
    if user.is_superuser:
        own = organisation_of(user)
        return Organisation.objects.filter(pk=own.pk) if own else Organisation.objects.all()
    teaching = Membership.objects.filter(person=user.pk, is_instructor=True)
    return Organisation.objects.filter(pk__in=teaching.values("organisation")).order_by("name")
