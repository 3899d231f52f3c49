"""The addresses of: other systems that follow what happens."""

from django.urls import URLPattern, path

from backend.office.events import pages

urlpatterns: list[URLPattern] = [
    path("events/", pages.webhooks, name="events"),
    path("events/new/", pages.new_webhook, name="events-new"),
    path("events/<uuid:id>/", pages.webhook_page, name="webhook"),
    path("events/<uuid:id>/change/", pages.change_webhook, name="webhook-change"),
    path("events/<uuid:id>/secret/", pages.new_secret, name="webhook-secret"),
    path("events/<uuid:id>/do/", pages.do, name="webhook-do"),
    path("events/<uuid:id>/again/<uuid:delivery>/", pages.again, name="webhook-again"),
]
