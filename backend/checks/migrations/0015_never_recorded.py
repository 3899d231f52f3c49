"""Plans of which nothing is recorded are counted from an index, made without locking the table meanwhile."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("checks", "0014_plan_earlier_rules")]

    operations = [
        AddIndexConcurrently(
            model_name="plan",
            index=models.Index(
                fields=["site", "discipline"],
                include=["overdue_from", "due_on", "pauses"],
                condition=Q(active=True, last_done_on=None),
                name="plan_never_recorded",
            ),
        ),
    ]
