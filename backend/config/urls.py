"""Every address of Siteward."""

from django.urls import include, path

from backend.config import health, metrics, phone, status

handler400 = "backend.core.problems.bad_request"
handler404 = "backend.core.problems.page_not_found"
handler500 = "backend.core.problems.server_fault"

urlpatterns = [
    path("api/v1/", include("backend.config.api_urls")),
    path("phone/", phone.trust_page, name="phone"),
    path("phone/authority.crt", phone.authority_file, name="phone-authority"),
    path("healthz", health.healthz, name="healthz"),
    path("status/", status.status_page, name="status"),
    path("metrics", metrics.metrics, name="metrics"),
    path("", include("backend.office.urls")),
]
