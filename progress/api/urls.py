from rest_framework.routers import SimpleRouter

from progress.api import assigning, record

router = SimpleRouter()
router.register("progress", record.Progress, basename="api-progress")
router.register("certificates", record.Certificates, basename="api-certificates")
router.register("assignments", assigning.Assignments, basename="api-assignments")
router.register("obligations", assigning.Obligations, basename="api-obligations")

urlpatterns = router.urls
