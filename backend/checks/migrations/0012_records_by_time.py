"""The newest records of all schools are read from an index, not sorted out of all there are."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("checks", "0011_plan_standing")]

    operations = [
        AddIndexConcurrently(
            model_name="checkrecord",
            index=models.Index(fields=["-done_at", "id"], name="record_by_time"),
        ),
    ]
