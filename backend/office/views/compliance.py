"""The compliance board, and the school's and the site's part of it."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.checks.models import NotApplicable
from backend.checks.queries.compliance import Cell, compliance
from backend.checks.queries.documents import wanting
from backend.core.days import today
from backend.core.problems import NotFound
from backend.office.maps.small import of_school
from backend.office.proof.as_of import asked, cells_and_day
from backend.office.queries import standing
from backend.office.queries.board import by_discipline, make_board
from backend.office.queries.library import discipline_title
from backend.office.views.csv_out import csv_answer
from backend.office.views.gate import estate
from backend.trust.models import Person, School

HEAD = (
    "School", "URN", "Site", "Discipline", "In date", "Due soon", "Due", "Overdue", "Paused", "Missed in 12 months",
    "Open problems", "Last report not satisfactory", "Marked unsafe", "Of those in date or due soon not proved",
)  # fmt: skip


@require_safe
@estate
def compliance_board(request: HttpRequest, person: Person) -> HttpResponse:
    """School × discipline: counts of what is wrong, worst first."""
    cells, as_of = cells_and_day(request, person)
    in_order = request.GET.get("order") == "name"
    board = make_board(cells, by="school", in_order=in_order, then=as_of.address)
    also = " ".join(filter(None, (*standing.also_wrong(board.total), standing.unplanned(person, cells))))
    said = {"board": board, "answer": answer(board), "also": also, "in_order": in_order, "as_of": as_of}
    said["not_applicable"] = NotApplicable.objects.visible_to(person).in_force(today()).count()
    return render(request, "office/compliance.html", said)


def answer(board: Any) -> str:
    """The board in one sentence."""
    total, schools = board.total, len(board.rows)
    if not total.plans:
        return "No checks are planned yet, so nothing is known about compliance."
    running = total.plans - total.paused
    said = f"{total.proved:,} of {running:,} checks are in date"
    late = sum(1 for row in board.rows if row.total.overdue)
    if not total.overdue:
        return f"{said}. Nothing is overdue{f' at any of the {schools} schools' if schools > 1 else ''}."
    where = f" at {late} of {schools} schools" if schools > 1 else ""
    return f"{said}. {total.overdue:,} {'is' if total.overdue == 1 else 'are'} overdue{where}."


@require_safe
@estate
def compliance_csv(request: HttpRequest, person: Person) -> StreamingHttpResponse:
    """The board's figures by school, site and discipline, on the day asked about."""
    day, known = asked(request)
    return csv_answer("compliance", HEAD, lines(compliance(person, today=today(), as_of=day, known=known)), evidence=True)


def lines(cells: Sequence[Cell]) -> Iterator[Sequence[Any]]:
    """A line for each site and discipline."""
    for cell in cells:
        school, counts = cell.site.school, cell.counts
        yield (
            school.name, school.urn, cell.site.name, discipline_title(cell.discipline), counts.in_date, counts.due_soon,
            counts.due, counts.overdue, counts.paused, counts.lapses, counts.defects_open,
            counts.unsatisfactory, counts.unsafe, counts.unproved,
        )  # fmt: skip


@require_safe
@estate
def school_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """A school: how it stands, discipline by discipline and site by site."""
    school = School.objects.visible_to(person).filter(pk=id).first()
    if school is None:
        raise NotFound("That school")
    everywhere, as_of = cells_and_day(request, person, school.pk)
    cells = [cell for cell in everywhere if cell.site.school_id == school.pk]
    if as_of.past:
        stands = standing.Standing(school.name, standing.summed(cells), [], [])
    else:
        stands = standing.standing(person, cells, school.name, today(), site__school=school)
    sites = list(school.sites.visible_to(person))
    papers = wanting(person, today(), sites)
    said = {
        "school": school,
        "school_key": str(school.pk),
        "as_of": as_of,
        "standing": stands,
        "answer": stands.sentence(today()),
        "also": stands.also,
        "board": make_board(cells, by="site", then=as_of.address),
        "trend": of_school(person, school, stands.counts, today()),
        "disciplines": by_discipline(cells, {"school": school.pk}, as_of.address),
        "sites": [(site, papers.get(site.pk)) for site in sites],
    }
    return render(request, "office/school.html", said)
