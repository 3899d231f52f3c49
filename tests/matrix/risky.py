"""The matrix's condition surveys, findings, exposures and a board paper."""

from typing import TYPE_CHECKING

from django.utils import timezone

from backend.core.days import today
from backend.risk.models import AnnualReturn, BoardPaper, ConditionItem, ConditionSurvey, Project, Risk, RiskScore, Scenario
from backend.trust.models import Person
from tests.matrix.columns import TRUST

if TYPE_CHECKING:
    from tests.matrix.world import MatrixWorld


def furnish_condition(made: "MatrixWorld", place: str, name: str, who: Person) -> None:
    """A survey with something in bad condition, which is an exposure too."""
    site = made.sites[place]
    survey = ConditionSurvey.objects.create(
        site=site, done_on=today(), surveyor=f"{name} surveyors", priced_on=today(), entered_at=timezone.now(), entered_by=who
    )
    item = ConditionItem.objects.create(
        survey=survey, number=1, building=site.buildings.get(), element="roofs", words=f"{name} roof", grade="D", priority=1,
        cost_pence=100_000,
    )  # fmt: skip
    made.add("condition survey", place, survey)
    made.add("finding", place, item)
    made.add("exposure", place, f"condition.{item.pk}")


def furnish_paper(made: "MatrixWorld", who: Person) -> None:
    """A paper of the whole trust."""
    row = BoardPaper.objects.create(
        title="Estate risk", day=today(), edition=1, figures={"all": {"total": 0}, "hurt": []}, figures_sha256="0" * 64,
        pdf_sha256=made.rows["file"]["main"], pages=2, frozen_at=timezone.now(), frozen_by=who,
    )  # fmt: skip
    made.rows["board paper"][TRUST] = str(row.pk)
    signed = AnnualReturn.objects.create(
        year=2020, edition="Some", figures={"areas": {}, "statements": [], "official": True}, figures_sha256="0" * 64,
        signed_at=timezone.now(), signed_by=who,
    )  # fmt: skip
    made.rows["annual return"][TRUST] = str(signed.pk)


def furnish_risk(made: "MatrixWorld", place: str, name: str, who: Person) -> None:
    """A risk of the school that the place belongs to."""
    number = Risk.objects.count() + 1
    risk = Risk.objects.create(
        number=number, school=made.sites[place].school, title=f"{name} risk", cause="A cause", event="An event",
        effect="An effect", owner=who, review_on=today(), opened_at=timezone.now(), opened_by=who,
    )  # fmt: skip
    for kind in RiskScore.Kind:
        RiskScore.objects.create(risk=risk, kind=kind, likelihood=4, impact=4, made_at=timezone.now(), made_by=who)
    made.add("risk", place, risk)


def furnish_works(made: "MatrixWorld", place: str, name: str, who: Person) -> None:
    """A project with a price of its own."""
    project = Project.objects.create(
        number=Project.objects.count() + 1, site=made.sites[place], title=f"{name} works", works_pence=10_000_000,
        priced_on=today(), opened_at=timezone.now(), opened_by=who, stage_on=today(),
    )  # fmt: skip
    made.add("project", place, project)


def furnish_plan(made: "MatrixWorld", who: Person) -> None:
    """A scenario of the whole trust."""
    row = Scenario.objects.create(
        number=1, title="What we have", first_year=today().year, budgets=[1_000_000], made_at=timezone.now(), made_by=who
    )
    made.rows["scenario"][TRUST] = str(row.pk)
