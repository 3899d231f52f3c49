"""Firms: the list, one's page, adding and changing, its papers, and its link for a report."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.checks.models import Certificate
from backend.core.days import today
from backend.core.problems import NotFound
from backend.maintenance.actions.contractors import (
    Firm,
    NewPaper,
    add_contractor,
    add_paper,
    change_contractor,
    name_contacts,
    withdraw_paper,
)
from backend.maintenance.actions.uploads import ask_for_report, stop_asking
from backend.maintenance.models import Contractor, ContractorPaper, ContractorVisit, ReportRequest, ReportUpload, SiteInduction
from backend.maintenance.queries.contractors import standing, standings
from backend.office.contractors.firm_forms import AskForm, ContactsForm, FirmFilters, FirmForm, PaperForm, WhyForm
from backend.office.contractors.pages import Asked, content_of, files, form_page, handed_on, looks_after, sent
from backend.office.queries.library import discipline_title
from backend.office.views.csv_out import ListFile
from backend.office.views.gate import estate
from backend.office.views.lists import export, list_answer
from backend.trust import letters, permits
from backend.trust.models import Person
from backend.trust.scope import reach

HEAD = ("Firm", "Trades", "May work here", "What is missing", "What ends soon", "E-mail", "Telephone", "In use")
SHOWN = 20


@require_safe
@estate
def firm_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Firms, those that should not work here first."""
    answer = FirmFilters(request.GET, person=person)
    return list_answer(request, "office/contractors/list.html", answer, stand=Stands(), manages=manages(person))


class Stands:
    """How the firms of a page stand: asked once for the page, by the template."""

    def __init__(self) -> None:
        self.said: dict[Any, Any] = {}

    def of(self, page: Sequence[Contractor]) -> list[tuple[Contractor, Any]]:
        """Each firm with its standing. One query."""
        firms = list(page)
        found = standings(firms, today())
        return [(firm, found[firm.pk]) for firm in firms]


def manages(person: Person) -> bool:
    """Whether they look after contractors anywhere."""
    return not reach(person, permits.CONTRACTOR_MANAGE).nowhere()


@require_safe
@estate
def firm_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""
    filters = FirmFilters(request.GET, person=person)
    filters.is_valid()
    said = standings(list(Contractor.objects.visible_to(person)), today())

    def line(firm: Contractor) -> Sequence[Any]:
        how = said[firm.pk]
        trades = ", ".join(discipline_title(each) for each in firm.trades)
        return (
            firm.name, trades, how.may_work, " ".join(how.missing), " ".join(how.soon), firm.email, firm.phone, firm.active,
        )  # fmt: skip

    return export(filters, "contractors", HEAD, line)


def found(person: Person, id: uuid.UUID) -> Contractor:
    """The firm, or NotFound."""
    firm = Contractor.objects.visible_to(person).filter(pk=id).first()
    if firm is None:
        raise NotFound("That contractor")
    return firm


@require_safe
@estate
def firm_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One firm: may it work here, its papers, its people, its visits and its certificates."""
    firm = found(person, id)
    may = manages(person)
    now = today()
    said: dict[str, Any] = {
        "firm": firm,
        "stand": standing(firm, now),
        "today": now,
        "papers": firm.papers.select_related("added_by").order_by("withdrawn_at", "kind", "scheme", "-expires_on"),
        "contacts": firm.contacts.all() if may else [],
        "may": may,
        "visits": ContractorVisit.objects.visible_to(person).filter(contractor=firm).select_related("site")[:SHOWN],
        "certificates": Certificate.objects.visible_to(person)
        .standing()
        .filter(contractor=firm)
        .select_related("check_type", "site")[:SHOWN],
    }
    if may:
        said |= for_managers(person, firm)
    return render(request, "office/contractors/firm.html", said)


def for_managers(person: Person, firm: Contractor) -> dict[str, Any]:
    """What only those who look after contractors see: the firm's people with their DBS checks, and reports asked for."""
    inductions = SiteInduction.objects.visible_to(person, permits.CONTRACTOR_MANAGE).filter(person__contractor=firm)
    by_person: dict[Any, list[SiteInduction]] = {}
    for each in inductions.select_related("site"):
        by_person.setdefault(each.person_id, []).append(each)
    people = list(firm.people.select_related("dbs_checked_by").order_by("left_on", "name"))
    waiting = ReportUpload.objects.visible_to(person).filter(contractor=firm, state=ReportUpload.State.WAITING)
    return {
        "people": [(each, by_person.get(each.pk, [])) for each in people],
        "requests": ReportRequest.objects.visible_to(person).filter(contractor=firm).select_related("site", "asked_by")[:SHOWN],
        "uploads": waiting.select_related("request", "site"),
    }


