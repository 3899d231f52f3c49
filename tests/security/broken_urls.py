"""The addresses of Siteward and one page that fails, with secrets in hand."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from backend.config.urls import handler400, handler404, handler500
from backend.config.urls import urlpatterns as ours

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]


def broken(request: HttpRequest) -> HttpResponse:
    """Fails as a fault of ours would."""
    password, key = request.POST.get("password", ""), settings.SECRET_KEY
    raise RuntimeError(f"cannot go on with {len(password)} and {len(key)}")


urlpatterns = [path("broken/", broken), path("api/v1/broken", broken), *ours]
