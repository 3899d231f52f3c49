from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_chain_without_names"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="act",
            index=models.Index(
                condition=models.Q(("kind", "copies-drawn")),
                fields=["about", "-at"],
                name="act_copies",
            ),
        ),
    ]
