"""Siteward's addresses, and one that does nothing: what the framework itself costs."""

from django.urls import include, path

from tests.bench.web import Empty

handler400 = "backend.core.problems.bad_request"
handler404 = "backend.core.problems.page_not_found"
handler500 = "backend.core.problems.server_fault"

urlpatterns = [path("api/v1/floor", Empty.as_view()), path("", include("backend.config.urls"))]
