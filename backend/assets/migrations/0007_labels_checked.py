"""The labels that were there before are looked at too: no lock that keeps anybody out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assets", "0006_the_register_in_depth")]

    operations = [
        ValidateConstraint(model_name="tag", name="tag_on_one_thing"),
        ValidateConstraint(model_name="tag", name="tag_retired_is_on_nothing"),
    ]
