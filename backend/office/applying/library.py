"""The library in the office: every check with its law and revisions; what a new edition changes, accepted or put off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.checks.actions.intervals import Moved, would_move
from backend.checks.actions.library_changes import accept_change, put_off_change, require_decider
from backend.checks.models import CheckRevision, CheckType, LibraryDecision, Plan
from backend.checks.queries.library_changes import AT_ONCE, WEIGHTY, LibraryChange, Standing, library_changes, taking
from backend.checks.queries.places import published_now
from backend.checks.revisions import said as with_content
from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.core.templatetags.words import counted, day
from backend.office.applying.by_hand_forms import day_field, words_field
from backend.office.queries.law import STANDINGS, about
from backend.office.queries.library import discipline_order, disciplines
from backend.office.views.forms_said import put_on
from backend.office.views.gate import estate
from backend.rules.differences import Change, diff
from backend.rules.due import Rule
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A check in the list: how often, which law, how many plans of one's own schools."""

    revision: CheckRevision
    plans: int

    @property
    def often(self) -> str:
        """How often, in words."""
        rule = self.revision.content.get("rule")
        return Rule.from_mapping(rule).in_words() if rule else "when something calls for it"

    @property
    def law(self) -> str:
        """The first law or standard."""
        named = self.revision.content.get("law") or self.revision.content.get("standards") or [""]
        return str(named[0])

    @property
    def standing(self) -> str:
        """Whether law asks for it."""
        return STANDINGS.get(self.revision.content.get("standing", ""), "")

    def has(self, text: str) -> bool:
        """Whether a word is in its title, its law, its sources or its code."""
        content = self.revision.content
        searched = [
            self.revision.check_type.title,
            self.revision.check_type_id,
            *content.get("law", ()),
            *content.get("standards", ()),
        ]
        searched += [each["title"] for each in content.get("sources", ())]
        return all(any(word in each.lower() for each in searched) for word in text.lower().split())


