"""The pages about labels: rooms, rolls, printed again, replaced, one's own paper and printer; and what a scan opens."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from backend.assets.actions import ensure_place_tags, ensure_tags, keep_run, make_roll, replace_tag
from backend.assets.models import LabelRun, LabelStock, PrintingHabit, Tag
from backend.core.models import AuditEntry
from backend.maintenance.models import Defect, FaultReport

pytestmark = pytest.mark.django_db
PAPER = {"stock": "a4-3x6", "first": "1", "says_shown": "1", "says": ["name", "place"]}
OWN = {
    "name": "Ours", "page_width": "210", "page_height": "297", "label_width": "70", "label_height": "40", "across": "3",
    "down": "7", "left": "0", "top": "5", "column_gap": "0", "row_gap": "0.5",
}  # fmt: skip


@pytest.fixture
def manager(world):
    """Somebody who prints labels at Oakfield only."""
    return world.person("site-manager", school=world.oakfield.school)


@pytest.fixture
def room(world):
    """Oakfield's boiler room."""
    return world.oakfield.buildings.get().spaces.select_related("building__site__school").get(name="Boiler room")


def words(answer):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def told(answer):
    return answer.content.decode()


def test_showing_a_sheet_first_makes_no_label_and_keeps_nothing(world, manager, browse):
    asset = world.asset(name="Panel")
    entries = AuditEntry.objects.count()
    page = browse(manager).post("/labels/", {**PAPER, "asset": asset.pk, "preview": "1", "first": "3"})
    assert page.status_code == 200 and "This is how it will look" in told(page)
    assert told(page).count('class="place used"') == 2 and ">Panel</text>" in told(page)
    assert (Tag.objects.count(), LabelRun.objects.count(), AuditEntry.objects.count()) == (0, 0, entries)


def test_who_printed_which_label_when_is_kept(world, manager, browse):
    asset = world.asset(name="Panel")
    answer = browse(manager).post("/labels/", {**PAPER, "asset": asset.pk})
    assert answer["Content-Type"] == "application/pdf" and "Panel" in words(answer)
    code = Tag.objects.get(asset=asset).code
    [run] = LabelRun.objects.all()
    assert (run.codes, run.printed_by, run.site) == ([code], manager, world.oakfield)
    page = told(browse(world.lead).get(f"/labels/tags/{code}/"))
    assert manager.name in page and f"/labels/printed/{run.pk}/" in page
    assert f"/labels/printed/{run.pk}/" in told(browse(manager).get("/labels/printed/"))


def test_what_stands_on_a_label_is_chosen_and_remembered(world, manager, browse):
    asset = world.asset(name="Panel")
    said = {**PAPER, "asset": asset.pk, "says": ["school", "phone"], "phone": "01234 567890"}
    text = words(browse(manager).post("/labels/", said))
    assert "567890" in text and "Oakfield" in text and "Panel" not in text
    habit = PrintingHabit.objects.get(person=manager)
    assert (habit.says, habit.phone) == (["school", "phone"], "01234 567890")
    assert "01234 567890" in told(browse(manager).get(f"/labels/?asset={asset.pk}"))
    refused = browse(manager).post("/labels/", {**said, "phone": ""})
    assert refused.status_code == 422 and "Type the number" in told(refused)


def test_a_sheet_has_no_more_labels_than_it_has(world, manager, browse):
    page = browse(manager).post("/labels/", {**PAPER, "asset": world.asset().pk, "first": "19"})
    assert page.status_code == 422 and "This sheet has 18 labels" in told(page)


def test_rooms_get_labels_and_a_scan_opens_what_is_due_there(world, manager, browse, room):
    plan = world.plan(asset=world.asset(name="Panel"))
    browser = browse(manager)
    sent = {**PAPER, "site": world.oakfield.pk, "place": [room.pk, room.building_id]}
    text = words(browser.post("/labels/places/", sent))
    assert "Boiler room" in text and "Main block" in text
    codes = {tag.thing: tag.code for tag in Tag.objects.exclude(building=None, space=None)}
    scanned = browser.get(f"/{codes[room]}")
    assert scanned["Location"] == f"/spaces/{room.pk}/"
    page = told(browser.get(scanned["Location"]))
    assert "Boiler room: 1 asset" in page and f"/plans/{plan.pk}/" in page
    assert browser.get(f"/{codes[room.building].lower()}")["Location"] == f"/buildings/{room.building_id}/"


