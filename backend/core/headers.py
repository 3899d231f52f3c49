"""What every answer tells the browser, beside what Django and django-csp already say: keep it to ourselves, and store nothing.

Strict-Transport-Security, nosniff, Referrer-Policy and Cross-Origin-Opener-Policy come from Django's SecurityMiddleware, the
content security policy and frame-ancestors from django-csp; their values stand in the settings.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from backend.core.problems import Problem, json_answer

ALLOWED_HERE: Final = ("camera", "publickey-credentials-get", "publickey-credentials-create", "fullscreen", "screen-wake-lock")
ALLOWED_NOWHERE: Final = (
    "accelerometer", "autoplay", "browsing-topics", "display-capture", "encrypted-media", "geolocation", "gyroscope",
    "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "serial",
    "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS: Final = ", ".join([*(f"{name}=(self)" for name in ALLOWED_HERE), *(f"{name}=()" for name in ALLOWED_NOWHERE)])
ON_PHONES: Final = PERMISSIONS.replace("geolocation=()", "geolocation=(self)")
"""In the phone's app somebody may say where they stand, by a button of a report; the browser asks them each time."""
PHONES: Final = "/field/"
SIGN_OUT: Final = "/sign-out/"
NOT_STORED: Final = "private, no-store"


class SafeHeaders:
    """Middleware, outermost of those that answer: the headers, and no API over plain HTTP.

    An answer that says nothing of caching is never stored: it may hold personal data, and the computer may be shared. A page
    redirects from HTTP to HTTPS; the API refuses instead, so that a program that sends its token in the clear is noticed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        in_the_clear = settings.SECURE_SSL_REDIRECT and not request.is_secure() and request.path.startswith("/api/")
        answer = json_answer(PLAIN_HTTP) if in_the_clear else self.get_response(request)
        answer.headers.setdefault("Permissions-Policy", ON_PHONES if request.path.startswith(PHONES) else PERMISSIONS)
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.method == "POST" and request.path == SIGN_OUT:
            answer.headers["Clear-Site-Data"] = '"cache"'  # photos that were looked at; what a phone still has to send stays
        if not {"Cache-Control", "ETag"} & answer.headers.keys():
            answer.headers["Cache-Control"] = NOT_STORED
        return answer


PLAIN_HTTP: Final = Problem(
    "https_only", "This address answers over HTTPS only. The token just sent should be changed.", status=403
)