class LibraryFilters(forms.Form):
    """What the list is narrowed by."""

    q = forms.CharField(label="Search", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    discipline = forms.ChoiceField(label="Discipline", required=False)
    tier = forms.ChoiceField(
        label="Which",
        required=False,
        choices=[("", "All checks"), ("core", "For most schools"), ("extended", "Special equipment")],
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.fields["discipline"].choices = [("", "Every discipline"), *disciplines().items()]  # type: ignore[attr-defined]


@require_safe
@estate
def library_page(request: HttpRequest, person: Person) -> HttpResponse:
    """Every check of the library, searched, by discipline."""
    form = LibraryFilters(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    plans = Plan.objects.visible_to(person).filter(active=True).order_by().values_list("check_type_id").annotate(Count("pk"))
    numbers = dict(plans)
    rows = [Row(each, numbers.get(each.check_type_id, 0)) for each in published_now()]
    rows = [row for row in rows if wanted(row, chosen)]
    grouped: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: discipline_order(row.revision.check_type.discipline)):
        grouped.setdefault(row.revision.check_type.discipline, []).append(row)
    still = [each for each in library_changes(today()) if each.standing is Standing.OPEN]
    said = {"form": form, "groups": grouped.items(), "number": len(rows), "changes": len(still)}
    return render(request, "office/applying/library.html", said, status=200 if form.is_valid() else 422)


def wanted(row: Row, chosen: Mapping[str, Any]) -> bool:
    """Whether a check is among those chosen."""
    kind = row.revision.check_type
    fits = (not chosen.get("discipline") or kind.discipline == chosen["discipline"]) and (
        not chosen.get("tier") or kind.tier == chosen["tier"]
    )
    return fits and row.has(chosen.get("q", ""))


@dataclass(frozen=True, slots=True)
class Edition:
    """A revision of a check, and what it changed from the one before."""

    revision: CheckRevision
    changes: Sequence[Change]
    decisions: Sequence[LibraryDecision]


@require_safe
@estate
def check_page(request: HttpRequest, person: Person, code: str) -> HttpResponse:
    """One check: what it asks for and why, its questions, its revisions and what each changed."""
    kind = CheckType.objects.select_related("current").filter(pk=code).first()
    if kind is None or kind.current is None:
        raise NotFound("That check")
    plans = Plan.objects.visible_to(person).filter(check_type=kind, active=True).count()
    said = {
        "check": kind,
        "about": about(kind.current, kind.current.content.get("rule")),
        "content": kind.current.content,
        "editions": editions(kind),
        "plans": plans,
    }
    return render(request, "office/applying/check.html", said)


def editions(kind: CheckType) -> list[Edition]:
    """The revisions of a check, the newest first."""
    rows = list(
        CheckRevision.objects.filter(check_type=kind).order_by("number").defer("content").prefetch_related("decisions__made_by")
    )
    with_content(rows)
    pairs = zip([None, *rows], rows, strict=False)
    found = [
        Edition(now, diff(before.content, now.content) if before else [], list(now.decisions.all())) for before, now in pairs
    ]
    return found[::-1]


def decides(person: Person) -> bool:
    """Whether they decide about the library for the whole trust."""
    return all(reach(person, permit).everywhere for permit in (permits.TRUST_CHANGE, permits.PLAN_CHANGE))


@require_safe
@estate
def changes_page(request: HttpRequest, person: Person) -> HttpResponse:
    """What new editions of the library changed, and how many plans of one's own schools it is about."""
    found = library_changes(today())
    codes = [each.check.code for each in found]
    rows = Plan.objects.visible_to(person).filter(check_type__in=codes, active=True).order_by().values("check_type_id")
    numbers = {each["check_type_id"]: each for each in rows.annotate(plans=Count("pk"), sites=Count("site", distinct=True))}
    lines = [{"change": each, "numbers": numbers.get(each.check.code, {"plans": 0, "sites": 0})} for each in found]
    still = sum(1 for each in found if each.standing is Standing.OPEN)
    said = {"lines": lines, "still": still, "decides": decides(person)}
    return render(request, "office/applying/changes.html", said)


class PutOffForm(forms.Form):
    """Why not now, and when again."""

    reason = words_field("Why not now")
    back_on = day_field("Look at it again on")


@dataclass(slots=True)
class Outlook:
    """What accepting would do to the plans of one's own schools."""

    moved: list[Moved]
    has: int
    own: list[Plan]

    @property
    def moves(self) -> list[Moved]:
        """Those whose date moves."""
        return [each for each in self.moved if each.moves]

    @property
    def overdue(self) -> list[Moved]:
        """Those that become overdue."""
        return [each for each in self.moved if each.becomes_overdue]

    @property
    def sites(self) -> int:
        """How many sites it is about."""
        return len({each.plan.site_id for each in self.moved})


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def change_page(request: HttpRequest, person: Person, code: str) -> HttpResponse:
    """One change: what is different, under which law, what it would do to which plans; accepted or put off."""
    found = library_changes(today(), [code])
    if not found:
        raise NotFound("That change of the library")
    change = found[0]
    act = request.POST.get("act", "")
    form = PutOffForm(request.POST if act == "put-off" else None)
    refused = ""
    if request.method == "POST":
        require_decider(person)
        try:
            if act == "accept" or (act == "put-off" and form.is_valid()):
                messages.success(request, decide(request, change, act, form, person))
                return HttpResponseRedirect("/library/changes/")
        except Problem as problem:
            refused = problem.detail
            if act == "put-off":
                put_on(form, problem)
    took = taking(change, person)
    outlook = Outlook(would_move(took.takes, today=today()), len(took.has), took.own)
    said = {
        "change": change,
        "weighty": [each for each in change.changes if about_of(each) in WEIGHTY],
        "slight": [each for each in change.changes if about_of(each) not in WEIGHTY],
        "at_once": any(about_of(each) in AT_ONCE for each in change.changes),
        "before": about(change.before, change.before.content.get("rule")),
        "now": about(change.now, change.now.content.get("rule")),
        "outlook": outlook,
        "shown": outlook.moves[:SHOWN],
        "more": max(0, len(outlook.moves) - SHOWN),
        "form": form,
        "refused": refused,
        "decides": decides(person) and change.standing is not Standing.ACCEPTED,
    }
    return render(request, "office/applying/change.html", said, status=422 if refused or form.errors else 200)


def about_of(change: Change) -> str:
    """The line of the check that a difference is in."""
    first = change.path.split(",")[0].strip()
    nouns = {"question": "questions", "variant": "variants", "applies to": "applies", "source": "sources"}
    for noun, name in nouns.items():
        if first.startswith(noun):
            return name
    return first.replace("order of ", "").replace(" ", "_")


def decide(request: HttpRequest, change: LibraryChange, act: str, form: PutOffForm, person: Person) -> str:
    """Do it, and say what was done."""
    number = request.POST.get("revision", "")
    shown = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    if act == "accept":
        row = accept_change(change.check.code, revision=shown, person=person, today=today())
        return f"Accepted: {change.check}. {counted(row.plans, 'plan')} took the new rule."
    said = form.cleaned_data
    row = put_off_change(
        change.check.code, revision=shown, reason=said["reason"], back_on=said["back_on"], person=person, today=today()
    )
    return f"Put off until {day(row.back_on)}: {change.check}."
