from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from quizzes.api.banks import BankViewSet, QuestionViewSet
from quizzes.api.review import ReviewDue
from quizzes.api.views import AttemptViewSet

router = SimpleRouter()
router.register("attempts", AttemptViewSet, basename="attempt")
router.register("banks", BankViewSet, basename="api-banks")
router.register("questions", QuestionViewSet, basename="api-questions")

urlpatterns: list[URLPattern | URLResolver] = [
    path("review/due/", ReviewDue.as_view(), name="api-review-due"),
    *router.urls,
]
