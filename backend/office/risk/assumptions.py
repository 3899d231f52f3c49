"""What is assumed: the list of figures, and changing one for the whole trust."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.days import today
from backend.core.problems import NotFound
from backend.office.contractors.pages import Asked, form_page, sent
from backend.office.forms.money import PoundsField, pence
from backend.office.risk.gates import manages_all, managing, risky
from backend.risk.actions import set_assumption
from backend.risk.models import AssumptionSet
from backend.risk.queries.assumed import assumed
from backend.trust.models import Person

TRAIL = [("Risk", "/risk/"), ("What is assumed", "/risk/assumptions/")]


@require_safe
@risky
def assumption_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Every figure that is assumed, whose it is, and since when."""
    rows = assumed(today()).values()
    said = {"rows": rows, "own": sum(1 for each in rows if each.own), "manages": manages_all(person)}
    return render(request, "office/risk/assumptions.html", said)


class PenceForm(forms.Form):
    """A figure in pounds, and why."""

    value = PoundsField(label="Pounds", most=10_000_000)
    why = forms.CharField(label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class RateForm(forms.Form):
    """A figure in per cent, and why."""

    value = forms.DecimalField(label="Per cent a year", min_value=0, max_value=100, decimal_places=2)
    why = forms.CharField(label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def assumption_change(request: HttpRequest, person: Person, key: str) -> HttpResponseBase:
    """Set one figure for the whole trust, from today on."""
    now = assumed(today()).get(key)
    if now is None:
        raise NotFound("That figure")
    in_pence = now.of.unit == "pence"
    initial = {"value": f"{now.value / 100:.2f}"}
    form = (PenceForm if in_pence else RateForm)(sent(request), initial=initial)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        value = pence(said["value"]) if in_pence else int(said["value"] * 100)
        set_assumption(person=person, key=key, value=value or 0, why=said["why"], today=today())
        messages.success(request, "Set from today on. Papers that were frozen before keep the figure they were made with.")
        return HttpResponseRedirect("/risk/assumptions/")

    history = AssumptionSet.objects.filter(key=key).select_related("made_by").order_by("-since", "-made_at")[:20]
    begun = f"£{now.of.value / 100:,.2f}" if in_pence else f"{now.of.value / 100:g} %"
    lead = f"Siteward begins with {begun}, from general knowledge. Everything that rests on it is reckoned anew."
    earlier = "; ".join(f"{each.since:%d/%m/%Y} {each.made_by}: {each.why}" for each in history)
    asked = Asked(now.of.title, f"{lead} {f'Set before: {earlier}' if earlier else ''}".strip(), "Set it", TRAIL)
    return form_page(request, form, asked, act)
