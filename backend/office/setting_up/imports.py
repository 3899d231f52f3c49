"""Pages of imports: the list, sending a file in, the trial, applying, undoing."""

import uuid
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.exceptions import Throttled

from backend.assets.models import AssetType
from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.core.sheets import MOST_BYTES
from backend.office.setting_up import corrections
from backend.office.setting_up.choices import choosing_of, tried_again
from backend.office.setting_up.gate import imports, school_of, site_of
from backend.office.setting_up.importing import apply_soon, is_long, try_soon, undo_soon
from backend.office.setting_up.kinds import KINDS, kind_named
from backend.trust import tries
from backend.trust.imports import running, undoing
from backend.trust.imports.kinds import Kind, Options
from backend.trust.models import Import, Person, School, Site
from backend.trust.scope import reach

PER_PAGE: Final = 50
TRIES_AN_HOUR: Final = 120
WAITS: Final = (Import.State.READING, Import.State.APPLYING, Import.State.UNDOING)
SEARCHED: Final = ("file_name", "school__name", "made_by__name", "kind")


def may_kind(person: Person, kind: Kind) -> bool:
    """Whether somebody may send in this kind anywhere."""
    held = reach(person, kind.permit)
    return held.everywhere if kind.where == "never" else not held.nowhere()


def found(person: Person, id: uuid.UUID) -> Import:
    """The import, or NotFound."""
    rows = Import.objects.visible_to(person).select_related("school", "site__school", "made_by", "undone_by")
    row = rows.filter(pk=id).first()
    if row is None:
        raise NotFound("That import")
    return row


