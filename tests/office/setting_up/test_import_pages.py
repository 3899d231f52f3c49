"""The pages of imports: sending a file in, the trial, corrections, applying, undoing; only for whoever may."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from backend.assets.models import Asset
from backend.office.setting_up import importing
from backend.trust.models import Building, Import, Space
from tests.trust.test_imports import table

HEAD = ["Type", "Name", "Building", "Serial"]


def file(content: bytes, name: str = "register.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(browser, kind, content, **more):
    return browser.post(f"/imports/{kind}/", {"file": file(content), **more})


@pytest.fixture
def lead(world, browse):
    return browse(world.lead)


def test_a_sound_file_is_tried_applied_and_undone_by_clicks(world, lead):
    content = table(HEAD, ["Fire extinguisher", "By the door", "Main block", "C1"])
    answer = send(lead, "assets", content, site=world.oakfield.pk)
    path = answer.url
    page = lead.get(path).text
    assert "no mistake found" in page
    assert "By the door" in page
    assert not Asset.objects.exists()
    page = lead.post(f"{path}apply/", follow=True).text
    assert "Imported at Oakfield site" in page
    assert Asset.objects.get().name == "By the door"
    assert "Undo this import" in page
    page = lead.post(f"{path}undo/", follow=True).text
    assert "Undone" in page
    assert not Asset.objects.exists()
    assert "register.csv" in lead.get("/imports/?q=register").text
    assert "No import fits" in lead.get("/imports/?q=nothinglikeit").text


def test_a_faulty_file_comes_back_as_a_spreadsheet_to_correct(world, lead):
    content = table(HEAD, ["Fire extingisher", "A", "Main block", "=1+1"], ["Fire extinguisher", "B", "Main block", "C2"])
    path = send(lead, "assets", content, site=world.oakfield.pk).url
    page = lead.get(path).text
    assert "1 of 2 rows needs correcting" in page
    assert "Did you mean “Fire extinguisher”" in page
    assert lead.post(f"{path}apply/").status_code == 409
    book = load_workbook(io.BytesIO(lead.get(f"{path}corrections.xlsx").content))
    assert book.active
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0] == ("What is wrong", "Row in the file sent", *HEAD)
    assert "Did you mean" in str(rows[1][0])
    assert rows[1][5] == "'=1+1", "no cell is taken for a formula"
    assert rows[2][0] is None
    only = lead.get(f"{path}corrections.csv?only=wrong").content.decode("utf-8-sig").splitlines()
    assert len(only) == 2
    corrected = lead.get(f"{path}corrections.csv").content.replace(b"Fire extingisher", b"Fire extinguisher")
    assert "no mistake found" in lead.get(send(lead, "assets", corrected, site=world.oakfield.pk).url).text
    assert lead.post(f"{path}drop/").url == "/imports/assets/"
    assert lead.get(path).status_code == 404


def test_what_is_no_table_says_so_and_nothing_is_kept_of_what_was_not_sent(world, lead, browse):
    path = send(lead, "places", b"%PDF-1.4 no table", school=world.oakfield.school_id).url
    assert "This is a PDF" in lead.get(path).text
    answer = lead.post("/imports/places/", {"school": world.oakfield.school_id})
    assert answer.status_code == 422
    assert "Choose a file." in answer.text
    manager = browse(world.person("site-manager", school=world.oakfield.school))
    answer = send(manager, "places", b"Building\nX\n")
    assert answer.status_code == 422
    assert "Choose the school." in answer.text


def test_a_register_of_the_whole_trust_says_in_each_row_which_school(world, lead):
    oakfield, riverside = world.oakfield.school, world.riverside.school
    rows = [
        ["Fire extinguisher", "One", oakfield.name.upper(), "C1"],
        ["Fire extinguisher", "Two", str(riverside.urn), "C1"],
        ["Fire extinguisher", "Three", "", "C2"],
        ["Fire extinguisher", "Four", "Nowhere Primary", "C3"],
    ]
    head = ["Type", "Name", "School name", "Serial"]
    page = lead.get(send(lead, "assets", table(head, *rows)).url).text
    assert "Write which school it is of." in page
    assert "There is no school “Nowhere Primary” here." in page
    path = send(lead, "assets", table(head, *rows[:2])).url
    assert "no mistake found" in lead.get(path).text
    lead.post(f"{path}apply/")
    assert {(each.name, each.site.school) for each in Asset.objects.all()} == {("One", oakfield), ("Two", riverside)}
    lead.post(f"{path}undo/")
    assert not Asset.objects.exists()


def test_the_whole_trust_is_offered_to_nobody_who_looks_after_a_part(world, lead, browse):
    assert "The whole trust: a column" in lead.get("/imports/assets/").text
    manager = browse(world.person("site-manager", school=world.oakfield.school))
    assert "The whole trust: a column" not in manager.get("/imports/assets/").text
    answer = send(manager, "assets", table(HEAD, ["Fire extinguisher", "One", "", "C1"]))
    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_a_large_file_is_read_and_applied_by_a_worker_with_its_progress_shown(
    world, lead, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(importing, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(importing, "AT_ONCE_ROWS", 1)
    rows = [["Fire extinguisher", f"Number {number}", "Main block", f"C{number}"] for number in range(20)]
    path = send(lead, "assets", table(HEAD, *rows), site=world.oakfield.pk).url
    answer = lead.get(path)
    assert "The file is being read" in answer.text
    assert answer["Refresh"] == "2"
    row = Import.objects.get()
    assert importing.try_now(str(row.pk)) == "ready"
    assert importing.try_now(str(row.pk)) == "nothing to do"
    lead.post(f"{path}apply/")
    assert "It is being imported" in lead.get(path).text
    assert importing.apply_now(str(row.pk), str(world.lead.pk)) == "applied"
    assert importing.apply_now(str(row.pk), str(world.lead.pk)) == "applied"
    assert Asset.objects.count() == 20


def test_others_see_no_import_that_is_not_of_their_schools(world, lead, browse):
    path = send(lead, "places", table(["Building"], ["Science block"]), school=world.oakfield.school_id).url
    lead.post(f"{path}apply/")
    assert browse(world.person("site-manager", school=world.oakfield.school)).get(path).status_code == 200
    stranger = browse(world.person("site-manager", school=world.riverside.school))
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}undo/").status_code == 404
    assert "Science" not in stranger.get("/imports/").text
    assert browse(world.caretaker).get("/imports/").status_code == 403
    assert stranger.get("/imports/gias/").status_code == 403
    assert Building.objects.filter(name="Science block").exists()


@pytest.mark.parametrize("kind", ["gias", "terms", "places", "people", "assets"])
def test_every_kind_explains_its_columns_and_its_template_is_read_back(world, browse, kind):
    browser = browse(world.person("administrator") if kind == "people" else world.lead)
    page = browser.get(f"/imports/{kind}/").text
    assert "What it says" in page
    template = browser.get(f"/imports/{kind}/template.xlsx")
    assert template.status_code == 200
    place = {} if kind in ("gias", "terms", "people") else {"site": world.oakfield.pk}
    path = browser.post(f"/imports/{kind}/", {"file": file(template.content, "t.xlsx"), **place}).url
    assert "lacks the column" not in browser.get(path).text
    assert browser.get(f"/imports/{kind}/template.csv").status_code == 200
    assert browser.get("/imports/nothing/").status_code == 404


def test_what_was_not_understood_is_said_once_and_the_file_is_tried_again(world, lead):
    content = table(["Thing", *HEAD[1:]], *[["Boiler", f"B{number}", "Annexe", f"S{number}"] for number in range(3)])
    path = send(lead, "assets", content, site=world.oakfield.pk).url
    page = lead.get(path).text
    assert "The table lacks the column “Type”" in page
    assert "The column “Thing” is" in page
    path = lead.post(f"{path}again/", {"header-0": "type"}).url
    page = lead.get(path).text
    assert "3 of 3 rows need correcting" in page
    assert '<option value="is:Gas boiler"' in page
    words = {each["text"]: place for place, each in enumerate(Import.objects.get().report["words"])}
    chosen = {f"word-{words['Boiler']}": "is:Gas boiler", "tick": "make-places"}
    assert lead.get(path).status_code == 200
    again = lead.post(f"{path}again/", chosen).url
    assert lead.get(path).status_code == 404, "the trial before is dropped"
    assert "no mistake found" in lead.get(again).text
    lead.post(f"{again}apply/")
    assert Asset.objects.filter(type="gas-boiler", building__name="Annexe").count() == 3
    assert lead.post(f"{again}again/", {}).status_code == 409, "what was applied is not tried again"


def test_a_spreadsheet_that_was_corrected_comes_back_and_its_first_columns_are_passed_over(world, lead):
    content = table(HEAD, ["Fire extingisher", "A", "Main block", "E1"], ["Fire door", "B", "Main block", "E2"])
    path = send(lead, "assets", content, site=world.oakfield.pk).url
    book = load_workbook(io.BytesIO(lead.get(f"{path}corrections.xlsx").content))
    assert book.active
    book.active["C2"] = "Fire extinguisher"
    out = io.BytesIO()
    book.save(out)
    path = lead.post("/imports/assets/", {"file": file(out.getvalue(), "corrected.xlsx"), "site": world.oakfield.pk}).url
    page = lead.get(path).text
    assert "no mistake found" in page
    assert "Columns passed over" not in page


def imported(world, lead, monkeypatch) -> Import:
    """Twenty assets, imported in one go."""
    rows = [["Fire extinguisher", f"Number {number}", "Main block", f"C{number}"] for number in range(20)]
    path = send(lead, "assets", table(HEAD, *rows), site=world.oakfield.pk).url
    lead.post(f"{path}apply/")
    monkeypatch.setattr(importing, "AT_ONCE_ROWS", 10)
    return Import.objects.get()


def test_a_large_import_is_undone_by_a_worker_with_its_progress_shown(world, lead, monkeypatch):
    row = imported(world, lead, monkeypatch)
    path = f"/imports/{row.pk}/"
    assert "whether it can still be undone is looked at first" in lead.get(path).text
    lead.post(f"{path}undo/")
    assert Asset.objects.count() == 20
    answer = lead.get(path)
    assert "It is being undone" in answer.text
    assert answer["Refresh"] == "2"
    assert lead.post(f"{path}undo/").status_code == 409
    assert importing.undo_now(str(row.pk), str(world.lead.pk)) == "undone"
    assert importing.undo_now(str(row.pk), str(world.lead.pk)) == "nothing to do"
    assert "Undone" in lead.get(path).text
    assert not Asset.objects.exists()


def test_a_large_import_that_is_in_use_stays_and_says_why(world, lead, monkeypatch):
    row = imported(world, lead, monkeypatch)
    world.plan(asset=Asset.objects.first())
    lead.post(f"/imports/{row.pk}/undo/")
    assert "cannot be undone" in importing.undo_now(str(row.pk), str(world.lead.pk))
    page = lead.get(f"/imports/{row.pk}/").text
    assert "something that it made or changed has been used since" in page
    assert "Undo this import" in page
    assert Asset.objects.count() == 20


def test_an_answer_can_be_explained_further_and_taken_back(world, lead):
    content = table(["Type", "Name", "Building", "Space"], ["Fire door", "A", "Main block", "Libary"], ["Fire door", "B", "", ""])
    path = send(lead, "assets", content, site=world.oakfield.pk).url
    page = lead.get(path).text
    assert "Libary" in page
    path = lead.post(f"{path}again/", {"word-0": "is:Library"}).url
    assert "There is no space “Library”" in lead.get(path).text
    path = lead.post(f"{path}again/", {"word-0": "empty"}).url
    page = lead.get(path).text
    assert "no mistake found" in page
    back = lead.post(f"{path}again/", {"back": ['["space", "Libary"]', '["space", "Library"]', "nothing of ours"]}).url
    assert "There is no space “Libary”" in lead.get(back).text


def test_a_page_of_notes_before_the_table_repeated_headers_and_sums_are_no_rows(world, lead):
    book = Workbook()
    assert book.active
    book.active.append(["Read me first"])
    sheet = book.create_sheet("Register")
    for row in (["Type", "Name"], ["Fire door", "A"], ["Type", "Name"], ["Fire door", "B"], ["Total", 2]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    path = lead.post("/imports/assets/", {"file": file(out.getvalue(), "two.xlsx"), "site": world.oakfield.pk}).url
    page = lead.get(path).text
    assert "2 rows read, and no mistake found" in page
    assert "on the sheet “Register”" in page


def test_a_room_that_only_one_building_has_needs_no_building(world, lead):
    other = Building.objects.create(site=world.oakfield, name="Annexe")
    Space.objects.create(building=other, name="Kiln room")
    content = table(["Type", "Name", "Space"], ["Fire door", "A", "Kiln room"])
    path = send(lead, "assets", content, site=world.oakfield.pk).url
    lead.post(f"{path}apply/")
    assert Asset.objects.get().building == other


def test_a_table_to_correct_keeps_the_columns_that_are_passed_over_and_the_rows_numbers(world, lead):
    content = table(["Type", "Name", "Cost"], ["Fire door", "A", "£5"], ["Fire dor", "B", "£7"])
    path = send(lead, "assets", content, site=world.oakfield.pk).url
    head, row = lead.get(f"{path}corrections.csv?only=wrong").content.decode("utf-8-sig").splitlines()
    assert head == "What is wrong,Row in the file sent,Type,Name,Cost"
    assert row.endswith(",3,Fire dor,B,£7")


def test_a_building_written_once_for_the_rows_below_is_taken_for_all_of_them_where_that_is_said(world, lead):
    Building.objects.create(site=world.oakfield, name="Annexe")
    rows = [["Fire door", "A", "Main block"], ["Fire door", "B", ""], ["Fire door", "C", "Annexe"], ["Fire door", "D", ""]]
    path = send(lead, "assets", table(["Type", "Name", "Building"], *rows), site=world.oakfield.pk, tick=["fill-down"]).url
    lead.post(f"{path}apply/")
    assert [str(each.building) for each in Asset.objects.order_by("name")] == ["Main block", "Main block", "Annexe", "Annexe"]