def test_a_rooms_page_and_label_are_hidden_from_another_school(world, browse, room, manager):
    tag = ensure_place_tags([room], person=manager)[room.pk]
    stranger = browse(world.person("site-manager", school=world.riverside.school))
    asked_for = [f"/spaces/{room.pk}/", f"/{tag.code}", f"/labels/tags/{tag.code}/", f"/labels/places/?site={world.oakfield.pk}"]
    assert [stranger.get(path).status_code for path in asked_for] == [404] * 4
    sent = stranger.post("/labels/places/", {**PAPER, "site": world.oakfield.pk, "place": room.pk})
    assert sent.status_code == 404 and not LabelRun.objects.exists()


def test_anybody_may_report_a_fault_by_a_rooms_label(world, browse, room, manager):
    tag = ensure_place_tags([room], person=manager)[room.pk]
    page = told(browse().get(f"/{tag.code}"))
    assert "Oakfield. Is something wrong here?" in page and "Boiler" not in page
    assert browse().post(f"/report/{tag.code}/", {"said": "It smells of gas", "unsafe": "on"}).status_code == 302
    report = FaultReport.objects.get()
    assert (report.site, report.space, report.building, report.asset) == (world.oakfield, room, room.building, None)
    staff = browse(world.person("staff", school=world.oakfield.school))
    assert staff.post(f"/report/{tag.code}/", {"said": "It drips"}).status_code == 302
    assert Defect.objects.get().space == room


def test_a_lost_label_is_replaced_and_says_so_when_it_is_scanned(world, manager, browse):
    asset = world.asset(name="Panel")
    old = ensure_tags([asset])[asset.pk].code
    browser = browse(manager)
    went = browser.post(f"/labels/tags/{old}/replace/", {"why": "lost", "note": "In the bin"})
    new = Tag.objects.get(asset=asset).code
    assert went["Location"] == f"/labels/tags/{new}/" and new != old
    page = told(browser.get(f"/{old}"))
    assert "was taken out of use" in page and f"{new[:4]} {new[4:]}" in page and f"/assets/{asset.pk}/" in page
    assert browser.get(f"/{new}")["Location"] == f"/assets/{asset.pk}/"
    outside = told(browse().get(f"/{old}"))
    assert "This label belongs to equipment" in outside and new not in outside.replace(" ", "")
    again = browser.post(f"/labels/tags/{old}/retire/", {"why": "lost"})
    assert again.status_code == 422 and "out of use already" in told(again)


def test_a_replaced_label_tells_nothing_of_a_thing_that_moved_where_they_may_not_look(world, manager, browse):
    asset = world.asset(name="Secret safe")
    old = ensure_tags([asset])[asset.pk].code
    replace_tag(code=old, why="lost", person=manager)
    asset.site = world.riverside
    asset.building = asset.space = None
    asset.save()
    for path in (f"/{old}", f"/labels/tags/{old}/"):
        page = browse(manager).get(path)
        assert page.status_code == 200 and str(asset.pk) not in told(page) and "Secret safe" not in told(page), path


def test_a_roll_is_made_once_and_printed_again_from_its_page(world, manager, browse):
    browser = browse(manager)
    went = browser.post("/labels/roll/", {**PAPER, "site": world.oakfield.pk, "count": "3"})
    run = LabelRun.objects.get()
    assert went["Location"].startswith(f"/labels/printed/{run.pk}/") and Tag.objects.filter(roll=run).count() == 3
    text = words(browser.post(f"/labels/printed/{run.pk}/", {**PAPER, "code": run.codes[:2]})).replace("\n", " ")
    assert all(run.codes[at][4:] in text for at in (0, 1)) and run.codes[2][4:] not in text
    assert LabelRun.objects.filter(kind="again").get().codes == run.codes[:2]
    elsewhere = browser.post("/labels/roll/", {**PAPER, "site": world.riverside.pk, "count": "3"})
    assert elsewhere.status_code == 422 and Tag.objects.count() == 3


def test_a_printing_never_shows_what_its_labels_are_on_elsewhere(world, manager, browse):
    run = make_roll(site=world.oakfield, count=1, stock="A sheet", person=manager)
    theirs = world.asset(name="Their boiler", site=world.riverside)
    Tag.objects.filter(pk=run.codes[0]).update(asset=theirs)
    page = told(browse(manager).get(f"/labels/printed/{run.pk}/"))
    assert "elsewhere now" in page and "Their boiler" not in page
    assert browse(manager).post(f"/labels/printed/{run.pk}/", PAPER).status_code == 422


