"""What can be done with a problem: each deed a form on its page, and the action behind it."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backend.core.days import today
from backend.core.files import person_owner
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.core.templatetags.words import day
from backend.maintenance.actions import (
    ask_to_accept,
    close_defect,
    decide_risk,
    end_risk,
    files_taken,
    give_work,
    make_safe,
    merge_defects,
    note_defect,
    reject_defect,
    reopen_defect,
    triage_defect,
    unmerge_defect,
)
from backend.maintenance.actions.giving import priority_of, target_for
from backend.maintenance.models import AcceptedRisk, Defect, Stage
from backend.office.forms.money import pence
from backend.office.work import forms
from backend.office.work.doers import doer_of, doers
from backend.office.work.doing import done_and_back
from backend.office.work.similar import similar_to
from backend.rules.remedials import usual_target
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may, require

Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do: what it is called, its form, who may, when it is offered, and the action."""

    words: str
    form: type[forms.Deed]
    permit: str
    offered: Callable[[Defect, str], bool]
    do: Callable[[Defect, Person, Said], Any]
    told: str


def triage(defect: Defect, person: Person, said: Said) -> str:
    """Say how bad it is; with somebody chosen, give it out at once, until the day that was typed. What to tell."""
    usual = initial("triage", defect)["target_on"]
    with transaction.atomic():
        triage_defect(
            defect=defect, person=person, severity=said["severity"], unsafe=said["unsafe"], today=today(),
            target_on=said["target_on"], note=said["note"],
        )  # fmt: skip
        if to := doer_of(said["to"]):
            by = said["target_on"] if said["target_on"] != usual else None
            order = give_work(defect=defect, person=person, to=to, today=today(), target_on=by, despite=said["despite"])
            return f"Kept. {order.whose} has it to do by {day(order.target_on)}, and is told."
    return "Kept."


def give(defect: Defect, person: Person, said: Said) -> None:
    """Make a work order."""
    give_work(
        defect=defect, person=person, to=doer_of(said["to"]), today=today(), title=said["title"], priority=said["priority"],
        target_on=said["target_on"], instructions=said["instructions"], proof=said["proof"],
        cost_pence=pence(said["cost"]), despite=said["despite"],
    )  # fmt: skip


def close(defect: Defect, person: Person, said: Said) -> None:
    """Close it."""
    files = files_taken(said["photos"], owner=person_owner(person.pk))
    close_defect(defect=defect, person=person, note=said["note"], photos=files, without=said["without"])


def note(defect: Defect, person: Person, said: Said) -> None:
    """Write a note."""
    files = files_taken(said["photos"], owner=person_owner(person.pk))
    note_defect(id=new_id(), defect=defect, person=person, note=said["note"], made_at=timezone.now(), photos=files)


def merge(defect: Defect, person: Person, said: Said) -> None:
    """Merge the chosen ones into it."""
    same = list(Defect.objects.visible_to(person).filter(pk__in=said["same"]))
    merge_defects(survivor=defect, duplicates=same, person=person)


def decide(defect: Defect, person: Person, said: Said) -> None:
    """Decide on the risk that is asked for."""
    risk = defect.risks.filter(decision=AcceptedRisk.Decision.WAITING).select_related("defect__site").first()
    if risk is None:
        raise Problem("decided_already", "That was decided already.", status=409)
    agree = said["agree"] == "yes"
    decide_risk(risk=risk, person=person, agree=agree, today=today(), answer=said["answer"], until=said["until"])


def is_open(_defect: Defect, standing: str) -> bool:
    """Whether it is offered for what stands."""
    return standing != "closed"


