"""The world in which the matrix is asked: Oakfield with two sites, Riverside with one, all alike, and every column's person.

Each place has a word of its own in everything that is there, and its rows' ids are known: where one is read, something of
that place was told.
"""

import copy
import datetime as dt
import hashlib
import io
import json
import random
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from PIL import Image

from backend.assets.actions import ensure_place_tags, ensure_tags, keep_run, make_roll, make_tags
from backend.assets.models import Asset, LabelRun, Reading
from backend.checks.actions import NewRecord, When, record_check, seal_lapses
from backend.checks.actions.feeds import new_feed
from backend.checks.actions.packs import PURPOSE as PACK_LINK
from backend.checks.models import BookedCheck, Booking, CheckRecord, NotApplicable, Plan, Round
from backend.checks.queries.booked import occurrences
from backend.core import files
from backend.core.days import today
from backend.core.models import FileProof, StoredFile
from backend.hr.models import Absence, Competence
from backend.maintenance.links import make_link
from backend.maintenance.models import Defect, DefectPhoto, FaultReport, WorkOrder
from backend.office.events.deeds import make_webhook
from backend.office.lists.exporting import reach_of
from backend.office.models import BulkChange, Delivery, ListExport, Notice, PushDevice, SavedView
from backend.rules.tagcode import make_code
from backend.sync.models import Device, DeviceSignIn, KeptAside, Op
from backend.trust.imports.running import MAIN as MAIN_FILE
from backend.trust.imports.running import place_of
from backend.trust.models import Appointment, CalendarMark, Import, ImportTrace, Invitation, Person, Site, Space
from backend.trust.permits import ROLES
from backend.trust.sessions import CONFIRMED, public_name
from backend.trust.tokens import issue
from tests.answers import good_answers
from tests.conftest import World, make_world
from tests.matrix.columns import ANNEXE, COLUMNS, MAIN, RIVERSIDE, TRUST, Column
from tests.matrix.crowding import like_it, noted
from tests.matrix.lines import ADMINS, ELSEWHERE, NAMED, NOBODYS, OWN, PLACE
from tests.matrix.packs import pack_at
from tests.matrix.papers import furnish_firm, furnish_models, furnish_papers, furnish_plans, furnish_register
from tests.matrix.risky import furnish_condition, furnish_paper, furnish_plan, furnish_risk, furnish_works
from tests.sync.phone import Phone

NAMES = {MAIN: "Zebrafinch", ANNEXE: "Yellowhammer", RIVERSIDE: "Xenopus"}
"""Of which every name in a place begins with its own."""
CROWD = 3
ELSEWHERE_TOO = "site-manager of one site, governor of the other school"


def picture(colour: str) -> bytes:
    """A small picture that no other place has."""
    out = io.BytesIO()
    shade = hashlib.sha256(colour.encode()).digest()
    Image.new("RGB", (24, 24), (shade[0], shade[1], shade[2])).save(out, "JPEG")
    return out.getvalue()


@dataclass
class MatrixWorld:
    """`rows[thing][place]` and `own[thing][column]` are keys; `marks[place]` is everything that must not be read elsewhere."""

    world: World
    sites: dict[str, Site]
    people: dict[str, Person] = field(default_factory=dict)
    caretakers: dict[str, Person] = field(default_factory=dict)
    rows: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    own: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    marks: dict[str, set[str]] = field(default_factory=lambda: {place: {name} for place, name in NAMES.items()})
    clients: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    spare_tag: str = ""
    spare_phone: Phone = field(default_factory=lambda: Phone(None))
    nobody: uuid.UUID = field(default_factory=uuid.uuid4)
    names: Mapping[str, str] = field(default_factory=lambda: NAMES)
    standing: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def key(self, thing: str, whose: str, column: Column) -> str:
        """The key of the row that a line means."""
        if whose == NOBODYS:
            return self.no_such(thing)
        if whose == OWN and column.name in self.own[thing]:
            return self.own[thing][column.name]
        if whose == NAMED:
            return self.rows["lent file"][RIVERSIDE]
        if whose in (ADMINS, ELSEWHERE):
            return self.rows[thing][whose]
        return self.rows[thing][PLACE[whose]]

    def no_such(self, thing: str) -> str:
        """A key of that form that nothing has."""
        forms = {
            "file": "f" * 64,
            "term": "999999999",
            "mark": "999999999",
            "factor": "999999999",
            "tag": make_code(random.Random(7)),
            "room tag": make_code(random.Random(11)),
        }
        return forms.get(thing, str(self.nobody))

    def add(self, thing: str, place: str, row: Model | str) -> None:
        """Remember a row of a place; its id becomes a mark of the place."""
        key = row if isinstance(row, str) else str(row.pk)
        self.rows[thing][place] = key
        if place in self.marks and len(key) > 7:
            self.marks[place].add(key)


