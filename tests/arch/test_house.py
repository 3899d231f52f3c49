"""The manners of the house that no linter knows: sizes, scoping, what a web worker may load, what may not be committed."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    path
    for path in subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    if path and (ROOT / path).is_file()
]
PYTHON = [path for path in FILES if path.startswith("backend/") and path.endswith(".py") and "/migrations/" not in path]
NAMELESS = {"utils.py", "helpers.py", "common.py", "base.py", "manager.py", "misc.py"}
MOST_LINES, MOST_OF_A_FUNCTION = 300, 45


def functions(path: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_outgrows_one_room():
    long = {path: n for path in PYTHON if (n := len((ROOT / path).read_text().splitlines())) > MOST_LINES}
    assert not long


def test_no_function_outgrows_a_screen():
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path in PYTHON
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno >= MOST_OF_A_FUNCTION
    ]
    assert not long


def test_no_module_has_a_name_that_says_nothing():
    assert not [path for path in PYTHON if Path(path).name in NAMELESS]


def test_every_public_function_says_what_it_does():
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path in PYTHON
        for node in functions(path)
        if not node.name.startswith("_")
        and not ast.get_docstring(node)
        and node.name not in {"main", "asked", "cell", "ready", "get_by_natural_key", "as_sql", "handle", "add_arguments"}
        and node.col_offset == 0
    ]
    assert not silent


def test_no_view_reaches_past_the_scope():
    """Views, viewsets and forms ask visible_to(person); they never touch every row."""
    edges = [p for p in PYTHON if re.search(r"/(views|api|forms)[_/a-z]*(\.py|/)", p)]
    assert not [path for path in edges if ".objects.all()" in (ROOT / path).read_text()]


def test_no_signals_and_no_save_overrides():
    bad = []
    for path in PYTHON:
        text = (ROOT / path).read_text()
        if "django.db.models.signals" in text or "django.dispatch" in text:
            bad.append(path)
        bad += [f"{path} {node.name}" for node in functions(path) if node.name == "save" and "forms" not in path]
    assert not bad


HEAVY = (
    "geopandas", "pandas", "reportlab", "weasyprint", "pyogrio", "shapely", "numpy", "boto3", "botocore", "sentry_sdk", "PIL",
    "qrcode", "pyrage", "openpyxl", "xlsxwriter", "cryptography.x509", "markdown_it", "hypothesis", "backend.rules.library",
    "rich", "greenlet", "jinja2", "pygments",
)  # fmt: skip


def test_a_web_worker_loads_no_heavy_library(tmp_path):
    script = (
        "import os,sys;os.environ['DJANGO_SETTINGS_MODULE']='backend.config.settings';"
        "import backend.config.gunicorn_settings,backend.config.wsgi;"
        "from django.urls import get_resolver;get_resolver().url_patterns;"
        f"print([m for m in {HEAVY!r} if sys.modules.get(m)])"
    )
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("registry address", r"https?://[a-z.]*(python" + r"hosted|pyp" + r"i\.org|np" + r"mjs)"),
        ("path of a machine", r"(^|[^a-z.\w])/(work|farm)/(main|steering|in|\.library)"),
    ],
)
def test_nothing_of_this_machine_is_committed(what, pattern):
    guilty = []
    for path in FILES:
        data = (ROOT / path).read_bytes()
        if b"\x00" not in data[:4000] and re.search(pattern, data.decode(errors="ignore"), re.M):
            guilty.append(path)
    assert not guilty, what


def test_triggers_guard_every_table_of_evidence():
    """Records, lapses, findings and the chain refuse update and delete in the database itself."""
    import django

    django.setup()
    from django.apps import apps

    guarded = {
        model.__name__
        for model in apps.get_models()
        if any("append_only" in trigger.name for trigger in getattr(model._meta, "triggers", []))
    }
    evidence = {
        "AuditEntry",
        "StoredFile",
        "CheckRevision",
        "CheckRecord",
        "RecordPhoto",
        "Finding",
        "Lapse",
        "LapseNote",
    }
    assert evidence | {"NotDone", "Reading", "DefectNote", "DefectPhoto", "KeptAside"} <= guarded
