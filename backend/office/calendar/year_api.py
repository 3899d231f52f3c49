"""The moves that a school's year ahead proposes, by the API: read, and accepted."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.api.bodies import Body, LineField
from backend.core.api.resources import Address
from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.office.calendar.moving import ALL, accept_moves, key_of
from backend.office.calendar.year import Year, year_of
from backend.trust.models import School
from backend.trust.tokens import asker

MOST = 1000


class ProposedMove(serializers.Serializer[Any]):
    """A check to be done on another day than usual, so that a week fits into the hours there are."""

    move = serializers.CharField(help_text="Send it back to accept it.")
    plan = serializers.UUIDField()
    check_title = serializers.CharField()
    site = serializers.UUIDField()
    owed_on = serializers.DateField()
    on = serializers.DateField(help_text="The day to do it on; it lies inside the legal window.")
    minutes = serializers.IntegerField(allow_null=True)


class ProposedMoves(serializers.Serializer[Any]):
    """What is proposed now. It changes as work is done and booked."""

    moves = ProposedMove(many=True)


class Accepting(Body):
    """The moves that are accepted, or `["all"]`."""

    moves = serializers.ListField(child=LineField(max_length=100), min_length=1, max_length=MOST)


class Accepted(serializers.Serializer[Any]):
    """How many checks were booked."""

    booked = serializers.IntegerField()


class YearMoves(Address):
    """A school's year."""

    def year(self, id: uuid.UUID) -> Year:
        """The school's twelve months. Raises NotFound."""
        person = asker(self.request)
        school = School.objects.visible_to(person).filter(pk=id).first()
        if school is None:
            raise NotFound("That school")
        return year_of(school, person, today())

    @extend_schema(operation_id="schools_year_moves", responses=ProposedMoves)
    def get(self, _request: Request, id: uuid.UUID, **_more: Any) -> Response:
        """The moves that would even out the twelve months ahead."""
        found = self.year(id)
        rows = [(move, found.plan_of(move.job)) for move in found.moves()]
        return Response(
            {
                "moves": [
                    {
                        "move": key_of(move),
                        "plan": plan.pk,
                        "check_title": plan.check_type.title,
                        "site": plan.site_id,
                        "owed_on": move.job.due_on,
                        "on": move.to,
                        "minutes": move.job.minutes,
                    }
                    for move, plan in rows
                ]
            }
        )

    @extend_schema(operation_id="schools_accept_moves", request=Accepting, responses=Accepted)
    def post(self, request: Request, id: uuid.UUID, **_more: Any) -> Response:
        """Accept moves: they are booked, all of them or none. Refused (409) when one is not proposed any more."""
        found, wanted = self.year(id), set(self.body(Accepting)["moves"])
        gone = wanted - {ALL} - {key_of(move) for move in found.moves()}
        if gone and ALL not in wanted:
            accept_moves(found, (), person=asker(request), today=today())  # who may book nothing is told that first
            detail = "One of these moves is not proposed any more: the year has changed. Read them again."
            raise Problem("moves_changed", detail, status=409, fields={"moves": sorted(gone)[0]})
        return Response({"booked": accept_moves(found, wanted, person=asker(request), today=today())})