def build() -> MatrixWorld:
    """Everything, in the transaction at hand."""
    world = make_world()
    school = world.oakfield.school
    annexe = Site.objects.create(school=school, name="Annexe")
    building = annexe.buildings.create(name="Main block", built=1985)
    building.spaces.create(name="Boiler room")
    made = MatrixWorld(world, {MAIN: world.oakfield, ANNEXE: annexe, RIVERSIDE: world.riverside})
    made.spare_tag = make_tags(1)[0].pk
    for column in COLUMNS:
        if column.signed_in or column.closed:
            made.people[column.name] = appointed(made, column)
    for place in made.sites:
        name_place(made, place)
        furnish(made, place)
    for place in (MAIN, RIVERSIDE):
        furnish_school(made, place)
    seal_lapses(today=today())
    for place in made.sites:
        made.add("lapse", place, Plan.objects.get(pk=made.rows["plan"][place]).lapses.order_by("due_on")[0])
    furnish_trust(made)
    for column in COLUMNS:
        if column.name in made.people:
            furnish_person(made, column)
    sign_in(made)
    return made


def appointed(made: MatrixWorld, column: Column) -> Person:
    """The column's person, with their appointments."""
    person = Person(email=f"{column.name.replace(' ', '-').replace(',', '')}@matrix.example", name=f"The {column.name}")
    person.is_active = not column.closed
    person.set_unusable_password()
    person.save()
    yesterday = today() - dt.timedelta(days=1)
    for pairs, ends in ((column.held, None), (column.past, None if column.closed else yesterday)):
        for role, where in pairs:
            appoint(person, role, made.sites, where, ends)
    return person


def appoint(person: Person, role: str, sites: dict[str, Site], where: str, ends: dt.date | None = None) -> Appointment:
    """Give somebody a role somewhere since two years ago."""
    scopes: dict[str, dict[str, Any]] = {
        "the trust": {},
        "Oakfield": {"school": sites[MAIN].school},
        "Oakfield's main site": {"site": sites[MAIN]},
        "Riverside": {"school": sites[RIVERSIDE].school},
        "Annexe": {"site": sites[ANNEXE]},
    }
    start = today() - dt.timedelta(days=730)
    assert role in ROLES
    return Appointment.objects.create(person=person, role=role, starts_on=start, ends_on=ends, **scopes[where])


def name_place(made: MatrixWorld, place: str) -> None:
    """Call the site, its building and its spaces by the place's name."""
    site, name = made.sites[place], NAMES[place]
    building = site.buildings.get()
    space = building.spaces.first()
    assert space
    building.spaces.exclude(pk=space.pk).delete()
    for row, called in ((site, "field"), (building, "block"), (space, "room")):
        row.name = f"{name} {called}"
        row.save()
    made.add("site", place, site)
    made.add("building", place, building)
    made.add("space", place, space)


def furnish_labels(made: MatrixWorld, place: str, site: Site) -> None:
    """A room's label, and that it was printed."""
    space = Space.objects.select_related("building__site__school").filter(building__site=site).first()
    assert space
    tag = ensure_place_tags([space], person=made.world.lead)[space.pk]
    [run] = keep_run(person=made.world.lead, codes={site: [tag.pk]}, kind=LabelRun.Kind.PLACES, stock="A sheet")
    made.add("room tag", place, tag.pk)
    made.add("label run", place, run)
    made.add("label roll", place, make_roll(site=site, count=2, stock=f"{NAMES[place]} roll", person=made.world.lead))


