from django.urls import path
from rest_framework.routers import SimpleRouter

from accounts.api import views

router = SimpleRouter()
router.register("people", views.People, basename="api-people")
router.register("teams", views.Teams, basename="api-teams")

urlpatterns = [path("me/", views.Me.as_view(), name="api-me"), *router.urls]