OFFICE, FIELD = permits.OFFICE_SETTLE, permits.DEFECT_WORK
DEEDS: Final[dict[str, Deed]] = {
    "triage": Deed("Look at it", forms.TriageForm, OFFICE, is_open, triage, "Kept."),
    "give": Deed("Give it out", forms.GiveForm, permits.CONTRACTOR_MANAGE, is_open, give, "Given out. Whoever has it is told."),
    "safe": Deed(
        "Make it safe for now", forms.SafeForm, FIELD, is_open,
        lambda d, p, s: make_safe(defect=d, person=p, what=s["what"], on=s["on"], usable=s["usable"]), "Kept.",
    ),
    "close": Deed("Close it", forms.CloseForm, OFFICE, is_open, close, "Closed. What was done is kept with it."),
    "note": Deed("Add a note", forms.NoteForm, FIELD, lambda _d, _s: True, note, "Kept."),
    "merge": Deed("Merge the same ones", forms.MergeForm, OFFICE, is_open, merge, "Merged. Both stay readable."),
    "ask-risk": Deed(
        "Ask to live with it for a while", forms.AskRiskForm, FIELD, lambda _d, s: s not in ("closed", Stage.ACCEPTED),
        lambda d, p, s: ask_to_accept(
            defect=d, person=p, reason=s["reason"], meanwhile=s["meanwhile"], until=s["until"], today=today()
        ),
        "Asked. Somebody else decides.",
    ),
    "decide-risk": Deed("Decide on the risk", forms.DecideRiskForm, permits.RISK_DECIDE, is_open, decide, "Decided."),
    "end-risk": Deed(
        "Accept the risk no longer", forms.ReasonForm, OFFICE, lambda _d, s: s == Stage.ACCEPTED,
        lambda d, p, s: end_risk(defect=d, person=p, reason=s["reason"]), "It is to be put right after all.",
    ),
    "reject": Deed(
        "It is not a problem", forms.RejectForm, OFFICE, lambda d, s: s in (Stage.NEW, Stage.TRIAGED) and not d.deadline_fixed,
        lambda d, p, s: reject_defect(defect=d, person=p, reason=s["reason"]), "Closed. Why is kept with it.",
    ),
    "reopen": Deed(
        "Open it again", forms.ReasonForm, OFFICE, lambda d, s: s == "closed" and d.merged_into_id is None,
        lambda d, p, s: reopen_defect(defect=d, person=p, reason=s["reason"]), "Open again.",
    ),
    "unmerge": Deed(
        "Take them apart", forms.Deed, OFFICE, lambda d, _s: d.merged_into_id is not None,
        lambda d, p, _s: unmerge_defect(duplicate=d, person=p), "Taken apart. It is open again.",
    ),
}  # fmt: skip


def may_do(key: str, defect: Defect, person: Person) -> bool:
    """Whether somebody may do it here."""
    return may(person, DEEDS[key].permit, defect.site)


def form_for(key: str, defect: Defect, person: Person, data: Any = None, files: Any = None) -> forms.Deed:
    """The form of a deed: filled with what follows from the problem, or with what was typed."""
    more: dict[str, Any] = {}
    if issubclass(DEEDS[key].form, forms.WithDoer):
        more["choices"] = doers([defect.site], person)[defect.site_id]
    if key == "merge":
        more["choices"] = [(str(each.pk), each.summary) for each in similar_to([defect], person)[defect.pk]]
    made: forms.Deed = DEEDS[key].form(data, files, initial=initial(key, defect), auto_id=f"{key}-%s", **more)
    if defect.deadline_fixed and defect.target_on and "target_on" in made.fields:
        say_fixed(made, defect.target_on, moves=key != "triage")
    return made


def say_fixed(form: forms.Deed, target: dt.date, *, moves: bool) -> None:
    """Say at a form's day that a competent person or the law has set it. `moves`: an earlier day may be chosen."""
    box = form.fields["target_on"]
    if moves:
        box.help_text = f"Not after {day(target)}: the report or the law has set that day."
    else:
        box.help_text = "The report or the law has set this day. It cannot be moved."
        box.widget.attrs["readonly"] = True
    box.widget.attrs["aria-describedby"] = f"{form['target_on'].auto_id}-help"


def initial(key: str, defect: Defect) -> dict[str, Any]:
    """What a form proposes."""
    now: dt.date = today()
    if key == "triage":
        target = defect.target_on or usual_target(defect.severity, now)
        return {"severity": defect.severity, "unsafe": defect.unsafe, "target_on": target}
    if key == "give":
        urgent = priority_of(defect, now)
        target = target_for(defect, urgent, None, now)
        return {"title": defect.summary[:200], "priority": urgent, "target_on": target, "proof": defect.proof}
    return {"on": now} if key == "safe" else {}


def act(request: HttpRequest, person: Person, id: uuid.UUID, key: str) -> HttpResponse:
    """Do one of them, and go back to where it was asked for; or show the page again with what was wrong."""
    from backend.office.views.problems import found, page

    defect, deed = found(person, id), DEEDS[key]
    require(person, deed.permit, defect.site, deed.words[0].lower() + deed.words[1:])
    form = form_for(key, defect, person, request.POST, request.FILES)
    back = "/problems/triage/" if request.POST.get("back") == "triage" else f"/problems/{defect.pk}/"
    done = done_and_back(request, form, lambda: deed.do(defect, person, form.cleaned_data), told=deed.told, back=back)
    return done or page(request, person, found(person, id), tried=(key, form))