def furnish(made: MatrixWorld, place: str) -> None:
    """An asset with a label, a plan with a record and misses, a defect with a photo and work, a held operation, a person."""
    world, site, name, now = made.world, made.sites[place], NAMES[place], timezone.now()
    who = Person.objects.create(email=f"{place}@caretakers.example", name=f"{name} Caretaker", password="!")
    appoint(who, "caretaker", made.sites, {MAIN: "Oakfield", ANNEXE: "Annexe", RIVERSIDE: "Riverside"}[place])
    made.caretakers[place] = who
    made.add("person", place, who)
    made.rows["appointment"][place] = str(who.appointments.get().pk)
    accounts_of(made, place, who)
    asset = world.asset(site=site, name=f"{name} panel", make="Advanced", serial=f"SN-{name}")
    resting = world.asset(site=site, name=f"{name} resting panel", status=Asset.Status.OUT_OF_SERVICE, status_since=today())
    plan = world.plan(asset=asset, note=f"{name} note")
    made.add("asset", place, asset)
    made.add("resting asset", place, resting)
    made.add("tag", place, ensure_tags([asset])[asset.pk].pk)
    furnish_labels(made, place, site)
    made.add("plan", place, plan)
    grouped = world.plan("escape-routes-daily-check", site=site, building=site.buildings.get())
    made.add("grouped plan", place, grouped)
    record = recorded(plan, who)
    defect = Defect.objects.get(findings__record=record)
    defect.summary = f"{name} fault"
    defect.save(update_fields=["summary"])
    made.add("record", place, record)
    made.add("defect", place, defect)
    made.add("work order", place, WorkOrder.objects.create(site=site, defect=defect, title=f"{name} work"))
    made.add("new defect", place, defect)
    told = {"reference": f"R-{place[:4].upper():0>4}-0000", "tag": made.rows["tag"][place], "said": f"{name} report"}
    made.add("fault report", place, FaultReport.objects.create(site=site, asset=asset, received_at=now, **told))
    Reading.objects.create(asset=asset, value=1, unit=name, taken_at=now, taken_by=who)
    made.add("file", place, photographed(defect, who, f"photo of {place}"))
    furnish_papers(made, place, name, who, record)
    furnish_register(made, place, asset, who)
    furnish_condition(made, place, name, who)
    furnish_works(made, place, name, who)
    furnish_plans(made, place, name, asset)
    made.add("lent file", place, photographed(defect, who, f"lent by {place}"))
    made.marks[place].discard(made.rows["lent file"][place])
    excused = NotApplicable.objects.create(
        check_type_id="fire-alarm-service", site=site, asset=asset, reason=f"{name} reason", asked_at=now, asked_by=who,
        expires_on=today() + dt.timedelta(days=90),
    )  # fmt: skip
    made.add("not applicable", place, excused)
    made.add("held", place, held(site, who, name))
    made.add("device", place, phone_of(who))
    valid = {"name": f"{name} course", "covers": ["fire"], "held_from": "2020-01-01"}
    furnish_calendar(made, place, plan, grouped, who)
    made.add("competence", place, Competence.objects.create(person=who, **valid))
    imports_at(made, place, who)
    pack = pack_at(site, name, who)
    made.add("evidence pack", place, pack)
    made.rows["pack link"][place] = str(make_link(purpose=PACK_LINK, about=pack.pk, person=who, days=30)[1].pk)


def imports_at(made: MatrixWorld, place: str, who: Person) -> None:
    """A trial of a table that is ready to be applied, and one that was applied, by a colleague."""
    site, now = made.sites[place], timezone.now()
    said = {"kind": "places", "site": site, "school": site.school, "made_by": who, "made_at": now, "sha256": "0" * 64}
    name, report = f"{NAMES[place]} table.csv", {"will_count": 1, "seen": 1}
    ready = Import.objects.create(**said, file_name=name, state=Import.State.READY, options={}, report=report)
    files.put(place_of(ready.pk, MAIN_FILE), f"Building\n{NAMES[place]} new block\n".encode())
    made.add("import", place, ready)
    applied = Import.objects.create(**said, file_name=name, state=Import.State.DONE, applied_at=now)
    ImportTrace.objects.create(of=applied, steps=[])
    made.add("applied import", place, applied)


