"""One label: what it is on, when it was printed and by whom; replacing a lost one, taking one out of use."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from backend.assets.actions import replace_tag, retire_tag
from backend.assets.models import Asset, LabelRun, Tag, TagRetirement
from backend.core.problems import NotFound, Problem
from backend.office.labels.forms import RetireForm
from backend.office.labels.paper import IN_FULL, of_tag, prints
from backend.trust import permits
from backend.trust.models import Building, Person, Space
from backend.trust.scope import may

RUNS = 20


def found(person: Person, code: str) -> Tag:
    """The label, if it is on something that they may know of and may print labels for. Raises NotFound."""
    rows = Tag.objects.visible_to(person, permits.LABEL_PRINT).select_related(*IN_FULL)
    tag = rows.filter(pk=code.upper()).first()
    if tag is None:
        raise NotFound("That label")
    return tag


def where(thing: Asset | Space | Building | None) -> str:
    """The page of what a label is on."""
    kinds = {Asset: "assets", Space: "spaces", Building: "buildings"}
    return f"/{kinds[type(thing)]}/{thing.pk}/" if thing else ""


@require_safe
@prints
def tag_page(request: HttpRequest, person: Person, code: str) -> HttpResponse:
    """One label, and what can be done about it."""
    return page(request, person, found(person, code))


def page(request: HttpRequest, person: Person, tag: Tag, *, tried: tuple[str, RetireForm] | None = None) -> HttpResponse:
    """The label's page; `tried` is the form that was not taken."""
    rows = TagRetirement.objects.select_related("asset", "building", "space", "retired_by", "replaced_by")
    gone = rows.filter(tag=tag).first()
    runs = LabelRun.objects.visible_to(person, permits.LABEL_PRINT).filter(codes__contains=tag.pk)
    wanted = of_tag(tag)
    thing = gone.thing if gone else tag.thing
    forms = {key: RetireForm(auto_id=f"{key}-%s") for key in ("replace", "retire")} | (dict([tried]) if tried else {})
    said = {
        "tag": tag,
        "gone": gone,
        "thing": thing,
        "thing_page": where(thing) if not gone or sees(person, thing) else "",
        "site": gone.site if gone else wanted and wanted.site,
        "runs": runs.select_related("printed_by").order_by("-printed_at", "-pk")[:RUNS],
        "forms": forms,
        "wrong": " ".join(str(each) for each in tried[1].non_field_errors()) if tried else "",
    }
    return render(request, "office/labels/tag.html", said, status=422 if tried else 200)


def sees(person: Person, thing: Asset | Space | Building | None) -> bool:
    """Whether they may know of the thing now: it may have moved to another site since."""
    if thing is None:
        return False
    site = thing.building.site if isinstance(thing, Space) else thing.site
    return may(person, permits.ESTATE_VIEW, site)


@require_POST
@prints
def replace(request: HttpRequest, person: Person, code: str) -> HttpResponse:
    """Take a lost label out of use and make another for the same thing; then to its page, where it is printed."""
    tag, form = found(person, code), RetireForm(request.POST, auto_id="replace-%s")
    if form.is_valid():
        try:
            new = replace_tag(code=tag.pk, person=person, **form.cleaned_data)
        except Problem as problem:
            refused(form, problem)
        else:
            messages.success(request, "The old label is out of use. Print the new one now, and put it up.")
            return HttpResponseRedirect(f"/labels/tags/{new.pk}/")
    return page(request, person, tag, tried=("replace", form))


@require_POST
@prints
def retire(request: HttpRequest, person: Person, code: str) -> HttpResponse:
    """Take a label out of use."""
    tag, form = found(person, code), RetireForm(request.POST, auto_id="retire-%s")
    if form.is_valid():
        try:
            retire_tag(code=tag.pk, person=person, **form.cleaned_data)
        except Problem as problem:
            refused(form, problem)
        else:
            messages.success(request, "The label is out of use.")
            return HttpResponseRedirect(f"/labels/tags/{tag.pk}/")
    return page(request, person, tag, tried=("retire", form))


def refused(form: RetireForm, problem: Problem) -> None:
    """Say on the form why it was not taken; what they may not do or know of is no matter of the form."""
    if problem.status in {403, 404}:
        raise problem
    form.add_error(None, problem.detail)
