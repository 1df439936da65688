from django.urls import path

from core import views

app_name = "core"

urlpatterns = [
    path("home/", views.home, name="home"),
    path("menu/", views.menu, name="menu"),
    path("about/", views.page, {"template": "about"}, name="about"),
    path("help/", views.page, {"template": "help"}, name="help"),
    path("help/keys/", views.page, {"template": "keys"}, name="keys"),
    path("accessibility/", views.page, {"template": "accessibility"}, name="accessibility"),
    path("privacy/", views.page, {"template": "privacy"}, name="privacy"),
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
]
