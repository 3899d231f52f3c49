"""What waits about which checks apply: questions about places, decisions to make or run out, changes of the library."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef

from backend.assets.models import Asset
from backend.checks.models import NotApplicable, Plan
from backend.checks.queries.asked import asked_of_sites
from backend.checks.queries.excused import Stand, excused
from backend.checks.queries.library_changes import Standing, library_changes
from backend.checks.queries.places import published_now
from backend.checks.queries.proposed import proposal
from backend.core.agenda import Asked, Waiting
from backend.core.templatetags.words import counted, day
from backend.trust import permits
from backend.trust.models import Site
from backend.trust.scope import reach

MOST: Final = 50
FEW: Final = 2  # sites whose proposal is worked out for the list
SOON: Final = dt.timedelta(days=30)


def facts_to_say(person: Any, today: dt.date) -> Iterator[Waiting]:  # noqa: ARG001  as every one is asked
    """Sites about which questions are open. Four queries."""
    if reach(person, permits.SITE_CHANGE).nowhere():
        return
    sites = list(Site.objects.visible_to(person, permits.SITE_CHANGE).order_by("name"))
    for site_id, asked in asked_of_sites(sites).items():
        if asked.open:
            words = f"{counted(asked.open, 'open question')} about {asked.site}"
            yield Waiting(f"facts:{site_id}", "applying", words, f"/sites/{site_id}/facts/", 2, None, site_id)


def things_without_checks(person: Any, today: dt.date) -> Iterator[Waiting]:
    """Sites with things of which no check is planned although one is asked for: after an import, say. Two queries, and the
    proposal's own for the first few sites that may have any."""
    if reach(person, permits.PLAN_CHANGE).nowhere():
        return
    core = [each.content for each in published_now() if each.check_type.tier == "core"]
    wanted = {kind for content in core for kind in content.get("asset_types") or ()}
    bare = Asset.objects.visible_to(person, permits.PLAN_CHANGE).filter(status=Asset.Status.IN_USE, type__in=wanted)
    bare = bare.filter(~Exists(Plan.objects.filter(asset=OuterRef("pk"))))
    found = bare.order_by().values("site").annotate(n=Count("*")).order_by("-n", "site")[:FEW]
    for site in Site.objects.filter(pk__in=[row["site"] for row in found]).select_related("school").order_by("name", "pk"):
        if number := len(proposal(site, today=today).new):
            words = f"{counted(number, 'check')} may have to be planned at {site}: things came into the register"
            path = f"/sites/{site.pk}/proposal/"
            yield Waiting(f"proposal:{site.pk}", "applying", words, path, 4, None, site.pk)


def to_decide(person: Any, today: dt.date) -> Iterator[Waiting]:
    """Checks that somebody else asked not to apply. One query."""
    rows = NotApplicable.objects.visible_to(person, permits.RISK_DECIDE).filter(decided_at=None, ended_at=None)
    for each in rows.exclude(asked_by=person.pk).select_related("site", "check_type", "asked_by")[:MOST]:
        words = f"Does {each.check_type} not apply at {each.site}? {each.asked_by.name} asks until {day(each.expires_on)}"
        on = max(each.asked_at.date(), today)
        weight = min(5, each.check_type.weight)
        yield Waiting(
            f"not-applicable:{each.pk}:decide", "applying", words, f"/not-applicable/{each.pk}/", weight, on, each.site_id
        )


def running_out(person: Any, today: dt.date) -> Iterator[Waiting]:
    """Decisions that end within a month or ended within the last one, and those that are open again. Five queries."""
    rows = NotApplicable.objects.visible_to(person, permits.PLAN_CHANGE).filter(agreed=True, ended_at=None)
    rows = rows.filter(expires_on__gte=today - SOON).select_related("site", "check_type", "building", "asset")
    for each in excused(rows.order_by("expires_on", "pk"), today):
        row = each.row
        said = {
            Stand.REOPENED: "may apply after all, for something has changed",
            Stand.EXPIRED: f"was agreed not to apply until {day(row.expires_on)}",
        }.get(each.stand, f"does not apply until {day(row.expires_on)}" if row.expires_on <= today + SOON else "")
        if said:
            path = f"/not-applicable/{row.pk}/"
            words = f"{row.check_type} at {row.site} {said}"
            due = None if each.stand is Stand.REOPENED else row.expires_on
            yield Waiting(
                f"not-applicable:{row.pk}:ends", "applying", words, path, min(4, row.check_type.weight), due, row.site_id
            )


def library_to_decide(person: Any, today: dt.date) -> Iterator[Waiting]:
    """Changes of the library, for who decides for the whole trust. Four queries."""
    if not (reach(person, permits.TRUST_CHANGE).everywhere and reach(person, permits.PLAN_CHANGE).everywhere):
        return
    for each in library_changes(today):
        if each.standing is Standing.OPEN:
            words = f"The library has changed: {each.check}, {' and '.join(each.about)}"
            back = each.decision.back_on if each.decision else None
            key = f"library:{each.now.pk}"
            yield Waiting(key, "applying", words, f"/library/changes/{each.check.code}/", min(4, each.check.weight), back, None)


APPLYING: list[Asked] = [facts_to_say, things_without_checks, to_decide, running_out, library_to_decide]
