from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """The rule of 0019, which no old row breaks, holds for the old rows too; nobody is locked out meanwhile."""

    dependencies = [("checks", "0019_certificates_withdrawn")]

    operations = [ValidateConstraint(model_name="certificate", name="a_certificate_is_of_a_check_or_a_problem")]
