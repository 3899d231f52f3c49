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
SITE_CHANGE: Final = "site.change"  # buildings, spaces, calendars, facts; imports of them and of assets
TRUST_CHANGE: Final = "trust.change"  # schools themselves, and what the whole trust decides
CONTRACTOR_MANAGE: Final = "contractor.manage"  # firms, their papers and visits
RISK_DECIDE: Final = "risk.decide"  # accept a risk, agree that a check is not applicable
PROOF_MAKE: Final = "proof.make"  # evidence packs and log books
ABSENCE_MANAGE: Final = "absence.manage"  # who is away, and who stands in
RISK_VIEW: Final = "risk.view"  # what the estate risks in people and pounds, condition, board papers
RISK_MANAGE: Final = "risk.manage"  # condition surveys; for the whole trust also assumptions and board papers
RETURN_SIGN: Final = "return.sign"  # sign the annual return for the trust
EVENTS_FOLLOW: Final = "events.follow"  # let other systems follow what happens
PEOPLE_MANAGE: Final = "people.manage"
SYSTEM_MANAGE: Final = "system.manage"  # technical rights: operations, no estate data

READ = frozenset({ESTATE_VIEW})
LEAD = READ | {RISK_VIEW}
FIELD = READ | {CHECK_RECORD, DEFECT_REPORT, DEFECT_WORK, ASSET_CHANGE}
OFFICE = FIELD | {
    PLAN_CHANGE, LABEL_PRINT, OFFICE_SETTLE, SITE_CHANGE, CONTRACTOR_MANAGE, PROOF_MAKE, ABSENCE_MANAGE, RISK_VIEW, RISK_MANAGE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """A role's plain name, what it may do within its scope, and whether signing in asks for a second step.

    The second step is asked of who can change what stands as evidence (OFFICE), who can change people's access, and who
    reads the whole trust, often from outside its buildings. A caretaker's phone and one school's readers do without;
    SITEWARD_SECOND_FACTOR_ROLES adds further roles.
    """

    name: str
    permits: frozenset[str]
    second_factor: bool = False


ROLES: Final[dict[str, Role]] = {
    "caretaker": Role("Caretaker", FIELD),
    "site-manager": Role("Site manager", OFFICE, second_factor=True),
    "estates-lead": Role("Estates lead", OFFICE | {RISK_DECIDE, TRUST_CHANGE, EVENTS_FOLLOW}, second_factor=True),
    "sbm": Role("School business manager", OFFICE | {RISK_DECIDE}, second_factor=True),
    "contractor-manager": Role("Contractor manager", READ | {DEFECT_REPORT, DEFECT_WORK, CONTRACTOR_MANAGE}, second_factor=True),
    "headteacher": Role("Headteacher", LEAD | {DEFECT_REPORT, RISK_DECIDE, PROOF_MAKE}),
    "cfo": Role("Chief financial officer", LEAD | {RISK_MANAGE, RETURN_SIGN}, second_factor=True),
    "trust-leader": Role("Trust leader", LEAD | {RETURN_SIGN}, second_factor=True),
    "trustee": Role("Trustee", LEAD, second_factor=True),
    "governor": Role("Governor", LEAD),
    "auditor": Role("External auditor", LEAD | {PROOF_MAKE}, second_factor=True),
    "hr-officer": Role("HR officer", frozenset({DEFECT_REPORT, PEOPLE_MANAGE, ABSENCE_MANAGE}), second_factor=True),
    "budget-holder": Role("Budget holder", frozenset({DEFECT_REPORT})),
    "staff": Role("Member of staff", frozenset({DEFECT_REPORT})),
    "clerk": Role("Clerk to the governors", frozenset({DEFECT_REPORT})),
    "administrator": Role("System administrator", frozenset({SYSTEM_MANAGE, PEOPLE_MANAGE}), second_factor=True),
}

POWERFUL: Final = frozenset(
    {PLAN_CHANGE, OFFICE_SETTLE, SITE_CHANGE, TRUST_CHANGE, RISK_DECIDE, EVENTS_FOLLOW, PEOPLE_MANAGE, SYSTEM_MANAGE}
)
"""Permits of which the other administrators hear when somebody is given them."""

NAMES: Final[dict[str, str]] = {
    ESTATE_VIEW: "See schools, assets, checks, problems, and the names of people at work there",
    CHECK_RECORD: "Record checks",
    DEFECT_REPORT: "Report problems",
    DEFECT_WORK: "Work on problems",
    ASSET_CHANGE: "Add and change assets",
    PLAN_CHANGE: "Change plans and calendars",
    LABEL_PRINT: "Print labels",
    OFFICE_SETTLE: "Settle what was held for the office",
    SITE_CHANGE: "Change buildings, calendars and facts, and import",
    TRUST_CHANGE: "Add schools to the trust",
    CONTRACTOR_MANAGE: "Look after contractors",
    RISK_DECIDE: "Accept a risk, or agree that a check does not apply",
    PROOF_MAKE: "Make evidence packs and log books",
    ABSENCE_MANAGE: "Say who is away and who stands in",
    RISK_VIEW: "See risk in people and pounds, condition and board papers",
    RISK_MANAGE: "Enter condition surveys; for the whole trust, set assumptions and freeze board papers",
    RETURN_SIGN: "Sign the annual return",
    EVENTS_FOLLOW: "Let other systems follow what happens",
    PEOPLE_MANAGE: "Manage people",
    SYSTEM_MANAGE: "Look after the system",
}
"""What people call each permit."""


def roles_with(permit: str) -> frozenset[str]:
    """The roles that hold a permit."""
    return frozenset(key for key, role in ROLES.items() if permit in role.permits)
