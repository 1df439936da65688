"""Root URLs: the contract of docs/architecture.md."""

from django.contrib import admin
from django.urls import include, path

# Addresses are tried in this order: what learners ask for most comes first.
urlpatterns = [
    path("", include("quizzes.urls")),
    path("author/", include("quizzes.author_urls")),
    path("author/", include("progress.author_urls")),
    path("", include("courses.urls")),
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("review/", include("quizzes.review_urls")),
    path("", include("progress.urls")),
    path("api/", include("config.api_urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"
