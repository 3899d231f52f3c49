"""What the list of evidence packs is filtered by, and what of a pack stands in its file."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet

from backend.checks.models import EvidencePack
from backend.office.forms.lists import ListFilters
from backend.office.proof.recipients import RECIPIENTS
from backend.office.queries.library import discipline_title
from backend.trust import permits
from backend.trust.models import School, Site

HEAD: Final = (
    "Reference", "For", "School", "Site", "Building", "Disciplines", "From", "To", "Version", "Made", "By", "How it stood",
    "SHA-256", "File kept until",
)  # fmt: skip


class PackFilters(ListFilters):
    """Evidence packs by place, for whom, and what is written on them; those that were made again are left out."""

    sorts = {
        "made": ("-made_at", "pk"),
        "place": ("site__school__name", "site__name", "-made_at", "pk"),
        "period": ("-last_day", "-first_day", "-made_at", "pk"),
    }
    shown = ("q", "site", "recipient")
    hidden = ("school",)
    recipient = forms.ChoiceField(label="For whom", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("building", "asset", "discipline"):
            del self.fields[name]
        for name, model in (("school", School), ("site", Site)):  # where they prove how it stands, not all that they see
            self.fields[name].queryset = model.objects.visible_to(self.person, permits.PROOF_MAKE)  # type: ignore[attr-defined]
        self.choices("recipient", "Everybody", [(key, each.name) for key, each in RECIPIENTS.items()])

    def rows(self) -> QuerySet[Any]:
        """The packs wanted, the newest first."""
        rows: QuerySet[Any] = EvidencePack.objects.visible_to(self.person).filter(next=None)
        if not self.is_valid():
            return rows.none()
        rows = self.narrowed(rows, {"school": "site__school_id", "site": "site_id", "recipient": "recipient"})
        if text := self.value("q"):
            rows = rows.filter(
                Q(addressee__icontains=text) | Q(site__name__icontains=text) | Q(site__school__name__icontains=text)
                | Q(made_by__name__icontains=text) | Q(answer__icontains=text)
                | Q(pk__iendswith=text)  # its reference: the end of its id
            )  # fmt: skip
        return self.ordered(rows).select_related("site__school", "building", "made_by")


def line(pack: EvidencePack) -> Sequence[Any]:
    """A pack as a row of the file."""
    return (
        pack.reference, pack.addressee or RECIPIENTS[pack.recipient].name, pack.site.school.name, pack.site.name,
        pack.building.name if pack.building else "", ", ".join(discipline_title(each) for each in pack.disciplines),
        pack.first_day, pack.last_day, pack.version, pack.made_at, pack.made_by.name, pack.answer, pack.sha256, pack.kept_until,
    )  # fmt: skip