def test_the_offset_is_kept_for_each_person_and_moves_what_they_print(world, manager, browse):
    asset = world.asset()
    before = first_at(browse(manager).post("/labels/", {**PAPER, "asset": asset.pk}))
    assert browse(manager).post("/labels/printer/", {"from_left": "11.5", "from_top": "8"}).status_code == 302
    habit = PrintingHabit.objects.get(person=manager)
    assert (str(habit.move_right), str(habit.move_down)) == ("-1.5", "2.0")
    moved = first_at(browse(manager).post("/labels/", {**PAPER, "asset": asset.pk}))
    assert moved == pytest.approx((before[0] - 1.5, before[1] - 2.0), abs=0.02)
    assert first_at(browse(world.lead).post("/labels/", {**PAPER, "asset": asset.pk})) == before


def drawing(answer):
    """The words of what is drawn on the first page of a PDF."""
    contents = PdfReader(io.BytesIO(answer.content)).pages[0].get_contents()
    assert contents is not None
    return contents.get_data().decode("latin-1").split()


def first_at(answer):
    """Where the first label is put, millimetres from the page's lower left corner."""
    drawn = drawing(answer)
    at = next(number for number, word in enumerate(drawn) if word == "cm" and drawn[number - 2 : number] != ["0", "0"])
    return float(drawn[at - 2]) * 25.4 / 72, float(drawn[at - 1]) * 25.4 / 72


def test_the_test_page_has_rulers_and_the_labels_outlines(manager, browse):
    answer = browse(manager).get("/labels/printer/test-page.pdf?stock=a4-2x7")
    assert answer["Content-Type"] == "application/pdf" and "Test page for labels" in words(answer)
    drawn = drawing(answer)
    assert drawn.count("re") == 15  # fourteen labels and the frame
    assert drawn.count("l") == 2 * 101  # a tick for each millimetre of ten centimetres, both ways
    assert browse(manager).get("/labels/printer/test-page.pdf?stock=nothing").status_code == 404


def test_a_sheet_of_ones_own_is_measured_used_and_forgotten(world, manager, browse):
    browser = browse(manager)
    assert browser.post("/labels/sheets/", OWN).status_code == 302
    own = LabelStock.objects.get()
    answer = browser.post("/labels/", {**PAPER, "stock": f"own-{own.pk}", "first": "21", "asset": world.asset().pk})
    assert answer["Content-Type"] == "application/pdf"
    other = browse(world.lead)
    assert other.post(f"/labels/sheets/{own.pk}/remove/").status_code == 404
    assert other.post("/labels/", {**PAPER, "stock": f"own-{own.pk}", "asset": world.asset().pk}).status_code == 422
    assert browser.post(f"/labels/sheets/{own.pk}/remove/").status_code == 302 and not LabelStock.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"across": "4"}, "over the right edge"),
        ({"down": "8"}, "over the bottom edge"),
        ({"label_width": "30", "label_height": "20"}, "code does not fit"),
        ({"label_width": "a lot"}, "Write a number"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused_in_words(manager, browse, changed, said):
    page = browse(manager).post("/labels/sheets/", OWN | changed)
    assert page.status_code == 422 and said in told(page)
    assert not LabelStock.objects.exists()


def test_only_who_prints_labels_comes_in(world, browse):
    governor = browse(world.person("governor", school=world.oakfield.school))
    for path in ("places/", "roll/", "printed/", "printer/", "sheets/", "printer/test-page.pdf"):
        assert governor.get(f"/labels/{path}").status_code == 403, path


def test_the_pages_ask_no_more_of_the_database_when_there_is_more(world, manager, browse, room):
    browser = browse(manager)

    def more(number):
        assets = [world.asset(name=f"Panel {number}-{each}") for each in range(4)]
        codes = [tag.code for tag in ensure_tags(assets).values()]
        return keep_run(person=manager, codes={world.oakfield: codes}, kind="assets", stock="A sheet")[0]

    runs = [more(1)]
    paths = ["/labels/places/", "/labels/printed/", f"/labels/printed/{runs[0].pk}/", f"/spaces/{room.pk}/"]
    browser.get(paths[0])  # what a process reads once
    few = [queries(browser, path) for path in paths]
    for number in range(2, 5):
        more(number)
    assert [queries(browser, path) for path in paths] == few


def queries(browser, path):
    """How many queries a page asks."""
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)
