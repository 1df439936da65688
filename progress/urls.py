from django.urls import include, path, re_path

from progress.views import certificates, me, verify

app_name = "progress"

urlpatterns = [
    path("me/", me.record, name="me"),
    path("me/record.csv", me.record_csv, name="record_csv"),
    path("me/record.pdf", me.record_pdf, name="record_pdf"),
    path("me/certificates/", certificates.certificates, name="certificates"),
    path("me/certificates/<str:code>/", certificates.certificate, name="certificate"),
    path("me/certificates/<str:code>/share/", certificates.share_certificate, name="share_certificate"),
    path("verify/", verify.verify_start, name="verify_start"),
    # A code holds no dot: certificates have no .json and no .png yet, and those addresses are 404 (D19).
    re_path(r"^verify/(?P<code>[^/.]+)/$", verify.verify, name="verify"),
    re_path(r"^verify/(?P<code>[^/.]+)\.pdf$", verify.verify_pdf, name="verify_pdf"),
    path("", include("progress.team_urls")),
]
