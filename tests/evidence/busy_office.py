"""What the office does, for a world in which nearly everything has happened: firms, their papers, bookings, a pack."""

import datetime as dt
import uuid
from decimal import Decimal

from django.utils import timezone

from backend.assets.actions import (
    add_drawing,
    add_model,
    add_warranty,
    change_asset,
    ensure_tags,
    make_roll,
    put_pin,
    replace_tag,
)
from backend.assets.actions.readings import take_reading
from backend.checks.actions import Covered, NewBooking, Remedial, book, file_certificate, make_round, set_cover
from backend.checks.actions.documents import add_document, ask_not_needed
from backend.checks.actions.feeds import new_feed
from backend.checks.actions.leaving import Going, dispose
from backend.checks.actions.packs import ask_pack
from backend.core.days import today
from backend.core.files import person_owner, take
from backend.hr.actions import note_absence, set_working_week
from backend.maintenance.actions import ask_to_accept, give_work, merge_defects, receive_report, report_defect
from backend.maintenance.models import Defect
from backend.office.demo.contractors import firm_of, handed_in, visits
from backend.office.events.deeds import make_webhook
from backend.office.proof.making import make_pack
from backend.office.risk.paper import EDITION, set_paper
from backend.risk.actions import (
    NewItem,
    NewSurvey,
    ProjectWords,
    RiskWords,
    add_projects,
    add_risk,
    add_scenario,
    answer_statement,
    choose_for,
    end_item,
    enter_survey,
    freeze_paper,
    keep_run,
    set_assumption,
    sign_return,
)
from backend.risk.estate import standards
from backend.risk.queries.brief import brief
from backend.risk.queries.returns import return_of
from backend.risk.queries.scenarios import worked_out
from backend.trust.actions import System
from backend.trust.actions.places import renumber_school
from backend.trust.models import Import, ImportTrace, Outline
from tests.checks.filing import paper, report
from tests.conftest import World
from tests.evidence import busy_money
from tests.office.proof.conftest import wanted
from tests.sync.pictures import jpeg

DAY = dt.timedelta(days=1)


def fill(world: World) -> None:
    """All of it, through the actions; an import and an outline by hand, for theirs need a whole file."""
    firms(world)
    problems(world)
    scheduling(world)
    places(world)
    register(world)
    risks(world)
    busy_money.fill(world)
    asked = ask_pack(wanted(world), person=world.lead)
    make_pack(str(asked.pk))


def firms(world: World) -> None:
    """Two firms with papers and people, visits, a report handed in, a certificate with a coded line, documents."""
    lead, day = world.lead, today()
    known = [
        firm_of(lead, name, trade, n, day) for n, (name, trade) in enumerate([("Volt Ltd", "electrical"), ("Ember", "fire")])
    ]
    visits(lead, known, world.oakfield, day)
    handed_in(lead, known[0], world.oakfield)
    plan = world.plan("loler-passenger-lift", asset=world.asset("passenger-lift"), since=day - 365 * DAY)
    worn = Remedial("loler", "B", "Brake lining worn", plan, day + 20 * DAY)
    file_certificate(person=lead, new=report(world, [plan], remedials=[worn], covers=[Covered(plan, "unsatisfactory")]))
    add_document(person=lead, kind="hs-policy", file=paper(lead, "Policy"), issued_on=day - 9 * DAY)
    ask_not_needed(person=lead, kind="lease-title", site=world.oakfield, reason="The diocese holds it", expires_on=day + 90 * DAY)


def problems(world: World) -> None:
    """Problems merged, given out, and lived with for a while; a stranger's report with a photo."""
    lead, day = world.lead, today()
    gutter, same, damp = (problem(world, words) for words in ("Gutter down", "Gutter hangs", "Damp patch"))
    merge_defects(survivor=gutter, duplicates=[same], person=lead)
    give_work(defect=gutter, person=lead, to=world.caretaker, today=day, tell=False)
    ask_to_accept(defect=damp, person=lead, reason="Needs the room empty", until=day + 30 * DAY, today=day)
    tag = ensure_tags([world.asset("fire-door")]).popitem()[1]
    receive_report(tag=tag, said="It bangs", name="A parent", photos=[jpeg(60, 40)])
    replace_tag(code=tag.pk, why="damaged", note="Painted over", person=lead)
    make_roll(site=world.oakfield, count=2, stock="A sheet", person=lead)


def problem(world: World, words: str) -> Defect:
    """A plain problem at Oakfield."""
    return report_defect(
        id=uuid.uuid4(), site=world.oakfield, person=world.caretaker, summary=words, severity="low", unsafe=False,
        found_on=today(), reported_at=timezone.now(),
    )  # fmt: skip


