"""An upgrade while phones go on sending: a migration of the busiest table, new web processes, nothing lost, nothing doubled."""

import json
import shutil
import signal
import time
from pathlib import Path

import psycopg
import pytest

from tests.docker.installation import Installation, close
from tests.docker.phones import SendingPhone

pytestmark = pytest.mark.slow
PHONES = 3
EXPAND = '''
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that the version before does not know, and an index that nobody waits for."""

    atomic = False
    dependencies = [("sync", "{last}")]
    operations = [
        migrations.RunSQL("ALTER TABLE sync_op ADD COLUMN came_by text NOT NULL DEFAULT ''"),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY op_came_by ON sync_op (came_by)"),
        migrations.RunSQL("SELECT pg_sleep(2)"),
    ]
'''


@pytest.fixture
def newer(installed: Installation):
    """The next version: the same tree with one more migration, on a port of its own."""
    tree = installed.var.parent / "app-newer"
    shutil.copytree(installed.tree, tree)
    folder = tree / "backend/sync/migrations"
    folder.chmod(0o755)
    last = sorted(path.stem for path in folder.glob("0*.py"))[-1]
    (folder / "0900_expand.py").write_text(EXPAND.replace("{last}", last))
    close(tree)
    made = Installation(tree, installed.var, installed.url, more=installed.more)
    yield made
    made.end()
    with psycopg.connect(installed.url, autocommit=True) as database:
        database.execute("ALTER TABLE sync_op DROP COLUMN IF EXISTS came_by")
        database.execute("DELETE FROM django_migrations WHERE name = '0900_expand'")


def signed_in(installed: Installation) -> str:
    """A token."""
    body = {"email": "caretaker@example.org", "password": "a-long-test-password"}
    return str(json.loads(installed.ask("/api/v1/auth/token", body)[1])["token"])


def test_phones_lose_and_double_nothing_while_the_version_changes_under_them(installed: Installation, newer: Installation):
    older = Installation(installed.tree, installed.var, installed.url, more=installed.more)
    process = older.start("web")
    older.wait_for(200, "/healthz?jobs=no")
    ports = [older.port]
    who = {"token": signed_in(older), "person": installed.more["PERSON"], "site": installed.more["SITE"]}
    phones = [SendingPhone(number, ports=ports, **who) for number in range(PHONES)]
    for phone in phones:
        phone.start()
    time.sleep(1)
    newer.run("upgrade")
    time.sleep(1)
    replacing = newer.start("web")
    newer.wait_for(200, "/healthz?jobs=no")
    ports.append(newer.port)
    assert older.stop(process) == 0
    ports.remove(older.port)
    time.sleep(1)
    replacing.send_signal(signal.SIGHUP)
    time.sleep(4)
    for phone in phones:
        phone.enough.set()
    for phone in phones:
        phone.join(60)
        assert not phone.is_alive()
    older.end()

    sent = [each for phone in phones for each in phone.sent]
    assert len(sent) > 100
    assert sorted(each for phone in phones for each in phone.acknowledged) == sorted(sent), "each acknowledged, once"
    with psycopg.connect(installed.url) as database:
        kept = [str(row[0]) for row in database.execute("SELECT id FROM sync_op WHERE outcome = 'applied'").fetchall()]
        reported = [row[0] for row in database.execute("SELECT summary FROM maintenance_defect WHERE summary LIKE 'Drip %'")]
    assert sorted(kept) == sorted(sent)
    assert len(reported) == len(set(reported)) == len(sent)
    answers = {status for phone in phones for status in phone.answers}
    assert answers <= {0, 200, 503}, [phone.answers for phone in phones]
    assert Path(newer.tree, "backend/sync/migrations/0900_expand.py").exists()
