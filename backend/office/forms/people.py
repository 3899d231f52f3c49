"""Forms about people: the filters of the list, inviting, appointing, ending."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.core.days import today
from backend.office.forms.lists import ListFilters
from backend.trust import permits
from backend.trust.actions.invitations import NewAppointment
from backend.trust.models import Appointment, Invitation, Person, School, Site
from backend.trust.permits import ROLES
from backend.trust.queries import appointments_managed, people_managed
from backend.trust.scope import reach

STATUS = (("here", "Here now"), ("invited", "Invited"), ("later", "Begins later"), ("left", "Left"), ("all", "Everybody"))


class PeopleFilters(ListFilters):
    """The people whose accounts somebody looks after. Without a status: those who are here now, or invited."""

    sorts = {"name": ("name", "id"), "email": ("email",)}
    shown = ("q", "role", "school", "status")
    hidden = ()

    role = forms.ChoiceField(required=False)
    status = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, person: Person) -> None:
        super().__init__(data, person=person)
        for name in ("site", "building", "asset", "discipline"):
            del self.fields[name]
        self.fields["school"].queryset = School.objects.visible_to(person, permits.PEOPLE_MANAGE)  # type: ignore[attr-defined]
        self.fields["school"].empty_label = "Every school"  # type: ignore[attr-defined]
        self.fields["role"].label, self.fields["status"].label = "Role", "Who"
        self.choices("role", "Every role", [(key, role.name) for key, role in ROLES.items()])
        self.choices("status", "Here or invited", STATUS)

    def rows(self) -> QuerySet[Person]:
        """The people, with their appointments of today and to come read along."""
        if self.wrong:
            return Person.objects.none()
        rows = people_managed(self.person)
        held = appointments_managed(self.person).filter(person=OuterRef("pk"))
        if role := self.value("role"):
            held = held.filter(role=role)
        if school := self.value("school"):
            held = held.filter(Q(school=school) | Q(site__school=school))
        rows = rows.annotate(invited=Exists(open_invitations()))
        rows = self.by_status(rows, held)
        if text := self.value("q"):
            rows = rows.filter(Q(name__icontains=text) | Q(email__icontains=text))
        return self.ordered(rows)

    def by_status(self, rows: QuerySet[Person], held: QuerySet[Appointment]) -> QuerySet[Person]:
        """`rows` of who is here, invited, to come, gone, or all; `held` are the appointments looked at."""
        now = today()
        here = Exists(held.in_force(now))  # type: ignore[attr-defined]
        match self.value("status"):
            case "all":
                return rows.filter(Exists(held)) if self.value("role") or self.value("school") else rows
            case "here":
                return rows.filter(here, is_active=True)
            case "later":
                return rows.filter(Exists(held.filter(starts_on__gt=now)), ~here, is_active=True)
            case "invited":
                return rows.filter(Exists(held), Exists(open_invitations()))
            case "left":
                coming = Exists(held.filter(starts_on__gt=now))
                return rows.filter(Q(is_active=False) | (~here & ~coming)).filter(Exists(held))
        return rows.filter(here | Exists(open_invitations()), is_active=True).filter(Exists(held))


def open_invitations() -> QuerySet[Invitation]:
    """Invitations of the person of an outer query that are neither accepted nor withdrawn."""
    return Invitation.objects.filter(person=OuterRef("pk"), accepted_at=None, withdrawn_at=None)


class AppointForm(forms.Form):
    """A role, where and from when to when."""

    role = forms.ChoiceField(label="Role")
    place = forms.ChoiceField(label="Where")
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label="Last day, if known",
        required=False,
        help_text="Access ends at the end of this day, by itself.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None, *, actor: Person) -> None:
        super().__init__(data, initial={"starts_on": today()})
        administrator = not reach(actor, permits.SYSTEM_MANAGE).nowhere()
        roles = [(key, each) for key, each in ROLES.items() if administrator or permits.SYSTEM_MANAGE not in each.permits]
        self.fields["role"].choices = [("", "Choose a role"), *((key, each.name) for key, each in roles)]  # type: ignore[attr-defined]
        self.fields["place"].choices = [("", "Choose where"), *places_managed(actor)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The dates stand in order."""
        said: dict[str, Any] = super().clean() or {}
        starts, ends = said.get("starts_on"), said.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "The last day cannot lie before the first.")
        for name in ("starts_on", "ends_on"):
            if said.get(name) and not dt.date(2000, 1, 1) <= said[name] <= dt.date(2100, 1, 1):
                self.add_error(name, "Check the year.")
        return said

    def new(self, actor: Person) -> NewAppointment:
        """What was chosen."""
        said = self.cleaned_data
        kind, _, pk = said["place"].partition(":")
        school = School.objects.visible_to(actor, permits.PEOPLE_MANAGE).get(pk=pk) if kind == "school" else None
        site = Site.objects.visible_to(actor, permits.PEOPLE_MANAGE).get(pk=pk) if kind == "site" else None
        return NewAppointment(said["role"], said["starts_on"], said["ends_on"], school, site)


class InviteForm(AppointForm):
    """Somebody new."""

    field_order = ["name", "email", "role", "place", "starts_on", "ends_on"]
    name = forms.CharField(label="Name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label="Work e-mail address",
        max_length=254,
        help_text="The invitation goes there.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


def places_managed(actor: Person) -> list[tuple[str, str]]:
    """Where `actor` may appoint somebody: the whole trust, schools, and sites of schools that have several."""
    found = [("trust", "The whole trust")] if reach(actor, permits.PEOPLE_MANAGE).everywhere else []
    sites = Site.objects.visible_to(actor, permits.PEOPLE_MANAGE).select_related("school")
    by_school: dict[School, list[Site]] = {each: [] for each in School.objects.visible_to(actor, permits.PEOPLE_MANAGE)}
    for site in sites:
        by_school.setdefault(site.school, []).append(site)
    for school, theirs in by_school.items():
        found.append((f"school:{school.pk}", school.name))
        if len(theirs) > 1:
            found += [(f"site:{each.pk}", f"{school.name}: {each.name} only") for each in theirs]
    return found
