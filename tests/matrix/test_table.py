"""The table that is checked in says what is declared, of every route that exists."""

from backend.trust.permits import ROLES
from tests.arch.sweep import addresses
from tests.matrix import table
from tests.matrix.addresses import every
from tests.matrix.columns import BY_ROLE, COLUMNS
from tests.matrix.declared import lines
from tests.matrix.routes import missing


def test_every_route_and_method_that_exists_has_its_lines():
    assert not missing(), "\n".join(missing())


def test_the_table_that_is_checked_in_is_the_one_that_is_declared():
    wanted, kept = table.text().splitlines(), table.kept().splitlines()
    differing = [f"- {each}" for each in kept if each not in wanted] + [f"+ {each}" for each in wanted if each not in kept]
    assert wanted == kept, "python -m tests.matrix write, and look at what changes:\n" + "\n".join(differing[:40])


def test_every_role_has_a_column():
    assert BY_ROLE.keys() == ROLES.keys(), "say in tests/matrix/columns.py where the new role stands"
    assert {role for column in COLUMNS for role, _ in column.held} == ROLES.keys()


def test_an_address_with_a_slash_at_its_end_is_answered_by_the_same_view():
    """The API's twins are asked once; what is left out of the table must be nothing but twins."""
    shown = {(each.view, each.plain.rstrip("/")) for each in every().values()}
    assert all((each.view, each.plain.rstrip("/")) in shown for each in addresses())


def test_the_table_holds_what_it_should():
    """Every role may do something and is refused something; every sort of answer is there."""
    for column in COLUMNS:
        told = {line.says(column) for line in lines()}
        assert len(told) > 1, column.name
    assert table.cells() > 10_000
