"""Competences: who may be relied on for which checks, and until when. Absences: who is away."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.api.asking import Day, Filters
from backend.core.api.bodies import Body, DayField
from backend.core.api.resources import ScopedViewSet
from backend.core.days import today
from backend.core.problems import NotFound
from backend.hr.absences import absence_managed, absences_seen
from backend.hr.actions import cancel_absence, note_absence
from backend.hr.models import Absence, Competence
from backend.trust.queries import colleagues
from backend.trust.tokens import asker


class CompetenceRow(serializers.ModelSerializer[Competence]):
    """A competence; `covers` names check codes or whole disciplines."""

    person_name = serializers.CharField(source="person.name")
    covers = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Competence
        fields = ["id", "person", "person_name", "name", "covers", "awarded_by", "held_from", "expires_on"]
        read_only_fields = fields


class CompetenceFilters(Filters):
    """Competences by person, by what they cover, and by day."""

    person = django_filters.UUIDFilter("person_id")
    covers = django_filters.CharFilter(method="covering", max_length=60)
    valid_on = Day(method="valid")

    def covering(self, rows: QuerySet[Competence], _name: str, key: str) -> QuerySet[Competence]:
        """Those that name this check or discipline."""
        return rows.filter(covers__contains=[key])

    def valid(self, rows: Any, _name: str, day: Any) -> Any:
        """Those held and not expired on a day."""
        return rows.valid_on(day)


class Competences(ScopedViewSet):
    """Competences of the asker's colleagues."""

    rows = Competence.objects.select_related("person").order_by("person__name", "name", "id")
    called = "That competence"
    serializer_class = CompetenceRow
    filterset_class = CompetenceFilters

    def get_queryset(self) -> QuerySet[Any]:
        """Those of the asker's colleagues."""
        if getattr(self, "swagger_fake_view", False):
            return self.rows.none()
        return self.rows.filter(person__in=colleagues(asker(self.request)))


class AbsenceRow(serializers.Serializer[Any]):
    """Days on which somebody is away, both included. No reason is kept."""

    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id")
    person_name = serializers.CharField(source="person.name")
    first_day = serializers.DateField()
    last_day = serializers.DateField()


class NewAbsence(Body):
    """Who is away (oneself unless said), from when to when."""

    person = serializers.UUIDField(required=False)
    first_day = DayField()
    last_day = DayField()


class AbsenceFilters(Filters):
    """Absences by person and day."""

    person = django_filters.UUIDFilter("person_id")
    since = Day("last_day", lookup_expr="gte", help_text="Not over before this day.")
    until = Day("first_day", lookup_expr="lte", help_text="Begun by this day.")


class Absences(ScopedViewSet):
    """Who is away: oneself, those whose absences one manages, and those with whom one does the checks."""

    rows = Absence.objects.standing().select_related("person").order_by("first_day", "id")
    called = "That absence"
    serializer_class = AbsenceRow
    filterset_class = AbsenceFilters

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the asker may know of and that were not taken back."""
        if getattr(self, "swagger_fake_view", False):
            return self.rows.none()
        return self.rows.filter(pk__in=absences_seen(asker(self.request)).values("pk"))

    @extend_schema(request=NewAbsence, responses={201: AbsenceRow})
    def create(self, request: Request) -> Response:
        """Note days away: one's own, or somebody's whose absences one manages."""
        person, sent = asker(request), self.body(NewAbsence)
        who: Any = person
        if sent.get("person") not in (None, person.pk):
            who = (colleagues(person) | absence_managed(person).order_by()).filter(pk=sent["person"]).first()
            if who is None:
                raise NotFound("That person")
        made = note_absence(person=who, first_day=sent["first_day"], last_day=sent["last_day"], actor=person, today=today())
        return Response(self.shown_alone(made), status=201)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_where: Any) -> Response:
        """Take it back."""
        cancel_absence(absence=self.one(), actor=asker(request))
        return Response(status=204)