def furnish_calendar(made: MatrixWorld, place: str, plan: Plan, grouped: Plan, who: Person) -> None:
    """A booking, a round, days away with somebody standing in, and a private calendar; and that of somebody who has left."""
    site, name, now = made.sites[place], NAMES[place], timezone.now()
    plan.refresh_from_db()
    meant = occurrences([plan], today(), today() + dt.timedelta(days=60))[plan.pk][0]
    times = {"made_at": now, "changed_at": now, "made_by": made.world.lead}
    booking = Booking.objects.create(site=site, day=today(), person=who, note=f"{name} visit", **times)
    BookedCheck.objects.create(
        booking=booking, plan=plan, owed_on=meant.due_on, counts_from=today() + dt.timedelta(days=1), late=False
    )
    made.add("booking", place, booking)
    walk = Round.objects.create(
        site=site, name=f"{name} round", often="day", days=[1], person=who, stops=[grouped.pk], changed_at=now
    )
    made.add("round", place, walk)
    span = {"first_day": today(), "last_day": today() + dt.timedelta(days=2)}
    made.add("absence", place, Absence.objects.create(person=who, noted_at=now, noted_by=who, **span))
    made.rows["feed"][place] = new_feed(person=who)
    made.rows["leaver's feed"][place] = new_feed(person=Person.objects.get(pk=made.rows["leaver"][place]))


def accounts_of(made: MatrixWorld, place: str, who: Person) -> None:
    """What hangs on an account: a session, a token, a second step; and somebody invited there, and somebody who has left."""
    name, now = NAMES[place], timezone.now()
    where = {MAIN: "Oakfield", ANNEXE: "Annexe", RIVERSIDE: "Riverside"}[place]
    browser = Client()
    browser.force_login(who)
    made.rows["session"][place] = public_name(browser.cookies["sessionid"].value)
    made.rows["push device"][place] = push_device(who, browser, f"of {place}")
    issue(who)
    made.rows["token"][place] = str(who.tokens.get().pk)
    factor = Authenticator.objects.create(pk=880_000_000 + len(made.caretakers), user=who, type=Authenticator.Type.TOTP, data={})
    made.rows["factor"][place] = str(factor.pk)
    invited = Person.objects.create(email=f"invited@{place}.example", name=f"{name} Invited", password="!")
    held = appoint(invited, "staff", made.sites, where)
    Invitation.objects.create(
        person=invited, appointment=held, invited_by_name="Somebody", hash=hashlib.sha256(place.encode()).hexdigest(),
        sent_at=now, expires_at=now + dt.timedelta(days=14),
    )  # fmt: skip
    made.add("invited person", place, invited)
    leaver = Person.objects.create(email=f"leaver@{place}.example", name=f"{name} Leaver", password="!")
    appoint(leaver, "staff", made.sites, where, today() - dt.timedelta(days=400))
    made.add("leaver", place, leaver)
    for each in (who, leaver):
        made.emails[str(each.pk)] = each.email


def recorded(plan: Plan, author: Person) -> CheckRecord:
    """The plan's check, done 20 days ago with one finding."""
    current = plan.check_type.current
    assert current
    answers = good_answers(current.questions(), plan) or {}
    failing = next(each for each in current.questions() if each["type"] == "pass-fail" and each["key"] in answers)
    done = timezone.now() - dt.timedelta(days=20)
    when = When(done, done, timezone.now())
    return record_check(
        NewRecord(
            author=author, revision=current, answers={**answers, failing["key"]: "fail"}, when=when, presence="tag", plan=plan
        )
    )


def photographed(defect: Defect, sender: Person, colour: str) -> str:
    """A photo on the defect, sent by somebody; its name."""
    content = picture(colour)
    name = hashlib.sha256(content).hexdigest()
    if not StoredFile.objects.filter(pk=name).exists():
        files.put(files.path_of(name), content)
        StoredFile.objects.create(sha256=name, size=len(content), content_type="image/jpeg", received_at=timezone.now())
    files.vouch([(name, files.person_owner(sender.pk))])
    DefectPhoto.objects.create(defect=defect, sha256=name, content_type="image/jpeg", size=len(content))
    return name


def held(site: Site | None, author: Person, name: str) -> Op:
    """An operation that the office has to look at."""
    sent = {
        "id": str(uuid.uuid4()), "kind": "defect_reported", "author": str(author.pk), "made_at": "2026-01-05T09:00:00Z",
        "body": {"summary": f"{name} held", "severity": "low", "place": {"site": str(site.pk)} if site else None},
    }  # fmt: skip
    return Op.objects.create(
        id=uuid.UUID(str(sent["id"])), push=uuid.uuid4(), digest="0" * 64, kind="defect_reported", author_id=str(author.pk),
        device_id="phone", sent=json.dumps(sent), received_at=timezone.now(), happened_at=timezone.now(), outcome="held",
        code="not_yours", site=site, pusher=author,
    )  # fmt: skip


