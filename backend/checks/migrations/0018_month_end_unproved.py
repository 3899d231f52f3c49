"""A month's end says what was in date by its dates alone. What was kept is worked out again by the job, with that in it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checks", "0017_record_together_index")]

    operations = [
        migrations.AddField(
            model_name="monthend",
            name="unproved",
            field=models.PositiveIntegerField(
                db_default=0, default=0, verbose_name="of those in date or due soon, with nothing recorded by then"
            ),
        ),
        migrations.RunSQL("DELETE FROM checks_monthend", migrations.RunSQL.noop),
    ]
