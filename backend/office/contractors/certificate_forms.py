"""The form by which a certificate is filed: what stands on every report, the check's own questions, items and remedials."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from backend.checks.actions import Covered, NewCertificate, Remedial
from backend.checks.models import Certificate, CheckType, Plan
from backend.core.days import today
from backend.core.models import StoredFile
from backend.maintenance.actions import schemes
from backend.maintenance.models import Contractor, ReportUpload
from backend.office.contractors.pages import date_field, file_field
from backend.office.forms.lists import ListFilters
from backend.rules.papers import NEXT, NUMBER, left_to_ask, scheme_of
from backend.trust.models import Person

LINES = 4
MOST_LINES = 60
COVERED = (("as", "As the report says"), ("failed", "Failed"), ("", "Not covered"))


class CertificateFilters(ListFilters):
    """Certificates by place, check, firm and result; corrected ones are left out unless asked for."""

    sorts = {
        "when": ("-examined_on", "pk"),
        "firm": ("firm", "-examined_on", "pk"),
        "place": ("site__school__name", "site__name", "pk"),
    }
    shown = ("q", "site", "discipline", "result")
    hidden = ("school", "contractor", "plan", "asset")
    contractor = forms.ModelChoiceField(Contractor.objects.none(), label="Firm", required=False)
    plan = forms.ModelChoiceField(Plan.objects.none(), label="Check", required=False)
    result = forms.ChoiceField(label="Result", required=False)
    status = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["building"]
        self.fields["contractor"].queryset = Contractor.objects.visible_to(self.person)  # type: ignore[attr-defined]
        self.fields["plan"].queryset = Plan.objects.visible_to(self.person)  # type: ignore[attr-defined]
        self.choices("result", "Every result", Certificate.Result.choices)
        self.choices("status", "", [("all", "Corrected and withdrawn ones too")])

    def rows(self) -> Any:
        """The certificates wanted, the latest first."""
        rows: Any = Certificate.objects.visible_to(self.person)
        if not self.is_valid():
            return rows.none()
        paths = {"school": "site__school_id", "site": "site_id", "contractor": "contractor_id", "result": "result"}
        rows = self.narrowed(rows, paths | {"discipline": "check_type__discipline"})
        if plan := self.value("plan"):
            rows = rows.filter(items__record__plan=plan)
        if asset := self.value("asset"):
            rows = rows.filter(items__record__asset=asset).distinct()
        if text := self.value("q"):
            rows = rows.filter(number__icontains=text) | rows.filter(firm__icontains=text) | rows.filter(engineer__icontains=text)
        if self.value("status") != "all":
            rows = rows.standing()
        return self.ordered(rows).select_related("check_type", "site__school", "contractor", "defect")


class CertificateForm(forms.Form):
    """What stands on every report. `more` are the check's own questions; items and remedials are read from `data` by row."""

    file = file_field("The report", required=False, help_text="A PDF, JPEG or PNG. Drop it here, or choose it.")
    held = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    contractor = forms.ModelChoiceField(
        Contractor.objects.none(), label="Firm", required=False, empty_label="Another firm, named below"
    )
    firm = forms.CharField(label="Another firm", required=False, max_length=160)
    engineer = forms.CharField(label="Name of the engineer or examiner", max_length=120)
    number = forms.CharField(label="Number on the report", required=False, max_length=80)
    examined_on = date_field("Day of the examination")
    stated_next = date_field("Next date that the report states", required=False)
    result = forms.ChoiceField(label="Result", widget=forms.RadioSelect, choices=Certificate.Result.choices)
    date_meant = forms.BooleanField(label="The report does state that date, far beyond the usual one", required=False)
    note = forms.CharField(label="Note", required=False, max_length=1000)
    reason = forms.CharField(label="What was wrong with the one before", required=False, max_length=500)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        person: Person,
        check: CheckType,
        plans: Sequence[Plan],
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, files, initial=dict(initial))
        self.check, self.plans = check, plans
        self.fields["contractor"].queryset = Contractor.objects.visible_to(person).filter(active=True)  # type: ignore[attr-defined]
        if not initial.get("corrects"):
            del self.fields["reason"]
        questions = check.current.questions() if check.current else []
        must = {each["key"] for each in questions if each.get("required")}
        self.fields["number"].required = not must.isdisjoint(NUMBER)
        self.fields["stated_next"].required = not must.isdisjoint(NEXT)
        self.asked = [each for each in left_to_ask(questions) if each["type"] not in ("asset-ref", "table")]
        if any(each["type"] in ("pass-fail", "boolean") for each in self.asked):
            words = "All that the report says of the questions below is in order, but where another answer is chosen"
            self.fields["in_order"] = forms.BooleanField(label=words, required=False)
        for each in self.asked:
            self.fields[f"q-{each['key']}"] = field_of(each)
        self.scheme = scheme_of(check.pk)
        known = schemes().get(self.scheme)
        self.codes = list(known.codes.values()) if known else []

    @property
    def own(self) -> list[forms.BoundField]:
        """The check's own questions."""
        return [self[f"q-{each['key']}"] for each in self.asked]

    def more(self) -> dict[str, Any]:
        """The answers to the check's own questions; those in order by the tick have the answer that passes."""
        given: dict[str, Any] = {}
        for each in self.asked:
            value = self.cleaned_data.get(f"q-{each['key']}")
            if value in (None, "") and self.cleaned_data.get("in_order"):
                value = passing(each)
            if value in (None, ""):
                continue
            given[each["key"]] = value == "true" if each["type"] == "boolean" and isinstance(value, str) else plain(each, value)
        return given

    @property
    def several_sites(self) -> bool:
        """Whether more than one site's things are offered: then none is covered until it is said to be."""
        return len({plan.site_id for plan in self.plans}) > 1

    @property
    def items(self) -> list[dict[str, Any]]:
        """The things that the report may cover, with what is chosen for each."""
        chosen = self.initial.get("covers") or set()
        rows = []
        for plan in self.plans:
            everything = not (chosen or self.several_sites or self.initial.get("corrects"))
            at_first = "as" if str(plan.pk) in chosen or everything else ""
            value = self.data.get(f"item-{plan.pk}", at_first) if self.is_bound else at_first
            rows.append(
                {"plan": plan, "chosen": value, "failing": self.data.get(f"failing-{plan.pk}", "") if self.is_bound else ""}
            )
        return rows

    def covers(self) -> list[Covered]:
        """What the report covers, each with its own result."""
        return [
            Covered(each["plan"], "unsatisfactory" if each["chosen"] == "failed" else "", clean(each["failing"]))
            for each in self.items
            if each["chosen"]
        ]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The rows for remedials: what was typed, and some empty ones."""
        rows = [self.line(number) for number in range(MOST_LINES)]
        used = [row for row in rows if row["code"] or row["summary"]]
        more = LINES + (LINES if "more" in self.data else 0)
        return (used + [self.line(MOST_LINES + 1) for _ in range(more)])[:MOST_LINES]

    def line(self, number: int) -> dict[str, Any]:
        """One row for a remedial, as typed."""
        names = ("code", "summary", "location", "deadline_on", "plan")
        row: dict[str, Any] = {name: clean(self.data.get(f"remedial-{number}-{name}", "")) for name in names}
        row["wrong"] = [
            said for key, errors in self.errors.items() if key.startswith(f"remedial-{number}-") for said in errors
        ] if self.is_bound else []  # fmt: skip
        return row

    def remedials(self) -> list[Remedial]:
        """The coded lines of the report. A fault stands at the form."""
        by_id = {str(plan.pk): plan for plan in self.plans}
        found = []
        for row in [each for each in self.lines if each["code"] or each["summary"]]:
            try:
                by = forms.DateField(required=False).clean(row["deadline_on"])
            except forms.ValidationError:
                self.add_error(None, f"“{row['deadline_on']}” is no date.")
                by = None
            found.append(Remedial(self.scheme, row["code"], row["summary"], by_id.get(row["plan"]), by, row["location"]))
        return found

    def new(self, file: StoredFile, upload: ReportUpload | None, corrects: Certificate | None) -> NewCertificate:
        """The report as it is filed."""
        said = self.cleaned_data
        return NewCertificate(
            check=self.check, covers=self.covers(), engineer=said["engineer"], examined_on=said["examined_on"],
            result=said["result"], file=file, contractor=said["contractor"], firm=said["firm"], number=said["number"],
            stated_next=said["stated_next"], remedials=self.remedials(), more=self.more(), note=said["note"], upload=upload,
            supersedes=corrects, reason=said.get("reason", ""), date_meant=said["date_meant"],
        )  # fmt: skip


def clean(text: Any) -> str:
    """Typed text without what cannot be kept."""
    return str(text).replace("\x00", "").strip()[:500]


def passing(question: Mapping[str, Any]) -> Any:
    """The answer that passes a pass-fail or yes-no question; None for others."""
    if question["type"] == "pass-fail":
        return "pass"
    return question.get("pass", {}).get("equals", True) if question["type"] == "boolean" else None


def plain(question: Mapping[str, Any], value: Any) -> Any:
    """An answer as the record keeps it."""
    if question["type"] == "date":
        return value.isoformat()
    if question["type"] == "number":
        return int(value) if value == int(value) else float(value)
    return value


def field_of(question: Mapping[str, Any]) -> forms.Field:
    """A field for one of the check's own questions."""
    label = question["label"] + (f" ({question['unit']})" if question.get("unit", "count") != "count" else "")
    more: dict[str, Any] = {"label": label, "required": False, "help_text": question.get("help", "")}
    match question["type"]:
        case "pass-fail":
            return forms.ChoiceField(
                choices=[("", "Not chosen"), ("pass", "In order"), ("fail", "Not in order"), ("na", "Does not apply")], **more
            )
        case "boolean":
            return forms.ChoiceField(choices=[("", "Not chosen"), ("true", "Yes"), ("false", "No")], **more)
        case "choice":
            words = [(each, str(each).replace("-", " ").capitalize()) for each in question["options"]]
            return forms.ChoiceField(choices=[("", "Not chosen"), *words], **more)
        case "number":
            return forms.DecimalField(max_digits=14, decimal_places=4, **more)
        case "date":
            return date_field(**more)
    return forms.CharField(max_length=500, **more)


class RemedialForm(forms.Form):
    """The certificate of work that put a problem right."""

    file = file_field("The certificate", help_text="A PDF, JPEG or PNG. Drop it here, or choose it.", required=False)
    held = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    contractor = forms.ModelChoiceField(
        Contractor.objects.none(), label="Firm", required=False, empty_label="Another firm, named below"
    )
    firm = forms.CharField(label="Another firm", required=False, max_length=160)
    engineer = forms.CharField(label="Name on the certificate", max_length=120)
    number = forms.CharField(label="Number on the certificate", required=False, max_length=80)
    done_on = date_field("Day of the work", initial=today)
    note = forms.CharField(label="What was done", required=False, max_length=1000)
    close = forms.BooleanField(label="Close the problem with it", required=False)

    def __init__(self, data: Any = None, files: Any = None, *, person: Person, may_close: bool) -> None:
        super().__init__(data, files, initial={"close": may_close})
        self.fields["contractor"].queryset = Contractor.objects.visible_to(person).filter(active=True)  # type: ignore[attr-defined]
        if not may_close:
            del self.fields["close"]
