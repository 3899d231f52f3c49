"""A form that would be good, in which one row named is another place's: nothing is done, and nothing is told of that row.

The matrix asks each address for rows of every place. Here the address is one's own, and what is sent names another's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from backend.core.days import today
from backend.core.files import person_owner, vouch
from backend.core.models import StoredFile
from tests.matrix.asking import Told, cell_of_its_own, fingerprint, places_in, send, told, written
from tests.matrix.columns import ANNEXE, COLUMNS, MAIN, RIVERSIDE, TRUST, Column
from tests.matrix.lines import Ask
from tests.matrix.world import ELSEWHERE_TOO, MatrixWorld

DAY, SOON = str(today()), str(today().replace(year=today().year + 1, day=1))
ONE_SITE, ONE_SCHOOL = "site-manager of one site", "estates-lead of one school"
UNKNOWN: dict[str, tuple[str, ...]] = {ONE_SITE: (ANNEXE, RIVERSIDE), ONE_SCHOOL: (RIVERSIDE,), ELSEWHERE_TOO: (ANNEXE,)}
"""Who asks -> the places of which they know nothing. Whatever they name there looks like what does not exist."""
NOT_THEIRS = {ONE_SITE: (ANNEXE, RIVERSIDE), ONE_SCHOOL: (RIVERSIDE,), ELSEWHERE_TOO: (ANNEXE, RIVERSIDE)}
"""Who asks -> the places where they may change nothing."""
BY_NAME = {column.name: column for column in COLUMNS}
Sent = Callable[[MatrixWorld, str], dict[str, Any]]


@dataclass(frozen=True)
class Crossing:
    """One reference in what is sent: where it goes, what sort of row it names, everything sent with it.

    `own` fills the address with a row of Oakfield's main site. `api`: sent as JSON. `good`: the body does something when it
    names one's own row (False where more than one answer is needed). `seeing`: whoever may see the place may do this there.
    """

    name: str
    path: str
    thing: str
    sent: Sent
    own: str = ""
    api: bool = False
    good: bool = True
    seeing: bool = False
    query: Sent | None = None

    def ask(self, world: MatrixWorld, key: str) -> Ask:
        """The request that names this row."""
        own = world.rows[self.own].get(MAIN) or world.rows[self.own].get(TRUST, "") if self.own else ""
        body = self.sent(world, key)
        query = self.query(world, key) if self.query else {}
        return Ask(
            self.path.format(own=own), query, body=body if self.api else None, form=None if self.api else body, echo=(key,)
        )


def firm(world: MatrixWorld) -> str:
    """The firm that works everywhere."""
    return world.rows["contractor"][TRUST]


def held(world: MatrixWorld) -> str:
    """A file that everybody who asks here has handed in."""
    return world.rows["file"][MAIN]


def mains(world: MatrixWorld, thing: str) -> str:
    """The row of Oakfield's main site."""
    return world.rows[thing][MAIN]


