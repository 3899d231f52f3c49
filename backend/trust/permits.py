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
FINANCE_VIEW: Final = "finance.view"  # budgets, orders, invoices and what is left of the money
SPEND_ASK: Final = "spend.ask"  # ask for something to be bought
ORDER_MANAGE: Final = "order.manage"  # send and close orders, enter invoices
BUDGET_MANAGE: Final = "budget.manage"  # set budgets, move money between lines
LEDGER_POST: Final = "ledger.post"  # years, journals, clearing invoices
PAY_RELEASE: Final = "pay.release"  # release payment runs
SCHEME_PROPOSE: Final = "scheme.propose"  # the scheme of delegation, who stands in for whom
SCHEME_APPROVE: Final = "scheme.approve"  # say what the board approved: the scheme, a year's budget
PEOPLE_MANAGE: Final = "people.manage"
SYSTEM_MANAGE: Final = "system.manage"  # technical rights: operations, no estate data

READ = frozenset({ESTATE_VIEW})
LEAD = READ | {RISK_VIEW}
SCHOOL_MONEY = frozenset({FINANCE_VIEW, SPEND_ASK, ORDER_MANAGE, BUDGET_MANAGE})
FIELD = READ | {CHECK_RECORD, DEFECT_REPORT, DEFECT_WORK, ASSET_CHANGE, SPEND_ASK}
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
    "sbm": Role("School business manager", OFFICE | SCHOOL_MONEY | {RISK_DECIDE}, second_factor=True),
    "contractor-manager": Role("Contractor manager", READ | {DEFECT_REPORT, DEFECT_WORK, CONTRACTOR_MANAGE}, second_factor=True),
    "headteacher": Role("Headteacher", LEAD | {DEFECT_REPORT, RISK_DECIDE, PROOF_MAKE, FINANCE_VIEW, SPEND_ASK}),
    "cfo": Role(
        "Chief financial officer",
        LEAD | SCHOOL_MONEY | {RISK_MANAGE, RETURN_SIGN, LEDGER_POST, PAY_RELEASE, SCHEME_PROPOSE},
        second_factor=True,
    ),
    "trust-leader": Role("Trust leader", LEAD | {RETURN_SIGN, FINANCE_VIEW, SPEND_ASK, PAY_RELEASE}, second_factor=True),
    "trustee": Role("Trustee", LEAD | {SCHEME_APPROVE}, second_factor=True),
    "governor": Role("Governor", LEAD),
    "auditor": Role("External auditor", LEAD | {PROOF_MAKE}, second_factor=True),
    "hr-officer": Role("HR officer", frozenset({DEFECT_REPORT, PEOPLE_MANAGE, ABSENCE_MANAGE, SPEND_ASK}), second_factor=True),
    "budget-holder": Role("Budget holder", frozenset({DEFECT_REPORT, SPEND_ASK})),
    "staff": Role("Member of staff", frozenset({DEFECT_REPORT, SPEND_ASK})),
    "clerk": Role("Clerk to the governors", frozenset({DEFECT_REPORT})),
    "administrator": Role("System administrator", frozenset({SYSTEM_MANAGE, PEOPLE_MANAGE}), second_factor=True),
}

POWERFUL: Final = frozenset(
    {
        PLAN_CHANGE,
        OFFICE_SETTLE,
        SITE_CHANGE,
        TRUST_CHANGE,
        RISK_DECIDE,
        EVENTS_FOLLOW,
        ORDER_MANAGE,
        BUDGET_MANAGE,
        LEDGER_POST,
        PAY_RELEASE,
        SCHEME_PROPOSE,
        SCHEME_APPROVE,
        PEOPLE_MANAGE,
        SYSTEM_MANAGE,
    }
)  # fmt: skip
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
    FINANCE_VIEW: "See budgets, orders, invoices and what is left of the money",
    SPEND_ASK: "Ask for something to be bought",
    ORDER_MANAGE: "Send and close orders, and enter invoices",
    BUDGET_MANAGE: "Set budgets, and move money between their lines",
    LEDGER_POST: "Keep the books: years, journals, clearing invoices",
    PAY_RELEASE: "Release payment runs",
    SCHEME_PROPOSE: "Propose the scheme of delegation, and say who stands in for whom",
    SCHEME_APPROVE: "Say what the board approved: the scheme of delegation, a year's budget",
    PEOPLE_MANAGE: "Manage people",
    SYSTEM_MANAGE: "Look after the system",
}
"""What people call each permit."""


def roles_with(permit: str) -> frozenset[str]:
    """The roles that hold a permit."""
    return frozenset(key for key, role in ROLES.items() if permit in role.permits)
