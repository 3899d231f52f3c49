"""The register by its other doors: the API moves and retires, and an import says row by row which detail cannot be."""

import pytest
from django.test import Client

from backend.assets.models import Asset, Disposal
from backend.core.days import today
from backend.trust.imports import running
from backend.trust.imports.kinds import Options
from backend.trust.models import Import


@pytest.fixture
def api(world):
    """Asks as somebody: (person, path, body) -> the answer."""

    def ask(person, path, body):
        browser = Client()
        browser.force_login(person)
        return browser.post(f"/api/v1/assets/{path}", body, content_type="application/json")

    return ask


def test_the_api_moves_an_asset_within_its_site_and_to_another(world, api):
    asset = world.asset()
    hall = world.oakfield.buildings.get().spaces.get(name="Hall")
    told = api(world.caretaker, f"{asset.pk}/move", {"space": str(hall.pk)})
    assert (told.status_code, told.json()["space"]) == (200, str(hall.pk))
    body = {"site": str(world.riverside.pk), "reason": "Needed there"}
    assert api(world.caretaker, f"{asset.pk}/move", body).status_code == 404
    told = api(world.lead, f"{asset.pk}/move", body)
    assert told.json()["site"] == str(world.riverside.pk)
    assert Asset.objects.get(pk=asset.pk).status == "retired"


def test_the_api_retires_an_asset_and_says_what_it_lacks(world, api):
    asset = world.asset()
    assert api(world.caretaker, f"{asset.pk}/retire", {"method": "lost", "reason": "Gone"}).status_code == 403
    assert api(world.lead, f"{asset.pk}/retire", {"method": "eaten", "reason": "Gone"}).status_code == 400
    told = api(world.lead, f"{asset.pk}/retire", {"method": "lost", "reason": "Gone", "value_pence": 0})
    assert told.json()["status"] == "retired"
    assert Disposal.objects.get(asset=asset).value_pence == 0


def test_an_impossible_detail_is_refused_by_the_api_at_its_name(world, api):
    bus = world.asset("minibus")
    told = api(world.caretaker, f"{bus.pk}/change", {"facts": {"age_years": "old"}})
    assert (told.status_code, set(told.json()["fields"])) == (400, {"facts.age_years"})


def test_an_import_says_in_its_row_which_detail_cannot_be(world):
    from backend.office.setting_up.kinds import KINDS

    one = KINDS["assets"]
    content = b"Type,Name,Fact: age years\nMinibus,The bus,old\nMinibus,Another,4\n"
    options = Options(today(), school=world.oakfield.school, site=world.oakfield, ticks=frozenset())
    row = running.begin(kind=one, content=content, options=options, actor=world.lead, file_name="sent.csv")
    running.trial(row, kind=one, actor=world.lead)
    assert row.state != Import.State.READY
    [fault] = row.report["faults"]
    assert "Age of the vehicle" in str(fault)
    assert not Asset.objects.filter(type_id="minibus").exists()
