"""What is typed about risks of the register."""

from typing import Any

from django import forms
from django.db.models import Q

from backend.core.days import today
from backend.office.contractors.pages import date_field
from backend.risk.actions import RiskWords
from backend.risk.models import Risk
from backend.trust import permits
from backend.trust.models import Person, School
from backend.trust.scope import reach

LIKELY = [(5, "5: almost certain"), (4, "4: likely"), (3, "3: possible"), (2, "2: unlikely"), (1, "1: rare")]
IMPACTS = [(5, "5: death, or closure for long"), (4, "4: serious injury"), (3, "3: injury, or days lost"), (2, "2: cost"),
           (1, "1: paperwork")]  # fmt: skip


def scale(label: str, choices: list[tuple[int, str]], **more: Any) -> forms.TypedChoiceField:
    """A choice from 1 to 5."""
    return forms.TypedChoiceField(label=label, coerce=int, choices=choices, **more)


def box(label: str, help_text: str = "", **more: Any) -> forms.CharField:
    """A box for a sentence or two."""
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text=help_text, **more)


class WordsForm(forms.Form):
    """What a risk says."""

    title = forms.CharField(label="The risk, in a few words", max_length=160)
    cause = box("Because of what")
    event = box("What could happen")
    effect = box("What it would do")
    controls = forms.CharField(
        label="What is done against it", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = forms.ModelChoiceField(Person.objects.none(), label="Who owns it", empty_label="Choose somebody")
    review_on = date_field("Look at it again by")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = owners(person)

    def words(self) -> RiskWords:
        """What was typed."""
        names = ("title", "cause", "event", "effect", "owner", "review_on", "controls")
        return RiskWords(**{name: self.cleaned_data[name] for name in names})


def owners(person: Person) -> Any:
    """Who may own a risk here: people who see risk today, those of the asker's own schools unless they see the whole trust."""
    roles = permits.roles_with(permits.RISK_VIEW)
    held, day = reach(person, permits.RISK_VIEW), today()
    rows = Person.objects.filter(is_active=True, appointments__role__in=roles, appointments__starts_on__lte=day)
    rows = rows.exclude(appointments__ends_on__lt=day)
    if not held.everywhere:
        near = Q(appointments__school__in=held.schools) | Q(appointments__site__in=held.sites)
        rows = rows.filter(near | Q(pk=person.pk))
    return rows.distinct().order_by("name")


class RiskForm(WordsForm):
    """A new risk: what it says, whose it is, and its scores."""

    school = forms.ModelChoiceField(School.objects.none(), label="School", required=False, empty_label="The whole trust")
    before_likelihood = scale("How likely, if nothing were done", LIKELY)
    before_impact = scale("How bad, if nothing were done", IMPACTS)
    likelihood = scale("How likely now", LIKELY)
    impact = scale("How bad now", IMPACTS)
    target_likelihood = scale("How likely it should become", LIKELY)
    target_impact = scale("How bad it should become", IMPACTS)

    field_order = ("title", "school")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        held = reach(person, permits.RISK_MANAGE)
        schools = School.objects.order_by("name")
        school: Any = self.fields["school"]
        school.queryset = (
            schools if held.everywhere else schools.filter(Q(pk__in=held.schools) | Q(sites__in=held.sites)).distinct()
        )
        if not held.everywhere:
            school.required, school.empty_label = True, "Choose the school"


class ReviewForm(forms.Form):
    """How a risk stands now."""

    likelihood = scale("How likely now", LIKELY)
    impact = scale("How bad now", IMPACTS)
    why = box("What has changed", "Or that nothing has.")
    review_on = date_field("Look at it again by")


def typed_of(risk: Risk) -> dict[str, Any]:
    """A risk as its form shows it."""
    names = ("title", "cause", "event", "effect", "controls", "owner", "review_on")
    return {name: getattr(risk, name) for name in names}
