"""What if: a firm goes, somebody is away, a school joins. Three small forms and what each would mean; nothing is changed."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.core.days import today
from backend.core.templatetags.words import counted, number
from backend.maintenance.models import Contractor
from backend.office.queries.library import discipline_title
from backend.office.risk.gates import risky
from backend.office.risk.said import bands_words
from backend.risk.queries.what_if import WEEKS, firm_goes, people_of, school_joins, somebody_away
from backend.trust.models import Person, School

GOES, AWAY, JOINS = "goes", "away", "joins"


class GoesForm(forms.Form):
    """A firm goes."""

    firm = forms.ModelChoiceField(Contractor.objects.none(), label="This firm comes no more", empty_label="Choose the firm")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["firm"]
        field.queryset = Contractor.objects.visible_to(person).filter(active=True).order_by("name")


class AwayForm(forms.Form):
    """Somebody is away."""

    who = forms.ModelChoiceField(Person.objects.none(), label="This person is away", empty_label="Choose the person")
    weeks = forms.TypedChoiceField(label="For", coerce=int, initial=6, choices=[(each, counted(each, "week")) for each in WEEKS])

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["who"]
        field.queryset = people_of(person, today())


class JoinsForm(forms.Form):
    """A school joins."""

    phase = forms.ChoiceField(label="A school joins", choices=School.Phase.choices)
    pupils = forms.IntegerField(label="Its pupils", min_value=1, max_value=5000, initial=300)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


FORMS: dict[str, Any] = {GOES: GoesForm, AWAY: AwayForm, JOINS: JoinsForm}


@require_safe
@risky
def what_if(request: HttpRequest, person: Person) -> HttpResponse:
    """The page, with the answer to what was asked."""
    asked = request.GET.get("if", "")
    made = {
        key: form(request.GET if key == asked else None, person=person, auto_id=f"{key}-%s", initial=None)
        for key, form in FORMS.items()
    }
    form, found, answer = made.get(asked), None, "What if?"
    if form is not None and form.is_valid():
        found, answer = ANSWERS[asked](person, **form.cleaned_data)
    known = asked in ("", *FORMS)
    status = 200 if found is not None or not asked else 400 if not known else 422
    said = {"forms": made, "asked": asked if found else "", "found": found, "answer": answer, "known": known}
    return render(request, "office/risk/what_if.html", said, status=status)


def goes(person: Person, firm: Contractor) -> tuple[Any, str]:
    """A firm goes."""
    found = firm_goes(person, firm, today())
    alone = ", ".join(discipline_title(key).lower() for key in found.alone)
    nobody = f" No other firm that is ready to work is known for: {alone}." if alone else ""
    verb = "falls" if len(found.soon) == 1 else "fall"
    soon = f"{counted(len(found.soon), 'check')} that {firm} does {verb} due within three months"
    grave = f", {number(len(found.grave))} of them against somebody being badly hurt" if found.grave else ""
    return found, f"{soon}{grave}.{nobody}"


def away(person: Person, who: Person, weeks: int) -> tuple[Any, str]:
    """Somebody is away."""
    found = somebody_away(person, who, weeks, today())
    alone = f" At {counted(len(found.alone), 'site')} nobody else did a check in the last half year." if found.alone else ""
    hours = counted(max(1, found.minutes // 60), "hour") if found.minutes else "no time"
    span = counted(weeks, "week")
    return found, f"{counted(found.times, 'check')} would fall to others in {span}: about {hours} of work.{alone}"


def joins(person: Person, phase: str, pupils: int) -> tuple[Any, str]:
    """A school joins."""
    found = school_joins(person, phase, pupils, today())
    if not found.like:
        return found, "No school here says how many pupils it has, so there is nothing to reckon by."
    bands = bands_words(found.sums.bands)
    return found, f"About {counted(found.checks, 'check')} to keep, and what your schools like it have open: {bands}."


ANSWERS: dict[str, Any] = {GOES: goes, AWAY: away, JOINS: joins}
