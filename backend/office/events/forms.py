"""What is typed to let another system follow, and to change what it is told."""

from typing import Any, Final

from django import forms

from backend.office.events.kinds import KINDS
from backend.office.models import Webhook
from backend.trust import permits
from backend.trust.models import Person, Site

GROUPS: Final = {
    "record": "Checks",
    "plan": "Checks",
    "defect": "Problems and work",
    "work-order": "Problems and work",
    "certificate": "Certificates and papers",
    "document": "Certificates and papers",
    "booking": "Visits",
    "asset": "Assets",
    "contractor": "Contractors",
    "school": "Places",
    "site": "Places",
    "building": "Places",
    "space": "Places",
}


def kinds_grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    """The kinds of events under the words that people know them by."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, words in KINDS.items():
        found.setdefault(GROUPS[kind.split(".")[0]], []).append((kind, words))
    return list(found.items())


class WebhookForm(forms.Form):
    """A webhook: what it is called, where it is sent to, of what and of which sites."""

    name = forms.CharField(label="Name", max_length=80, help_text="Such as the system that is told.")
    address = forms.CharField(
        label="Address",
        max_length=500,
        help_text="It begins with https:// and lies in the public internet.",
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false", "placeholder": "https://"}
        ),
    )
    kinds = forms.MultipleChoiceField(
        label="Only of these", required=False, widget=forms.CheckboxSelectMultiple, help_text="None ticked: of everything."
    )
    sites = forms.ModelMultipleChoiceField(
        Site.objects.none(),
        label="Only at these sites",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: of all, and of what belongs to the whole trust.",
    )

    def __init__(self, data: Any = None, *, person: Person, webhook: Webhook | None = None) -> None:
        names = ("name", "address", "kinds", "sites")
        super().__init__(data, initial={each: getattr(webhook, each) for each in names} if webhook else None)
        self.fields["kinds"].choices = list(KINDS.items())  # type: ignore[attr-defined]
        rows = Site.objects.visible_to(person, permits.EVENTS_FOLLOW).select_related("school")
        self.fields["sites"].queryset = rows.order_by("school__name", "name")  # type: ignore[attr-defined]
        self.fields["sites"].label_from_instance = lambda row: f"{row.school}, {row}"  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[tuple[str, bool, list[tuple[str, str, bool]]]]:
        """The kinds by group, each with whether it is ticked; of a group, whether one of it is."""
        ticked = self.data.getlist("kinds") if self.is_bound and hasattr(self.data, "getlist") else self.initial.get("kinds", [])
        found = [(group, [(key, words, key in ticked) for key, words in kinds]) for group, kinds in kinds_grouped()]
        return [(group, any(each[2] for each in kinds), kinds) for group, kinds in found]
