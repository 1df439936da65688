"""Questions in banks for tests: a sound content of every registered type, and rows by the real services."""

from typing import Any

from accounts.models import Organisation
from courses.models import Course
from quizzes.models import Bank, Question
from quizzes.services import banking
from quizzes.services.filing import bank_of
from tests.factories.quizzes import multi, single, truefalse

ONE_PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"
)


def contents() -> dict[str, dict[str, Any]]:
    """One sound question of each type that the engine brings, with much in it that an author can say."""
    return {
        "single": single("E-single", hints=["Think of *lending*."], general_feedback="So it is.", points=2),
        "multi": multi("E-multi", credit="all", shuffle=False),
        "tf": truefalse("E-tf"),
        "match": {
            "uid": "E-match", "type": "match", "stem": "What belongs together?",
            "pairs": [
                {"id": "a", "left": "Requester", "right": "asks", "feedback": "We ask."},
                {"id": "b", "left": "Lender", "right": "sends"},
            ],
            "extras": [{"id": "x", "text": "binds"}],
        },
        "order": {
            "uid": "E-order", "type": "order", "stem": "In what order?", "credit": "position",
            "items": [{"id": "a", "text": "Ask"}, {"id": "b", "text": "Send"}, {"id": "c", "text": "Return"}],
        },
        "group": {
            "uid": "E-group", "type": "group", "stem": "Sort them.",
            "groups": [{"id": "g", "text": "Returnable"}, {"id": "h", "text": "Not returnable"}],
            "items": [
                {"id": "a", "text": "Book", "group": "g", "feedback": "It goes back."},
                {"id": "b", "text": "Copy", "group": "h"},
            ],
        },
        "text": {
            "uid": "E-text", "type": "text", "stem": "Who asks?", "case": True, "other_feedback": "Read it again.",
            "answers": [
                {"id": "a", "text": "requester"},
                {"id": "b", "text": "borrow*", "match": "wildcard", "share": "50", "feedback": "Nearly."},
            ],
        },
        "num": {
            "uid": "E-num", "type": "num", "stem": "How many weeks?", "unit_required": True, "significant": 2,
            "answers": [{"id": "a", "value": "12.5", "tolerance": "10", "relative": True, "feedback": "Yes."}],
            "units": [{"id": "u", "text": "days", "factor": "1"}, {"id": "w", "text": "weeks", "factor": "7"}],
        },
        "cloze": {
            "uid": "E-cloze", "type": "cloze", "stem": "A [[who]] asks, a loan lasts [[long]] days, in [[where]].",
            "gaps": [
                {
                    "id": "who", "kind": "choice", "points": 2,
                    "options": [
                        {"id": "a", "text": "lender", "right": False, "feedback": "They send."},
                        {"id": "b", "text": "requester", "right": True},
                    ],
                },
                {"id": "long", "kind": "num", "answers": [{"id": "a", "value": "28", "tolerance": "1"}]},
                {
                    "id": "where", "kind": "text", "case": True, "feedback": "No.",
                    "answers": [{"id": "a", "text": "Ohio"}, {"id": "b", "text": "O*", "match": "wildcard"}],
                },
            ],
        },
        "hotspot": {
            "uid": "E-hotspot", "type": "hotspot", "stem": "Where is the label?", "image": "media/spine.png",
            "alt": "The spine of a book", "width": 200, "height": 300,
            "areas": [
                {"id": "a", "shape": "rect", "coords": [10, 10, 50, 60], "text": "The label", "right": True},
                {
                    "id": "b", "shape": "circle", "coords": [120, 120, 30], "text": "The title", "right": False,
                    "feedback": "That is what it is called.",
                },
            ],
        },
        "date": {
            "uid": "E-date", "type": "date", "stem": "When is it due?", "other_feedback": "Count again.",
            "answers": [{"id": "a", "value": "2026-11-26", "before": 1, "feedback": "Yes."}],
        },
        "essay": {
            "uid": "E-essay", "type": "essay", "stem": "Why?", "words_min": 20, "words_max": 200, "notes": "Be kind.",
            "rubric": [
                {
                    "id": "a", "text": "Reason",
                    "levels": [{"id": "a", "text": "None", "points": 0}, {"id": "b", "text": "Good", "points": 3}],
                }
            ],
        },
        "calc": {
            "uid": "E-calc", "type": "calc", "stem": "{a} weeks are how many days, and {b}?",
            "variables": [
                {"id": "a", "min": "2", "max": "9", "step": "1"},
                {"id": "b", "min": "1", "max": "3", "step": "0.5"},
            ],
            "answers": [{"id": "a", "formula": "a * 7 + b", "tolerance": "0.5", "places": 1}],
        },
    }  # fmt: skip


def question_in(
    bank: Bank | Course, content: dict[str, Any] | None = None, *, ready: bool = False, **kw: Any
) -> Question:
    """A question by the services; ``kw`` are details (``name``, ``topic``, ``tags``) or ``files``, ``actor``."""
    bank = bank_of(bank) if isinstance(bank, Course) else bank
    write = banking.create_ready if ready else banking.create_question
    files, actor = kw.pop("files", {}), kw.pop("actor", None)
    return write(bank=bank, content=content or single(), details=banking.Details(**kw), files=files, actor=actor)


def library_bank(organisation: Organisation, title: str = "Lending", audience: str = "organisation") -> Bank:
    return banking.create_bank(organisation=organisation, title=title, audience=audience)
