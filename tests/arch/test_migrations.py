"""No migration may break the version that still runs while it is applied: docker/UPGRADE.md, read here from the SQL itself."""

import re

import pytest
from django.apps import apps
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

BIG = {
    "checks_plan", "checks_checkrecord", "checks_finding", "checks_lapse", "checks_recordphoto", "checks_notdone",
    "sync_op", "sync_push", "core_auditentry", "core_storedfile", "assets_asset", "assets_reading", "maintenance_defect",
}  # fmt: skip
"""Tables that grow with use: an index on them is built CONCURRENTLY, in a migration with `atomic = False`."""

BEFORE_THE_FIRST_INSTALLATION = {
    "assets.0003_speed_of_reading",
    "checks.0003_speed_of_reading",
    "checks.0004_written_faster",
    "core.0004_chain_without_names",
    "sync.0003_fewer_indexes",
    "trust.0002_sessions_tokens_invitations",
}
"""Migrations that nobody's data has ever been through. Nothing may be added to it once a version was installed anywhere."""

NAME = r'"?(?P<table>\w+)"?'
RULES = (
    (rf"DROP TABLE (?:IF EXISTS )?{NAME}", "drops a table"),
    (rf"ALTER TABLE {NAME} .*DROP COLUMN", "drops a column"),
    (rf"ALTER TABLE {NAME} RENAME", "renames"),
    (rf"ALTER TABLE {NAME} .*ALTER COLUMN \S+ TYPE", "changes a column's type, which rewrites the table"),
    (rf"ALTER TABLE {NAME} .*ALTER COLUMN \S+ SET NOT NULL", "forbids NULL, which the version before may write"),
    (rf"ALTER TABLE {NAME} .*ALTER COLUMN \S+ DROP DEFAULT", "has no default in the database (db_default): the version before "
     "does not name the column"),
    (rf"ALTER TABLE {NAME} ADD COLUMN (?!.*\bDEFAULT\b).*\bNOT NULL\b", "adds a column that may not be empty: no db_default"),
    (rf"ALTER TABLE {NAME} ADD CONSTRAINT (?!.*NOT VALID)", "adds a constraint that is checked under a lock (use NOT VALID)"),
)  # fmt: skip
INDEX = re.compile(r'CREATE (?:UNIQUE )?INDEX (?P<quick>CONCURRENTLY )?.* ON "?(?P<table>\w+)"?', re.IGNORECASE)


def faults(statements: list[str]) -> list[str]:
    """What in these statements would break or block a version that runs. What is new in them cannot."""
    text = [re.sub(r"\s+", " ", re.sub(r"--.*", "", each)).strip() for each in statements]
    new = {found[1] for each in text if (found := re.match(r'CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)"?', each))}
    wrong = []
    for each in text:
        for rule, what in RULES:
            match = re.match(rule, each, re.IGNORECASE)
            if match and match["table"] not in new:
                wrong.append(f"{what}: {each[:120]}")
        index = INDEX.match(each)
        if index and not index["quick"] and index["table"] in BIG - new:
            wrong.append(f"builds an index under a lock: {each[:120]}")
    return wrong


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ('ALTER TABLE "checks_plan" DROP COLUMN "note" CASCADE;', True),
        ('ALTER TABLE "checks_plan" RENAME COLUMN "note" TO "notes";', True),
        ('ALTER TABLE "checks_plan" ADD COLUMN "n" integer NOT NULL;', True),
        ('ALTER TABLE "checks_plan" ADD COLUMN "n" integer NULL;', False),
        ('ALTER TABLE "checks_plan" ADD COLUMN "n" integer DEFAULT 0 NOT NULL;', False),
        ('ALTER TABLE "checks_plan" ALTER COLUMN "n" DROP DEFAULT;', True),
        ('ALTER TABLE "checks_plan" ALTER COLUMN "n" SET NOT NULL;', True),
        ('CREATE INDEX "x" ON "checks_plan" ("n");', True),
        ('CREATE INDEX CONCURRENTLY "x" ON "checks_plan" ("n");', False),
        ('CREATE INDEX "x" ON "trust_trust" ("n");', False),
        ('ALTER TABLE "checks_plan" ADD CONSTRAINT "c" CHECK (n > 0);', True),
        ('ALTER TABLE "checks_plan" ADD CONSTRAINT "c" CHECK (n > 0) NOT VALID;', False),
        ('DROP TABLE "checks_plan" CASCADE;', True),
    ],
)
def test_what_is_dangerous_is_known_and_what_is_not_is_let_through(statement, wrong):
    assert bool(faults([statement])) is wrong


def test_a_table_made_in_the_same_migration_cannot_be_in_anybodys_way():
    assert not faults(['CREATE TABLE "checks_plan" ("id" int)', 'CREATE INDEX "x" ON "checks_plan" ("id")'])


@pytest.mark.django_db
def test_no_migration_breaks_the_version_before_unless_it_says_why_it_may():
    """The marker is `contract = "…"` on the migration: which version last needed what it takes away."""
    loader = MigrationExecutor(connection).loader
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("backend.")}
    wrong: dict[str, list[str]] = {}
    for (label, name), migration in sorted(loader.disk_migrations.items()):
        key = f"{label}.{name}"
        if label not in ours or key in BEFORE_THE_FIRST_INSTALLATION or getattr(migration, "contract", None):
            continue
        found = faults(sql_of(migration, loader))
        if found:
            wrong[key] = found
    assert not wrong, "\n".join(f"{key}: {line}" for key, lines in wrong.items() for line in lines)


def sql_of(migration, loader) -> list[str]:
    """The statements of a migration, not run. Over a connection of its own, which is in no transaction."""
    state = loader.project_state((migration.app_label, migration.name), at_end=False)
    apart = connections.create_connection("default")
    try:
        with apart.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
            migration.apply(state, editor, collect_sql=True)
        return [str(each) for each in editor.collected_sql]
    finally:
        apart.close()
