"""Forms about firms: the filters of the list, the firm, its papers, its people, visits, and asking for a report."""

from typing import Any

from django import forms
from django.db.models import Case, IntegerField, QuerySet, Value, When

from backend.core.days import today
from backend.maintenance.models import Contractor, ContractorPaper, ContractorPerson, ContractorVisit
from backend.maintenance.queries.contractors import standings
from backend.office.contractors.pages import date_field, file_field
from backend.office.forms.lists import ListFilters
from backend.office.queries.library import disciplines
from backend.rules.contractors import ACCREDITATION, SCHEMES
from backend.trust import permits
from backend.trust.models import Person, Site

STATES = [("may", "May work"), ("soon", "Something ends soon"), ("not", "Should not work"), ("off", "No longer used")]
POUND = 100


class FirmFilters(ListFilters):
    """Firms by trade and how their papers stand; those no longer used are left out unless asked for."""

    sorts = {"worst": ("rank", "name", "pk"), "name": ("name", "pk")}
    shown = ("q", "trade", "state")
    hidden = ()
    trade = forms.ChoiceField(label="Trade", required=False)
    state = forms.ChoiceField(label="Papers", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("school", "site", "building", "asset", "discipline"):
            del self.fields[name]
        self.barred = 0  # how many of those wanted should not work here; known when the rows are read
        self.choices("trade", "Every trade", disciplines().items())
        self.choices("state", "However they stand", STATES)

    def rows(self) -> QuerySet[Any]:
        """The firms wanted, those that should not work first. Two queries before the list's own."""
        rows: QuerySet[Any] = Contractor.objects.visible_to(self.person)
        if not self.is_valid():
            return rows.none()
        state = self.value("state")
        rows = rows.filter(active=state != "off")
        if trade := self.value("trade"):
            rows = rows.filter(trades__contains=[trade])
        if text := self.value("q"):
            rows = rows.filter(name__icontains=text)
        said = standings(list(rows), today())
        bad = [pk for pk, each in said.items() if each.missing]
        self.barred = len(bad)
        soon = [pk for pk, each in said.items() if each.soon and not each.missing]
        if state in ("not", "soon", "may"):
            wanted = {"not": bad, "soon": [pk for pk, each in said.items() if each.soon]}
            rows = rows.filter(pk__in=wanted[state]) if state in wanted else rows.exclude(pk__in=bad)
        rank = Case(
            When(pk__in=bad, then=Value(0)), When(pk__in=soon, then=Value(1)), default=Value(2), output_field=IntegerField()
        )
        return self.ordered(rows.annotate(rank=rank))


class VisitFilters(ListFilters):
    """Visits of firms by place, firm and state."""

    sorts = {"when": ("-planned_on", "planned_from", "pk"), "firm": ("contractor__name", "-planned_on", "pk")}
    shown = ("site", "contractor", "state")
    hidden = ("school", "on")
    on = forms.DateField(label="Planned for", required=False)
    contractor = forms.ModelChoiceField(Contractor.objects.none(), label="Firm", required=False, empty_label="Every firm")
    state = forms.ChoiceField(label="State", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("building", "asset", "discipline", "q"):
            del self.fields[name]
        self.fields["contractor"].queryset = Contractor.objects.visible_to(self.person)  # type: ignore[attr-defined]
        self.choices(
            "state", "Every visit", [("here", "On site now"), ("planned", "To come"), ("left", "Been"), ("off", "Called off")]
        )

    def rows(self) -> QuerySet[Any]:
        """The visits wanted, the latest first."""
        rows: QuerySet[Any] = ContractorVisit.objects.visible_to(self.person)
        if not self.is_valid():
            return rows.none()
        rows = self.narrowed(rows, {"school": "site__school_id", "site": "site_id", "contractor": "contractor_id"})
        wanted: dict[str, dict[str, Any]] = {
            "here": {"arrived_at__isnull": False, "left_at": None},
            "planned": {"arrived_at": None, "called_off_at": None},
            "left": {"left_at__isnull": False},
            "off": {"called_off_at__isnull": False},
        }
        if state := self.value("state"):
            rows = rows.filter(**wanted[state])
        if day := self.value("on"):
            rows = rows.filter(planned_on=day, called_off_at=None)
        return self.ordered(rows).select_related("site__school", "contractor")


class FirmForm(forms.Form):
    """A firm."""

    name = forms.CharField(label="Name", max_length=160)
    trades = forms.MultipleChoiceField(
        label="What it does",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Every field of work that it is used for.",
    )
    asked_for = forms.CharField(
        label="Accreditations it must hold",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"One on each line, such as {', '.join(SCHEMES[:5])}. For gas, Gas Safe is asked for by itself.",
    )
    email = forms.EmailField(label="E-mail", required=False, max_length=254)
    phone = forms.CharField(label="Telephone", required=False, max_length=40)
    address = forms.CharField(label="Address", required=False, max_length=300)
    company_number = forms.CharField(label="Company number", required=False, max_length=12)
    employs_nobody = forms.BooleanField(label="Works alone: needs no employers' liability insurance", required=False)
    advises = forms.BooleanField(label="Designs or advises: needs professional indemnity insurance", required=False)
    active = forms.BooleanField(label="May be given new work", required=False)
    note = forms.CharField(label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, firm: Contractor | None = None) -> None:
        initial: dict[str, Any] = {name: getattr(firm, name) for name in self.base_fields} if firm else {"active": True}
        if firm:
            initial["asked_for"] = "\n".join(firm.asked_for)
        super().__init__(data, initial=initial)
        self.fields["trades"].choices = list(disciplines().items())  # type: ignore[attr-defined]

    def clean_asked_for(self) -> list[str]:
        """One accreditation for each line."""
        return [each.strip() for each in self.cleaned_data["asked_for"].splitlines() if each.strip()]


class ContactsForm(forms.Form):
    """Whom to ring: one person on each line."""

    lines = forms.CharField(
        label="One person on each line",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        help_text="Name, what for, e-mail, telephone; with commas between. This list takes the place of the one before.",
    )

    def clean_lines(self) -> list[dict[str, str]]:
        """The people as they are named."""
        found = []
        for line in self.cleaned_data["lines"].splitlines():
            name, job, email, phone = ([each.strip() for each in line.split(",", 3)] + ["", "", "", ""])[:4]
            if email and "@" not in email:
                raise forms.ValidationError(f"“{email}” is no e-mail address. Write: name, what for, e-mail, telephone.")
            found.append({"name": name, "job": job, "email": email, "phone": phone})
        return found


class PaperForm(forms.Form):
    """An insurance or accreditation."""

    kind = forms.ChoiceField(label="Which paper", choices=ContractorPaper.KINDS)
    scheme = forms.CharField(
        label="Accredited by", required=False, max_length=80, help_text=f"For an accreditation: {', '.join(SCHEMES[:6])} …"
    )
    insurer = forms.CharField(label="Insurer", required=False, max_length=160)
    number = forms.CharField(label="Policy or registration number", required=False, max_length=80)
    cover = forms.DecimalField(
        label="Cover, in pounds",
        required=False,
        min_value=0,
        max_value=10**11,
        decimal_places=2,
        help_text="For example 5000000.",
    )
    expires_on = date_field("Last day")
    file = file_field(required=False)

    def cover_pence(self) -> int | None:
        """The cover in pence."""
        cover = self.cleaned_data.get("cover")
        return None if cover is None or self.cleaned_data["kind"] == ACCREDITATION else int(cover * POUND)


class PersonForm(forms.Form):
    """Somebody whom a firm sends."""

    name = forms.CharField(label="Name", max_length=120)
    job = forms.CharField(label="What they do", required=False, max_length=120)
    card_scheme = forms.CharField(
        label="Registered with", required=False, max_length=80, help_text="Such as Gas Safe, for their own card."
    )
    card_number = forms.CharField(label="Card number", required=False, max_length=80)
    card_expires_on = date_field("Card's last day", required=False)


class DbsForm(forms.Form):
    """A DBS certificate that was seen."""

    kind = forms.ChoiceField(label="Kind of check", choices=ContractorPerson.KINDS, initial="enhanced")
    on = date_field("Date of the certificate")
    last = forms.CharField(
        label="Last figures of its number",
        max_length=4,
        help_text="Two to four figures. Never the whole number, and no copy of it.",
    )
    again_by = date_field("To be seen again by", required=False, help_text="In three years unless you choose a day.")
    file = file_field("The firm's letter, if there is one", required=False)


class InductionForm(forms.Form):
    """Somebody was shown a site."""

    site = forms.ModelChoiceField(Site.objects.none(), label="Site")
    done_on = date_field("Done on")
    expires_on = date_field("Good until", required=False, help_text="A year unless you choose a day.")
    file = file_field("The signed sheet", required=False)

    def __init__(self, data: Any = None, files: Any = None, *, person: Person) -> None:
        super().__init__(data, files, initial={"done_on": today()})
        sites = Site.objects.visible_to(person, permits.CONTRACTOR_MANAGE)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class LeftForm(forms.Form):
    """Somebody comes no more."""

    on = date_field("Last day")


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label="What was wrong", max_length=300)


class VisitForm(forms.Form):
    """A firm is to come."""

    contractor = forms.ModelChoiceField(Contractor.objects.none(), label="Firm")
    site = forms.ModelChoiceField(Site.objects.none(), label="Site")
    purpose = forms.CharField(label="What for", max_length=300)
    planned_on = date_field("Day")
    planned_from = forms.TimeField(label="From, if known", required=False, widget=forms.TimeInput(attrs={"type": "time"}))

    def __init__(self, data: Any = None, *, person: Person, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"planned_on": today(), **(initial or {})})
        firms = Contractor.objects.visible_to(person).filter(active=True)
        self.fields["contractor"].queryset = firms  # type: ignore[attr-defined]
        sites = Site.objects.visible_to(person, permits.CONTRACTOR_MANAGE)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """Asking a firm for a report by a link."""

    words = forms.CharField(
        label="What is asked for", max_length=300, help_text="The firm reads this: LOLER reports of November, for example."
    )
    site = forms.ModelChoiceField(Site.objects.none(), label="Site", required=False, empty_label="The whole trust")
    days = forms.IntegerField(label="The link works for so many days", min_value=1, max_value=180, initial=28)

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        sites = Site.objects.visible_to(person, permits.CONTRACTOR_MANAGE)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