def back(firm: Contractor, part: str = "") -> HttpResponseRedirect:
    """Back to the firm's page."""
    return HttpResponseRedirect(f"/contractors/{firm.pk}/{'#' + part if part else ''}")


def trail(firm: Contractor) -> list[tuple[str, str]]:
    """Where a form about a firm is."""
    return [("Contractors", "/contractors/"), (firm.name, f"/contractors/{firm.pk}/")]


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def firm_add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Add a firm."""

    def act(said: dict[str, Any]) -> HttpResponseBase:
        firm = add_contractor(person=person, firm=Firm(**said))
        messages.success(request, "Added. Now enter its insurance and accreditations.")
        return back(firm)

    asked = Asked(
        "Add a contractor", "Its papers and people are entered on its page afterwards.", "Add", [("Contractors", "/contractors/")]
    )
    return form_page(request, FirmForm(sent(request)), asked, act)


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def firm_change(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Put right what is known of a firm."""
    firm = found(person, id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        change_contractor(person=person, contractor=firm, firm=Firm(**said))
        messages.success(request, "Changed.")
        return back(firm)

    return form_page(request, FirmForm(sent(request), firm=firm), Asked(f"Change {firm.name}", "", "Save", trail(firm)), act)


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def contacts(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Say whom to ring."""
    firm = found(person, id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        name_contacts(person=person, contractor=firm, contacts=said["lines"])
        return back(firm, "contacts")

    lines = "\n".join(", ".join([each.name, each.job, each.email, each.phone]).rstrip(", ") for each in firm.contacts.all())
    form = ContactsForm(sent(request), initial={"lines": lines})
    return form_page(request, form, Asked(f"Whom to ring at {firm.name}", "", "Save", trail(firm)), act)


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def paper_add(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Enter an insurance or accreditation."""
    firm = found(person, id)
    form = PaperForm(sent(request), files(request), initial={"kind": request.GET.get("kind", "")})

    def act(said: dict[str, Any]) -> HttpResponseBase:
        new = NewPaper(
            said["kind"], said["expires_on"], scheme=said["scheme"], insurer=said["insurer"], number=said["number"],
            cover_pence=form.cover_pence(), content=content_of(said["file"]),
        )  # fmt: skip
        add_paper(person=person, contractor=firm, paper=new)
        messages.success(request, "Entered.")
        return back(firm, "papers")

    asked = Asked(
        f"Enter a paper of {firm.name}",
        "A renewal is entered as a new paper; the one before stays to be seen.",
        "Enter it",
        trail(firm),
    )
    return form_page(request, form, asked, act)


def paper_of(person: Person, id: uuid.UUID) -> ContractorPaper:
    """A firm's paper, or NotFound."""
    firms = Contractor.objects.visible_to(person)
    row = ContractorPaper.objects.filter(pk=id, contractor__in=firms).select_related("contractor").first()
    if row is None:
        raise NotFound("That paper")
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def paper_withdraw(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Take back a paper that was entered wrongly."""
    row = paper_of(person, id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        withdraw_paper(person=person, paper=row, why=said["why"])
        return back(row.contractor, "papers")

    asked = Asked(
        f"Take back: {row}", "It counts no more, and stays to be seen with the reason.", "Take it back", trail(row.contractor)
    )
    return form_page(request, WhyForm(sent(request)), asked, act)


@require_safe
@estate
def paper_file(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:  # noqa: ARG001  every page is given it
    """The paper itself."""
    row = paper_of(person, id)
    if not row.sha256:
        raise NotFound("That paper")
    return handed_on(row.sha256, row.content_type, f"paper-{row.sha256[:12]}")


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def ask(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Make a link by which the firm hands in a report without an account; it is shown once."""
    firm = found(person, id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        row, text = ask_for_report(person=person, contractor=firm, words=said["words"], site=said["site"], days=said["days"])
        link = f"{letters.address(request)}/hand-in/{text}/"
        answer = render(
            request, "office/contractors/link.html", {"firm": firm, "request_row": row, "link": link, "days": said["days"]}
        )
        answer["Cache-Control"] = "no-store"
        return answer

    lead = (
        "The firm needs no account: whoever has the link can hand in files until it ends. "
        "They wait for you; nothing is recorded by them."
    )
    return form_page(
        request,
        AskForm(sent(request), person=person),
        Asked(f"Ask {firm.name} for a report", lead, "Make the link", trail(firm)),
        act,
    )


@require_http_methods(["POST"])
@looks_after
def ask_stop(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Take a link back."""
    row = ReportRequest.objects.visible_to(person).filter(pk=id).select_related("contractor", "site").first()
    if row is None:
        raise NotFound("That link")
    ended = stop_asking(person=person, request=row)
    messages.success(request, "The link works no more." if ended else "The link had ended already.")
    return back(row.contractor, "reports")
