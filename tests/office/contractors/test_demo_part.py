"""The invented trust's contractors, certificates and documents obey what must always hold."""

import pytest

from backend.checks.models import Certificate, Document
from backend.checks.papers_held import PAPERS
from backend.core.days import today
from backend.maintenance.models import Contractor, ReportUpload
from backend.maintenance.queries.contractors import standings
from backend.office.demo.loading import load

pytestmark = pytest.mark.django_db


class Silent:
    """A teller who tells nothing."""

    def step(self, title: str, total: int) -> None:
        """A step begins."""

    def part(self) -> None:
        """A part of it is done."""


def test_some_firms_should_not_work_and_every_certificate_points_to_its_records(library):
    load(schools=2, assets=None, seed=7, history=True, today=today(), tell=Silent())
    said = standings(list(Contractor.objects.all()), today())
    assert len(said) >= 8
    assert {each.may_work for each in said.values()} == {True, False}
    assert ReportUpload.objects.filter(state="waiting").exists()
    assert Certificate.objects.count() > 20
    assert Document.objects.count() > 10
    assert [fault for each in PAPERS for fault in each.faults(lambda _n: None)] == []
