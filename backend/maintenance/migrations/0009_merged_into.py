from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index by which a problem's duplicates are found, built beside the work."""

    atomic = False
    dependencies = [("maintenance", "0008_constraints_looked_through")]

    operations = [
        AddIndexConcurrently(
            model_name="defect",
            index=models.Index(fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="defect_merged_into"),
        ),
    ]
