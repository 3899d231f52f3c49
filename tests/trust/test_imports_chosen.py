"""What is said once of a file counts for all its rows: columns, words, rows left out; and words that schools use are known."""

import datetime as dt
import uuid

import pytest
from django.db import connections, transaction
from django.utils import timezone

from backend.assets.models import Asset
from backend.core.days import today
from backend.office.setting_up import progress
from backend.office.setting_up.importing import applied
from backend.office.setting_up.kinds import KINDS
from backend.trust.actions import renumber_school
from backend.trust.imports import running
from backend.trust.imports.choosing import OTHERS, Chosen, HeadersMissing
from backend.trust.imports.kinds import Options
from backend.trust.imports.running import planned
from backend.trust.imports.terms import kind_of_day
from backend.trust.models import Import, Person
from tests.trust.test_imports import faults, fresh, table, tried

__all__ = ["fresh"]
REGISTER = ["Equipment Type", "Desc.", "Bldg", "Room No.", "Make/Manufacturer", "Serial No", "Date of install", "Status"]


def chosen(columns=None, **words) -> Chosen:
    return Chosen(columns or {}, words)


def test_a_word_that_was_chosen_once_counts_in_every_row_and_the_choice_is_kept(fresh):
    rows = [["Boiler", f"Boiler {number}", "Main block", "", "", f"S{number}", "", "Good"] for number in range(5)]
    content = table(REGISTER, *rows, ["Jukebox", "", "", "", "", "J1", "", ""])
    row = tried("assets", content, fresh.lead, site=fresh.oakfield)
    said = {each["text"]: each for each in row.report["words"]}
    assert said["Boiler"]["rows"] == 5
    assert set(said["Boiler"]["likely"]) == {"Gas boiler", "Oil boiler"}
    assert row.report["offered"]["status"] == ["In use", "Out of service", "Retired"]
    choice = chosen(type={"Boiler": "Gas boiler", "Jukebox": None}, status={"Good": ""})
    row = tried("assets", content, fresh.lead, site=fresh.oakfield, chosen=choice)
    assert not faults(row)
    assert row.report["left_out"] == 1
    applied(row, actor=fresh.lead)
    assert list(Asset.objects.values_list("type_id", flat=True)) == ["gas-boiler"] * 5
    assert Import.objects.get(pk=row.pk).options["chosen"]["words"]["type"] == {"Boiler": "Gas boiler", "Jukebox": None}


def test_dates_that_cannot_be_read_are_one_question_and_may_all_be_left_empty(fresh):
    days = ["31/02/2019", "03/25/2019", "soon", "last year", "01/01/0219", "28/2/2019", "1 March 2020"]
    rows = [["Fire door", "", "Main block", "", "", f"D{number}", day, ""] for number, day in enumerate(days)]
    row = tried("assets", table(REGISTER, *rows), fresh.lead, site=fresh.oakfield)
    said = faults(row)
    assert len(said) == 5
    assert "“last year” is no date" in said[3]
    (word,) = row.report["words"]
    assert (word["text"], word["rows"], word["example"], word["more"]) == (OTHERS, 5, "31/02/2019", 4)
    row = tried("assets", table(REGISTER, *rows), fresh.lead, site=fresh.oakfield, chosen=chosen(installed={OTHERS: ""}))
    applied(row, actor=fresh.lead)
    found = set(Asset.objects.values_list("installed_on", flat=True))
    assert found == {None, dt.date(2019, 2, 28), dt.date(2020, 3, 1)}, "what can be read is kept"
    row = tried("assets", table(REGISTER, *rows), fresh.lead, site=fresh.oakfield, chosen=chosen(installed={OTHERS: None}))
    assert (row.report["left_out"], len(faults(row))) == (5, 0)


def test_a_column_of_another_name_can_be_named_also_when_the_table_lacks_it_otherwise(fresh):
    content = table(["Thing", "Block"], ["Fire door", "Main block"])
    one = KINDS["assets"]
    with pytest.raises(HeadersMissing) as refused:
        planned(one, content, Options(today(), site=fresh.oakfield), fresh.lead, lambda _said: None)
    assert refused.value.found == ["Thing", "Block"]
    assert "type" in refused.value.lacking
    row = tried("assets", content, fresh.lead, site=fresh.oakfield, chosen=chosen({"type": "Thing"}))
    assert not faults(row)


