"""A problem written down at a desk: about an asset or a place of one's own, never a stranger's; what was typed stands."""

from backend.maintenance.models import Defect


def test_a_problem_is_written_down_with_its_place_and_its_page_is_next(world, browse):
    building = world.oakfield.buildings.get()
    browser = browse(world.lead)
    assert "What is wrong, and where?" in browser.get("/problems/report/").content.decode()
    sent = {"summary": "Gate does not latch", "where": f"b:{building.pk}", "severity": "high", "unsafe": "on"}
    answer = browser.post("/problems/report/", sent)
    defect = Defect.objects.get()
    assert answer["Location"] == f"/problems/{defect.pk}/"
    assert (defect.site, defect.building, defect.unsafe, defect.reported_by) == (world.oakfield, building, True, world.lead)


def test_about_an_asset_its_place_is_not_asked_for(world, browse):
    panel = world.asset()
    page = browse(world.caretaker).get(f"/problems/report/?asset={panel.pk}").content.decode()
    assert f"What is wrong with {panel}?" in page
    assert 'name="where"' not in page
    browse(world.caretaker).post("/problems/report/", {"asset": str(panel.pk), "summary": "Buzzes", "severity": "low"})
    assert Defect.objects.get().asset == panel
    assert browse(world.stranger).get(f"/problems/report/?asset={panel.pk}").status_code == 404
    assert browse(world.stranger).get("/problems/report/?asset=none").status_code == 404


def test_a_strangers_place_is_no_choice_and_what_was_typed_stands(world, browse):
    theirs = world.oakfield.buildings.get()
    sent = {"summary": "Gate does not latch", "where": f"b:{theirs.pk}", "severity": "low"}
    answer = browse(world.stranger).post("/problems/report/", sent)
    assert answer.status_code == 422
    assert "Gate does not latch" in answer.content.decode()
    assert not Defect.objects.exists()
