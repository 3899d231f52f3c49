from django.db import migrations


def enter(apps, _schema_editor):
    """Enter everybody with what the chain now covers of a password, and every second step, where there are some already.

    With today's code, since an entry is made of a whole row; a new installation has no rows, and nothing is done.
    """
    if not apps.get_model("trust", "Person").objects.exists():
        return
    from backend.core import audit
    from backend.trust.evidence import PEOPLE, SECOND_STEPS

    for evidence in (PEOPLE, SECOND_STEPS):
        rows = evidence.model._base_manager.order_by("pk")
        audit.append([evidence.fact(row, None, "Upgrade") for row in rows])


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0006_ended_at_once"),
        ("core", "0005_copies_found"),
        ("mfa", "0001_initial"),
    ]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
