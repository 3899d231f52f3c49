"""Who is away, and who stands in for them. Dates only; anybody may note their own."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from backend.checks.actions import set_cover
from backend.checks.models import Booking, Cover, Round
from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.core.templatetags.words import day
from backend.hr.absences import absence_managed, absences_seen
from backend.hr.actions import cancel_absence, note_absence
from backend.hr.models import Absence
from backend.office.calendar.people import stand_ins
from backend.office.views.forms_said import put_on
from backend.office.views.gate import signed_in
from backend.trust.models import Person

A_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AbsenceForm(forms.Form):
    """Who is away, from when to when."""

    person = forms.ModelChoiceField(Person.objects.none(), label="Who", empty_label=None)
    first_day = forms.DateField(label="First day away", widget=A_DAY)
    last_day = forms.DateField(label="Last day away", widget=A_DAY, help_text="The same day for a single one.")

    def __init__(self, data: Any = None, *, asker: Person) -> None:
        super().__init__(data, initial={"person": asker})
        managed = absence_managed(asker).values("pk")
        people = Person.objects.filter(Q(pk=asker.pk) | Q(pk__in=managed)).order_by("name", "id")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["last_day"].widget.attrs["aria-describedby"] = "id_last_day-help"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def away_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Who is away from today on, who stands in, and what is left without anybody."""
    form = AbsenceForm(request.POST if request.method == "POST" else None, asker=person)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            made = note_absence(**sent, actor=person, today=today())
        except Problem as problem:
            put_on(form, problem)
        else:
            messages.success(request, f"Noted: {made.person.name}, {days_in_words(made)}.")
            return HttpResponseRedirect("/calendar/away/")
    said = {"form": form, "rows": absence_rows(person), "stand_ins": list(stand_ins(person)), "now": today()}
    return render(request, "office/calendar/away.html", said, status=422 if form.errors else 200)


def days_in_words(absence: Absence) -> str:
    """The days, as "Mon 30 Nov to Fri 4 Dec"; a single one as itself."""
    first, last = day(absence.first_day), day(absence.last_day)
    return first if first == last else f"{first} to {last}"


def absence_rows(person: Person) -> list[dict[str, Any]]:
    """Each absence from today on, with who stands in, which rounds and bookings fall into it, and whether it can be changed."""
    now = today()
    rows = list(absences_seen(person).filter(cancelled_at=None, last_day__gte=now).select_related("person")[:300])
    managed = set(absence_managed(person).filter(pk__in={row.person_id for row in rows}).values_list("pk", flat=True))
    people = {row.person_id for row in rows}
    rounds = list(
        Round.objects.visible_to(person).filter(person__in=people, ended_at=None).select_related("site").order_by("name", "pk")
    )
    bookings = list(Booking.objects.visible_to(person).standing().filter(person__in=people, day__gte=now).order_by("day", "pk"))
    covers: dict[uuid.UUID, list[Cover]] = {}
    known = Cover.objects.filter(absence__in=[row.pk for row in rows]).select_related("person", "site", "round")
    for cover in known.order_by("made_at", "id"):
        covers.setdefault(cover.absence_id, []).append(cover)
    both = both_away(rows, covers)
    return [
        {
            "absence": row,
            "both_away": both.get(row.pk, ()),
            "covers": [each for each in covers.get(row.pk, ()) if seen(each, rounds)],
            "rounds": [each for each in rounds if each.person_id == row.person_id],
            "bookings": [
                each for each in bookings if each.person_id == row.person_id and row.first_day <= each.day <= row.last_day
            ],
            "for_all": next((each.person_id for each in covers.get(row.pk, ()) if not each.round_id and not each.site_id), None),
            "covered": bool(covers.get(row.pk)),
            "may_cover": row.person_id in managed,
            "may_cancel": row.person_id in managed or row.person_id == person.pk,
        }
        for row in rows
    ]


def both_away(rows: Sequence[Absence], covers: Mapping[uuid.UUID, Sequence[Cover]]) -> dict[uuid.UUID, list[str]]:
    """Of each absence: who stands in and is away on some of its days themselves, in words. One query."""
    people = {cover.person_id for each in covers.values() for cover in each}
    theirs = Absence.objects.filter(person__in=people, cancelled_at=None).select_related("person").order_by("first_day", "pk")
    found: dict[uuid.UUID, list[str]] = {}
    for gone in theirs:
        for row in rows:
            standing_in = any(cover.person_id == gone.person_id for cover in covers.get(row.pk, ()))
            if standing_in and gone.first_day <= row.last_day and gone.last_day >= row.first_day:
                found.setdefault(row.pk, []).append(f"{gone.person.name} is away too, {days_in_words(gone)}")
                found.setdefault(gone.pk, []).append(f"Stands in for {row.person.name}, {days_in_words(row)}")
    return found


def seen(cover: Cover, rounds: list[Round]) -> bool:
    """Whether a cover may be shown: of a round only to those who see the round."""
    return cover.round_id is None or any(each.pk == cover.round_id for each in rounds)


def found(person: Person, id: uuid.UUID) -> Absence:
    """The absence, or NotFound."""
    row = absences_seen(person).filter(pk=id).select_related("person").first()
    if row is None:
        raise NotFound("That absence")
    return row


@require_POST
@signed_in
def cancel(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Here after all."""
    cancel_absence(absence=found(person, id), actor=person)
    messages.success(request, "Taken back.")
    return HttpResponseRedirect("/calendar/away/")


@require_POST
@signed_in
def cover(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Say who stands in: for one round, or for everything; nobody takes it back."""
    absence = found(person, id)
    try:
        stand_in = chosen(stand_ins(person), request.POST.get("stand_in", ""), "That person")
        of = chosen(Round.objects.visible_to(person).filter(ended_at=None).select_related("site"), request.POST.get("round", ""),
                    "That round")  # fmt: skip
        set_cover(absence=absence, stand_in=stand_in, round=of, actor=person)
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        messages.warning(request, problem.detail if not problem.fields else " ".join(map(str, problem.fields.values())))
    else:
        messages.success(request, f"{stand_in.name} stands in." if stand_in else "Nobody stands in now.")
    return HttpResponseRedirect("/calendar/away/")


def chosen(rows: Any, text: str, called: str) -> Any:
    """The row of an id that was sent, None for an empty one. Raises NotFound for one that is not among the rows."""
    if not text:
        return None
    try:
        row = rows.filter(pk=uuid.UUID(text)).first()
    except ValueError:
        row = None
    if row is None:
        raise NotFound(called)
    return row
