"""Who may do what: role -> permits. Asked on an action's first line; pages use it only to hide a button."""

from dataclasses import dataclass
from typing import Final

ESTATE_VIEW: Final = "estate.view"  # sites, assets, plans, records, defects, compliance
CHECK_RECORD: Final = "check.record"  # log a check, say why it was not done
DEFECT_REPORT: Final = "defect.report"
DEFECT_WORK: Final = "defect.work"  # update a defect, finish a work order
ASSET_CHANGE: Final = "asset.change"  # add and change assets, claim tags
PLAN_CHANGE: Final = "plan.change"  # plans, pauses, calendars, out of service
LABEL_PRINT: Final = "label.print"
OFFICE_SETTLE: Final = "office.settle"  # what was held for the office
PEOPLE_MANAGE: Final = "people.manage"
SYSTEM_MANAGE: Final = "system.manage"  # technical rights: operations, no estate data

READ = frozenset({ESTATE_VIEW})
FIELD = READ | {CHECK_RECORD, DEFECT_REPORT, DEFECT_WORK, ASSET_CHANGE}
OFFICE = FIELD | {PLAN_CHANGE, LABEL_PRINT, OFFICE_SETTLE}


@dataclass(frozen=True, slots=True)
class Role:
    """A role's plain name and what it may do within its scope."""

    name: str
    permits: frozenset[str]


ROLES: Final[dict[str, Role]] = {
    "caretaker": Role("Caretaker", FIELD),
    "site-manager": Role("Site manager", OFFICE),
    "estates-lead": Role("Estates lead", OFFICE),
    "sbm": Role("School business manager", OFFICE),
    "headteacher": Role("Headteacher", READ | {DEFECT_REPORT}),
    "cfo": Role("Chief financial officer", READ),
    "trust-leader": Role("Trust leader", READ),
    "trustee": Role("Trustee", READ),
    "governor": Role("Governor", READ),
    "auditor": Role("External auditor", READ),
    "hr-officer": Role("HR officer", frozenset({DEFECT_REPORT, PEOPLE_MANAGE})),
    "budget-holder": Role("Budget holder", frozenset({DEFECT_REPORT})),
    "staff": Role("Member of staff", frozenset({DEFECT_REPORT})),
    "clerk": Role("Clerk to the governors", frozenset({DEFECT_REPORT})),
    "administrator": Role("System administrator", frozenset({SYSTEM_MANAGE, PEOPLE_MANAGE})),
}


def roles_with(permit: str) -> frozenset[str]:
    """The roles that hold a permit."""
    return frozenset(key for key, role in ROLES.items() if permit in role.permits)
