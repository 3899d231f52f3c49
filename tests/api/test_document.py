"""The OpenAPI document: whole, silent, up to date, and the same as what is served."""

import io

import yaml
from django.conf import settings
from django.core.management import call_command

DOCUMENT = settings.ROOT / "openapi.yaml"
AGAIN = "openapi.yaml is not what the code says. Run: .venv/bin/python manage.py spectacular --file openapi.yaml"


def test_the_document_in_the_repository_is_up_to_date_and_without_warnings():
    said = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=said)
    assert said.getvalue().strip() == DOCUMENT.read_text().strip(), AGAIN


def test_every_operation_documents_the_problem_as_its_default_answer_and_says_what_it_does():
    document = yaml.safe_load(DOCUMENT.read_text())
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert "application/problem+json" in operation["responses"]["default"]["content"], (path, method)
            assert operation.get("description"), (path, method)


def test_the_document_is_served_to_anybody_with_and_without_a_slash(client, db):
    for path in ("/api/v1/schema/", "/api/v1/schema"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "/api/v1/plans/{id}/explain" in yaml.safe_load(answer.content)["paths"]
    assert client.get("/api/v1/schema/?format=json").json()["openapi"].startswith("3.")
