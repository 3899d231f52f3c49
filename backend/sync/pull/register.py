"""What stands where at a site, its tags, and the people who look after it."""

import datetime as dt
from typing import Any, Final

from django.db.models import Prefetch, Q

from backend.assets.models import Asset, Tag, TagRetirement
from backend.assets.models.tags import ON_NOTHING
from backend.hr.models import Competence
from backend.trust import permits
from backend.trust.models import Appointment, Building, Person, Site, Space

LABELS_IN_HAND: Final = 2000  # printed and on nothing yet, newest first
OLD_LABELS: Final = 500  # out of use, newest first


def register(site: Site, today: dt.date) -> dict[str, Any]:
    """The register of a site (with `school` loaded). Nine queries."""
    buildings = Building.objects.filter(site=site).order_by("name")
    spaces = Space.objects.filter(building__site=site).order_by("name")
    return {
        "protocol": 1,
        "site": {"id": str(site.pk), "name": site.name, "school": site.school.name},
        "buildings": [{"id": str(each.pk), "name": each.name, "warning": each.warning} for each in buildings],
        "spaces": [
            {
                "id": str(each.pk),
                "building": str(each.building_id),
                "name": each.name,
                "floor": each.floor,
                "warning": each.warning,
            }
            for each in spaces
        ],
        "assets": assets(site),
        "tags": tags(site),
        "old_tags": old_tags(site),
        "people": people(site, today),
    }


def assets(site: Site) -> list[dict[str, Any]]:
    """Every asset of the site, the retired ones too: their labels are still on the wall."""
    where = ("building_id", "space_id", "parent_id")
    columns = ("id", "name", "type_id", "status", "status_reason", *where, "make", "model", "serial", "facts")
    return [
        {
            "id": str(each["id"]),
            "name": each["name"],
            "type": each["type_id"],
            "status": each["status"],
            "status_reason": each["status_reason"],
            "building": text(each["building_id"]),
            "space": text(each["space_id"]),
            "parent": text(each["parent_id"]),
            "make": each["make"],
            "model": each["model"],
            "serial": each["serial"],
            "facts": each["facts"],
        }
        for each in Asset.objects.filter(site=site).order_by("name", "id").values(*columns)
    ]


def text(key: Any) -> str | None:
    """A key as text, or None."""
    return str(key) if key else None


def tags(site: Site) -> list[dict[str, Any]]:
    """The tags on the site's assets and places, and the newest of those that are on nothing yet."""
    theirs = Tag.objects.filter(asset__site=site, retired_at=None).order_by("code").values_list("code", "asset_id")
    placed = Tag.objects.filter(Q(building__site=site) | Q(space__building__site=site)).order_by("code")
    of_places = [
        {"code": code, "asset": None, "building": str(building or of), "space": text(space)}
        for code, building, space, of in placed.values_list("code", "building_id", "space_id", "space__building_id")
    ]
    free = Tag.objects.filter(ON_NOTHING, retired_at=None).order_by("-made_at", "code").values_list("code", flat=True)
    on_assets = [{"code": code, "asset": str(asset)} for code, asset in theirs]
    return [*on_assets, *of_places, *({"code": code, "asset": None} for code in free[:LABELS_IN_HAND])]


def old_tags(site: Site) -> list[dict[str, Any]]:
    """The site's labels that were taken out of use lately, each with the code of the one that came in its place, if any."""
    gone = TagRetirement.objects.filter(site=site).order_by("-retired_at", "tag_id").values_list("tag_id", "replaced_by_id")
    return [{"code": code, "by": by} for code, by in gone[:OLD_LABELS]]


def people(site: Site, today: dt.date) -> list[dict[str, Any]]:
    """Those who may log checks here, with the competences that they hold or lately held."""
    roles = permits.roles_with(permits.CHECK_RECORD)
    here = Q(school=None, site=None) | Q(school=site.school_id) | Q(site=site)
    working = Appointment.objects.in_force(today).filter(here, role__in=roles)
    held = Competence.objects.filter(Q(expires_on=None) | Q(expires_on__gte=today - dt.timedelta(days=90)), held_from__lte=today)
    rows = Person.objects.filter(is_active=True, appointments__in=working).distinct().order_by("name", "id")
    rows = rows.prefetch_related(Prefetch("competences", held.order_by("name", "id"), to_attr="held"))
    return [
        {
            "id": str(each.pk),
            "name": each.name,
            "competences": [
                {"name": one.name, "covers": one.covers, "expires_on": one.expires_on.isoformat() if one.expires_on else None}
                for one in getattr(each, "held", [])
            ],
        }
        for each in rows
    ]
