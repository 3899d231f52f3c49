from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index of assets by make and model, built beside the work."""

    atomic = False
    dependencies = [("assets", "0007_labels_checked")]

    operations = [
        AddIndexConcurrently(
            model_name="asset",
            index=models.Index(fields=["product"], condition=models.Q(("product", None), _negated=True), name="asset_product"),
        ),
    ]
