from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

DEFECTS = (
    "defect_fixed_deadline_has_a_day", "defect_merged_is_closed", "defect_not_merged_into_itself", "defect_accepted_until_a_day",
)  # fmt: skip


class Migration(migrations.Migration):
    """What was added without looking at the rows there: now they are looked at, and nobody is locked out meanwhile."""

    dependencies = [("maintenance", "0007_link_details")]

    operations = [
        *(ValidateConstraint(model_name="defect", name=name) for name in DEFECTS),
        ValidateConstraint(model_name="workorder", name="work_order_for_a_person_or_a_firm"),
    ]
