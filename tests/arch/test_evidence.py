"""Every table of ours is evidence, or says why it is none; and the database itself guards what is sealed."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, CreateModel
from django.utils import timezone

from backend.assets.models import Tag
from backend.core.evidence import Evidence, all_evidence, not_evidence
from backend.core.models import AuditEntry

OURS = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("backend.")]


def test_every_model_of_ours_is_evidence_or_says_why_it_is_none():
    known = {each.model for each in all_evidence()} | set(not_evidence())
    assert not {model._meta.label for model in OURS} - {model._meta.label for model in known}


def test_no_model_is_both_and_none_twice():
    models = [each.model for each in all_evidence()]
    assert len(models) == len(set(models))
    assert not set(models) & set(not_evidence())
    assert all(why.strip() for why in not_evidence().values())


def test_subjects_can_be_told_apart():
    subjects = [each.subject for each in all_evidence()]
    assert len(subjects) == len(set(subjects))
    assert not [each for each in subjects if ":" in each or "\n" in each]


@pytest.mark.parametrize("evidence", all_evidence(), ids=lambda each: each.subject)
def test_what_is_left_out_exists_and_says_why(evidence):
    columns = {each.attname for each in evidence.model._meta.concrete_fields}
    assert set(evidence.leave_out) | set(evidence.instead) <= columns
    assert all(why.strip() for why in evidence.leave_out.values())
    assert evidence.model._meta.pk.attname not in evidence.leave_out


BEFORE_THE_CHAIN = {("token", "name"), ("token", "permits"), ("token", "scope")}  # they came with the chain's present form


def test_a_column_that_came_later_leaves_the_hashes_of_older_rows_as_they_were():
    """Or `verify` would call every row of an upgraded trust changed."""
    of = {each.model._meta.label_lower: each for each in all_evidence()}
    made, missing = set(), []
    for key, migration in sorted(MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items()):
        made |= {(key, f"{key[0]}.{each.name.lower()}") for each in migration.operations if isinstance(each, CreateModel)}
        for each in migration.operations:
            label = f"{key[0]}.{getattr(each, 'model_name', '')}"
            evidence = of.get(label)
            if not isinstance(each, AddField) or evidence is None or (key, label) in made:
                continue
            column = next((f.attname for f in evidence.model._meta.concrete_fields if f.name == each.name), None)
            covered = column and column not in evidence.leave_out
            if covered and column not in evidence.added and (evidence.subject, column) not in BEFORE_THE_CHAIN:
                missing.append(f"{evidence.subject}: {column} (migration {key[1]}) belongs in `added`")
    assert not missing


def test_a_row_that_holds_what_a_later_column_was_added_with_is_hashed_as_before():
    plain = Evidence(model=Tag, subject="tag")
    later = Evidence(model=Tag, subject="tag", added={"claimed_at": None})
    row = Tag(code="ABCDEFGH", made_at=timezone.now())
    assert later.content(row) == {name: value for name, value in plain.content(row).items() if name != "claimed_at"}
    row.claimed_at = row.made_at
    assert later.content(row) == plain.content(row)


@pytest.mark.parametrize("evidence", all_evidence(), ids=lambda each: each.subject)
def test_the_path_to_its_school_exists(evidence):
    paths = (evidence.school,) if isinstance(evidence.school, str) else evidence.school
    for path in filter(None, paths):
        str(evidence.model._base_manager.filter(**{path: "018f0000-0000-7000-8000-000000000000"}).query)


GUARDED = [AuditEntry, *(each.model for each in all_evidence() if each.sealed)]
UPDATE, DELETE, TRUNCATE = 16, 8, 32  # the bits of pg_trigger.tgtype


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model._meta.label)
def test_the_database_refuses_to_change_delete_or_empty_what_is_sealed(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled IN ('O', 'A')"
            " AND tgattr = ''::int2vector",
            [model._meta.db_table],
        )
        guarded = 0
        for (kind,) in cursor.fetchall():
            guarded |= kind
    assert guarded & (UPDATE | DELETE | TRUNCATE) == UPDATE | DELETE | TRUNCATE
