"""The audit chain's second form: no names in it, every entry about a row, salts for what speaks of people.

A chain of the first form cannot be turned into one of the second: its hashes cover names, and rewriting them is the very
thing that a chain is there to make impossible. Nothing but demonstrations was ever kept in the first form, so a database
that holds one is refused with words, and the invented trust is loaded again into an empty one.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import backend.core.ids

KEPT = "RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;"
EMPTIED = "RAISE EXCEPTION 'TRUNCATE refused: this table holds evidence'; RETURN NULL;"


def refuse_the_first_form(apps, _schema):
    entries = apps.get_model("core", "AuditEntry").objects.count()
    if entries:
        raise RuntimeError(
            f"This database holds {entries:,} entries of the audit chain's first form, which cannot be carried over without "
            "rewriting history. It was never used but for demonstrations: start from an empty database (remove var/postgres, "
            "or name another by SITEWARD_DATABASE) and run `make demo`, which loads the invented trust again."
        )


ACT = migrations.CreateModel(
    name="Act",
    fields=[
        ("id", models.UUIDField(default=backend.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
        ("kind", models.CharField(max_length=60)),
        ("about", models.CharField(blank=True, max_length=120)),
        ("said", models.JSONField(default=dict)),
        ("at", models.DateTimeField()),
    ],
    options={"indexes": [models.Index(fields=["kind", "-at"], name="act_latest")]},
)
ACTOR_NAME = migrations.CreateModel(
    name="ActorName",
    fields=[
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("actor_id", models.UUIDField()),
        ("name", models.CharField(blank=True, max_length=200)),
    ],
    options={
        "constraints": [
            models.UniqueConstraint(
                condition=models.Q(("name", ""), _negated=True),
                fields=("actor_id", "name"),
                name="one_row_per_actor_and_name",
            )
        ]
    },
)
SALT = migrations.CreateModel(
    name="Salt",
    fields=[
        ("entry", models.BigIntegerField(primary_key=True, serialize=False)),
        ("salt", models.CharField(max_length=64)),
    ],
)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_files_scanned"),
    ]

    operations = [
        migrations.RunPython(refuse_the_first_form, migrations.RunPython.noop),
        ACT,
        ACTOR_NAME,
        SALT,
        pgtrigger.migrations.AddTrigger(
            model_name="act",
            trigger=pgtrigger.compiler.Trigger(
                name="act_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=KEPT,
                    hash="ec4b074616d75f451707a9ad85fa691b2c861f21",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_act_append_only_69c8d",
                    table="core_act",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="act",
            trigger=pgtrigger.compiler.Trigger(
                name="act_never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=EMPTIED,
                    hash="5b27c935c584f162198cdf43731ad18145a1ac77",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_act_never_emptied_4c0ad",
                    table="core_act",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RemoveIndex(model_name="auditentry", name="audit_subject"),
        migrations.RemoveField(model_name="auditentry", name="actor_name"),
        migrations.RemoveField(model_name="auditentry", name="previous"),
        migrations.AddField(
            "auditentry", "system", models.CharField(blank=True, max_length=80, default=""), preserve_default=False
        ),
        migrations.AlterField("auditentry", "subject", models.CharField(db_collation="C", max_length=120)),
        migrations.AddField(
            "auditentry",
            "named",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=models.PROTECT,
                related_name="entries",
                to="core.actorname",
            ),
        ),
        migrations.AddIndex("auditentry", models.Index(fields=["subject", "-number"], name="audit_subject_newest")),
    ]
