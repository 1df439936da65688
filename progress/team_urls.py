"""``/team/…``: included by ``progress.urls``, so the names are ``progress:team`` and so on."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
