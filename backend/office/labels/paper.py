"""What somebody prints on and with: their sheets, their printer, the PDF and how it will look."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse

from backend.assets.label_preview import preview
from backend.assets.label_stocks import STOCKS, Stock
from backend.assets.labels import MOST_LABELS, Label, sheet
from backend.assets.models import Asset, LabelStock, PrintingHabit, Tag
from backend.core.days import today
from backend.core.problems import Forbidden, Problem
from backend.office.views.gate import Page, View, estate
from backend.trust import permits
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import reach

SAYS: Final = (
    ("name", "What it is on"),
    ("place", "Where that is"),
    ("school", "The school"),
    ("phone", "A telephone number"),
)
USUAL: Final = ("name", "place")
Thing = Asset | Space | Building


def prints(page: Page[...]) -> View[...]:
    """A page for those who print labels somewhere."""

    def asked(request: Any, person: Person, /, *args: Any, **kwargs: Any) -> Any:
        if reach(person, permits.LABEL_PRINT).nowhere():
            raise Forbidden("Your role does not let you print labels. Ask your site manager.")
        return page(request, person, *args, **kwargs)

    asked.__name__ = getattr(page, "__name__", "asked")
    asked.__doc__ = page.__doc__
    return estate(asked)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label that somebody wants: at which site, of what (None: of nothing yet), and its code once it has one."""

    site: Site
    thing: Thing | None = None
    code: str = ""

    def place(self) -> str:
        """Where the thing is, in words: the site, and the room or the building within it."""
        if isinstance(self.thing, Asset):
            return f"{self.site.name}, {self.thing.space.name}" if self.thing.space else self.site.name
        return f"{self.thing.building.name}, {self.site.name}" if isinstance(self.thing, Space) else self.site.name

    def label(self, said: dict[str, Any]) -> Label:
        """What the label says, of what was chosen to stand on it."""
        says = said["says"]
        lines = {"phone": said["phone"], "place": self.place(), "school": self.site.school.name}
        name = self.thing.name if self.thing and "name" in says else ""
        return Label(self.code, name, " · ".join(dict.fromkeys(text for key, text in lines.items() if key in says and text)))


def of_tag(tag: Tag) -> Wanted | None:
    """The label of a tag in use, with its thing and its site loaded (IN_FULL); None for one that belongs nowhere."""
    for thing, holder in ((tag.asset, tag.asset), (tag.space, tag.space and tag.space.building), (tag.building, tag.building)):
        if thing and holder:
            return Wanted(holder.site, thing, tag.code)
    return Wanted(tag.roll.site, None, tag.code) if tag.roll else None


IN_FULL: Final = (
    "asset__site__school", "asset__space", "space__building__site__school", "building__site__school", "roll__site__school",
)  # fmt: skip


def stocks_of(person: Person) -> dict[str, Stock]:
    """The sheets that somebody may choose from: those they measured themselves first."""
    own = {f"own-{each.pk}": stock_of(each) for each in LabelStock.objects.filter(person=person)}
    return own | STOCKS


def stock_of(own: LabelStock) -> Stock:
    """A measured sheet as the printing knows it."""
    page = (float(own.page_width), float(own.page_height))
    return Stock(
        f"own-{own.pk}", own.name, f"Yours: {own.across} × {own.down} labels of {own.label_width:g} × {own.label_height:g} mm.",
        page, (float(own.label_width), float(own.label_height)), own.across, own.down, float(own.left), float(own.top),
        float(own.column_gap), float(own.row_gap),
    )  # fmt: skip


def habit_of(person: Person) -> PrintingHabit:
    """How somebody printed last; as everybody starts when they never did."""
    return PrintingHabit.objects.filter(person=person).first() or PrintingHabit(person=person, says=list(USUAL))


def remember(person: Person, said: dict[str, Any]) -> None:
    """Keep what was chosen, for the next time."""
    kept = {"stock": said["stock"], "says": said["says"], "phone": said["phone"]}
    PrintingHabit.objects.update_or_create(person=person, defaults=kept)


def shown(labels: Sequence[Label], stock: Stock, first: int) -> dict[str, Any]:
    """The first page, for the screen."""
    return {
        "page": stock.page,
        "labels": preview(labels, stock, settings.LABEL_HOST, first=first),
        "pages": -(-(first + len(labels)) // stock.per_page),
        "number": len(labels),
    }


def enough(number: int) -> None:
    """Refuse none, and more than can be printed at once. Raises Problem."""
    if not number:
        raise Problem("no_labels", "Choose at least one label to print.")
    if number > MOST_LABELS:
        raise Problem("too_many_labels", f"That is more than {MOST_LABELS:,} labels. Narrow the choice, by site or by kind.")


def printed(person: Person, wanted: Sequence[Wanted], stock: Stock, said: dict[str, Any]) -> HttpResponse:
    """The sheet as a PDF, moved as this person's printer needs it."""
    habit = habit_of(person)
    moved = (float(habit.move_right), float(habit.move_down))
    labels = [each.label(said) for each in wanted]
    made = sheet(labels, stock, settings.LABEL_HOST, first=said["first"] - 1, moved=moved)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="labels-{today().isoformat()}.pdf"'
    return answer
