"""Records say with which others they were answered in one go. No row there has any, so nothing is written anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checks", "0015_never_recorded")]

    operations = [
        migrations.AddField(
            model_name="checkrecord",
            name="together",
            field=models.UUIDField(blank=True, null=True, verbose_name="answered in one go with the others that bear this"),
        ),
    ]
