"""Who asks for evidence, what each usually asks to see, and which disciplines a pack for them begins with."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody outside: `asks` says what they usually ask for, `disciplines` what is ticked at first (empty: all)."""

    name: str
    asks: str
    disciplines: tuple[str, ...] = ()


RECIPIENTS: Final[dict[str, Recipient]] = {
    "hse": Recipient(
        "Health and Safety Executive",
        "Examinations of lifts, lifting and pressure equipment, gas, local exhaust ventilation, asbestos, water hygiene, work at "
        "height; who did them and what was done about defects.",
        (
            "gas-heating", "lifting-pressure", "ventilation-aircon", "asbestos", "water-hygiene", "electrical", "access-height",
            "science-dt", "vehicles",
        ),
    ),
    "fire-authority": Recipient(
        "Fire and rescue authority",
        "The fire risk assessment, alarm and emergency lighting tests, extinguishers, doors, drills, staff training, servicing "
        "reports, and faults put right.",
        ("fire", "electrical", "gas-heating", "kitchen"),
    ),
    "insurer": Recipient(
        "Insurer",
        "Reports of thorough examinations, fixed wiring, lightning protection, security and fire systems in date all through the "
        "period, and what was outstanding.",
        (
            "fire", "electrical", "gas-heating", "lifting-pressure", "security", "kitchen", "playground-pe", "grounds-trees",
            "building-fabric", "swimming-pool",
        ),
    ),
    "ofsted": Recipient(
        "Ofsted or ISI",
        "That the site is safe for pupils: fire, security and gates, water, asbestos, playground and PE equipment, first aid.",
        ("fire", "security", "water-hygiene", "asbestos", "playground-pe", "grounds-trees", "first-aid", "vehicles"),
    ),
    "auditor": Recipient("Auditor", "Everything that is owed, what was missed, and how records are kept from being changed."),
    "other": Recipient("Somebody else", "Choose below what they asked for."),
}  # fmt: skip


def first_choice(recipient: str, known: Iterable[str]) -> list[str]:
    """The disciplines ticked at first for a recipient, of those that are known at the place, in that order."""
    wanted = RECIPIENTS[recipient].disciplines if recipient in RECIPIENTS else ()
    return [each for each in known if not wanted or each in wanted]
