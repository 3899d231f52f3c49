"""Forms about problems and work orders. What is right is for the actions to say; a form only reads what was typed."""

from collections.abc import Sequence
from typing import Any

from django import forms

from backend.core.problems import Problem
from backend.maintenance.models import Proof, Severity, WorkOrder
from backend.office.forms.money import PoundsField
from backend.office.work.doers import Choices

MOST_FILES = 6


class Days(forms.DateInput):
    """A date box of the browser."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Files(forms.ClearableFileInput):
    """A box for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, as a list of their bytes."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        """The bytes of each."""
        given: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MOST_FILES:
            raise forms.ValidationError(f"Add at most {MOST_FILES} files at once.")
        return [super(FilesField, self).clean(each, initial).read() for each in given]


def words(label: str, *, required: bool = True, most: int = 2000, rows: int = 3, help_text: str = "") -> forms.CharField:
    """A box for a few sentences."""
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=most, widget=box, help_text=help_text)


def a_day(label: str, *, required: bool = False, help_text: str = "") -> forms.DateField:
    """A box for a date."""
    return forms.DateField(label=label, required=required, widget=Days(), help_text=help_text)


def photos(label: str = "Photos or the certificate", help_text: str = "Pictures or PDF files, up to 12 MB each.") -> FilesField:
    """A box for files."""
    accept = {"accept": "image/jpeg,image/png,image/webp,application/pdf"}
    return FilesField(label=label, required=False, help_text=help_text, widget=Files(attrs=accept))


class Deed(forms.Form):
    """A form of one thing that can be done. `show` puts what an action refused beside the box it is about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def show(self, problem: Problem) -> None:
        """Put the words of a refusal where they belong."""
        placed = False
        for name, said in problem.fields.items():
            if name in self.fields:
                self.add_error(name, str(said))
                placed = True
        if not placed:
            self.add_error(None, problem.detail)


class WithDoer(Deed):
    """A form that gives work to somebody. Why a contractor that should not work here does is asked once it is needed."""

    to = forms.ChoiceField(label="Give it to", required=False)
    despite = forms.CharField(
        label="Why it works here all the same, and who agreed", required=False, max_length=300, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "Nobody yet"), *choices]  # type: ignore[attr-defined]
        if self.data.get("despite"):
            self.ask_despite()

    def ask_despite(self) -> None:
        """Show the box."""
        self.fields["despite"].widget = forms.TextInput()

    def show(self, problem: Problem) -> None:
        """Put the words of a refusal where they belong, and ask why where that is what lacks."""
        super().show(problem)
        if "despite" in problem.fields:
            self.ask_despite()


class TriageForm(WithDoer):
    """How bad it is, until when, and who sees to it."""

    severity = forms.ChoiceField(label="How serious", choices=Severity.choices)
    unsafe = forms.BooleanField(label="Unsafe: do not use", required=False)
    target_on = a_day("Put right by")
    note = forms.CharField(label="Note", required=False, max_length=500)
    field_order = ("severity", "unsafe", "target_on", "to", "despite", "note")


class RejectForm(Deed):
    """Why it is not a problem."""

    reason = words("Why it is not a problem", most=500, rows=2)


class SafeForm(Deed):
    """What makes it safe for now."""

    what = words("What was done to make it safe", most=500, rows=2)
    on = a_day("On", required=True)
    usable = forms.BooleanField(label="It may be used again meanwhile", required=False)


class GiveForm(WithDoer):
    """A work order."""

    title = forms.CharField(label="What is to be done", max_length=200)
    priority = forms.ChoiceField(label="How urgent", choices=WorkOrder.Priority.choices)
    target_on = a_day("Done by")
    instructions = words("Instructions", required=False, help_text="Such as where the key is, and what not to switch off.")
    proof = forms.ChoiceField(label="To be shown when done", required=False, choices=Proof.choices)
    cost = PoundsField(label="Agreed cost in £", required=False)
    field_order = ("title", "to", "despite", "priority", "target_on", "instructions", "proof", "cost")


