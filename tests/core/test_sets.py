"""Many rows at once: made, added and saved as the models themselves would."""

from backend.core.ids import new_id
from backend.core.reading import literal
from backend.core.sets import copy_in, row_of, these, update_many
from backend.sync.models import Op
from backend.trust.models import Building


def test_a_row_from_its_columns_is_what_the_model_makes(world):
    columns = {"id": new_id(), "push": new_id(), "kind": "check_done", "notes": ["a"], "device_id": "d"}
    quick, slow = row_of(Op, columns), Op(**columns)
    names = [field.attname for field in Op._meta.concrete_fields]
    assert [getattr(quick, name) for name in names] == [getattr(slow, name) for name in names]
    assert quick._state.adding and quick == slow and quick.waiting_for is not row_of(Op, columns).waiting_for


def test_rows_are_copied_in_and_read_back_the_same(world):
    site = world.oakfield
    rows = [row_of(Building, {"site_id": site.pk, "name": name, "built": 1985}) for name in ("A\tB", 'C\\"\n', "é", "\\N")]
    copy_in(rows)
    found = Building.objects.filter(pk__in=these(row.pk for row in rows))
    assert {each.name for each in found} == {row.name for row in rows}
    assert not Building.objects.filter(pk__in=these([])).exists()


def test_arrays_json_and_nothing_are_saved_many_at_once(world):
    base = {"push": new_id(), "kind": "check_done", "received_at": "2026-11-22T00:00Z", "outcome": "held"}
    rows = [row_of(Op, {**base, "id": new_id()}) for _ in range(3)]
    copy_in(rows)
    for row, waiting in zip(rows, ([], ["a,b", 'c"d', "e\\f", "{}", ""], ["NULL"]), strict=True):
        row.waiting_for, row.notes, row.site_id, row.code = waiting, [{"é": None}], world.oakfield.pk, "waiting"
    update_many(rows, ("waiting_for", "notes", "site", "code", "settled_at"))
    for row in rows:
        kept = Op.objects.get(pk=row.pk)
        assert (kept.waiting_for, kept.notes, kept.site_id) == (row.waiting_for, row.notes, row.site_id)
    assert literal(['"']) == '{"\\""}'
