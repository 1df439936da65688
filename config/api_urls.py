"""``/api/``: each app's own routes under ``v1/``, the schema and its page."""

from django.urls import include, path

from core.api_docs import ApiDocs, ApiSchema

urlpatterns = [
    path("v1/schema/", ApiSchema.as_view(), name="api-schema"),
    path("docs/", ApiDocs.as_view(url_name="api-schema"), name="api-docs"),
    path("v1/", include("accounts.api.urls")),
    path("v1/", include("courses.api.urls")),
    path("v1/", include("quizzes.api.urls")),
    path("v1/", include("progress.api.urls")),
]
