"""Webhooks by the API: which systems are told what happens, let another follow, change what it is told, pause, test, retire."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.api.bodies import Body, LineField
from backend.core.api.resources import ScopedViewSet
from backend.core.problems import Problem
from backend.office.events import deeds
from backend.office.events.kinds import CHOICES
from backend.office.models import Webhook
from backend.trust.tokens import asker

MOST_SITES = 500
STATES = [each for each in Webhook.State.choices if each[0] != Webhook.State.REMOVED]


class WebhookRow(serializers.ModelSerializer[Webhook]):
    """A webhook. It fails since `failing_since`; `why` says why it is switched off. No kinds: all; no sites: all."""

    kinds = serializers.ListField(child=serializers.CharField())
    sites = serializers.ListField(child=serializers.UUIDField())
    state = serializers.ChoiceField(STATES)

    class Meta:
        model = Webhook
        fields = ["id", "name", "address", "kinds", "sites", "state", "why", "failing_since", "made_at"]
        read_only_fields = fields


class WebhookMade(WebhookRow):
    """A webhook that was just made, with its secret: it is told now and never again."""

    secret = serializers.CharField()

    class Meta(WebhookRow.Meta):
        fields = [*WebhookRow.Meta.fields, "secret"]
        read_only_fields = fields


class NewWebhook(Body):
    """The system that is to be told: where, of what (everything unless said), at which sites (all unless said)."""

    name = LineField(max_length=80)
    address = LineField(max_length=500, help_text="It begins with https:// and lies in the public internet.")
    kinds = serializers.ListField(child=serializers.ChoiceField(CHOICES), max_length=len(CHOICES), default=list)
    sites = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_SITES, default=list)


class WebhookChanges(Body):
    """What is to change. What is not sent stays."""

    name = LineField(max_length=80, required=False)
    address = LineField(max_length=500, required=False)
    kinds = serializers.ListField(child=serializers.ChoiceField(CHOICES), max_length=len(CHOICES), required=False)
    sites = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_SITES, required=False)


class Resuming(Body):
    """From where it goes on: from where it stopped, or from now, leaving out what happened meanwhile."""

    from_now = serializers.BooleanField(default=False)


class Webhooks(ScopedViewSet):
    """Other systems that are told what happens. For those who follow the whole trust."""

    rows = Webhook.objects.select_related("made_by").order_by("name", "id")
    called = "That webhook"
    serializer_class = WebhookRow

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks, and whether they follow the whole trust. Raises Forbidden."""
        super().initial(request, *args, **kwargs)
        deeds.may(asker(request))

    @extend_schema(request=NewWebhook, responses={201: WebhookMade})
    def create(self, request: Request) -> Response:
        """Let a system follow from now on. Keep the secret: it is told once, and what is sent is signed with it."""
        sent = self.body(NewWebhook)
        webhook, secret = deeds.make_webhook(person=asker(request), **sent)
        return Response({**self.shown_alone(webhook), "secret": secret}, status=201)

    @extend_schema(request=WebhookChanges, responses=WebhookRow)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, **_where: Any) -> Response:
        """Change what it is called, where it is sent, of what and of which sites. Whoever changes it looks after it then."""
        webhook, sent = self.one(), self.body(WebhookChanges)
        if not sent:
            raise Problem("nothing_to_change", "Name at least one detail that is to change.")
        before = {"name": webhook.name, "address": webhook.address, "kinds": webhook.kinds, "sites": webhook.sites}
        return Response(self.shown_alone(deeds.change_webhook(webhook=webhook, person=asker(request), **{**before, **sent})))

    @extend_schema(request=None, responses=WebhookRow)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, **_where: Any) -> Response:
        """Send it nothing for now. What happens meanwhile is sent once it goes on."""
        return self.done(deeds.pause)

    @extend_schema(request=Resuming, responses=WebhookRow)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, **_where: Any) -> Response:
        """Let it go on. Whoever does it looks after it from then on."""
        return self.done(deeds.resume, **self.body(Resuming))

    @extend_schema(request=None, responses=WebhookRow)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, **_where: Any) -> Response:
        """Have a delivery without events sent at once."""
        webhook = self.one()
        deeds.test(webhook=webhook, person=asker(request))
        return Response(self.shown_alone(webhook))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, **_where: Any) -> Response:
        """Send it nothing any more and forget its deliveries. That it was there stays in the audit chain."""
        deeds.remove(webhook=self.one(), person=asker(request))
        return Response(status=204)

    def done(self, act: Callable[..., Webhook], **more: Any) -> Response:
        """Do one of the deeds with the webhook that the address names."""
        return Response(self.shown_alone(act(webhook=self.one(), person=asker(self.request), **more)))
