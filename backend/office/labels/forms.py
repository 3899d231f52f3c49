"""What is asked about labels: the paper, what stands on them, how far the printer is off, why one goes."""

from decimal import Decimal
from typing import Any, Final

from django import forms

from backend.assets.actions import MOST_IN_A_ROLL
from backend.assets.label_calibration import INSET
from backend.assets.label_stocks import MODULE
from backend.assets.labels import symbol_at
from backend.assets.models import LabelStock, TagRetirement
from backend.core.problems import Problem
from backend.office.labels.paper import SAYS, habit_of, stock_of, stocks_of
from backend.trust import permits
from backend.trust.models import Person, Site

SYMBOL_SIDE: Final = 25 * MODULE
"""Side of the square that a label needs, millimetres."""


class LabelForm(forms.Form):
    """The sheet, where on the first one to begin, and what stands on the labels."""

    stock = forms.ChoiceField(label="Label stock", widget=forms.RadioSelect)
    first = forms.IntegerField(
        label="Start at label number",
        min_value=1,
        max_value=800,
        initial=1,
        help_text="On a sheet that has been used before: count from the top left, along the rows.",
    )
    says = forms.MultipleChoiceField(
        label="What stands on it, beside the code", choices=SAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    phone = forms.CharField(label="Telephone number", max_length=40, required=False, help_text="For whoever finds a fault.")

    def __init__(self, data: Any = None, *, person: Person) -> None:
        habit = habit_of(person)
        self.stocks = stocks_of(person)
        usual = habit.stock if habit.stock in self.stocks else next(key for key in self.stocks if not key.startswith("own-"))
        self.usual = habit.says
        super().__init__(data, initial={"stock": usual, "first": 1, "says": habit.says, "phone": habit.phone}, auto_id="label-%s")
        self.fields["stock"].choices = [(key, each.name) for key, each in self.stocks.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A number of a label that the sheet has; nothing said of what stands on it (an old page) means as last time."""
        said = super().clean() or {}
        stock = self.stocks.get(said.get("stock", ""))
        if stock and said.get("first", 1) > stock.per_page:
            self.add_error("first", f"This sheet has {stock.per_page} labels. Start at one of them.")
        if "says_shown" not in self.data:
            said["says"] = self.usual
        if "phone" in said.get("says", ()) and not said.get("phone"):
            self.add_error("phone", "Type the number, or choose that none stands on the labels.")
        return said


class RollForm(LabelForm):
    """Labels that are on nothing yet: for which site, and how many."""

    site = forms.ModelChoiceField(Site.objects.none(), label="For which site")
    count = forms.IntegerField(label="How many", min_value=1, max_value=MOST_IN_A_ROLL, initial=18)
    field_order = ("site", "count", "stock", "first", "says", "phone")

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data, person=person)
        sites = Site.objects.visible_to(person, permits.LABEL_PRINT).select_related("school").order_by("name")
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        if len(only := sites[:2]) == 1:
            self.fields["site"].initial = only[0]


class OffsetForm(forms.Form):
    """Where the frame of the test page came to lie."""

    from_left = forms.DecimalField(
        label="From the left edge of the paper to the frame, mm", max_digits=4, decimal_places=1, min_value=0, max_value=20
    )
    from_top = forms.DecimalField(
        label="From the top edge of the paper to the frame, mm", max_digits=4, decimal_places=1, min_value=0, max_value=20
    )

    def moved(self) -> tuple[Decimal, Decimal]:
        """How far right and down to move everything, millimetres."""
        inset = Decimal(str(INSET))
        return inset - self.cleaned_data["from_left"], inset - self.cleaned_data["from_top"]


class StockForm(forms.ModelForm):  # type: ignore[type-arg]
    """A sheet of labels that somebody measured."""

    class Meta:
        model = LabelStock
        fields = (
            "name", "page_width", "page_height", "label_width", "label_height", "across", "down", "left", "top", "column_gap",
            "row_gap",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A sheet whose labels lie on it, and are large enough for the code."""
        said = super().clean() or {}
        if self.errors:
            return said
        stock = stock_of(LabelStock(**said))
        right, below = stock.spare
        if right < -0.01 or below < -0.01:
            side = "right" if right < -0.01 else "bottom"
            over = -min(right, below)
            self.add_error(None, f"The labels run {over:.1f} mm over the {side} edge of the page. Measure again.")
        try:
            symbol_at(stock, SYMBOL_SIDE)
        except Problem:
            self.add_error(None, "The code does not fit on these labels. They must be at least 51 × 35 mm, or 35 × 49 mm.")
        return said


class RetireForm(forms.Form):
    """Why a label is taken out of use."""

    why = forms.ChoiceField(label="Why", choices=TagRetirement.Why.choices)
    note = forms.CharField(label="Note", max_length=300, required=False)
