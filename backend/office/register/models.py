"""Makes and models: the list, one's page, and merging doubles."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.assets.actions import add_model, change_model, merge_models
from backend.assets.models import Asset, AssetModel, AssetType
from backend.core.problems import Forbidden, NotFound
from backend.office.contractors.pages import Asked, content_of, files, form_page, handed_on, sent
from backend.office.forms.lists import ListFilters
from backend.office.register.assets import GET_AND_POST
from backend.office.register.forms import MergeForm, ModelForm
from backend.office.views.csv_out import ListFile
from backend.office.views.gate import estate
from backend.office.views.lists import export, list_answer
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

HEAD = ("Make", "Model", "Kind", "Expected life (years)", "Assets", "Manual")
SHOWN = 50


class ModelFilters(ListFilters):
    """Makes and models by kind; each with how many assets of it one may see."""

    shown = ("q", "type")
    hidden = ()
    sorts = {"name": ("make", "model", "pk"), "type": ("type__name", "make", "model", "pk"), "number": ("-number", "make", "pk")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("school", "site", "building", "asset", "discipline"):
            del self.fields[name]
        kinds = AssetType.objects.filter(models__isnull=False).distinct().order_by("name")
        self.fields["type"] = forms.ModelChoiceField(kinds, label="Kind", required=False, empty_label="Every kind")

    def rows(self) -> Any:
        """Those wanted, in order."""
        rows = AssetModel.objects.visible_to(self.person).filter(merged_into=None)
        if not self.is_valid():
            return rows.none()
        if kind := self.value("type"):
            rows = rows.filter(type=kind)
        if text := self.value("q"):
            rows = rows.filter(Q(make__icontains=text) | Q(model__icontains=text))
        theirs = Asset.objects.visible_to(self.person).exclude(status=Asset.Status.RETIRED).values("pk")
        rows = rows.annotate(number=Count("assets", filter=Q(assets__in=theirs)))
        return self.ordered(rows).select_related("type")


def changes_models(person: Person) -> bool:
    """Whether they may change makes and models: those of the whole trust's register."""
    return reach(person, permits.ASSET_CHANGE).everywhere


@require_safe
@estate
def model_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Makes and models."""
    may_add = not reach(person, permits.ASSET_CHANGE).nowhere()
    return list_answer(request, "office/register/models.html", ModelFilters(request.GET, person=person), may_add=may_add)


@require_safe
@estate
def model_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""

    def line(row: Any) -> Sequence[Any]:
        return (row.make, row.model, row.type.name, row.expected_life, row.number, bool(row.manual_sha256))

    return export(ModelFilters(request.GET, person=person), "models", HEAD, line)


def found(person: Person, id: uuid.UUID) -> AssetModel:
    """The make and model, or NotFound."""
    row = AssetModel.objects.visible_to(person).select_related("type", "merged_into").filter(pk=id).first()
    if row is None:
        raise NotFound("That make and model")
    return row


def trail(row: AssetModel) -> list[tuple[str, str]]:
    """Where a form about one is."""
    return [("Makes and models", "/models/"), (str(row), f"/models/{row.pk}/")]


@require_safe
@estate
def model_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One make and model, and which assets are of it."""
    row = found(person, id)
    assets = Asset.objects.visible_to(person).filter(product=row).exclude(status=Asset.Status.RETIRED)
    said = {
        "row": row,
        "assets": assets.select_related("site", "building", "space").order_by("site__name", "name", "pk")[:SHOWN],
        "number": assets.count(),
        "may": changes_models(person),
    }
    return render(request, "office/register/model.html", said)


@require_safe
@estate
def manual(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:  # noqa: ARG001  every page is given it
    """Its manual."""
    row = found(person, id)
    if not row.manual_sha256:
        raise NotFound("That manual")
    return handed_on(row.manual_sha256, row.manual_type, f"manual-{row.manual_sha256[:12]}")


@require_http_methods(GET_AND_POST)
@estate
def model_add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Add a make and model."""
    if reach(person, permits.ASSET_CHANGE).nowhere():
        raise Forbidden("Your role does not let you add makes and models. Ask your site manager.")

    def act(said: dict[str, Any]) -> HttpResponseBase:
        row = add_model(person=person, manual=content_of(said.pop("file")), **said)
        messages.success(request, "Added.")
        return HttpResponseRedirect(f"/models/{row.pk}/")

    first = {name: request.GET.get(name, "") for name in ("type", "make", "model")}
    form = ModelForm(sent(request), files(request), initial=first)
    return form_page(request, form, Asked("Add a make and model", "", "Add it", [("Makes and models", "/models/")]), act)


def to_change(person: Person, id: uuid.UUID) -> AssetModel:
    """One, for who may change the whole trust's."""
    row = found(person, id)
    if not changes_models(person):
        raise Forbidden("Your role does not let you change makes and models. Ask your trust's estates lead.")
    return row


@require_http_methods(GET_AND_POST)
@estate
def model_change(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Put right what is known of one."""
    row = to_change(person, id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        change_model(row, person=person, manual=content_of(said.pop("file")), **said)
        return HttpResponseRedirect(f"/models/{row.pk}/")

    form = ModelForm(sent(request), files(request), row=row)
    return form_page(request, form, Asked(f"Change {row}", str(row.type), "Save", trail(row)), act)


@require_http_methods(GET_AND_POST)
@estate
def model_merge(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Merge a double into another."""
    row = to_change(person, id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        number = merge_models(row, into=said["into"], person=person)
        messages.success(request, f"{number} {'asset is' if number == 1 else 'assets are'} under {said['into']} now.")
        return HttpResponseRedirect(f"/models/{said['into'].pk}/")

    lead = "Its assets come under the other one. What their plates say stays as it is."
    form = MergeForm(sent(request), person=person, row=row)
    return form_page(request, form, Asked(f"Merge {row}", lead, "Merge them", trail(row)), act)
