"""What people are proved able to do."""

import datetime as dt

import pytest

from backend.core.models import AuditEntry
from backend.core.problems import Forbidden, Problem
from backend.hr.actions import NewCompetence, add_competence, add_competences
from backend.hr.models import Competence

FROM, TO = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


def test_a_competence_holds_from_its_first_to_its_last_day(world):
    hr = world.person("hr-officer")
    add_competence(person=world.caretaker, name=" Alarm user ", covers=["fire"], held_from=FROM, expires_on=TO, actor=hr)
    held = Competence.objects.filter(person=world.caretaker)
    assert held.get().name == "Alarm user"
    assert held.valid_on(FROM).exists() and held.valid_on(TO).exists()
    assert not held.valid_on(TO + dt.timedelta(days=1)).exists() and not held.valid_on(FROM - dt.timedelta(days=1)).exists()
    assert AuditEntry.objects.get(kind="competence").actor_id == hr.pk


def test_only_who_manages_people_there_may_say_so(world):
    for actor in (world.caretaker, world.lead, world.stranger):
        with pytest.raises(Forbidden):
            add_competence(person=world.caretaker, name="Alarm user", covers=["fire"], held_from=FROM, actor=actor)


@pytest.mark.parametrize("wrong", [{"name": " "}, {"covers": []}, {"expires_on": FROM - dt.timedelta(days=1)}])
def test_one_that_is_not_sound_keeps_the_whole_set_out(world, wrong):
    sound = NewCompetence(world.caretaker, "Alarm user", ["fire"], FROM)
    unsound = NewCompetence(
        **{"person": world.caretaker, "name": "Water", "covers": ["water-hygiene"], "held_from": FROM, **wrong}
    )
    with pytest.raises(Problem):
        add_competences(news=[sound, unsound], actor=world.person("hr-officer"))
    assert not Competence.objects.exists()
