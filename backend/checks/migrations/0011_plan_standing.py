from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Least


class Migration(migrations.Migration):
    """The index that counting reads, built anew beside the work; then the one before goes."""

    atomic = False
    dependencies = [("checks", "0010_month_ends")]

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
                condition=models.Q(("active", True)),
                name="plan_standing",
            ),
        ),
        RemoveIndexConcurrently(model_name="plan", name="plan_counts"),
    ]
