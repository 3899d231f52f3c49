"""The register's pages: an asset is added, changed, moved, given papers and retired in few steps, by whom it is theirs to do."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from backend.assets.actions import add_model, change_asset, ensure_tags, make_part_of
from backend.assets.models import Asset, AssetModel, AssetType, Disposal, Warranty
from backend.checks.actions.leaving import Going, dispose
from backend.checks.actions.moving_on import move_to_site
from backend.core.agenda import waiting_for
from backend.core.days import today
from backend.core.malware import make_ready


def picture(name="plate.png"):
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def page(browser, path, **said):
    return browser.get(path, said).content.decode()


def test_an_asset_is_added_with_its_kinds_own_details(world, browse):
    browser = browse(world.caretaker)
    assert "Kind of asset" in page(browser, "/assets/add/")
    path = f"/assets/add/?site={world.oakfield.pk}&type=minibus"
    assert "First registered" in browser.get(path).content.decode()
    told = browser.post(path, {"name": "The bus", "facts.first_used": "2020-02-29", "serial": "V1"})
    asset = Asset.objects.get(name="The bus")
    assert (told.status_code, told["Location"]) == (302, f"/assets/{asset.pk}/")
    assert (asset.facts, asset.type_id, asset.site) == ({"first_used": "2020-02-29"}, "minibus", world.oakfield)
    assert "Age of the vehicle" in page(browser, f"/assets/{asset.pk}/")


def test_a_serial_number_that_is_there_already_is_told_and_may_be_meant(world, browse):
    world.asset("minibus", name="Old bus", serial="V1")
    browser, path = browse(world.caretaker), f"/assets/add/?site={world.oakfield.pk}&type=minibus"
    told = browser.post(path, {"name": "New bus", "serial": "v1"})
    assert told.status_code == 422
    assert "Old bus at Oakfield site" in told.content.decode()
    assert not Asset.objects.filter(name="New bus").exists()
    browser.post(path, {"name": "New bus", "serial": "v1", "sure": "on"})
    assert Asset.objects.filter(name="New bus").exists()


def test_nobody_adds_to_another_schools_register(world, browse):
    told = browse(world.stranger).post(f"/assets/add/?site={world.oakfield.pk}&type=minibus", {"name": "Bus"})
    assert told.status_code == 422
    assert not Asset.objects.exists()


def test_a_change_shows_in_the_history_with_old_and_new_value(world, browse):
    asset = world.asset(make="Advancd")
    browser = browse(world.caretaker)
    said = {"name": asset.name, "make": "Advanced", "place": f"space:{asset.space_id}", "why": "A slip"}
    assert browser.post(f"/assets/{asset.pk}/change/", said).status_code == 302
    told = page(browser, f"/assets/{asset.pk}/history/")
    assert "Make: Advancd" in told
    assert "Advanced" in told
    assert "A slip" in told
    assert browse(world.stranger).get(f"/assets/{asset.pk}/history/").status_code == 404


def test_the_history_asks_no_more_questions_the_more_there_is(world, browse, django_assert_max_num_queries):
    asset, browser = world.asset(), browse(world.lead)
    for number in range(3):
        change_asset(asset, changes={"make": f"Make {number}"}, person=world.lead)
    browser.get(f"/assets/{asset.pk}/history/")
    with django_assert_max_num_queries(40) as few:
        browser.get(f"/assets/{asset.pk}/history/")
    for number in range(20):
        change_asset(asset, changes={"serial": f"S{number}"}, person=world.lead)
    with django_assert_max_num_queries(len(few)):
        browser.get(f"/assets/{asset.pk}/history/")


def test_an_asset_moves_with_its_parts_from_its_page(world, browse):
    boiler, burner = world.asset(name="Boiler"), world.asset(name="Burner")
    make_part_of(burner, parent=boiler, person=world.lead)
    hall = world.oakfield.buildings.get().spaces.get(name="Hall")
    browser = browse(world.caretaker)
    told = browser.post(f"/assets/{boiler.pk}/move/", {"place": f"space:{hall.pk}", "parts": "on", "why": "Flood"}, follow=True)
    assert "2 moved." in told.content.decode()
    assert Asset.objects.filter(space=hall).count() == 2


def test_a_lead_moves_an_asset_to_another_school(world, browse):
    asset = world.asset(name="Ladder")
    path = f"/assets/{asset.pk}/move/?site={world.riverside.pk}"
    assert browse(world.caretaker).get(path).status_code == 404
    browser = browse(world.lead)
    assert "Its label, papers and warranties go along" in browser.get(path).content.decode()
    assert browser.post(path, {"place": ""}).status_code == 422
    told = browser.post(path, {"place": "", "why": "Needed there"}, follow=True).content.decode()
    there = Asset.objects.get(site=world.riverside)
    assert "It came from Oakfield site" in told
    assert "It went to Riverside site" in page(browser, f"/assets/{asset.pk}/")
    assert "It went to" not in page(browse(world.caretaker), f"/assets/{asset.pk}/")
    assert there.name == "Ladder"


def test_an_asset_is_retired_with_its_paper_and_brought_back(world, browse):
    asset = world.asset()
    browser = browse(world.lead)
    path = f"/assets/{asset.pk}/retire/"
    assert browser.post(path, {"method": "", "gone_on": "", "reason": ""}).status_code == 422
    said = {"method": "sold", "gone_on": today().isoformat(), "reason": "Old", "value": "£1,212.50", "file": picture()}
    assert browser.post(path, said).status_code == 302
    row = Disposal.objects.get(asset=asset)
    assert (row.value_pence, row.paper is not None) == (121_250, True)
    told = page(browser, f"/assets/{asset.pk}/")
    assert "bring it back" in told and "£1,212.50 received" in told
    assert "£1,212.50 received" in page(browser, f"/assets/{asset.pk}/history/")
    seen = page(browse(world.caretaker), f"/assets/{asset.pk}/")
    assert "£1,212.50 received" in seen and "bring it back" not in seen
    assert browse(world.caretaker).post(f"/assets/disposals/{row.pk}/undo/").status_code == 403
    assert browser.post(f"/assets/disposals/{row.pk}/undo/").status_code == 302
    asset.refresh_from_db()
    assert asset.status == "in-use"


def test_photos_are_shown_plate_first_and_only_to_those_who_see_the_asset(world, browse):
    asset, browser = world.asset(), browse(world.caretaker)
    add = f"/assets/{asset.pk}/papers/add/"
    assert browser.post(add, {"kind": "photo", "title": "From the door", "file": picture()}).status_code == 302
    assert browser.post(add, {"kind": "plate", "file": picture()}).status_code == 302
    assert browser.post(add, {"kind": "plate"}).status_code == 422
    told = page(browser, f"/assets/{asset.pk}/")
    assert told.index("Photo of the rating plate") < told.index("From the door")
    paper = asset.papers.get(kind="plate")
    assert browser.get(f"/assets/papers/{paper.pk}/").status_code == 200
    assert browse(world.stranger).get(f"/assets/papers/{paper.pk}/").status_code == 404
    assert browser.post(f"/assets/papers/{paper.pk}/withdraw/").status_code == 302
    assert browser.get(f"/assets/papers/{paper.pk}/").status_code == 404


def test_a_warranty_that_ends_soon_waits_for_those_who_plan(world, browse):
    asset, browser = world.asset(), browse(world.lead)
    ends = today() + dt.timedelta(days=20)
    said = {"supplier": "Maker", "starts_on": today().isoformat(), "ends_on": ends.isoformat()}
    assert browser.post(f"/assets/{asset.pk}/warranties/add/", said).status_code == 302
    assert [each.words for each in waiting_for(world.lead, today()) if each.kind == "warranty"]
    assert not [each for each in waiting_for(world.stranger, today()) if each.kind == "warranty"]
    assert not [each for each in waiting_for(world.lead, today() - dt.timedelta(days=60)) if each.kind == "warranty"]
    row = Warranty.objects.get()
    assert "1 asset in this choice" in page(browser, "/assets/", stands="ending")
    browser.post(f"/assets/warranties/{row.pk}/withdraw/")
    assert "0 assets in this choice" in page(browser, "/assets/", stands="ending")


def test_a_plate_is_put_under_its_make_and_model_at_a_press(world, browse):
    kind = AssetType.objects.get(pk="fire-alarm-panel")
    listed = add_model(type=kind, make="Advanced", model="MX-4200", expected_life=10, person=world.lead)
    asset = world.asset(make="ADVANCED", model="mx4200", installed_on=today() - dt.timedelta(days=365 * 12))
    browser = browse(world.caretaker)
    assert "seems to name the Advanced MX-4200" in page(browser, f"/assets/{asset.pk}/")
    assert browser.post(f"/assets/{asset.pk}/link/").status_code == 302
    asset.refresh_from_db()
    assert asset.product == listed
    assert browser.post(f"/assets/{asset.pk}/link/").status_code == 409
    assert "1 asset in this choice" in page(browser, "/assets/", stands="old")


def test_makes_and_models_are_listed_changed_and_merged_by_the_trusts_lead(world, browse):
    browser = browse(world.lead)
    for model in ("MX-4200", "MX4200"):
        browser.post("/models/add/", {"type": "fire-alarm-panel", "make": "Advanced", "model": model})
    one, two = AssetModel.objects.get(model="MX-4200"), AssetModel.objects.get(model="MX4200")
    assert "2 makes and models" in page(browser, "/models/")
    assert browser.post(f"/models/{two.pk}/merge/", {"into": one.pk}).status_code == 302
    assert "1 make and model" in page(browser, "/models/")
    said = {"make": "Advanced", "model": "MX-4200", "expected_life": "15", "file": picture()}
    assert browser.post(f"/models/{one.pk}/change/", said).status_code == 302
    assert browser.get(f"/models/{one.pk}/manual/").status_code == 200
    assert browse(world.caretaker).post(f"/models/{one.pk}/change/", said).status_code == 403


@pytest.mark.parametrize("stands", ["old", "10", "unknown", "warranty", "ending"])
def test_the_list_is_cut_by_age_and_warranty_and_exported(world, browse, stands):
    world.asset()
    browser = browse(world.lead)
    assert browser.get("/assets/", {"stands": stands, "make": "Advanced", "sort": "age"}).status_code == 200
    told = b"".join(browser.get("/assets.csv", {"stands": stands}).streaming_content).decode()
    assert "Warranty until" in told.splitlines()[0]


def test_details_in_words_and_days_are_typed_kept_and_shown(world, browse):
    pads, browser = world.asset("aed"), browse(world.caretaker)
    path = f"/assets/{pads.pk}/change/"
    place = f"space:{pads.space_id}"
    assert browser.post(path, {"name": "AED", "place": place, "facts.pads_by": "soon"}).status_code == 422
    assert browser.post(path, {"name": "AED", "place": place, "facts.pads_by": "2027-03-01"}).status_code == 302
    told = page(browser, f"/assets/{pads.pk}/")
    assert "Pads are to be replaced by" in told
    assert "1 Mar 2027" in told
    assert 'value="2027-03-01"' in page(browser, path)
    assert "1 Mar 2027" in page(browser, f"/assets/{pads.pk}/history/")
    valve = world.asset("tmv")
    wrong = browser.post(f"/assets/{valve.pk}/change/", {"name": "TMV", "place": place, "facts.set_to_c": "80"})
    assert wrong.status_code == 422


def test_the_page_shows_small_copies_of_its_photos_and_the_whole_one_only_when_opened(world, browse):
    asset, browser = world.asset(), browse(world.caretaker)
    browser.post(f"/assets/{asset.pk}/papers/add/", {"kind": "photo", "file": picture()})
    paper = asset.papers.get()
    told = page(browser, f"/assets/{asset.pk}/")
    assert f'src="/assets/papers/{paper.pk}/small/"' in told
    assert f'src="/assets/papers/{paper.pk}/"' not in told
    small = f"/assets/papers/{paper.pk}/small/"
    waiting = browser.get(small)
    assert (waiting.status_code, waiting["Cache-Control"]) == (302, "no-store")
    make_ready(paper.sha256)
    shown = browser.get(small)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert browser.get(f"/assets/papers/{paper.pk}/huge/").status_code == 404
    assert browse(world.stranger).get(small).status_code == 404
    browser.post(f"/assets/papers/{paper.pk}/withdraw/")
    assert browser.get(small).status_code == 404


def test_a_slip_with_parts_is_undone_whole_and_the_page_says_so(world, browse):
    boiler, burner = world.asset(name="Boiler"), world.asset(name="Burner")
    make_part_of(burner, parent=boiler, person=world.lead)
    browser = browse(world.lead)
    said = {"method": "sold", "gone_on": today().isoformat(), "reason": "Old", "parts": "retire"}
    browser.post(f"/assets/{boiler.pk}/retire/", said)
    assert "With it went" in page(browser, f"/assets/{boiler.pk}/")
    assert "It went with" in page(browser, f"/assets/{burner.pk}/")
    answer = browser.post(f"/assets/disposals/{boiler.disposals.get().pk}/undo/", follow=True)
    assert "with 1 part that went with it" in answer.content.decode()
    assert not Asset.objects.filter(status="retired").exists()


def test_what_it_is_part_of_is_chosen_by_building_and_told_from_its_like(world, browse):
    valve = world.asset(name="Valve")
    near, far = world.asset(name="Tank", serial="T-1"), world.asset(name="Tank", serial="T-2")
    told = page(browse(world.lead), f"/assets/{valve.pk}/part-of/")
    assert "<optgroup" in told
    assert all(f"serial {each.serial}" in told for each in (near, far))


def test_a_value_beyond_its_limits_is_told_with_them_in_plain_words(world, browse):
    path = f"/assets/add/?site={world.oakfield.pk}&type=tmv"
    answer = browse(world.lead).post(path, {"name": "Valve", "facts.set_to_c": "400"})
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "Write a number from 25 to 60, in °C." in told and "Ensure" not in told and "degC" not in told


def test_an_asset_that_came_from_another_site_says_so_in_its_history(world, browse):
    asset = world.asset(name="Ladder")
    there = move_to_site(asset, site=world.riverside, building=None, space=None, person=world.lead, today=today(), why="Lent")
    told = page(browse(world.lead), f"/assets/{there.pk}/history/")
    assert "Came from Oakfield site" in told and f"/assets/{asset.pk}/history/" in told


def test_the_label_of_what_is_retired_says_so_and_is_not_printed(world, browse):
    asset = world.asset(name="Ladder")
    code = ensure_tags([asset])[asset.pk].code
    dispose(asset, going=Going("stolen", today(), "Gone overnight"), person=world.lead, today=today())
    browser = browse(world.lead)
    told = page(browser, f"/labels/tags/{code}/")
    assert "which is retired" in told and "Print it" not in told
    assert "Print its label" not in page(browser, f"/assets/{asset.pk}/")
