"""Firms of the invented trust with their papers and people, the year's certificates, and a register of documents with gaps."""

import datetime as dt
from collections.abc import Sequence

from backend.checks.actions.certificate_history import certify
from backend.checks.actions.documents import add_document, ask_not_needed
from backend.checks.models import CheckRecord, RecordPhoto
from backend.checks.queries.documents import kinds
from backend.core.files import person_owner, vouch
from backend.core.models import StoredFile
from backend.maintenance.actions.contractor_people import Seen, add_contractor_person, induct, note_dbs
from backend.maintenance.actions.contractors import (
    Firm,
    NewPaper,
    add_contractor,
    add_paper,
    name_contacts,
)
from backend.maintenance.actions.uploads import PURPOSE, ask_for_report, hand_in
from backend.maintenance.actions.visits import call_off_visit, plan_visit, sign_in_visit, sign_out_visit
from backend.maintenance.models import Contractor, OnePurposeLink
from backend.office.demo.dice import dice
from backend.office.demo.papers import Papers, one_page
from backend.office.demo.people import Team
from backend.office.demo.places import Made
from backend.rules.documents import BUILDING, SITE, TRUST
from backend.trust.models import Building, Person, Site

TRADES = ("fire", "electrical", "gas-heating", "water-hygiene", "lifting-pressure", "security", "kitchen", "playground-pe")
SCHEMES = {"fire": "BAFE", "electrical": "NICEIC", "gas-heating": "Gas Safe", "water-hygiene": "Legionella Control Association"}
ENDED, ENDING = (1, 5), (3,)  # which firms' insurance has ended, or ends soon
SPOKEN = ("Ash Merrow", "Bryn Calder", "Cass Fenwick", "Dil Okoro", "Edda Rowe", "Finn Harker", "Gwen Sallow", "Hal Pym")


def load_firms(spoken: dict[str, list[str]], team: Team, today: dt.date) -> dict[str, Contractor]:
    """The firms by their names, one for each trade, with their papers and people."""
    known: dict[str, Contractor] = {}
    for number, trade in enumerate(TRADES):
        name = next((each for each in spoken.get(trade, spoken["inspectors"]) if each not in known), f"Invented {trade} firm")
        known[name] = firm_of(team.lead, name, trade, number, today)
    return known


def load_contractors(
    made: Sequence[Made], known: dict[str, Contractor], team: Team, papers: Papers, today: dt.date, seed: int
) -> None:
    """What the firms did at the schools loaded: visits, a report that waits, the year's certificates and documents."""
    lead = team.lead
    sites = [Site.objects.filter(school=each.school).order_by("name")[0] for each in made]
    visits(lead, list(known.values()), sites[0], today)
    first = next(iter(known.values()))
    handed_in(lead, first, sites[0])
    with_paper = set(RecordPhoto.objects.filter(content_type="application/pdf").values_list("record_id", flat=True))
    recent = CheckRecord.objects.counting().filter(done_on__gte=today - dt.timedelta(days=365), pk__in=with_paper)
    certify(person=lead, records=list(recent), firms=known)
    documents(lead, sites, papers, today, seed)


def firm_of(lead: Person, name: str, trade: str, number: int, today: dt.date) -> Contractor:
    """One firm with its insurances, accreditation, and somebody who comes."""
    scheme = SCHEMES.get(trade, "SafeContractor")
    told = Firm(
        name=name,
        trades=[trade],
        asked_for=[scheme],
        phone=f"01632 960{number:03d}",
        address=f"Unit {number + 1}, Invented Way",
        email=f"office{number}@firm.example",
    )
    firm = add_contractor(person=lead, firm=told)
    ends = (
        today - dt.timedelta(days=12)
        if number in ENDED
        else today + dt.timedelta(days=20 if number in ENDING else 120 + 20 * number)
    )
    scan = one_page(["INVENTED CERTIFICATE OF INSURANCE", name, f"Until {ends:%-d %B %Y}"])
    for kind, cover in (("public-liability", 500_000_000), ("employers-liability", 1_000_000_000)):
        until = ends if kind == "public-liability" else today + dt.timedelta(days=200)
        new = NewPaper(kind, until, insurer="Invented Mutual", number=f"IM{number}{len(kind)}", cover_pence=cover, content=scan)
        add_paper(person=lead, contractor=firm, paper=new)
    add_paper(
        person=lead,
        contractor=firm,
        paper=NewPaper("accreditation", today + dt.timedelta(days=250), scheme=scheme, number=f"{4100 + number}"),
    )
    name_contacts(person=lead, contractor=firm, contacts=[{"name": SPOKEN[number], "job": "Bookings", "phone": told.phone}])
    who = add_contractor_person(person=lead, contractor=firm, name=SPOKEN[-1 - number], job="Engineer")
    if number != 2:
        note_dbs(person=lead, of=who, seen=Seen("enhanced", today - dt.timedelta(days=200), f"{3000 + number}"))
    return firm


