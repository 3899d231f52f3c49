"""What can be done with many planned checks at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from backend.checks.actions.ending import end_plans
from backend.checks.actions.lengths import LONGEST, say_minutes
from backend.checks.actions.pausing import begin_plans, pause_for, resume_plans
from backend.checks.models import Plan
from backend.core.days import today
from backend.core.templatetags.words import day, status_word
from backend.office.forms.plans import PlanFilters
from backend.office.lists.bulk import BulkList, Change, ChangeForm, day_field
from backend.trust import permits
from backend.trust.models import Person


class PauseForm(ChangeForm):
    """From when to when, and why."""

    first = day_field("First day")
    last = day_field(
        "Last day, if known", required=False, help_text="Without one they are paused until somebody lets them go on."
    )
    reason = forms.CharField(label="Why", max_length=250, widget=forms.Textarea(attrs={"rows": 3}))


class ResumeForm(ChangeForm):
    """From when on."""

    on = day_field("Go on from")


class BeginForm(ChangeForm):
    """The day from which they count."""

    starts_on = day_field("Count from", help_text="Only for checks that have neither been done nor missed.")


class MinutesForm(ChangeForm):
    """How long each takes."""

    minutes = forms.IntegerField(
        label="Minutes that each takes", min_value=1, max_value=LONGEST, required=False,
        help_text="With the walk there. Empty: as the library says, where it says so.",
    )  # fmt: skip


class EndForm(ChangeForm):
    """Why they are planned no longer."""

    reason = forms.CharField(
        label="Why", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What was done and missed stays. To owe one again, plan it anew on the page of its asset or place.",
    )  # fmt: skip


def end(rows: Sequence[Any], said: Mapping[str, Any], person: Person) -> None:
    """Owed no longer."""
    end_plans(rows, reason=said["reason"], person=person, today=today())
    for plan in rows:
        plan.active = False  # the list's own copies: it lists what is planned, and would not read these again


def planned(plan: Any) -> dict[str, str]:
    """Whether it is planned."""
    return {"Planned": "yes" if plan.active else "no longer", "Owed by": standing(plan)["Owed by"] if plan.active else "never"}


def pause(rows: Sequence[Any], said: Mapping[str, Any], person: Person) -> None:
    """Paused between the days."""
    days = {"first": said["first"], "last": said["last"]}
    pause_for(rows, **days, reason=said["reason"], person=person, today=today())


def resume(rows: Sequence[Any], said: Mapping[str, Any], person: Person) -> None:
    """Go on."""
    resume_plans(rows, on=said["on"], person=person, today=today())


def begin(rows: Sequence[Any], said: Mapping[str, Any], person: Person) -> None:
    """Count from that day."""
    begin_plans(rows, starts_on=said["starts_on"], person=person, today=today())


def last(rows: Sequence[Any], said: Mapping[str, Any], person: Person) -> None:
    """So long each takes."""
    say_minutes(rows, minutes=said["minutes"], person=person)


def length(plan: Any) -> dict[str, str]:
    """How long it takes."""
    return {"Takes": f"{plan.minutes} minutes" if plan.minutes else "not known"}


def kept_length(plan: Any) -> int | None:
    """What the office said so far."""
    found: int | None = plan.own_minutes
    return found


def length_back(plan: Any, kept: int | None, person: Person) -> None:
    """As it was said before."""
    say_minutes([plan], minutes=kept, person=person)


def standing(plan: Any) -> dict[str, str]:
    """Its status, when it is owed, and whether and how long it is paused."""
    spans = [span for span in plan.pauses if span.upper is None or span.upper > today()]
    said = [f"from {day(span.lower)}" + (f" to before {day(span.upper)}" if span.upper else "") for span in spans if span.lower]
    return {
        "Status": status_word(plan.status(today())),
        "Owed by": day(plan.due_on) if plan.due_on else "nothing owed",
        "Paused": ", ".join(said) or "no",
    }


def counting(plan: Any) -> dict[str, str]:
    """From when it counts, and what follows."""
    return {"Counts from": day(plan.starts_on)} | {name: standing(plan)[name] for name in ("Status", "Owed by")}


def place(plan: Any) -> str:
    """What it is on, and where."""
    return ", ".join(str(each) for each in (plan.asset, plan.building or (plan.asset and plan.asset.building), plan.site) if each)


PLANS = BulkList(
    key="plans",
    page="/plans/",
    noun="check",
    filters=PlanFilters,
    model=Plan,
    rows=lambda rows: rows.filter(active=True).select_related("site__school", "check_type", "building", "asset__building"),
    place=place,
    changes=(
        Change(key="pause", words="Pause", permit=permits.PLAN_CHANGE, form=PauseForm, do=pause, tell=standing),
        Change(key="resume", words="Let them go on", permit=permits.PLAN_CHANGE, form=ResumeForm, do=resume, tell=standing),
        Change(key="begin", words="Change the day they count from", permit=permits.PLAN_CHANGE, form=BeginForm, do=begin,
               tell=counting),
        Change(key="minutes", words="Say how long they take", permit=permits.PLAN_CHANGE, form=MinutesForm, do=last, tell=length,
               keep=kept_length, back=length_back),
        Change(key="end", words="Plan them no longer", permit=permits.PLAN_CHANGE, form=EndForm, do=end, tell=planned),
    ),
)  # fmt: skip
