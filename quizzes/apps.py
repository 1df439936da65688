from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        """Fill the registries: question types first, the kinds' schemas are made of them. Say what is kept of a person."""
        from accounts import notice_kinds
        from core import navigation, personal_data
        from quizzes import review_area
        from quizzes.engines.registry import register_engine
        from quizzes.engines.shipped import ENGINES
        from quizzes.exports import export_for, practice_for
        from quizzes.notice_kinds import MARKED
        from quizzes.registry import register_type
        from quizzes.services import granting_attempts, regrading
        from quizzes.types.calc import Calculated
        from quizzes.types.cloze import Cloze
        from quizzes.types.date import DateQuestion
        from quizzes.types.essay import Essay
        from quizzes.types.group import Grouping
        from quizzes.types.hotspot import Hotspot
        from quizzes.types.match import Matching
        from quizzes.types.multi import MultipleResponse
        from quizzes.types.num import Number
        from quizzes.types.order import Ordering
        from quizzes.types.single import SingleChoice
        from quizzes.types.text import ShortAnswer
        from quizzes.types.truefalse import TrueFalse

        typed = (ShortAnswer(), Number(), Cloze(), DateQuestion(), Calculated(), Essay())
        for question_type in (SingleChoice(), MultipleResponse(), TrueFalse(), *typed):
            register_type(question_type)
        for placing in (Matching(), Ordering(), Grouping(), Hotspot()):
            register_type(placing)
        for engine in ENGINES:
            register_engine(engine)
        notice_kinds.register(regrading.NOTICE)
        notice_kinds.register(granting_attempts.NOTICE)
        notice_kinds.register(MARKED)
        review_area.register()
        self._register_kinds()
        navigation.register(navigation.Item("catalogue", 30, _("Practice"), "quizzes:practice", "tool", "/practice/"))
        personal_data.register(
            "quizzes", export_for, _("The quizzes you took: what was asked, your answers, your score.")
        )
        personal_data.register("practice", practice_for, _("What you practised: each world, your moves, their worth."))

    def _register_kinds(self) -> None:
        """Lesson kinds and blocks, and what is advised on them."""
        from courses.advice.registry import register_around_rule
        from courses.registry import register_block, register_kind
        from quizzes import quiz_advice
        from quizzes.kinds.check import CheckBlock
        from quizzes.kinds.practice import PracticeKind
        from quizzes.kinds.practice_block import PracticeBlock
        from quizzes.kinds.quiz import QuizKind

        for kind in (QuizKind(), PracticeKind()):
            register_kind(kind)
        for block in (CheckBlock(), PracticeBlock()):
            register_block(block)
        register_around_rule("pass-mark", quiz_advice.pass_mark)
        register_around_rule("few-questions", quiz_advice.few_questions)
        register_around_rule("no-lesson", quiz_advice.no_lesson)