API = "/api/v1/"
PAPER = {"engineer": "Somebody", "firm": "Planted Ltd", "examined_on": DAY, "result": "satisfactory"}
CROSSINGS = (
    Crossing("a visit's site", "/contractors/visits/add/", "site",
             lambda w, r: {"contractor": firm(w), "site": r, "purpose": "Planted", "planned_on": DAY}),
    Crossing("where a report is asked for", "/contractors/{own}/ask/", "site",
             lambda _w, r: {"words": "Planted", "site": r, "days": "7"}, own="contractor"),
    Crossing("where somebody was inducted", "/contractors/people/{own}/induct/", "site",
             lambda _w, r: {"site": r, "done_on": DAY}, own="contractor's person"),
    Crossing("a certificate's plan", "/certificates/file/", "plan",
             lambda w, r: {"covers": [r], **PAPER, "held": held(w)}, query=lambda _w, r: {"plan": r}, good=False),
    Crossing("a further plan of a certificate", "/certificates/file/", "grouped plan",
             lambda w, r: {"covers": [mains(w, "plan"), r], **PAPER, "held": held(w)},
             query=lambda w, _r: {"plan": mains(w, "plan")}, good=False),
    Crossing("the upload that is filed", "/certificates/file/", "upload",
             lambda w, _r: {"covers": [mains(w, "plan")], **PAPER},
             query=lambda w, r: {"plan": mains(w, "plan"), "upload": r}, good=False),
    Crossing("the certificate that is corrected", "/certificates/file/", "certificate",
             lambda w, _r: {"covers": [mains(w, "plan")], **PAPER, "reason": "Planted", "held": held(w)},
             query=lambda _w, r: {"corrects": r}, good=False),
    Crossing("a document's site", "/documents/add/", "site",
             lambda w, _r: {"issued_on": DAY, "held": held(w)}, query=lambda _w, r: {"kind": "lease-title", "site": r}),
    Crossing("a document's building", "/documents/add/", "building",
             lambda w, _r: {"issued_on": DAY, "held": held(w)},
             query=lambda w, r: {"kind": "lease-title", "site": mains(w, "site"), "building": r}),
    Crossing("a document's asset", "/documents/add/", "asset",
             lambda w, _r: {"issued_on": DAY, "held": held(w)},
             query=lambda w, r: {"kind": "lease-title", "site": mains(w, "site"), "asset": r}),
    Crossing("where a document is not needed", "/documents/not-needed/", "site",
             lambda _w, _r: {"reason": "Planted", "expires_on": SOON},
             query=lambda _w, r: {"kind": "fire-risk-assessment-report", "site": r}, good=False),
    Crossing("who gets work", "/problems/{own}/give/", "person",
             lambda _w, r: {"title": "Planted", "to": f"p:{r}", "priority": "routine"}, own="defect"),
    Crossing("who gets it from triage", "/problems/{own}/triage/", "person",
             lambda _w, r: {"severity": "low", "to": f"p:{r}"}, own="defect"),
    Crossing("who gets it instead", "/work-orders/{own}/reassign/", "person", lambda _w, r: {"to": f"p:{r}"}, own="work order"),
    Crossing("what is merged", "/problems/{own}/merge/", "defect", lambda _w, r: {"same": [r]}, own="defect", good=False),
    Crossing("what is merged, by the API", API + "defects/{own}/merge", "defect",
             lambda _w, r: {"same": [r]}, own="defect", api=True, good=False),
    Crossing("what a report is about", "/problems/triage/reports/{own}/join/", "defect",
             lambda _w, r: {"defect": r}, own="fault report"),
    Crossing("who does a booking", "/calendar/bookings/{own}/move/", "person",
             lambda _w, r: {"day": SOON, "part": "am", "person": r, "late_reason": "Planted"}, own="booking",
             good=False),  # the page shows first what there is to warn of: that it is done then, the API's line below shows
    Crossing("who gets bookings", "/calendar/reassign/", "person",
             lambda w, r: {"booking": mains(w, "booking"), "person": r, "sure": "1"}, good=False),
    Crossing("a booking among those given on", "/calendar/reassign/", "booking",
             lambda w, r: {"booking": [mains(w, "booking"), r], "person": "", "sure": "1"}, good=False),
    Crossing("a check that is booked", "/calendar/book/", "grouped plan",
             lambda w, r: {"plan": [r], "day": DAY, "act": "book", "part": "day"}, good=False),
    Crossing("a check that is dropped on a day", "/calendar/drop/", "grouped plan", lambda _w, r: {"plan": r, "day": DAY},
             good=False),
    Crossing("a booked check, by the API", API + "bookings", "grouped plan",
             lambda _w, r: {"plans": [r], "day": DAY}, api=True, good=False),
    Crossing("who does it, by the API", API + "bookings/{own}/move", "person",
             lambda _w, r: {"day": SOON, "person": r, "late_reason": "Planted"}, own="booking", api=True),
    Crossing("who walks a round", "/calendar/rounds/{own}/", "person",
             lambda _w, r: {"name": "Planted", "often": "day", "days": "1", "person": r}, own="round"),
    Crossing("a check put into a round", "/calendar/rounds/{own}/order/", "plan", lambda _w, r: {"add": r}, own="round"),
    Crossing("the stops of a round", "/calendar/rounds/{own}/order/", "plan", lambda _w, r: {"stop": [r]}, own="round"),
    Crossing("who stands in", "/calendar/away/{own}/cover/", "person", lambda _w, r: {"stand_in": r}, own="absence", good=False),
    Crossing("for which round", "/calendar/away/{own}/cover/", "round",
             lambda w, r: {"stand_in": str(w.people["caretaker"].pk), "round": r}, own="absence"),
    Crossing("who is away, by the API", API + "absences", "person",
             lambda _w, r: {"person": r, "first_day": SOON, "last_day": SOON}, api=True),
    Crossing("which school a view is shared with", "/views/keep/", "school",
             lambda _w, r: {"page": "/plans/", "name": "Planted", "query": "status=due", "shared": r}, seeing=True),
    Crossing("where assets are moved", "/change/assets/", "building",
             lambda w, r: {"do": "place", "row": mains(w, "asset"), "to-place": f"building:{r}", "sure": "1"}, good=False),
    Crossing("in which room", "/change/assets/", "space",
             lambda w, r: {"do": "place", "row": mains(w, "resting asset"), "to-place": f"space:{r}", "sure": "1"}, good=False),
    Crossing("whose calendar is copied", "/schools/{own}/calendar/", "school", lambda _w, r: {"copy": r}, own="school",
             good=False),
    Crossing("what does not apply", "/not-applicable/new/", "resting asset",
             lambda _w, r: {"asset": r, "check": "fire-alarm-weekly-test", "reason": "Planted", "expires_on": SOON},
             good=False),
    Crossing("in which building it does not apply", "/not-applicable/new/", "building",
             lambda _w, r: {"building": r, "check": "escape-routes-daily-check", "reason": "Planted", "expires_on": SOON},
             good=False),
    Crossing("a plan by hand", "/plans/new/", "resting asset",
             lambda _w, r: {"asset": r, "check": "fire-alarm-weekly-test", "reason": "Planted"}, good=False),
    Crossing("a pack's site", "/proof/new/", "site",
             lambda _w, r: {"site": r, "recipient": "insurer", "period": "year", "disciplines": ["fire"], "do": "make"}),
    Crossing("a pack's building", "/proof/new/", "building",
             lambda w, r: {"site": mains(w, "site"), "building": r, "recipient": "insurer", "period": "year",
                           "disciplines": ["fire"], "do": "make"}),
    Crossing("a certificate's plan, by the API", API + "certificates", "plan",
             lambda w, r: {"sha256": held(w), "covers": [{"plan": r}], **PAPER}, api=True, good=False),
    Crossing("a document's site, by the API", API + "documents", "site",
             lambda w, r: {"kind": "lease-title", "sha256": held(w), "issued_on": DAY, "site": r}, api=True),
    Crossing("a document's building, by the API", API + "documents", "building",
             lambda w, r: {"kind": "lease-title", "sha256": held(w), "issued_on": DAY, "site": mains(w, "site"), "building": r},
             api=True),
    Crossing("a document's asset, by the API", API + "documents", "asset",
             lambda w, r: {"kind": "lease-title", "sha256": held(w), "issued_on": DAY, "site": mains(w, "site"), "asset": r},
             api=True),
)  # fmt: skip


