"""Filters of the lists of risk. Exposures and the year ahead are worked out, not read: they are chosen and sorted here."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import F, QuerySet

from backend.core.days import today
from backend.office.forms.lists import ListFilters
from backend.office.queries.library import discipline_title
from backend.risk.estate import estate
from backend.risk.queries.assumed import assumed
from backend.risk.queries.condition import open_items
from backend.risk.queries.exposure import Exposure
from backend.risk.queries.gathered import gather
from backend.risk.queries.money import Ahead, checks_ahead
from backend.rules.exposures import KINDS
from backend.trust import permits
from backend.trust.models import School, Site

HURT, PRICED, ASSUMED_ONLY, UNPRICED = "hurt", "priced", "assumed", "unpriced"
CHOICES = [
    (HURT, "Could hurt somebody badly"), (PRICED, "With a price"), (ASSUMED_ONLY, "With an assumed price"),
    (UNPRICED, "Without a price"),
]  # fmt: skip


class Reckoned(ListFilters):
    """What is worked out: the pickers offer the sites where the asker may see risk."""

    def __init__(self, data: Any, *, person: Any) -> None:
        super().__init__(data, person=person)
        self.fields["site"].queryset = Site.objects.visible_to(person, permits.RISK_VIEW)  # type: ignore[attr-defined]
        schools = Site.objects.visible_to(person, permits.RISK_VIEW).values("school")
        self.fields["school"].queryset = School.objects.filter(pk__in=schools)  # type: ignore[attr-defined]

    def in_place(self, site: Any, building_id: Any = None) -> bool:
        """Whether something of a site and building is at the place that was chosen."""
        school, chosen, building = (self.value(name) for name in ("school", "site", "building"))
        if school and (site is None or site.school_id != school.pk):
            return False
        if chosen and (site is None or site.pk != chosen.pk):
            return False
        return not building or building_id == building.pk

    def sorted_by(self, found: list[Any], keys: dict[str, Callable[[Any], Any]]) -> list[Any]:
        """In the order asked for, as gathered unless said; of alike ones the order stays."""
        asked = self.value("sort") or next(iter(keys))
        found = sorted(found, key=keys[asked.removeprefix("-")])
        return found[::-1] if asked.startswith("-") else found


class ExposureFilters(Reckoned):
    """Open exposures by place, sort and band."""

    sorts = {"worst": (), "cost": (), "place": (), "name": ()}
    shown = ("q", "kind", "band", "site", "discipline", "of")
    hidden = ("school", "building")
    kind = forms.ChoiceField(label="Sort", required=False)
    band = forms.ChoiceField(label="How bad", required=False)
    of = forms.ChoiceField(label="Which", required=False, choices=[("", "All of them"), *CHOICES])

    def __init__(self, data: Any, *, person: Any) -> None:
        super().__init__(data, person=person)
        del self.fields["asset"]
        self.choices("kind", "Every sort", KINDS.items())
        self.choices("band", "However bad", [(each.key, each.title) for each in estate().bands])

    def rows(self) -> list[Exposure]:  # type: ignore[override]
        """The exposures wanted, the worst first unless said otherwise."""
        if not self.is_valid():
            return []
        found = [each for each in gather(self.person, today()).exposures if self.fits(each)]
        keys: dict[str, Callable[[Exposure], Any]] = {
            "worst": lambda each: each.order,
            "cost": lambda each: (-(each.price.pence or 0), each.order),
            "place": lambda each: (str(each.site.school) if each.site else "", each.where, each.order),
            "name": lambda each: (each.title.casefold(), each.order),
        }
        return self.sorted_by(found, keys)

    def fits(self, one: Exposure) -> bool:
        """Whether an exposure is wanted."""
        kind, band, field, text, of = (self.value(name) for name in ("kind", "band", "discipline", "q", "of"))
        plainly = [(kind, one.kind), (band, one.band.key), (field, one.discipline)]
        if any(wanted and wanted != is_ for wanted, is_ in plainly) or not self.in_place(one.site, one.building_id):
            return False
        if text and text.casefold() not in f"{one.title} {one.where} {one.site.school if one.site else ''}".casefold():
            return False
        return {
            HURT: one.score.consequence >= 4,
            PRICED: one.price.pence is not None,
            ASSUMED_ONLY: one.price.basis == "assumed",
            UNPRICED: one.price.pence is None,
        }.get(of or "", True)


class AheadFilters(Reckoned):
    """Checks of the twelve months ahead by place and discipline, the dearest first."""

    sorts = {"cost": (), "times": (), "name": (), "place": ()}
    shown = ("q", "site", "discipline", "who")
    hidden = ("school",)
    who = forms.ChoiceField(
        label="Who", required=False, choices=[("", "Firms and our own people"), ("firms", "Firms"), ("own", "Our own people")]
    )

    def __init__(self, data: Any, *, person: Any) -> None:
        super().__init__(data, person=person)
        for name in ("asset", "building"):
            del self.fields[name]

    def in_place(self, site: Any, building_id: Any = None) -> bool:
        """As above, without buildings."""
        school, chosen = self.value("school"), self.value("site")
        return (not school or site.school_id == school.pk) and (not chosen or site.pk == chosen.pk)

    def rows(self) -> list[Ahead]:  # type: ignore[override]
        """The checks wanted."""
        if not self.is_valid():
            return []
        found = [each for each in checks_ahead(self.person, today(), assumed(today())) if each.times and self.fits(each)]
        keys: dict[str, Callable[[Ahead], Any]] = {
            "cost": lambda each: (-each.pence, each.title, each.where),
            "times": lambda each: (-each.times, each.title, each.where),
            "name": lambda each: (each.title.casefold(), each.where),
            "place": lambda each: (each.site.school.name, each.where, each.title),
        }
        return self.sorted_by(found, keys)

    def fits(self, one: Ahead) -> bool:
        """Whether a check is wanted."""
        field, text, who = (self.value(name) for name in ("discipline", "q", "who"))
        if (field and one.discipline != field) or (who and one.own != (who == "own")) or not self.in_place(one.site):
            return False
        return not text or text.casefold() in f"{one.title} {one.where} {discipline_title(one.discipline)}".casefold()


class ItemFilters(ListFilters):
    """Open items of condition by place, element, grade and priority."""

    shown = ("q", "site", "element", "grade", "priority")
    hidden = ("school", "building")
    sorts = {
        "worst": (F("priority").asc(nulls_last=True), "-grade", "pk"),
        "cost": (F("cost_pence").desc(nulls_last=True), "pk"),
        "year": (F("year").asc(nulls_last=True), "pk"),
        "place": ("survey__site__school__name", "survey__site__name", "building__name", "pk"),
    }
    element = forms.ChoiceField(required=False)
    grade = forms.ChoiceField(required=False, choices=[("", "Every grade"), *((each, each) for each in "DCBA")])
    priority = forms.ChoiceField(required=False, choices=[("", "Every priority"), *((each, each) for each in "1234")])

    def __init__(self, data: Any, *, person: Any) -> None:
        super().__init__(data, person=person)
        for name in ("asset", "discipline"):
            del self.fields[name]
        self.fields["site"].queryset = Site.objects.visible_to(person, permits.RISK_VIEW)  # type: ignore[attr-defined]
        self.choices("element", "Every element", estate().elements.items())

    def rows(self) -> QuerySet[Any]:
        """The items wanted, in order."""
        rows = open_items(self.person, today())
        if not self.is_valid():
            return rows.none()
        paths = {
            "school": "survey__site__school_id", "site": "survey__site_id", "building": "building_id", "element": "element",
            "grade": "grade", "priority": "priority",
        }  # fmt: skip
        if text := self.value("q"):
            rows = rows.filter(words__icontains=text)
        return self.ordered(self.narrowed(rows, paths))
