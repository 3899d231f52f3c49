"""Every write about people at work: what they are able to do, who looked at their details, and what is kept of them."""

from backend.hr.actions.absences import cancel_absence, note_absence, set_working_week
from backend.hr.actions.competence import NewCompetence, add_competence, add_competences, require_person
from backend.hr.actions.erasing import Erased, erase_person, require_subject
from backend.hr.actions.viewing import note_viewing

__all__ = [
    "Erased",
    "NewCompetence",
    "add_competence",
    "add_competences",
    "cancel_absence",
    "erase_person",
    "note_absence",
    "note_viewing",
    "require_person",
    "require_subject",
    "set_working_week",
]
