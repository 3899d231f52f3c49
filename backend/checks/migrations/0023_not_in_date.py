"""The index that counting reads says also whether anything was recorded; built beside the work, then the one before goes."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Least


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("checks", "0022_never_counted")]

    operations = [
        AddIndexConcurrently(
            model_name="plan",
            index=models.Index(
                models.F("site"),
                models.F("discipline"),
                Least("soon_from", "due_on", "overdue_from"),
                models.F("soon_from"),
                models.F("due_on"),
                models.F("overdue_from"),
                models.F("last_done_on"),
                condition=models.Q(("active", True)),
                name="plan_not_in_date",
            ),
        ),
        RemoveIndexConcurrently(model_name="plan", name="plan_standing"),
    ]
