"""The tallies are found by their site: how one trust's schools stand is read without reading the others'."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Without stopping who writes."""

    atomic = False

    dependencies = [("checks", "0020_certificates_looked_through")]

    operations = [
        AddIndexConcurrently("lapsetally", models.Index(fields=["site_id", "due_on"], name="lapse_tally_of_site")),
        AddIndexConcurrently("plantally", models.Index(fields=["site_id", "discipline"], name="plan_tally_of_site")),
    ]