@require_safe
@imports
def import_list(request: HttpRequest, person: Person) -> HttpResponse:
    """What was imported, the latest first; and what can be."""
    rows = Import.objects.visible_to(person).select_related("school", "site", "made_by").defer("report")
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    for word in text.split():
        wanted = Q()
        for path in SEARCHED:
            wanted |= Q(**{f"{path}__icontains": word})
        rows = rows.filter(wanted)
    page = Paginator(rows.order_by("-made_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    titles = {key: kind.title for key, kind in KINDS.items()}
    for row in page:
        row.title = titles.get(row.kind, row.kind)  # type: ignore[attr-defined]
    said = {"page": page, "q": text, "kinds": [kind for kind in KINDS.values() if may_kind(person, kind)]}
    return render(request, "office/setting_up/imports.html", said)


@require_http_methods(["GET", "HEAD", "POST"])
@imports
def import_new(request: HttpRequest, person: Person, kind: str) -> HttpResponse:
    """Send a file in: its columns explained, a template to begin with, and the form."""
    one = kind_named(kind)
    if not may_kind(person, one):
        raise Problem("forbidden", "Your role does not let you import this. Ask your trust's estates lead.", status=403)
    wrong: dict[str, Any] = {}
    if request.method == "POST":
        try:
            return HttpResponseRedirect(f"/imports/{sent(request, person, one).pk}/")
        except Throttled as refused:
            wrong = {"": str(refused.detail)}
        except Problem as problem:
            if problem.status in (403, 404):
                raise
            wrong = problem.fields or {"": problem.detail}
    asked = request.POST if request.method == "POST" else request.GET
    said = {
        "kind": one,
        "columns": one.columns(Options(today())),
        "schools": School.objects.visible_to(person, one.permit).order_by("name") if one.where != "never" else (),
        "sites": sites_offered(person, one),
        "whole_trust": one.where == "any" and reach(person, one.permit).everywhere,
        "chosen": asked.get("school", ""),
        "chosen_site": asked.get("site", ""),
        "ticked": request.POST.getlist("tick"),
        "wrong": wrong,
        "types": AssetType.objects.order_by("name") if one.key == "assets" else (),
    }
    return render(request, "office/setting_up/import_new.html", said, status=422 if wrong else 200)


def sites_offered(person: Person, kind: Kind) -> Any:
    """The sites to choose from, of schools that have several."""
    if kind.where not in ("any", "always"):
        return ()
    return Site.objects.visible_to(person, kind.permit).select_related("school").order_by("school__name", "name")


def sent(request: HttpRequest, person: Person, kind: Kind) -> Import:
    """Take the form's file in and have it tried. Raises Problem."""
    tries.count({f"import:{person.pk}": TRIES_AN_HOUR}, doing="to import", seconds=tries.HOUR)
    file = request.FILES.get("file")
    if file is None:
        raise Problem("file_missing", "Choose a file.", fields={"file": "Choose a file."})
    beside = {}
    for each in (file, *(request.FILES.get(extra.key) for extra in kind.beside)):
        if each is not None and (each.size or 0) > MOST_BYTES:
            raise Problem("too_large", f"A file may have at most {MOST_BYTES // 2**20} MB.", fields={"file": "It is too large."})
    for extra in kind.beside:
        if another := request.FILES.get(extra.key):
            beside[extra.key] = another.read()
    school, site = place_of(request, person, kind)
    known = {tick.key for tick in kind.ticks}
    options = Options(today(), school, site, frozenset(request.POST.getlist("tick")) & known, beside=beside)
    content = file.read()
    row = running.begin(kind=kind, content=content, options=options, actor=person, file_name=file.name or "")
    try_soon(row, len(content))
    return row


def place_of(request: HttpRequest, person: Person, kind: Kind) -> tuple[School | None, Site | None]:
    """The school and site chosen. Raises NotFound for what the asker may not know of."""
    if kind.where == "never":
        return None, None
    try:
        if chosen := request.POST.get("site"):
            site = site_of(person, uuid.UUID(chosen))
            return site.school, site
        if chosen := request.POST.get("school"):
            return school_of(person, uuid.UUID(chosen)), None
    except ValueError:
        raise NotFound("That school") from None
    return None, None


@require_safe
@imports
def import_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """A trial and what it found; or an import and what it made."""
    return shown(request, found(person, id))


def shown(request: HttpRequest, row: Import, *, refused: Problem | None = None) -> HttpResponse:
    """The import's page."""
    kind = kind_named(row.kind)
    held, long = [], row.state == Import.State.DONE and is_long(row)
    if row.state == Import.State.DONE and not long:  # of a long one it takes seconds, and the worker looks
        held = undoing.hindrances(row, undoing.steps_of(row), kind)
    said = {
        "row": row, "kind": kind, "report": row.report, "waits": row.state in WAITS, "long": long,
        "hindrances": held[:50], "more_hindrances": max(len(held) - 50, 0), "refused": refused,
        "choosing": choosing_of(row, kind) if row.state in (Import.State.REFUSED, Import.State.READY) else {},
        "counted": row.report.get("seen", 0) - row.report.get("passed_over", 0),
        "totals": row.report.get("totals") or row.counts, "shown_faults": row.report.get("faults", [])[:300],
    }  # fmt: skip
    answer = render(request, "office/setting_up/import.html", said, status=refused.status if refused else 200)
    if said["waits"]:
        answer["Refresh"] = "2"  # the page asks again until the job is done
    return answer


@require_POST
@imports
def import_apply(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Apply what was tried."""
    row = found(person, id)
    try:
        apply_soon(row, person=person)
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        return shown(request, found(person, id), refused=problem)
    return HttpResponseRedirect(f"/imports/{row.pk}/")


@require_POST
@imports
def import_undo(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Undo an import."""
    row = found(person, id)
    try:
        at_once = undo_soon(row, person=person)
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        return shown(request, found(person, id), refused=problem)
    if at_once:
        messages.success(request, "Undone. Everything is as it was before.")
    return HttpResponseRedirect(f"/imports/{row.pk}/")


@require_POST
@imports
def import_again(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Try the file again with what was chosen."""
    row = found(person, id)
    try:
        tries.count({f"import:{person.pk}": TRIES_AN_HOUR}, doing="to import", seconds=tries.HOUR)
        fresh = tried_again(row, request.POST, person=person)
    except Throttled as refused:
        return shown(request, row, refused=Problem("throttled", str(refused.detail), status=429))
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        return shown(request, found(person, id), refused=problem)
    return HttpResponseRedirect(f"/imports/{fresh.pk}/")


@require_POST
@imports
def import_drop(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Drop a trial."""
    row = found(person, id)
    kind_named(row.kind).require(person, Options(today(), row.school, row.site))
    running.drop(row, actor=person)
    messages.success(request, "Dropped. Nothing was imported.")
    return HttpResponseRedirect(f"/imports/{row.kind}/")


@require_safe
@imports
def import_corrections(request: HttpRequest, person: Person, id: uuid.UUID, ending: str) -> HttpResponse:
    """The table as it was sent, with a column of what is wrong: all rows, or (?only=wrong) the faulty ones."""
    row = found(person, id)
    if row.state not in (Import.State.REFUSED, Import.State.READY):
        raise NotFound("That file")
    return corrections.answer(row, kind_named(row.kind), ending, only_wrong=request.GET.get("only") == "wrong")


@require_safe
@imports
def import_template(_request: HttpRequest, person: Person, kind: str, ending: str) -> HttpResponse:
    """A file to begin with: the columns, and a row as an example."""
    one = kind_named(kind)
    if not may_kind(person, one):
        raise Problem("forbidden", "Your role does not let you import this.", status=403)
    columns = list(one.columns(Options(today())))
    return corrections.sheet(f"{one.key}-template", ending, [each.name for each in columns], [[each.example for each in columns]])