def weekday(today: dt.date, days: int) -> dt.date:
    """Today, or the first weekday so many days ahead."""
    day = today + dt.timedelta(days=days)
    return day + dt.timedelta(days=7 - day.weekday()) if days and day.weekday() > 4 else day


def visits(lead: Person, firms: Sequence[Contractor], site: Site, today: dt.date) -> None:
    """A few visits at the first school: been, on site now, to come, called off."""
    purposes = ("Service the fire alarm", "Test the distribution boards", "Service the boilers", "Clean the tanks")
    for number, (firm, purpose) in enumerate(zip(firms, purposes, strict=False)):
        visit = plan_visit(person=lead, contractor=firm, site=site, purpose=purpose, planned_on=weekday(today, number * 3))
        if number == 0:
            who = firm.people.get()
            induct(person=lead, of=who, site=site, done_on=today - dt.timedelta(days=40))
            sign_out_visit(
                person=lead, visit=sign_in_visit(person=lead, visit=visit, people=[who], asbestos_seen=True), note="Done."
            )
        if number == 1:
            sign_in_visit(
                person=lead, visit=visit, others="Two electricians", let_in_why="Head agreed: insurance renewed, paper follows"
            )
        if number == 3:
            call_off_visit(person=lead, visit=visit, why="The firm is short of people; a new day follows.")


def handed_in(lead: Person, firm: Contractor, site: Site) -> None:
    """A report that a firm handed in and that waits to be filed."""
    row, _ = ask_for_report(person=lead, contractor=firm, words="The fire alarm's service report of this month", site=site)
    link = OnePurposeLink.objects.get(purpose=PURPOSE, about=row.pk)
    content = one_page(["INVENTED REPORT, FOR DEMONSTRATION ONLY", firm.name, "Fire alarm service"])
    hand_in(link=link, content=content, from_name=SPOKEN[0], note="Two detectors were changed.", address="demo")


def documents(lead: Person, sites: Sequence[Site], papers: Papers, today: dt.date, seed: int) -> None:
    """Documents that no check brings: most are held, some have expired, some are missing; one is asked to be left out."""
    for kind in kinds().values():
        if kind.check and kind.held_for != TRUST:
            continue
        places: list[tuple[Site | None, Building | None]] = [(None, None)] if kind.held_for == TRUST else []
        if kind.held_for == SITE:
            places = [(site, None) for site in sites]
        if kind.held_for == BUILDING:
            places = [
                (each.site, each)
                for each in Building.objects.filter(site__in=sites).select_related("site__school").order_by("pk")
            ]
        for site, building in places:
            throw = dice(seed, "document", kind.key, site.name if site else "", building.name if building else "")
            if throw.random() < 0.75 or kind.key == "hs-policy":
                months = round((kind.months or 24) * 30 * throw.uniform(0.1, 1.15))
                issued = today - dt.timedelta(days=months)
                sha256 = papers.report(kind.key, f"{building or site or 'The trust'}", "", issued)
                vouch([(sha256, person_owner(lead.pk))])
                file = StoredFile.objects.get(pk=sha256)
                add_document(person=lead, kind=kind.key, file=file, issued_on=issued, site=site, building=building)
    reason = "The diocese holds the title deeds and shows them on request."
    ask_not_needed(person=lead, kind="lease-title", site=sites[0], reason=reason, expires_on=today + dt.timedelta(days=365))
