"""The addresses of: what people are told: digests, escalation, quiet sites, and each role's home."""

from django.urls import path

from backend.office.notices import device_pages, pages, waiting
from backend.office.views.csv_out import downloads

urlpatterns = [
    path("waiting/", waiting.waiting_page, name="waiting"),
    path("notices/", pages.notices_page, name="notices"),
    *downloads("notices", pages.notices_csv),
    path("notices/take-on/", pages.take_on, name="notice-take-on"),
    path("notices/stop/<str:link>/", pages.stop, name="notices-stop"),
    path("notices/worker.js", device_pages.worker, name="notices-worker"),
    path("account/notices/", pages.choices, name="account-notices"),
    path("account/notices/device/", device_pages.device, name="notices-device"),
    path("account/notices/device/<uuid:id>/off/", device_pages.off, name="notices-device-off"),
    path("account/notices/device/<uuid:id>/trial/", device_pages.trial, name="notices-device-trial"),
]
