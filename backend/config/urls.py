"""Every address of Siteward."""

from django.urls import include, path

handler404 = "backend.core.problems.page_not_found"
handler500 = "backend.core.problems.server_fault"

urlpatterns = [
    path("api/v1/", include("backend.config.api_urls")),
    path("", include("backend.office.urls")),
]
