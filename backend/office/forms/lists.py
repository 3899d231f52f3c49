"""Filters of lists. They stand in the address bar, so a list can be sent to a colleague, who sees their own schools' part."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict

from backend.assets.models import Asset
from backend.core.templatetags.words import day
from backend.office.queries.library import discipline_title, disciplines
from backend.trust.models import Building, Person, School, Site

Sorts = Mapping[str, tuple[Any, ...]]
OF_EVERY_LIST: Final = frozenset({"page", "saved", "column", "choose"})
"""What may stand in any list's address and filters nothing."""


class ListFilters(forms.Form):
    """What every list of the estate is filtered by. `rows()` are the rows wanted, none when a filter was not understood.

    What stands in the address and is no field is refused in words. `beside` names what a page reads of it by itself.
    """

    beside: ClassVar[tuple[str, ...]] = ()
    sorts: ClassVar[Sorts] = {}
    shown: ClassVar[tuple[str, ...]] = ("q", "site", "discipline")
    hidden: ClassVar[tuple[str, ...]] = ("school", "building", "asset")

    q = forms.CharField(label="Search", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    school = forms.ModelChoiceField(School.objects.none(), required=False)
    site = forms.ModelChoiceField(Site.objects.none(), required=False, empty_label="Every site")
    building = forms.ModelChoiceField(Building.objects.none(), required=False)
    asset = forms.ModelChoiceField(Asset.objects.none(), required=False)
    discipline = forms.ChoiceField(required=False)
    sort = forms.ChoiceField(required=False)

    def __init__(self, data: QueryDict, *, person: Person) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.person = person
        pickers = {"school": School, "site": Site, "building": Building, "asset": Asset}
        for name, model in pickers.items():
            if name in self.fields:
                self.fields[name].queryset = model.objects.visible_to(person)  # type: ignore[attr-defined]
        if "discipline" in self.fields:
            self.choices("discipline", "Every discipline", disciplines().items())
        signed = [mark + name for name in self.sorts for mark in ("", "-")]
        self.choices("sort", "", [(each, each) for each in signed])

    def choices(self, name: str, unset: str, choices: Any) -> None:
        """Give a choice field its choices, with what it is called when nothing is chosen."""
        self.fields[name].choices = [("", unset), *choices]  # type: ignore[attr-defined]

    @property
    def boxes(self) -> list[forms.BoundField]:
        """The fields shown above the list."""
        return [self[name] for name in self.shown]

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """The filters that came with a link: (label, what was chosen, the address without it)."""
        if not self.is_valid():
            return []
        chosen = [(name, self.cleaned_data.get(name)) for name in self.hidden]
        return [(str(self[name].label), self.words_of(name, value), self.without(name)) for name, value in chosen if value]

    def words_of(self, name: str, value: Any) -> str:
        """A chosen value as people call it."""
        if name == "discipline":
            return discipline_title(value)
        return day(value) if isinstance(value, dt.date) else str(value)

    def without(self, name: str) -> str:
        """The list's address without one filter."""
        return "?" + urlencode([(each, self.data[each]) for each in self.data if each not in {name, "page"}])

    def refuse_unknown(self) -> None:
        """Refuse what stands in the address and is no filter here: a list that passes it over shows other rows than asked for."""
        known = {*self.fields, *self.beside, *OF_EVERY_LIST}
        for name in [each for each in self.data if each not in known]:
            words = f"“{name[:60]}” is not something that this list is filtered by."
            if not self.has_error("__all__") or words not in self.non_field_errors():
                self.add_error(None, words)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Filters that are no box of the form, as hidden inputs, so that searching keeps them."""
        names = [*self.hidden, "status", "sort"]
        return [(name, self.data[name]) for name in names if self.data.get(name) and name not in self.shown]

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Every filter that says something, as hidden inputs: what the rows chosen by "all" are found by again."""
        return [(name, self.data[name]) for name in self.fields if name != "sort" and self.data.get(name)]

    @property
    def wrong(self) -> list[str]:
        """What was not understood, in words."""
        if self.is_valid():
            return []
        said = [str(each) for each in self.non_field_errors()]
        named = {name: str(self[name].label) for name in self.errors if name in self.fields}
        return said + [f"{word}: “{self.data.get(name, '')}” is not something to choose here." for name, word in named.items()]

    @property
    def http_status(self) -> int:
        """The HTTP status of the list: 404 when a filter names what the asker may not know of, 400 when it is not readable."""
        if self.is_valid():
            return 200
        return 404 if any(isinstance(self.fields.get(name), forms.ModelChoiceField) for name in self.errors) else 400

    def is_narrowed(self) -> bool:
        """Whether anything at all was asked for, so that an empty list can say which kind of empty it is."""
        return any(self.data.get(name) for name in self.fields if name != "sort")

    def value(self, name: str) -> Any:
        """What was chosen in a field, or None."""
        return self.cleaned_data.get(name) or None

    def rows(self) -> QuerySet[Any]:
        """The rows wanted, in order: what each list says."""
        raise NotImplementedError

    def narrowed(self, rows: QuerySet[Any], paths: Mapping[str, str]) -> QuerySet[Any]:
        """`rows` cut by the plain filters: `paths` maps a field to the column it compares."""
        wanted = {path: self.value(name) for name, path in paths.items() if self.value(name)}
        return rows.filter(**{path: value.pk if isinstance(value, Model) else value for path, value in wanted.items()})

    def ordered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """`rows` in the order asked for, the first of `sorts` unless said."""
        asked = self.value("sort") or next(iter(self.sorts))
        keys = self.sorts[asked.removeprefix("-")]
        rows = rows.order_by(*keys)
        return rows.reverse() if asked.startswith("-") else rows
