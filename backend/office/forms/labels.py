"""Which labels to print, on what."""

from django import forms

from backend.assets.labels import STOCKS


class LabelForm(forms.Form):
    """The stock, and where on the first sheet to begin."""

    stock = forms.ChoiceField(
        label="Label stock", choices=[(key, stock.name) for key, stock in STOCKS.items()], widget=forms.RadioSelect
    )
    first = forms.IntegerField(
        label="Start at label number",
        min_value=1,
        max_value=24,
        initial=1,
        help_text="On a sheet that has been used before: count from the top left, along the rows.",
    )
