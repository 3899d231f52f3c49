"""What is typed about capital projects and scenarios."""

from collections.abc import Sequence
from typing import Any

from django import forms

from backend.office.forms.money import PoundsField, pence
from backend.risk.actions import ProjectWords
from backend.risk.actions.condition import MOST_PENCE
from backend.risk.models import Project, Scenario, ScenarioChoice
from backend.risk.models.capital import CLOSED, MOST_YEARS
from backend.risk.queries.capital import year_words
from backend.trust import permits
from backend.trust.models import Person, Site


def told(label: str, help_text: str) -> forms.CharField:
    """A long text of a bid."""
    widget = forms.Textarea(attrs={"rows": 5})
    return forms.CharField(label=label, required=False, max_length=4000, widget=widget, help_text=help_text)


class ProjectForm(forms.Form):
    """What a project says."""

    title = forms.CharField(label="What is to be done, in a few words", max_length=160)
    items = forms.MultipleChoiceField(label="What it puts right", required=False, widget=forms.CheckboxSelectMultiple, choices=[])
    works = PoundsField(
        label="Price of the works, in pounds, before the unexpected and fees",
        required=False,
        most=MOST_PENCE // 100,
        help_text="Leave it empty to count what its findings cost at today's prices.",
    )
    need = told("Need", "What is wrong, whom it affects, and what happens when nothing is done.")
    cost = told("Cost", "Where the prices come from, what else was considered, why this is better value.")
    planning = told("Planning", "Who leads it, when, how the firm is chosen, what could delay it, how the school stays open.")

    def __init__(self, *args: Any, items: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["items"]
        field.choices = [(str(each.pk), f"{each.building or each.survey.site}: {each.words}") for each in items]
        self.ids = {str(each.pk): each.pk for each in items}

    def words(self) -> ProjectWords:
        """What was typed."""
        said = self.cleaned_data
        return ProjectWords(
            title=said["title"],
            items=[self.ids[each] for each in said["items"]],
            works_pence=pence(said["works"]),
            need=said["need"],
            cost=said["cost"],
            planning=said["planning"],
        )


class SiteForm(forms.Form):
    """Where a new project is."""

    site = forms.ModelChoiceField(Site.objects.none(), label="Site", empty_label="Choose the site")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["site"]
        field.queryset = Site.objects.visible_to(person, permits.RISK_MANAGE)


class StageForm(forms.Form):
    """The stage of a project."""

    stage = forms.ChoiceField(label="Stage", choices=Project.Stage.choices)
    why = forms.CharField(
        label="What there is to say to it", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed when it is dropped.",
    )  # fmt: skip


class ScenarioForm(forms.Form):
    """A scenario: its name and its money."""

    title = forms.CharField(label="Name", max_length=160, help_text="For example “What we have”, or “With twice as much”.")
    first_year = forms.IntegerField(label="It begins in September of", min_value=2000, max_value=2200)
    budgets = forms.CharField(
        label="Money for each year, in pounds",
        widget=forms.Textarea(attrs={"rows": 5, "inputmode": "decimal"}),
        max_length=400,
        help_text=f"One line for each year, up to {MOST_YEARS}: “250,000”.",
    )
    carry = forms.BooleanField(label="What a year leaves over may be spent in the next", required=False)

    def clean_budgets(self) -> list[int]:
        """Pence for each year."""
        field, found = PoundsField(label="", most=10**9), []
        for number, line in enumerate(filter(str.strip, self.cleaned_data["budgets"].splitlines()), 1):
            try:
                found.append(pence(field.clean(line)) or 0)
            except forms.ValidationError as wrong:
                raise forms.ValidationError(f"Line {number}, “{line.strip()[:30]}”: {' '.join(wrong.messages)}") from wrong
        return found


class ChoiceForm(forms.Form):
    """What is decided about a project over the solver's head."""

    project = forms.ModelChoiceField(Project.objects.none(), label="Project", empty_label="Choose the project")
    kind = forms.ChoiceField(label="This project is", widget=forms.RadioSelect, choices=ScenarioChoice.Kind.choices)
    year = forms.TypedChoiceField(label="In which year, if it is in", required=False, coerce=int, empty_value=None)
    why = forms.CharField(label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, scenario: Scenario, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project: Any = self.fields["project"]
        project.queryset = Project.objects.visible_to(person).exclude(stage__in=CLOSED).select_related("site")
        project.label_from_instance = lambda each: f"{each}, {each.site}"
        field: Any = self.fields["year"]
        years = range(scenario.first_year, scenario.first_year + len(scenario.budgets))
        field.choices = [("", "Whichever is best"), *((str(each), year_words(each)) for each in years)]
