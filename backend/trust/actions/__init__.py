"""Every write about the trust: its schools, places, people, appointments, calendars and accounts.

Whoever acts is a Person, whose permits are asked, or a System: a named part of Siteward doing what somebody started.
"""

from backend.trust.actions.acting import (
    Actor,
    System,
    checked,
    fact,
    require_school,
    require_site,
    require_trust,
)
from backend.trust.actions.calendar import NewMark, NewTerm, set_calendar
from backend.trust.actions.people import NewPerson, add_people, add_person, appoint, end_appointment, refuse_own
from backend.trust.actions.places import (
    add_building,
    add_school,
    add_site,
    add_spaces,
    add_trust,
    change_building,
    change_school,
    change_site,
    change_space,
    draw_outline,
    renumber_school,
)

__all__ = [
    "Actor",
    "NewMark",
    "NewPerson",
    "NewTerm",
    "System",
    "add_building",
    "add_people",
    "add_person",
    "add_school",
    "add_site",
    "add_spaces",
    "add_trust",
    "appoint",
    "change_building",
    "change_school",
    "change_site",
    "change_space",
    "checked",
    "draw_outline",
    "end_appointment",
    "fact",
    "refuse_own",
    "renumber_school",
    "require_school",
    "require_site",
    "require_trust",
    "set_calendar",
]
