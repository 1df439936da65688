from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        """Fill the registries: question types first, the kinds' schemas are made of them. Say what is kept of a person."""
        from core import personal_data
        from courses.registry import register_block, register_kind
        from quizzes.exports import export_for
        from quizzes.kinds.check import CheckBlock
        from quizzes.kinds.quiz import QuizKind
        from quizzes.registry import register_type
        from quizzes.types.multi import MultipleResponse
        from quizzes.types.single import SingleChoice
        from quizzes.types.truefalse import TrueFalse

        for question_type in (SingleChoice(), MultipleResponse(), TrueFalse()):
            register_type(question_type)
        register_kind(QuizKind())
        register_block(CheckBlock())
        personal_data.register(
            "quizzes", export_for, _("The quizzes you took: what was asked, your answers, your score.")
        )
