"""Finding places, assets, checks and people. A searcher reads through `visible_to`, and no more than `most` rows."""

import re
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from backend.assets.models import Asset, Tag
from backend.checks.models import CheckType, Plan
from backend.core.days import today
from backend.core.templatetags.words import code_groups
from backend.maintenance.models import Defect
from backend.office.labels.tags import where
from backend.office.lists.sought import Hit, Sought, best_first, every_word
from backend.office.queries.chosen import first_of
from backend.office.queries.library import discipline_title
from backend.trust.models import Building, Person, School, Site, Space
from backend.trust.queries import people_managed


def labels(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """The asset, the room or the building that carries a label, by its code in any spelling."""
    if wanted.code is None:
        return
    tags = Tag.objects.visible_to(person).filter(pk=wanted.code, retired_at=None)
    for tag in tags.select_related("asset__site", "building__site", "space__building__site")[:most]:
        if (thing := tag.thing) is not None:
            place = f"{thing.building}, {thing.building.site}" if isinstance(thing, Space) else str(thing.site)
            yield Hit(thing.name, where(thing), f"label {code_groups(wanted.code)} · {place}", exact=True)


def serials(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """Assets by their whole serial number."""
    rows = Asset.objects.visible_to(person).filter(~Q(serial=""), serial__iexact=wanted.text)
    found = list(rows.select_related("site").order_by("status", "site__name", "pk")[:most])
    here = [each for each in found if each.status != Asset.Status.RETIRED] or found
    for asset in found:
        parts = (out_words(asset), f"serial {asset.serial}", str(asset.site))
        alone = len(here) == 1 and asset is here[0]
        yield Hit(asset.name, f"/assets/{asset.pk}/", " · ".join(part for part in parts if part), exact=alone)


def schools(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """Schools by name or URN, the ones they had before included."""
    fits = every_word(wanted.words, "name")
    if wanted.figures and len(wanted.figures) < 9:
        number = int(wanted.figures)
        fits |= Q(urn=number) | Q(former_urns__urn=number)
    rows = best_first(School.objects.visible_to(person).filter(fits), wanted.text).distinct()
    for school in rows[:most]:
        by_urn = bool(wanted.figures) and wanted.figures not in school.name
        yield Hit(school.name, f"/schools/{school.pk}/", f"URN {school.urn}", exact=by_urn)


def sites(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """Sites by name, postcode or UPRN."""
    tight = wanted.text.replace(" ", "").upper()
    fits = every_word(wanted.words, "name", "school__name")
    if re.fullmatch(r"[A-Z]{1,2}[0-9][0-9A-Z]?([0-9][A-Z]{0,2})?", tight):
        fits |= Q(postcode__istartswith=tight) | Q(postcode__istartswith=f"{tight[:-3]} {tight[-3:]}")
        fits |= Q(postcode__iexact=wanted.text)
    if wanted.figures:
        fits |= Q(uprn=wanted.figures)
    for site in best_first(Site.objects.visible_to(person).filter(fits).select_related("school"), wanted.text)[:most]:
        by_uprn = bool(wanted.figures) and site.uprn == wanted.figures
        detail = " · ".join(part for part in (site.school.name, site.postcode, f"UPRN {site.uprn}" if site.uprn else "") if part)
        yield Hit(site.name, f"/sites/{site.pk}/", detail, exact=by_uprn)


def buildings(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """Buildings by name; words of the site and the school narrow it."""
    fits = every_word(wanted.words, "name", "site__name", "site__school__name")
    rows = Building.objects.visible_to(person).filter(fits).select_related("site__school")
    for building in best_first(rows, wanted.text)[:most]:
        yield Hit(building.name, f"/buildings/{building.pk}/", str(building.site))


def rooms(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """Rooms by name; words of the building, the site and the school narrow it."""
    fits = every_word(wanted.words, "name", "building__name", "building__site__name", "building__site__school__name")
    rows = Space.objects.visible_to(person).filter(fits).select_related("building__site")
    for space in best_first(rows, wanted.text)[:most]:
        yield Hit(space.name, f"/buildings/{space.building_id}/", f"{space.building}, {space.building.site}")


def assets(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """Assets whose name, make, model or serial have words that begin so."""
    matching = Asset.objects.visible_to(person).matching(wanted.text).exclude(serial__iexact=wanted.text)  # found as serials
    if not re.search(r"\w", wanted.text):
        return
    barring = Defect.objects.barring(today()).filter(asset=OuterRef("pk"))
    shown = Asset.objects.select_related("type", "site", "building", "space").annotate(barred=Exists(barring))
    shown = shown.order_by("name", "pk")
    for asset in first_of(matching, most, shown):
        parts = (
            out_words(asset),
            str(asset.type),
            asset.place(),
            asset.site.name,
            f"serial {asset.serial}" if asset.serial else "",
        )
        yield Hit(asset.name, f"/assets/{asset.pk}/", " · ".join(part for part in (unsafe_words(asset), *parts) if part))


def out_words(asset: Asset) -> str:
    """ "Retired" or "Out of service", for what is not in use."""
    return "" if asset.status == Asset.Status.IN_USE else str(asset.get_status_display())


def unsafe_words(asset: Asset) -> str:
    """ "▲ Unsafe: do not use", where a problem says so; needs `barred`."""
    return "▲ Unsafe: do not use" if getattr(asset, "barred", False) else ""


def checks(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """Checks of the library by code or title, as far as they are planned where the asker works."""
    planned = Plan.objects.visible_to(person).filter(check_type=OuterRef("pk"), active=True)
    fits = every_word(wanted.words, "title") | Q(code__iexact=wanted.text.replace(" ", "-")) | every_word(wanted.words, "code")
    rows = CheckType.objects.filter(fits).filter(Exists(planned))
    for check in best_first(rows, wanted.text, "title")[:most]:
        exact = check.code == wanted.text.lower()
        yield Hit(check.title, f"/plans/?check={check.code}", discipline_title(check.discipline), exact=exact)


def people(person: Person, wanted: Sought, most: int) -> Iterator[Hit]:
    """People by name or e-mail address: only for who looks after their access."""
    fits = every_word(wanted.words, "name", "email") | Q(email__icontains=wanted.text)
    for other in best_first(people_managed(person).filter(fits), wanted.text)[:most]:
        yield Hit(other.name, f"/people/{other.pk}/", other.email)