def phone_of(person: Person) -> str:
    """A registered phone; its id."""
    device = Device.objects.create(
        id=f"phone-{person.pk}", public_key=Phone(None).spki, registered_by=person, registered_at=timezone.now()
    )
    DeviceSignIn.objects.create(device=device, person=person, first_at=timezone.now())
    return device.pk


def exported(person: Person) -> str:
    """A long list that somebody had made into a file."""
    now = timezone.now()
    row = ListExport(person=person, name="checks", address="http://testserver/plans.csv", rows=1, written=1, size=5)
    row.asked_at, row.touched_at, row.expires_at = now, now, now + dt.timedelta(days=3)
    row.state, row.reach = ListExport.State.MADE, reach_of(person)
    row.stored = default_storage.save(f"exports/{row.pk}.csv", ContentFile(b"Check"))
    row.save()
    return str(row.pk)


def furnish_school(made: MatrixWorld, place: str) -> None:
    """What belongs to a school as a whole."""
    school, name = made.sites[place].school, NAMES[place]
    mark = {"kind": "inset", "first_day": "2026-01-05", "last_day": "2026-01-05", "note": f"{name} day"}
    made.add("mark", place, CalendarMark.objects.create(school=school, **mark))
    term = school.terms.order_by("pk")[0]
    term.name = f"{name} term"
    term.save(update_fields=["name"])
    made.add("term", place, term)
    made.add("school", place, school)
    furnish_risk(made, place, name, made.caretakers[place])
    keeper = made.caretakers[place]
    shared = {"page": "/plans/", "query": "status=due", "shared": "school", "school": school}
    view = SavedView.objects.create(person=keeper, name="Shared by a colleague", **shared)
    made.rows["view"][place] = str(view.pk)
    made.rows["export"][place] = exported(keeper)
    made.rows["notice"][place] = told(keeper, f"{name} notice", site=made.sites[place])
    done = {"rows_of": "assets", "change": "make", "said": f"{name} bulk", "before": {}, "after": {}, "names": {}}
    made.add("bulk change", place, BulkChange.objects.create(person=keeper, **done))
    if place == MAIN:  # Oakfield is known at its annexe too
        made.marks[MAIN].discard(str(school.pk))
    else:
        school.name = f"{name} school"
        school.save(update_fields=["name"])


def furnish_trust(made: MatrixWorld) -> None:
    """What belongs to no place: a colleague of all, and what was kept aside."""
    for whose, column in ((TRUST, "estates-lead"), (ADMINS, "administrator"), (ELSEWHERE, ELSEWHERE_TOO)):
        person = made.people[column]
        made.rows["person"][whose] = str(person.pk)
        made.rows["appointment"][whose] = str(person.appointments.order_by("starts_on", "pk")[0].pk)
    furnish_firm(made)
    furnish_models(made)
    furnish_paper(made, made.people["estates-lead"])
    furnish_plan(made, made.people["estates-lead"])
    webhook, _ = make_webhook(person=made.people["estates-lead"], name="Helpdesk", address="https://hooks.example.org/estates")
    made.add("webhook", TRUST, webhook)
    made.add("delivery", TRUST, Delivery.objects.create(webhook=webhook, state=Delivery.State.TAKEN, made_at=timezone.now()))
    made.add("held", TRUST, held(None, made.people["estates-lead"], "Lost"))
    kept = KeptAside.objects.create(digest="0" * 64, author_id="?", code="unreadable", sent="{}", received_at=timezone.now())
    made.add("kept", TRUST, kept)


def told(person: Person, words: str, site: Site | None = None) -> str:
    """The key of a thing of which somebody was told."""
    key = f"told:{uuid.uuid4()}"
    said = {"sort": "now", "kind": "work", "words": words, "path": "/waiting/", "day": today(), "at": timezone.now()}
    Notice.objects.create(person=person, key=key, site=site, **said)
    return key