class AskRiskForm(Deed):
    """Why it can wait."""

    reason = words("Why it can wait")
    meanwhile = words("What is done meanwhile", required=False, rows=2)
    until = a_day("Until", required=True, help_text="At most a year ahead. It waits for somebody again on the day after.")


class DecideRiskForm(Deed):
    """Whether it may wait."""

    agree = forms.ChoiceField(
        label="May it wait?", choices=[("yes", "Yes, I accept the risk"), ("no", "No, put it right")], widget=forms.RadioSelect
    )
    until = a_day("Until", help_text="The day asked for, or an earlier one.")
    answer = words("Your words", required=False, rows=2, help_text="Needed when you do not agree.")


class ReasonForm(Deed):
    """Why."""

    reason = words("Why", most=500, rows=2)


class MergeForm(Deed):
    """Which others are the same."""

    same = forms.MultipleChoiceField(label="The same as this one", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["same"].choices = list(choices)  # type: ignore[attr-defined]


class NoteForm(Deed):
    """What happened."""

    note = words("What happened")
    photos = photos("Photos")


class CloseForm(Deed):
    """What was done."""

    note = words(
        "What was done", most=4000, help_text="Kept with the problem for good: what was mended, by whom, how you know it is safe."
    )
    photos = photos()
    without = forms.CharField(label="If there is no photo: why", required=False, max_length=500)


class DoneForm(Deed):
    """Work done."""

    note = words("What you did")
    photos = photos("Photos of how it is now, or the certificate")
    minutes = forms.IntegerField(label="Minutes it took", required=False, min_value=0, max_value=60 * 24 * 30)
    parts = forms.CharField(label="Parts used", required=False, max_length=500)
    cost = PoundsField(label="Cost in £", required=False)


class CheckForm(Deed):
    """Work checked."""

    note = words("What you looked at", required=False, rows=2)
    photos = photos()
    without = forms.CharField(label="If there is no photo: why", required=False, max_length=500)


class ReassignForm(WithDoer):
    """To somebody else."""

    reason = forms.CharField(label="Why", required=False, max_length=500)


class ChangeWorkForm(Deed):
    """Until when, how urgent, what it costs."""

    target_on = a_day("Done by", required=True)
    priority = forms.ChoiceField(label="How urgent", choices=WorkOrder.Priority.choices)
    cost = PoundsField(label="Agreed cost in £", required=False)


class ChaseForm(Deed):
    """A reminder."""

    words = forms.CharField(label="A few words, for your own log", required=False, max_length=500)


class FirmForm(Deed):
    """A firm says that work is done."""

    who = forms.CharField(label="Your name", max_length=120)
    note = words("What you did")
    photos = photos("Photos of how it is now, or the certificate")
    minutes = forms.IntegerField(label="Minutes it took", required=False, min_value=0, max_value=60 * 24 * 30)


class FaultForm(Deed):
    """A fault that anybody reports. `website` is a trap: people do not see it, programs fill it in."""

    said = words("What is wrong?", help_text="A few words are enough.")
    unsafe = forms.BooleanField(label="It could hurt somebody", required=False)
    photos = photos("A photo, if you can", help_text="Please have no people in it.")
    name = forms.CharField(label="Your name", required=False, max_length=120, help_text="Leave it empty if you like.")
    email = forms.EmailField(label="Your e-mail address", required=False, help_text="Only to tell you what becomes of it.")
    website = forms.CharField(required=False, max_length=200)


class AcceptForm(Deed):
    """A report taken on."""

    summary = forms.CharField(label="What is wrong, as you would say it", max_length=500)
    severity = forms.ChoiceField(label="How serious", choices=Severity.choices, initial=Severity.MEDIUM)
    unsafe = forms.BooleanField(label="Unsafe: do not use", required=False)


class JoinForm(Deed):
    """A report about something known."""

    defect = forms.ChoiceField(label="It is about")

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["defect"].choices = list(choices)  # type: ignore[attr-defined]
