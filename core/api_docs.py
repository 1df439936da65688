"""The API's schema and its page, served by us."""

from csp.decorators import csp
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView


class ApiSchema(SpectacularAPIView):
    """OpenAPI 3 schema; readable by anyone."""

    permission_classes = []


@method_decorator(
    csp(
        {
            "default-src": ["'self'"],
            "script-src": ["'self'", "'unsafe-inline'"],
            "style-src": ["'self'", "'unsafe-inline'"],
            "img-src": ["'self'", "data:"],
        }
    ),
    name="dispatch",
)
class ApiDocs(SpectacularSwaggerView):
    """Browsable docs. Their page holds an inline script and style, so this view alone has a looser policy."""

    permission_classes = []