def furnish_person(made: MatrixWorld, column: Column) -> None:
    """What the column's person made themselves, at Oakfield's main site."""
    person, site = made.people[column.name], made.sites[MAIN]
    record = copy.copy(CheckRecord.objects.get(pk=made.rows["record"][MAIN]))
    record.pk, record.author, record.author_name = uuid.uuid4(), person, person.name
    record.save(force_insert=True)
    defect = copy.copy(Defect.objects.get(pk=made.rows["defect"][MAIN]))
    defect.pk, defect.reported_by = uuid.uuid4(), person
    defect.save(force_insert=True)
    lent = StoredFile.objects.get(pk=made.rows["lent file"][RIVERSIDE])
    DefectPhoto.objects.create(defect=defect, sha256=lent.pk, content_type=lent.content_type, size=lent.size)
    own = made.own
    own["person"][column.name] = str(person.pk)
    own["record"][column.name], own["defect"][column.name] = str(record.pk), str(defect.pk)
    mine = SavedView.objects.create(person=person, page="/plans/", name="One of my own", query="status=due")
    own["view"][column.name] = str(mine.pk)
    own["notice"][column.name] = told(person, "One of my own")
    own["export"][column.name] = exported(person)
    own["file"][column.name] = photographed(defect, person, f"photo of {column.name}")
    own["held"][column.name] = str(held(site, person, NAMES[MAIN]).pk)
    own["device"][column.name] = phone_of(person)
    own["appointment"][column.name] = str(person.appointments.order_by("starts_on", "pk")[0].pk)


def push_device(person: Person, browser: Client, name: str) -> str:
    """A browser that is told of things, whose push service answers nobody."""
    said = {"endpoint": f"https://push.invalid/{person.pk}", "key": "", "secret": "", "name": name, "made_at": timezone.now()}
    return str(PushDevice.objects.create(person=person, session_id=browser.cookies["sessionid"].value, **said).pk)


def sign_in(made: MatrixWorld) -> None:
    """A browser for each column; somebody whose account is closed has a session from before."""
    for column in COLUMNS:
        client = made.clients[column.name] = Client(raise_request_exception=False)
        person = made.people.get(column.name)
        if person:
            other = Client()
            other.force_login(person)
            made.own["session"][column.name] = public_name(other.cookies["sessionid"].value)
            made.own["push device"][column.name] = push_device(person, other, f"of {column.name}")
            client.force_login(person)
            session = client.session
            session[CONFIRMED] = timezone.now().timestamp()
            session.save()
            client.get("/")  # what is written once a day is written now
            made.tokens[column.name] = issue(person)[0]
            made.own["token"][column.name] = str(person.tokens.get().pk)


def crowd(made: MatrixWorld, place: str) -> None:
    """More of everything at a place, under the names of Oakfield's main site: whoever may not see it must not notice."""
    site, who = made.sites[place], made.caretakers[place]
    building = site.buildings.get()
    building.spaces.create(name=f"{NAMES[MAIN]} cupboard")
    for number in range(CROWD):
        asset = made.world.asset(site=site, name=f"{NAMES[MAIN]} panel {number}", make="Advanced")
        plan = copy.copy(Plan.objects.get(pk=made.rows["plan"][place]))
        plan.pk, plan.asset = uuid.uuid4(), asset
        plan.save(force_insert=True)
        plan.lapses.create(due_on=today() - dt.timedelta(days=9), sealed_at=timezone.now())
        record = copy.copy(CheckRecord.objects.get(pk=made.rows["record"][place]))
        record.pk, record.plan, record.asset = uuid.uuid4(), plan, asset
        record.save(force_insert=True)
        defect = copy.copy(Defect.objects.get(pk=made.rows["defect"][place]))
        defect.pk, defect.asset, defect.unsafe, defect.summary = uuid.uuid4(), asset, True, f"{NAMES[MAIN]} fault"
        defect.save(force_insert=True)
        FileProof.objects.create(sha256=hashlib.sha256(bytes([number])).hexdigest(), owner=files.person_owner(who.pk))
        held(site, who, NAMES[MAIN])
        like_it(made, place, number, asset, plan, record)
    noted(made, place)
    person = Person.objects.create(email=f"crowd@{place}.example", name=f"{NAMES[MAIN]} Crowd", password="!")
    where = {ANNEXE: "Annexe", RIVERSIDE: "Riverside"}[place]
    appoint(person, "caretaker", made.sites, where)
    Competence.objects.create(person=person, name=f"{NAMES[MAIN]} course", covers=["fire"], held_from="2020-01-01")
