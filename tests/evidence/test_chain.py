"""What an entry says, whom it names, and that people can be erased without breaking the chain."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.assets.evidence import READINGS
from backend.assets.models import Reading
from backend.core import audit, comparing, salts
from backend.core.evidence import ACTOR_NAMES, act, all_evidence, plain
from backend.core.models import Act, ActorName, AuditEntry, Salt
from backend.trust.evidence import PEOPLE
from tests.evidence.entering import enter_missing

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def faults() -> list[str]:
    found = list(audit.faults(AuditEntry.objects.order_by("number")))
    for evidence in all_evidence():
        found += comparing.faults(evidence, lambda _count: None)
    return found


def test_the_name_of_who_acted_stands_beside_the_chain_once(world):
    lead = world.lead
    one, two = (audit.append([act("noted", {"n": n}, at=NOON, actor_id=lead.pk, actor_name=lead.name)])[0] for n in (1, 2))
    assert one.named_id == two.named_id
    assert ActorName.objects.get(actor_id=lead.pk).name == lead.name
    [renamed] = audit.append([act("noted", {}, at=NOON, actor_id=lead.pk, actor_name="A New Name")])
    assert renamed.named_id != one.named_id
    assert AuditEntry.objects.filter(pk=one.number, named__name=lead.name).exists()
    enter_missing()
    assert faults() == []


def test_a_part_of_siteward_that_acts_is_named_in_the_entry(db):
    [entry] = audit.append([act("noted", {}, at=NOON, actor_name="Nightly job")])
    assert (entry.actor_id, entry.named_id, entry.system) == (None, None, "Nightly job")


def test_the_chain_itself_holds_no_name(world):
    lead = world.lead
    audit.append([act("noted", {}, at=NOON, actor_id=lead.pk, actor_name=lead.name)])
    enter_missing()
    for row in AuditEntry.objects.values():
        assert lead.name not in str(row) and lead.email not in str(row)


def test_the_same_person_entered_twice_has_two_hashes(world):
    """So that nobody who guesses an e-mail address can see in the chain whether the guess was right."""
    one, two = audit.append([PEOPLE.fact(world.lead), PEOPLE.fact(world.lead)])
    assert one.content_hash != two.content_hash
    assert audit.digest(PEOPLE.content(world.lead)) not in {one.content_hash, two.content_hash}
    assert Salt.objects.filter(pk__in=[one.number, two.number]).count() == 2


def test_somebody_is_erased_and_the_chain_stays_whole(world):
    lead = world.lead
    audit.append([act("noted", {}, at=NOON, actor_id=lead.pk, actor_name=lead.name)])
    enter_missing()
    name = ActorName.objects.get(actor_id=lead.pk)
    subjects = [f"person:{lead.pk}", f"actor-name:{name.pk}"]
    kept = salts.destroy(subjects)
    name.name, lead.name, lead.email = "", "Somebody who left", f"erased-{lead.pk}.example"
    name.save()
    lead.save()
    assert faults() != []
    said = act(salts.ERASED, {"salts": kept}, at=NOON)
    audit.append([PEOPLE.fact(lead, kind="erased"), ACTOR_NAMES.fact(name, kind="erased"), said])
    assert faults() == []


def test_a_row_that_was_rightly_removed_is_no_fault_and_one_that_came_back_is(world):
    enter_missing()
    mark = world.oakfield.school.calendar_marks.create(kind="inset", first_day=NOON, last_day=NOON)
    from backend.trust.evidence import MARKS

    audit.append([MARKS.fact(mark)])
    told, key = MARKS.removal(mark), mark.pk
    mark.delete()
    assert len(faults()) == 1
    audit.append([told])
    assert faults() == []
    mark.pk = key
    mark.save(force_insert=True)
    assert "says that it was removed" in faults()[0]


def test_a_reading_reads_the_same_before_and_after_it_is_saved(world):
    reading = Reading(
        id=uuid.uuid4(), asset=world.asset(), value=Decimal("4.50001"), unit="kWh", taken_by=world.lead,
        taken_at=dt.datetime(2026, 7, 1, 10, tzinfo=dt.timezone(dt.timedelta(hours=1))),
    )  # fmt: skip
    before = READINGS.content(reading)
    reading.save()
    assert READINGS.content(Reading.objects.get()) == before
    assert before["taken_at"] == "2026-07-01T09:00:00.000000+00:00" and before["value"] == "4.5000"


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
NUMBERS = st.integers(-(10**25), 10**25) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def test_any_json_reads_the_same_before_and_after_it_is_saved(db):
    @given(JSON)
    def same(value):
        row = Act.objects.create(kind="drawn", said={"value": value}, at=NOON)
        assert audit.canonical(plain(Act.objects.get(pk=row.pk).said)) == audit.canonical(plain({"value": value}))

    same()


@pytest.mark.parametrize("word", ["a\nb"])
def test_no_entry_can_be_spelled_as_another(db, word):
    for fact in (audit.Fact("kind", word, {}), audit.Fact(word, "act:1", {}), audit.Fact("kind", "act:1", {}, None, word)):
        with pytest.raises(ValueError, match="line's end"):
            audit.append([fact])
