from quizzes.models.attempt import (
    Attempt,
    AttemptQuerySet,
    ExtraTime,
    Marking,
    PartQuestion,
    Result,
    Slot,
    SlotMark,
    Step,
    Try,
)
from quizzes.models.bank import (
    Bank,
    KnownToDiffer,
    Question,
    QuestionComment,
    QuestionFile,
    QuestionTag,
    QuestionVersion,
)
from quizzes.models.evidence import Analysis, Regrade, RegradeChange
from quizzes.models.exchange import ImportItem, QuestionImport
from quizzes.models.practice import (
    PracticeCase,
    PracticeCaseQuerySet,
    PracticeMove,
    PracticeRun,
    PracticeRunQuerySet,
)
from quizzes.models.review import ReviewCard, ReviewItem, ReviewLog, ReviewPlan, ReviewSitting
from quizzes.models.sharing import SharedCase, SharedCaseQuerySet

__all__ = [
    "Analysis",
    "Attempt",
    "AttemptQuerySet",
    "Bank",
    "ExtraTime",
    "ImportItem",
    "KnownToDiffer",
    "Marking",
    "PartQuestion",
    "PracticeCase",
    "PracticeCaseQuerySet",
    "PracticeMove",
    "PracticeRun",
    "PracticeRunQuerySet",
    "Question",
    "QuestionComment",
    "QuestionFile",
    "QuestionImport",
    "QuestionTag",
    "QuestionVersion",
    "Regrade",
    "RegradeChange",
    "Result",
    "ReviewCard",
    "ReviewItem",
    "ReviewLog",
    "ReviewPlan",
    "ReviewSitting",
    "SharedCase",
    "SharedCaseQuerySet",
    "Slot",
    "SlotMark",
    "Step",
    "Try",
]
