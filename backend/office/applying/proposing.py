"""The proposed plans of a site: looked at by discipline, left out with a reason, accepted in one go; last-done dates by file."""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.checks.actions.proposals import Accepted, LeftOut, accept_proposal
from backend.checks.models import CheckRevision
from backend.checks.queries.excused import Stand
from backend.checks.queries.proposed import New, Proposal, by_discipline, proposal
from backend.core.days import today
from backend.core.problems import Problem
from backend.core.templatetags.words import counted
from backend.office.applying.asking import site_named
from backend.office.applying.dates_file import dates_of
from backend.office.queries.law import STANDINGS, WEIGHTS
from backend.office.queries.library import discipline_order
from backend.office.views.csv_out import csv_answer
from backend.office.views.gate import estate
from backend.rules.applying import Key
from backend.rules.due import Rule
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import may, require

LISTED: Final = 25
"""Things of one check that are ticked one by one; where there are more, the check is ticked as a whole."""
YEAR: Final = dt.timedelta(days=365)
HEAD: Final = ("Key", "Check", "Discipline", "Building", "On", "How often", "Law", "Last done (day, month, year)")


@dataclass(slots=True)
class Line:
    """One check of the proposal: what it is, what it would be planned on, and what is ticked and typed."""

    revision: CheckRevision
    news: Sequence[New]
    ticked: bool = True
    single: bool = False
    off: set[str] = field(default_factory=set)
    last: str = ""

    @property
    def often(self) -> str:
        """How often, in words."""
        rule = self.news[0].finding.rule
        return Rule.from_mapping(dict(rule)).in_words() if rule else ""

    @property
    def law(self) -> Sequence[str]:
        """The law or standards behind it."""
        return self.revision.content.get("law") or self.revision.content.get("standards") or ()

    @property
    def standing(self) -> str:
        """Whether law asks for it."""
        return STANDINGS.get(self.revision.content.get("standing", ""), "")

    @property
    def risk(self) -> str:
        """What could happen."""
        return WEIGHTS.get(self.revision.check_type.weight, "")

    @property
    def things(self) -> list[tuple[New, bool]]:
        """Each thing with whether it is ticked."""
        return [(new, new.key.text() not in self.off) for new in self.news]


def lines_of(found: Proposal, sent: QueryDict | None) -> dict[str, list[Line]]:
    """The proposal by discipline, with what was ticked and typed; everything is ticked to begin with."""
    said: dict[str, list[Line]] = {}
    grouped = by_discipline(found.new)
    for discipline, checks in sorted(grouped.items(), key=lambda item: discipline_order(item[0])):
        for revision, news in checks.items():
            line = Line(revision, news, single=1 < len(news) <= LISTED)
            if sent is not None and "proposal" in sent:
                code = revision.check_type_id
                line.ticked = code in sent.getlist("check")
                line.last = sent.get(f"last-{code}", "")
                if line.single and f"listed-{code}" in sent:
                    kept = set(sent.getlist("thing"))
                    line.off = {new.key.text() for new in news if new.key.text() not in kept}
            said.setdefault(discipline, []).append(line)
    return said


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def proposal_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """What a site's facts and assets ask for; accepted in one go by whoever plans checks there."""
    site = site_named(person, id)
    if request.method == "POST":
        require(person, permits.PLAN_CHANGE, site, "plan checks")
    sent = request.POST if request.method == "POST" else None
    extended = (sent or request.GET).get("extended") == "1"
    found = proposal(site, today=today(), extended=extended)
    lines = lines_of(found, sent)
    wrong: list[str] = []
    if sent is not None:
        left = left_out_of(lines)
        accepted, wrong = read(found, lines, left, request)
        asking = [new for new in left if f"why-{new.key.text()}" not in sent]
        if asking and not wrong:
            return reasons_page(request, site, left, accepted)
        if not wrong:
            try:
                return done(request, site, accept_proposal(site, accepted, person=person, today=today()))
            except Problem as problem:
                wrong = [problem.detail]
    return render(request, "office/applying/proposal.html", said_of(found, lines, wrong, person, extended, sent),
                  status=422 if wrong else 200)  # fmt: skip


def said_of(
    found: Proposal, lines: Mapping[str, list[Line]], wrong: Sequence[str], person: Person, extended: bool, sent: QueryDict | None
) -> dict[str, Any]:
    """What the page shows."""
    return {
        "site": found.site,
        "found": found,
        "lines": lines.items(),
        "checks": sum(len(each) for each in lines.values()),
        "wrong": wrong,
        "may": may(person, permits.PLAN_CHANGE, found.site),
        "may_say": may(person, permits.SITE_CHANGE, found.site),
        "extended": extended,
        "waiting": found.standing(Stand.WAITING),
        "in_force": found.standing(Stand.IN_FORCE),
        "again": found.standing(Stand.REOPENED, Stand.EXPIRED),
        "starts_on": sent.get("starts_on", "") if sent else today().isoformat(),
    }


LATER: Final = "later"
"""The button that plans what is ticked and leaves the rest proposed."""


