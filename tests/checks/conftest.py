"""The tests of records and lapses stand on one Wednesday in term."""

import pytest
import time_machine

from tests.checks.work import WEDNESDAY


@pytest.fixture
def wednesday():
    """It is Wed 18 Nov 2026, ten in the morning."""
    with time_machine.travel(WEDNESDAY, tick=False) as clock:
        yield clock
