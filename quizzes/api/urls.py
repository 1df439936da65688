from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from quizzes.api.views import AttemptViewSet

router = SimpleRouter()
router.register("attempts", AttemptViewSet, basename="attempt")

urlpatterns: list[URLPattern | URLResolver] = router.urls