def left_out_of(lines: Mapping[str, list[Line]]) -> list[New]:
    """What was not ticked."""
    every = [line for group in lines.values() for line in group]
    return [new for line in every for new in line.news if not line.ticked or new.key.text() in line.off]


def read(
    found: Proposal, lines: Mapping[str, list[Line]], left: Sequence[New], request: HttpRequest
) -> tuple[Accepted, list[str]]:
    """What was accepted, and what could not be understood of it."""
    sent = request.POST
    wrong: list[str] = []
    out = {new.key for new in left}
    starts_on = read_day(sent.get("starts_on", ""), wrong, "The day from which they are due", ahead=True) or today()
    last: dict[Key, dt.date] = {}
    for line in (each for group in lines.values() for each in group):
        if day := read_day(line.last, wrong, f"{line.revision.check_type}: when it was last done"):
            last |= {new.key: day for new in line.news}
    last |= dates_sent(sent.get("dates_read", ""))
    if upload := request.FILES.get("dates"):
        try:
            last |= dates_of(upload.read(), {new.key for new in found.new}, today())
        except Problem as problem:
            wrong.append(problem.detail)
            wrong.extend(str(each) for each in problem.fields.values())
    for_all, later = sent.get("why-all", "").strip(), LATER in sent
    reasons = {new.key: "" if later else sent.get(f"why-{new.key.text()}", "").strip() or for_all for new in left}
    if not later and any(not words for key, words in reasons.items() if f"why-{key.text()}" in sent):
        wrong.append("Say of each check that you left out why it does not apply.")
    until = today() + YEAR  # what is left for later stays proposed
    left_out = {key: LeftOut(words, until) for key, words in reasons.items() if words}
    make = [new.key for new in found.new if new.key not in out]
    return Accepted(make, sent.getlist("end"), left_out, last, starts_on), wrong


def dates_sent(text: str) -> dict[Key, dt.date]:
    """The dates that came from a file on the page before; what is not in our form is left out."""
    try:
        read = {Key.read(key): dt.date.fromisoformat(day) for key, day in json.loads(text or "{}").items()}
    except (ValueError, AttributeError, TypeError):
        return {}
    return {key: day for key, day in read.items() if key and dt.date(1980, 1, 1) <= day <= today()}


def read_day(text: str, wrong: list[str], called: str, *, ahead: bool = False) -> dt.date | None:
    """A day that was typed, None when there is none; what is wrong with it goes to `wrong`."""
    if not text.strip():
        return None
    try:
        found = forms.DateField().clean(text)
    except forms.ValidationError:
        wrong.append(f"{called}: “{text[:20]}” is no date.")
        return None
    if not dt.date(1980, 1, 1) <= found <= today() + (YEAR if ahead else dt.timedelta()):
        wrong.append(f"{called}: choose a day {'within a year' if ahead else 'that is not ahead'}.")
        return None
    return found if isinstance(found, dt.date) else None


def reasons_page(request: HttpRequest, site: Site, left: Sequence[New], accepted: Accepted) -> HttpResponse:
    """Ask why some of it was left out: each becomes a request that somebody else agrees to. The dates of a file go along."""
    sent = request.POST.lists()
    typed = [(name, value) for name, values in sent for value in values if name not in ("csrfmiddlewaretoken", "dates_read")]
    read_already = json.dumps({key.text(): day.isoformat() for key, day in accepted.last_done.items()})
    said = {"site": site, "left": left, "typed": [*typed, ("dates_read", read_already)], "until": today() + YEAR}
    return render(request, "office/applying/reasons.html", said)


def done(request: HttpRequest, site: Site, outcome: Any) -> HttpResponse:
    """Say what was done."""
    parts = [f"{counted(outcome.made, 'check')} planned"] if outcome.made else []
    parts += [f"{outcome.ended} ended"] if outcome.ended else []
    parts += [f"{outcome.asked} asked not to apply, which somebody else has to agree to"] if outcome.asked else []
    messages.success(request, (", ".join(parts) + ".") if parts else "Nothing was left to do.")
    return HttpResponseRedirect(f"/sites/{site.pk}/proposal/")


@require_safe
@estate
def proposal_csv(request: HttpRequest, person: Person, id: uuid.UUID) -> StreamingHttpResponse:
    """What is new in the proposal, with an empty column for when each was last done: filled in, it comes back by the page."""
    site = site_named(person, id)
    found = proposal(site, today=today(), extended=request.GET.get("extended") == "1")
    return csv_answer(f"plans-proposed-{site.name}", HEAD, rows(found))


def rows(found: Proposal) -> Iterable[Sequence[Any]]:
    """The lines of the spreadsheet."""
    for new in found.new:
        rule = Rule.from_mapping(dict(new.finding.rule or {})).in_words()
        law = "; ".join(new.revision.content.get("law", ()))
        kind = new.revision.check_type
        yield (new.key.text(), kind.title, kind.discipline, found.judged.name(new.key.building), new.thing, rule, law, "")
