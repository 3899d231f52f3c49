"""Reporting a problem at a desk: somebody rings, and whoever answers writes it down with its place."""

import uuid
from typing import Any, Final

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from backend.assets.models import Asset
from backend.core.days import today
from backend.core.files import person_owner
from backend.core.ids import new_id
from backend.core.problems import Forbidden, NotFound, Problem
from backend.maintenance.actions import files_taken, report_defect
from backend.maintenance.models import Defect, Severity
from backend.office.views.gate import estate
from backend.office.work import forms
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import reach, require

MOST_PLACES: Final = 2000


class ReportForm(forms.Deed):
    """What is wrong, where, and how bad it is. Where: an asset that was named, or a site or building that is chosen."""

    summary = django_forms.CharField(label="What is wrong?", max_length=500)
    where = django_forms.ChoiceField(label="Where")
    severity = django_forms.ChoiceField(label="How serious", choices=Severity.choices, initial=Severity.MEDIUM)
    unsafe = django_forms.BooleanField(label="Unsafe: do not use", required=False)
    made_safe = django_forms.CharField(label="What was done to keep people safe", required=False, max_length=500)
    photos = forms.photos("Photos", help_text="Of the thing, without people in them.")

    def __init__(self, *args: Any, person: Person, asset: Asset | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asset = asset
        if asset:
            del self.fields["where"]
        else:
            self.fields["where"].choices = [("", "Choose"), *places(person)]  # type: ignore[attr-defined]

    def subject(self) -> dict[str, Any]:
        """What it is about, as the action takes it. Raises Problem when the place is gone meanwhile."""
        if self.asset:
            return {"site": self.asset.site, "asset": self.asset}
        kind, _, key = self.cleaned_data["where"].partition(":")
        if kind == "s":
            return {"site": Site.objects.get(pk=key)}
        building = Building.objects.select_related("site").get(pk=key)
        return {"site": building.site, "building": building}


def places(person: Person) -> list[tuple[str, list[tuple[str, str]]]]:
    """The sites and buildings where somebody may report problems, by site. Two queries."""
    sites = Site.objects.visible_to(person, permits.DEFECT_REPORT).order_by("name", "pk")[:MOST_PLACES]
    found: dict[uuid.UUID, tuple[str, list[tuple[str, str]]]] = {
        site.pk: (site.name, [(f"s:{site.pk}", f"{site.name}, anywhere")]) for site in sites
    }
    for building in Building.objects.filter(site__in=list(found)).order_by("name", "pk")[:MOST_PLACES]:
        found[building.site_id][1].append((f"b:{building.pk}", building.name))
    return list(found.values())


def asset_named(request: HttpRequest, person: Person) -> Asset | None:
    """The asset that the address names, if it names one. Raises NotFound for a stranger's, or for none of that id."""
    text = request.POST.get("asset") or request.GET.get("asset") or ""
    if not text:
        return None
    try:
        key = uuid.UUID(text)
    except ValueError as wrong:
        raise NotFound("That asset") from wrong
    rows = Asset.objects.visible_to(person).select_related("site__school", "type", "building", "space")
    asset: Asset | None = rows.filter(pk=key).first()
    if asset is None:
        raise NotFound("That asset")
    require(person, permits.DEFECT_REPORT, asset.site, "report problems")
    return asset


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def report_page(request: HttpRequest, person: Person) -> HttpResponse:
    """Write a problem down. Afterwards its page is shown, where it is looked at and given out."""
    asset = asset_named(request, person)  # first: what is not theirs to know of looks the same to every role
    if reach(person, permits.DEFECT_REPORT).nowhere():
        raise Forbidden("Your role does not let you report problems here. Tell the site manager.")
    posted = request.method == "POST"
    form = ReportForm(
        request.POST if posted else None, request.FILES if posted else None, person=person, asset=asset, auto_id="report-%s"
    )
    if posted and form.is_valid():
        try:
            defect = taken(form, person)
        except Problem as problem:
            if problem.status in (403, 404):
                raise
            form.show(problem)
        else:
            return HttpResponseRedirect(f"/problems/{defect.pk}/")
    return render(request, "office/work/report_new.html", {"form": form, "asset": asset}, status=422 if form.errors else 200)


def taken(form: ReportForm, person: Person) -> Defect:
    """Keep what was typed. Raises Problem for a file that is none, and what the action refuses."""
    said = form.cleaned_data
    files = files_taken(said["photos"], owner=person_owner(person.pk), papers=False)
    return report_defect(
        id=new_id(), person=person, summary=said["summary"], severity=said["severity"], unsafe=said["unsafe"],
        found_on=today(), reported_at=timezone.now(), made_safe=said["made_safe"], photos=files, **form.subject(),
    )  # fmt: skip
