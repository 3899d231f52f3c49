"""Keep or replace: what things cost over their life."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from backend.core.days import today
from backend.office.risk.filters import Reckoned
from backend.office.risk.gates import risky
from backend.office.risk.pages import pounds_of
from backend.office.views.csv_out import ListFile, csv_answer
from backend.office.views.lists import list_answer, refuse_misread
from backend.risk.queries.whole_life import Thing, things
from backend.rules.whole_life import ADVICE, LOOK, REPLACE
from backend.trust.models import Person

HEAD = (
    "What", "Kind", "School", "Where", "Age", "Usual life", "Left", "Repairs so far, £", "Repairs a year lately, £",
    "Checks a year, £", "A new one, £", "A new one a year, £", "Whole life, £", "Advice", "Why",
)  # fmt: skip


class LifeFilters(Reckoned):
    """Things by place, words and what is advised; what presses unless said otherwise."""

    sorts = {"worst": (), "repairs": (), "name": (), "place": ()}
    shown = ("q", "site", "advice")
    hidden = ("school", "building")
    advice = forms.ChoiceField(label="Advice", required=False)

    def __init__(self, data: Any, *, person: Any) -> None:
        super().__init__(data, person=person)
        for name in ("asset", "discipline"):
            del self.fields[name]
        self.choices("advice", "To replace or look at", [*ADVICE.items(), ("all", "Everything")])

    @cached_property
    def found(self) -> list[Thing]:
        """Every thing in sight."""
        return things(self.person, today())

    def rows(self) -> list[Thing]:  # type: ignore[override]
        """The things wanted."""
        if not self.is_valid():
            return []
        keys: dict[str, Callable[[Thing], Any]] = {
            "worst": lambda each: each.order,
            "repairs": lambda each: (-each.life.repairs_a_year, each.order),
            "name": lambda each: (each.asset.name.casefold(), each.order),
            "place": lambda each: (each.asset.site.school.name, str(each.asset.site), each.order),
        }
        return self.sorted_by([each for each in self.found if self.fits(each)], keys)

    def fits(self, one: Thing) -> bool:
        """Whether a thing is wanted."""
        asset, advice, text = one.asset, self.value("advice"), self.value("q")
        if advice != "all" and one.life.advice not in ((advice,) if advice else (REPLACE, LOOK)):
            return False
        if not self.in_place(asset.site, asset.building_id):
            return False
        return not text or text.casefold() in f"{asset.name} {asset.type} {asset.building or ''} {asset.site}".casefold()


@require_safe
@risky
def life_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Things to replace or to look at."""
    filters = LifeFilters(request.GET, person=person)
    found = filters.found if filters.is_valid() else []
    replace = [each for each in found if each.life.advice == REPLACE]
    said = {
        "replace": len(replace),
        "look": sum(each.life.advice == LOOK for each in found),
        "pence": sum(each.life.new or 0 for each in replace),
        "advised": ADVICE,
    }
    return list_answer(request, "office/risk/lives.html", filters, **said)


@require_safe
@risky
def life_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""
    filters = LifeFilters(request.GET, person=person)
    refuse_misread(filters)
    return csv_answer("keep-or-replace", HEAD, map(line_of, filters.rows()))


def line_of(each: Thing) -> tuple[Any, ...]:
    """A thing as a line of the file."""
    asset, life = each.asset, each.life
    where = ", ".join(str(one) for one in (asset.building, asset.site) if one)
    return (
        asset.name, str(asset.type), str(asset.site.school), where, life.age, life.life, life.left, pounds_of(life.repairs),
        pounds_of(life.repairs_a_year), pounds_of(life.checks), pounds_of(life.new), pounds_of(life.new_a_year),
        pounds_of(life.whole), ADVICE[life.advice], " ".join(life.why),
    )  # fmt: skip
