from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

KINDS = [("examination", "Of an examination"), ("remedial", "Of work put right"), ("withdrawn", "Withdrawn")]
OF_A_CHECK_OR_A_PROBLEM = (
    Q(kind="remedial", defect__isnull=False, check_type=None)
    | Q(kind="examination", defect=None, check_type__isnull=False)
    | Q(kind="withdrawn", supersedes__isnull=False)
)


class Migration(migrations.Migration):
    """A certificate that should never have been filed is withdrawn by a row that says so."""

    dependencies = [("checks", "0018_month_end_unproved"), ("maintenance", "0010_again_and_paper")]

    operations = [
        migrations.AlterField(
            model_name="certificate",
            name="kind",
            field=models.CharField(choices=KINDS, default="examination", max_length=12),
        ),
        migrations.RemoveConstraint(model_name="certificate", name="a_certificate_is_of_a_check_or_a_problem"),
        AddConstraintNotValid(
            model_name="certificate",
            constraint=models.CheckConstraint(condition=OF_A_CHECK_OR_A_PROBLEM, name="a_certificate_is_of_a_check_or_a_problem"),
        ),
    ]
