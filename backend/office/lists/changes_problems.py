"""What can be done with many problems at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from backend.core.days import today
from backend.core.templatetags.words import day
from backend.maintenance.actions import close_defect, triage_defect
from backend.maintenance.models import Defect, Severity
from backend.office.forms.estate import ProblemFilters
from backend.office.lists.bulk import BulkList, Change, ChangeForm
from backend.trust import permits
from backend.trust.models import Person


class CloseForm(ChangeForm):
    """What was done."""

    note = forms.CharField(
        label="What was done",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It is kept with each of them, under your name.",
    )


class LookForm(ChangeForm):
    """How bad they are, and until when."""

    severity = forms.ChoiceField(label="How serious", choices=[("", "As it is said of each"), *Severity.choices], required=False)
    target_on = forms.DateField(
        label="Put right by",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty: the usual day for how serious each is. A date that a report has fixed stays.",
    )


def triage(rows: Sequence[Any], said: Mapping[str, Any], person: Person) -> None:
    """Looked at, with the same words."""
    for defect in rows:
        triage_defect(
            defect=defect,
            person=person,
            severity=said["severity"] or defect.severity,
            unsafe=defect.unsafe,
            today=today(),
            target_on=None if defect.deadline_fixed else said["target_on"],
        )


def so_far(defect: Any) -> dict[str, str]:
    """How serious, until when."""
    return {"How serious": defect.get_severity_display(), "Put right by": day(defect.target_on) if defect.target_on else ""}


def close(rows: Sequence[Any], said: Mapping[str, Any], person: Person) -> None:
    """Closed, with the same words."""
    for defect in rows:
        close_defect(defect=defect, person=person, note=said["note"])


def status(defect: Any) -> dict[str, str]:
    """Open or closed."""
    return {"Status": defect.get_status_display() + (f" {day(defect.closed_at)}" if defect.closed_at else "")}


PROBLEMS = BulkList(
    key="problems",
    page="/problems/",
    noun="problem",
    filters=ProblemFilters,
    model=Defect,
    rows=lambda rows: rows.select_related("site__school", "building", "space", "asset"),
    place=lambda defect: ", ".join(str(each) for each in (defect.asset, defect.building, defect.site) if each),
    changes=(
        Change(key="triage", words="Say how bad", permit=permits.OFFICE_SETTLE, form=LookForm, do=triage, tell=so_far),
        Change(key="close", words="Close", permit=permits.OFFICE_SETTLE, form=CloseForm, do=close, tell=status),
    ),
)
