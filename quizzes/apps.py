from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        """Fill the registries: question types first, the kinds' schemas are made of them."""
        from courses.registry import register_block, register_kind
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
