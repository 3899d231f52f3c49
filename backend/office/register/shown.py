"""What the asset's page shows of the register in depth: its place among others, its papers and warranties, what may be done."""

from typing import Any

from django.utils import timezone

from backend.assets.models import Asset, AssetChange, AssetPaper, Disposal, Warranty
from backend.checks.actions.following import would_follow
from backend.checks.actions.leaving import UNDOABLE
from backend.core.days import today
from backend.office.register.forms import suggested
from backend.rules.due import Rule
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import may


def register_of(person: Person, asset: Asset) -> dict[str, Any]:
    """Everything of it. A bounded number of queries."""
    changes = may(person, permits.ASSET_CHANGE, asset.site)
    plans = may(person, permits.PLAN_CHANGE, asset.site)
    papers: list[Any] = list(AssetPaper.objects.visible_to(person).filter(asset=asset, withdrawn_at=None))
    pictures = sorted((each for each in papers if each.is_picture), key=lambda each: each.kind != AssetPaper.Kind.PLATE)
    warranties: list[Any] = list(Warranty.objects.visible_to(person).filter(asset=asset, withdrawn_at=None))
    retired = asset.status == Asset.Status.RETIRED
    gone = went(person, asset) if retired else None
    return {
        "changes": changes and not retired,
        "retires": changes and plans and not retired,
        "pictures": pictures,
        "papers": [each for each in papers if not each.is_picture],
        "warranties": [(each, each.ends_on >= today()) for each in warranties],
        "suggested": suggested(person, asset) if changes and not retired else None,
        "unfollowed": unfollowed(asset) if not retired else [],
        "may_plan": plans,
        "gone": gone,
        "may_undo": plans and gone is not None and timezone.now() - gone.made_at <= UNDOABLE,
        "along": list(gone.went_along.filter(undone_at=None).select_related("asset").order_by("asset__name")) if gone else [],
        "onward": onward(person, asset) if retired else None,
        "from": came_from(person, asset),
        "sites": other_sites(person, asset) if changes and plans and not retired else [],
    }


def went(person: Person, asset: Asset) -> Disposal | None:
    """How it went, if it is gone."""
    rows = Disposal.objects.visible_to(person).filter(asset=asset, undone_at=None)
    return rows.select_related("went_with__asset").first()


def unfollowed(asset: Asset) -> list[tuple[Any, str, str]]:
    """The checks whose interval is not the one that the asset's details call for: (plan, as it is, as it would be)."""
    return [
        (plan, Rule.from_mapping(plan.rule or {}).in_words(), Rule.from_mapping(rule).in_words())
        for plan, rule in would_follow(asset, today())
    ]


def onward(person: Person, asset: Asset) -> Asset | None:
    """What it is at the other site to which it went, if one may know of it."""
    return Asset.objects.visible_to(person).filter(came_by__asset=asset).select_related("site").first()


def came_from(person: Person, asset: Asset) -> Asset | None:
    """What it was at the site from which it came, if one may know of it."""
    away = AssetChange.objects.filter(onward=asset).values("asset")
    return Asset.objects.visible_to(person).filter(pk__in=away).select_related("site").first()


def other_sites(person: Person, asset: Asset) -> list[Site]:
    """The sites to which one may move it."""
    rows = Site.objects.visible_to(person, permits.PLAN_CHANGE).exclude(pk=asset.site_id).select_related("school")
    return list(rows.order_by("school__name", "name", "pk"))
