"""What the tests of the pages share: somebody's browser, and work done at Oakfield."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from backend.checks.actions import NewRecord, When, record_check
from backend.checks.models import CheckRecord, Plan
from backend.core.days import LONDON
from tests.answers import good_answers


@pytest.fixture
def browse():
    """A browser in which somebody is signed in (nobody, when none is named)."""

    def signed_in(person=None) -> Client:
        browser = Client()
        if person is not None:
            browser.force_login(person)
        return browser

    return signed_in


def done(plan: Plan, author, *, days_ago: int = 0, **more) -> CheckRecord:
    """A record of the plan's check, all in order unless `answers` says otherwise."""
    revision = plan.check_type.current
    assert revision is not None
    at = timezone.now().astimezone(LONDON) - dt.timedelta(days=days_ago)  # by the clock on the wall: days of 23 and 25 hours too
    answers = good_answers(revision.questions(), plan) | more.pop("answers", {})
    return record_check(
        NewRecord(
            author=author,
            revision=revision,
            answers=answers,
            when=When(at, at, at),
            presence=more.pop("presence", "tag"),
            plan=plan,
            **more,
        )
    )
