"""The records that were answered in one go are found by what they share, without locking the table meanwhile."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("checks", "0016_record_together")]

    operations = [
        AddIndexConcurrently(
            model_name="checkrecord",
            index=models.Index(fields=["together"], condition=Q(together__isnull=False), name="record_together"),
        ),
    ]