@pytest.fixture(scope="module")
def handed(matrix):
    """The same world, in which each of those who ask here has handed in a file and a photo as their own."""
    for name in UNKNOWN:
        vouch([(held(matrix), person_owner(matrix.people[name].pk))])
    assert StoredFile.objects.filter(pk=held(matrix)).exists()
    matrix.standing = fingerprint()
    return matrix


def answer_to(world: MatrixWorld, column: Column, crossing: Crossing, key: str) -> tuple[Told, bool]:
    """What is told, and whether anything is other than it was."""
    with cell_of_its_own():
        before = written(estate_only=False)
        said = told(send(world, column, "POST", crossing.ask(world, key)))
        return said, written(estate_only=False) != before and fingerprint() != world.standing


@pytest.mark.parametrize("crossing", CROSSINGS, ids=lambda each: each.name)
def test_what_names_another_place_does_nothing_and_tells_nothing(handed, crossing):
    wrong = []
    for name, hidden in UNKNOWN.items():
        for place in hidden if crossing.seeing else NOT_THEIRS[name]:
            if key := handed.rows[crossing.thing].get(place):
                said, touched = answer_to(handed, BY_NAME[name], crossing, key)
                if touched or said.status >= 500:
                    wrong.append(f"{name} did it with what is at {place} (HTTP {said.status})")
                if place in hidden:
                    wrong += [f"{name}, {place}: {each}" for each in given_away(handed, BY_NAME[name], crossing, place, said)]
    assert not wrong, "\n".join(wrong)


def given_away(world: MatrixWorld, column: Column, crossing: Crossing, place: str, said: Told) -> list[str]:
    """What an answer tells of a row that the asker may not know of."""
    key, no_such = world.rows[crossing.thing][place], world.no_such(crossing.thing)
    found = ["it is told of"] if place in places_in(world, said, (key, no_such)) else []
    for _ in range(3):  # what tells the time differs now and then, a leak each time
        nobody, _ = answer_to(world, column, crossing, no_such)
        if said.gist((key, no_such)) == nobody.gist((key, no_such)):
            return found
        said, _ = answer_to(world, column, crossing, key)
    return [*found, f"not what is said of no such row, {said.status} but {nobody.status}"]


@pytest.mark.parametrize("crossing", [each for each in CROSSINGS if each.good], ids=lambda each: each.name)
def test_the_same_with_a_row_of_ones_own_is_done(handed, crossing):
    """Or the test above would prove nothing."""
    said, touched = answer_to(handed, BY_NAME[ONE_SCHOOL], crossing, mains(handed, crossing.thing))
    assert touched, f"HTTP {said.status}: {said.content[-3000:].decode(errors='replace')}"