def scheduling(world: World) -> None:
    """A booking, a round, somebody away with somebody standing in, hours, a private calendar address."""
    lead, day, site = world.lead, today(), world.oakfield
    plan = world.plan("fire-extinguisher-annual-service", asset=world.asset("fire-extinguisher"), since=day - 300 * DAY)
    book(NewBooking(site, [plan], day + 2 * DAY, person=world.caretaker), actor=lead, today=day)
    make_round(site=site, name="Weekly", often="week", stops=[plan.pk], actor=lead, days=[2], person=world.caretaker)
    gone = note_absence(person=world.caretaker, first_day=day + 9 * DAY, last_day=day + 12 * DAY, actor=lead, today=day)
    set_cover(absence=gone, stand_in=world.person("site-manager", school=site.school), actor=lead)
    set_working_week(person=world.caretaker, minutes=900, in_holidays=True, actor=lead)
    new_feed(person=world.caretaker)
    make_webhook(person=lead, name="Helpdesk", address="https://hooks.example.org/estates")


def places(world: World) -> None:
    """A school's new number, a reading, an import with its trace, an outline, a floor plan with pins."""
    renumber_school(world.riverside.school, urn=900777, actor=System("The test's own world"), until=today())
    meter = world.asset("fire-alarm-panel", name="Meter")
    take_reading(id=uuid.uuid4(), asset=meter, value=Decimal("3.5"), unit="bar", taken_at=timezone.now(), person=world.caretaker)
    kept = Import.objects.create(kind="assets", site=world.oakfield, sha256="ef" * 32, made_by=world.lead, made_at=timezone.now())
    ImportTrace.objects.create(of=kept, steps=[])
    ring = [[[-1.5, 53.8], [-1.5, 53.9], [-1.4, 53.8], [-1.5, 53.8]]]
    Outline.objects.create(site=world.oakfield, geometry={"type": "Polygon", "coordinates": ring}, area_m2=90)
    floor = take(jpeg(40, 30), owner=person_owner(world.lead.pk))
    plan = add_drawing(person=world.lead, site=world.oakfield, name="Whole site", file=floor)
    put_pin(plan, person=world.caretaker, kind="asset", asset=meter, x=0.5, y=0.5)
    put_pin(plan, person=world.caretaker, kind="water", x=0.25, y=0.5, note="Under the sink")


def register(world: World) -> None:
    """A listed make and model, a change, a warranty with its paper, and something that was sold."""
    lead, day = world.lead, today()
    old = world.asset("fire-alarm-panel", name="Old panel")
    listed = add_model(type=old.type, make="Advanced", model="MX-4200", expected_life=15, person=lead)
    change_asset(old, changes={"product": listed, "make": "Advanced"}, person=lead, why="Read off its plate")
    add_warranty(old, supplier="Advanced", content=jpeg(50, 30), person=lead, starts_on=day - 9 * DAY, ends_on=day + 9 * DAY)
    dispose(old, going=Going("sold", day, "Replaced", "A dealer", 2500), person=lead, today=day)


def risks(world: World) -> None:
    """A survey with a finding put right, a figure set, a risk, a statement answered, a paper and a return signed."""
    lead, cfo, day = world.lead, world.person("cfo"), today()
    survey = enter_survey(
        new=NewSurvey(world.oakfield, day, "Others LLP", [NewItem("roofs", "Felt", "D", 1, 100)]), actor=lead, today=day
    )
    end_item(item=survey.items.get(), person=lead, kind="put-right", on=day, why="Felted", today=day)
    (works,) = add_projects(person=lead, news=[(world.oakfield, ProjectWords("New roof", [], 1_000))], today=day)
    scenario = add_scenario(person=cfo, title="What we have", first_year=day.year, budgets=[1], carry=True, today=day)
    choose_for(scenario=scenario, person=cfo, project=works, kind="out", year=None, why="Too dear")
    keep_run(scenario=scenario, person=cfo, figures=worked_out(scenario, cfo, day))
    set_assumption(person=cfo, key="visit", value=20_000, why="Invoices", today=day)
    words = RiskWords("Boiler", "It is old", "No heating", "The school closes", lead, day + 90 * DAY)
    add_risk(person=lead, school=None, words=words, before=(5, 4), now=(4, 4), target=(1, 4), today=day)
    for each in standards().statements:
        answer_statement(person=lead, statement=each.key, position="met", gap="", today=day)
    sign_return(person=cfo, figures=return_of(cfo, day))
    figures = brief(cfo, day)
    pdf, pages = set_paper(figures, title="Estate risk", commentary="", by=cfo.name, version=1)
    freeze_paper(person=cfo, title="Estate risk", commentary="", figures=figures, pdf=pdf, pages=pages, edition=EDITION)
