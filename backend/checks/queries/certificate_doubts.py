"""What somebody should look at again about a certificate that is filed: said on its page, never a refusal."""

import uuid
from typing import Final

from backend.checks.models import Certificate
from backend.core.templatetags.words import day
from backend.maintenance.models import WorkOrder
from backend.maintenance.queries.contractors import standing

INDEPENDENT: Final = frozenset({"thorough-examination"})
"""Forms of checks whose examiner is not whoever maintains the thing: LOLER 1998 ACOP L113, PSSR 2000 ACOP L122."""
MOST_NAMED: Final = 3


def doubts_of(certificate: Certificate) -> list[str]:
    """Each doubt as a sentence: the firm's papers on that day, whether it also mends the thing, the same file filed before.

    Bounded queries, however much the certificate covers.
    """
    return [*papers_then(certificate), *mends_it_too(certificate), *accredited(certificate), *filed_elsewhere(certificate)]


def papers_then(certificate: Certificate) -> list[str]:
    """What the firm did not hold on the day."""
    firm = certificate.contractor
    if firm is None:
        return []
    missing = standing(firm, certificate.examined_on).missing
    on = day(certificate.examined_on)
    return [f"On {on} {firm} should not have worked here: {' '.join(missing)}"] if missing else []


def covered_assets(certificate: Certificate) -> list[uuid.UUID]:
    """The assets that it covers."""
    return [each for each in certificate.items.values_list("record__asset_id", flat=True) if each]


def mends_it_too(certificate: Certificate) -> list[str]:
    """Whether the firm that examined a thing has also mended it, where the examiner is to be independent."""
    current = certificate.check_type.current if certificate.check_type else None
    form = current.content.get("form") if current else ""
    if form not in INDEPENDENT or certificate.contractor_id is None:
        return []
    done = WorkOrder.objects.filter(
        contractor=certificate.contractor_id, status__in=("done", "checked"), defect__asset__in=covered_assets(certificate)
    )
    first = done.select_related("defect__asset").order_by("done_at").first()
    if first is None:
        return []
    on = f" on {day(first.done_at)}" if first.done_at else ""
    said = f"{certificate.firm} worked on {first.defect.asset}{on}."
    return [f"{said} Whoever examines it should be independent of whoever maintains it."]


def accredited(certificate: Certificate) -> list[str]:
    """Whether a firm of the trust's list held an accreditation on the day, where the law library names some for the check."""
    current = certificate.check_type.current if certificate.check_type else None
    named = ((current.content.get("competence") or {}).get("accreditations") or []) if current else []
    if not named or certificate.contractor_id is None or certificate.competence:
        return []
    return [f"Nothing is held here that shows {certificate.firm}'s competence on that day. For this check: {', '.join(named)}."]


def filed_elsewhere(certificate: Certificate) -> list[str]:
    """Whether the very same file is filed as another certificate of the site."""
    rows = Certificate.objects.standing().filter(sha256=certificate.sha256, site=certificate.site_id)
    rows = rows.exclude(filing=certificate.filing).select_related("check_type")
    names = [f"{each.check_type or 'work put right'} of {day(each.examined_on)}" for each in rows[:MOST_NAMED]]
    return [f"The very same file is also filed as: {'; '.join(names)}."] if names else []
