"""Whoever plans checks is told when things came into the register of which none is planned."""

from backend.checks.waiting_applying import things_without_checks
from backend.core.days import today


def test_new_things_that_ask_for_checks_are_told_of_until_they_are_planned(world, client):
    assert not list(things_without_checks(world.lead, today()))
    world.asset("gas-boiler", name="Boiler 9")
    (told,) = things_without_checks(world.lead, today())
    assert told.path == f"/sites/{world.oakfield.pk}/proposal/" and told.site_id == world.oakfield.pk
    client.force_login(world.lead)
    assert told.words in client.get("/waiting/").content.decode()
    assert not list(things_without_checks(world.caretaker, today()))
    assert not list(things_without_checks(world.person("site-manager", school=world.riverside.school), today()))