def test_things_that_are_alike_are_numbered_when_asked_and_known_again_by_their_numbers(fresh):
    content = table(REGISTER, *[["Extinguishers", "", "Main block", "Hall", "", "", "", ""]] * 3)
    assert "stands in row 2 already" in faults(tried("assets", content, fresh.lead, site=fresh.oakfield))[0]
    for did in ("new", "same"):
        row = tried("assets", content, fresh.lead, site=fresh.oakfield, ticks=frozenset({"number-alike"}))
        assert row.report["totals"]["asset"][did] == 3
        applied(row, actor=fresh.lead)
    names = list(Asset.objects.order_by("name").values_list("name", flat=True))
    assert names == ["Fire extinguisher", "Fire extinguisher 2", "Fire extinguisher 3"]


def test_a_spoiled_serial_number_is_refused_and_words_of_schools_are_understood(fresh):
    content = table(
        REGISTER, ["MCPs", "", "Main block", "", "", "1.2E+12", "", ""], ["TMV3", "", "Main block", "", "", "7", "", ""]
    )
    (said,) = faults(tried("assets", content, fresh.lead, site=fresh.oakfield))
    assert said.startswith("Row 2")
    assert "its last figures are lost" in said


def test_a_table_that_names_a_school_by_its_old_urn_means_the_school(fresh):
    school = fresh.oakfield.school
    old = school.urn
    renumber_school(school, urn=987_654, actor=fresh.lead)
    admin = fresh.person("administrator")
    people = table(
        ["First name", "Surname", "Email", "Role", "URN or school"], ["Sam", "Whitlock", "s@x.example", "Caretaker", old]
    )
    row = tried("people", people, admin, chosen=chosen({"school": "URN or school"}))
    assert not faults(row)
    applied(row, actor=admin)
    sam = Person.objects.get(email="s@x.example")
    assert (sam.name, sam.appointments.get().school) == ("Sam Whitlock", school)
    terms = table(["URN", "Term", "Start date", "End date"], [old, "Spring Term 2031", "06/01/2031", "28/03/2031"])
    row = tried("terms", terms, fresh.lead)
    assert not faults(row)
    assert row.report["will"][0][3] == str(school)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Autumn", "term"),
        ("Spring Term 2027", "term"),
        ("INSET day 2", "inset"),
        ("Autumn half term", "half-term"),
        ("Easter holiday", "closure"),
        ("Summer break", "closure"),
        ("Lettings", "occupied"),
    ],
)
def test_a_calendars_own_words_are_understood(text, kind):
    assert kind_of_day(text) == kind


@pytest.mark.django_db(transaction=True)
def test_how_far_an_import_has_come_is_seen_while_its_transaction_is_open(transactional_db):
    row = Import.objects.create(kind="assets", made_at=timezone.now(), sha256="0" * 64, state=Import.State.APPLYING)
    other = connections["default"].copy()
    try:
        with transaction.atomic(), progress.Progress(row.pk) as tell:
            running.lock(row.pk)
            tell("200 of 2,000 assets")
            tell("not within the same second")
            with other.cursor() as cursor:
                cursor.execute("SELECT told FROM trust_import WHERE id = %s", [row.pk])
                assert cursor.fetchone() == ("200 of 2,000 assets",)
            row.told = ""
            row.save()
        progress.Progress(uuid.uuid4())("of an import that is gone: nothing fails")
    finally:
        other.close()


def test_a_row_that_repeats_another_word_for_word_is_taken_once_and_said(fresh):
    one = ["Fire door", "", "Main block", "Hall", "", "D7", "", ""]
    row = tried("assets", table(REGISTER, one, one, [*one[:4], "Chubb", *one[5:]]), fresh.lead, site=fresh.oakfield)
    assert row.report["notes"] == ["Row 3 repeats row 2 word for word: it is taken once."]
    (said,) = faults(row)
    assert said.startswith("Row 4, Serial No: The serial number D7 stands in row 2 already")


def test_a_number_that_looks_like_a_slip_of_one_that_is_here_is_said_and_stops_nothing(fresh):
    first = [
        ["Gas boiler", "Boiler", "Main block", "", "", "4412-878", "", ""],
        ["Gas boiler", "Boiler", "Main block", "", "", "9001", "", ""],
    ]
    applied(tried("assets", table(REGISTER, *first), fresh.lead, site=fresh.oakfield), actor=fresh.lead)
    again = [
        ["Gas boiler", "Boiler", "Main block", "", "", "4412-887", "", ""],
        ["Gas boiler", "Boiler", "Main block", "", "", "7350-111", "", ""],
    ]
    row = tried("assets", table(REGISTER, *again), fresh.lead, site=fresh.oakfield)
    assert not faults(row)
    (note,) = [each for each in row.report["notes"] if "looks like" in each]
    assert "4412-887" in note and "4412-878" in note
    row = tried("assets", table(REGISTER, *again, *first), fresh.lead, site=fresh.oakfield)
    assert not [each for each in row.report["notes"] if "looks like" in each], "the one that is here stands in a row of its own"
