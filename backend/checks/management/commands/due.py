"""`manage.py due`: run files of cases through the engine, or have a plan explained."""

import json
import sys
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.checks.models import Plan
from backend.checks.queries.explained import engine_states, explained
from backend.core.days import today
from backend.rules.due.cases import run_cases


class Command(BaseCommand):
    """The due engine on the command line."""

    help = "Ask the due engine: `due cases FILE…` runs cases, `due explain --plan ID` gives a plan's reasons as JSON."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's two forms."""
        forms = parser.add_subparsers(dest="form", required=True)
        cases = forms.add_parser("cases", help="run files of cases; exit 1 if any failed")
        cases.add_argument("files", nargs="+", metavar="FILE")
        explain = forms.add_parser("explain", help="the engine's reasons for a plan, as JSON")
        explain.add_argument("--plan", required=True, metavar="ID")

    def handle(self, **options: Any) -> None:
        """Do the one asked for."""
        if options["form"] == "cases":
            self.run_cases(options["files"])
        else:
            self.explain(options["plan"])

    def run_cases(self, files: list[str]) -> None:
        """A line for every difference, then how many passed and failed."""
        passed, failed, lines = run_cases(files)
        for line in lines:
            self.stdout.write(line)
        self.stdout.write(f"{passed} passed, {failed} failed")
        if failed:
            sys.exit(1)

    def explain(self, wanted: str) -> None:
        """A plan's dates, status and reasons. Raises CommandError for a plan that there is none of."""
        try:
            plan = Plan.objects.select_related("site__school", "asset", "building").get(pk=uuid.UUID(wanted))
        except ValueError as wrong:
            raise CommandError(f"{wanted} is not a plan's id: that is 32 hexadecimal digits with hyphens.") from wrong
        except Plan.DoesNotExist as wrong:
            raise CommandError(f"There is no plan {wanted}.") from wrong
        self.stdout.write(json.dumps(told(plan), indent=1, ensure_ascii=False, default=str))


def told(plan: Plan) -> dict[str, Any]:
    """What the engine says of a plan today, ready for JSON; dates as ISO text."""
    now = today()
    ((_, state),) = engine_states([plan], now)
    ((_, said),) = explained([plan], now)
    about = {
        "plan": plan.pk,
        "check_type": plan.check_type_id,
        "thing": str(plan.asset or plan.building or plan.site),
        "site": str(plan.site),
        "rule": plan.rule,
        "starts_on": plan.starts_on,
        "today": now,
    }
    if state is None or said is None:
        return {**about, "due_on": plan.due_on, "status": plan.status(now), "sentence": f"Once, by {plan.starts_on}."}
    return {
        **about,
        "due_on": state.due_on,
        "status": state.status.value,
        "overdue_since": state.overdue_since,
        "lapses": list(state.lapses),
        "sentence": said.sentence,
        "reasons": list(said.reasons),
    }
