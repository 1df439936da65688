from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from courses.api import views

router = SimpleRouter()
router.register("courses", views.Courses, basename="api-courses")
router.register("editions", views.Editions, basename="api-editions")
router.register("enrolments", views.Enrolments, basename="api-enrolments")

urlpatterns: list[URLPattern | URLResolver] = router.urls
