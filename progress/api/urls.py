from rest_framework.routers import SimpleRouter

from progress.api import record

router = SimpleRouter()
router.register("progress", record.Progress, basename="api-progress")
router.register("certificates", record.Certificates, basename="api-certificates")

urlpatterns = router.urls
