"""What every list has in common: pages, filters, order, refusals."""

from tests.api.conftest import problem

LISTS = {
    "schools": {"search": "oak"},
    "sites": {"search": "oak"},
    "buildings": {"search": "main"},
    "spaces": {"search": "boiler"},
    "terms": {"on_or_after": "2000-01-01"},
    "calendar-marks": {"kind": "inset"},
    "people": {"search": "caretaker"},
    "competences": {"covers": "fire"},
    "asset-types": {"discipline": "fire"},
    "assets": {"type": "fire-alarm-panel"},
    "defects": {"status": "open"},
    "check-types": {"verified": "true"},
    "plans": {"status": "overdue"},
    "records": {"since": "2000-01-01"},
    "lapses": {"withdrawn": "false"},
    "check-types/fire-alarm-weekly-test/revisions": {},
}
LIBRARY = {"asset-types", "check-types", "check-types/fire-alarm-weekly-test/revisions"}


def test_every_list_has_one_shape_and_answers_with_and_without_a_slash(world, estate, ask):
    caretaker = ask(world.caretaker)
    for path, query in LISTS.items():
        plain, slashed = caretaker.get(path), caretaker.get(path + "/")
        assert plain.json().keys() == {"count", "next", "previous", "results"}, path
        assert plain.json()["results"] == slashed.json()["results"], path
        assert plain.json()["count"] >= len(plain.json()["results"]), path
        assert caretaker.get(path, **query).status_code == 200, path


def test_every_list_is_only_for_who_is_signed_in(world, ask):
    for path in LISTS:
        problem(ask(None).get(path), 401)


def test_every_list_of_the_estate_is_empty_for_who_has_no_role_in_it(world, estate, ask):
    staff = ask(world.person("staff", school=world.oakfield.school))
    for path in sorted(set(LISTS) - LIBRARY):
        body = staff.get(path).json()
        assert (body["count"], body["results"]) == (0, []), path


def test_a_parameter_that_does_not_exist_is_an_error_that_names_those_that_do(world, ask):
    caretaker = ask(world.caretaker)
    for path in LISTS:
        said = problem(caretaker.get(path, colour="red"), 400, "unknown_parameter")
        assert "colour" in said["fields"] and "page_size" in said["detail"], path


SENSELESS = [
    ("assets", {"site": "oakfield"}),
    ("assets", {"status": "broken"}),
    ("assets", {"type": "unicorn"}),
    ("assets", {"search": "a\x00b"}),
    ("assets", {"search": "a" * 101}),
    ("plans", {"status": "late"}),
    ("plans", {"status": "in_date"}),
    ("plans", {"due_before": "27/11/2026"}),
    ("plans", {"due_before": "2026-02-30"}),
    ("plans", {"due_before": "0001-01-01"}),
    ("plans", {"due_before": "99999-01-01"}),
    ("plans", {"discipline": "alchemy"}),
    ("plans", {"check_type": "no-such-check"}),
    ("plans", {"page": "0"}),
    ("plans", {"page": "two"}),
    ("plans", {"page": "9" * 30}),
    ("plans", {"page_size": "-1"}),
    ("plans", {"page_size": "\u0663"}),
    ("records", {"since": "yesterday"}),
    ("records", {"since": "2026-13-01T00:00:00Z"}),
    ("records", {"outcome": "fine"}),
    ("lapses", {"plan": "1"}),
    ("defects", {"status": "mended"}),
    ("defects", {"site": "%00"}),
    ("compliance", {"by": "colour"}),
    ("compliance", {"as_of": "soon"}),
    ("compliance", {"as_of": "0001-01-01"}),
    ("compliance", {"as_of": "20261122"}),
]


def test_a_value_that_cannot_be_meant_is_refused_and_named(world, ask):
    caretaker = ask(world.caretaker)
    for path, query in SENSELESS:
        said = problem(caretaker.get(path, **query), 400)
        assert said["fields"].keys() == query.keys(), (path, query)


def test_a_parameter_given_twice_is_refused(world, ask):
    problem(ask(world.caretaker).get("plans?status=due&status=overdue"), 400, "repeated_parameter")


def test_pages_hold_every_row_once_in_one_order(world, ask):
    from backend.assets.models import Asset

    for number in range(7):
        world.asset(name=f"Panel {number % 3}")
    caretaker, seen, path = ask(world.caretaker), [], "assets?page_size=3"
    while path:
        body = caretaker.get(path).json()
        assert body["count"] == 7
        seen += [row["id"] for row in body["results"]]
        path = body["next"] and body["next"].split("/api/v1/")[1]
    assert seen == [str(pk) for pk in Asset.objects.order_by("name", "id").values_list("pk", flat=True)]
    assert "page=2" in body["previous"]


def test_more_than_two_hundred_gives_two_hundred(world, ask):
    from backend.assets.models import Asset

    first = world.asset()
    Asset.objects.bulk_create([Asset(site=first.site, type=first.type, name=f"Panel {n}") for n in range(205)])
    body = ask(world.caretaker).get("assets", page_size=1000).json()
    assert (body["count"], len(body["results"])) == (206, 200)


def test_past_the_last_page_there_is_nothing(world, estate, ask):
    problem(ask(world.caretaker).get("assets", page=2), 404, "no_such_page")
    assert ask(world.stranger).get("assets", page=1).json()["count"] == 0


def test_what_has_no_such_id_is_not_there(world, ask):
    caretaker = ask(world.caretaker)
    for path in ("assets", "plans", "records", "defects", "lapses", "sites", "schools", "people", "terms", "check-types"):
        for pk in ("0192a7c0-0000-7000-8000-000000000000", "not-an-id", "9" * 40, "%00", "..%2F"):
            problem(caretaker.get(f"{path}/{pk}"), 404)


def test_what_cannot_be_done_is_said_in_the_one_shape(world, ask):
    caretaker = ask(world.caretaker)
    for method, path, status in (
        ("delete", "assets", 405),
        ("put", "plans", 405),
        ("options", "plans", 405),
        ("patch", "compliance", 405),
        ("get", "nothing-of-the-kind", 404),
        ("get", "auth/token", 405),
    ):
        problem(getattr(caretaker.client, method)(f"/api/v1/{path}", headers=caretaker.headers), status)


def test_only_json_is_spoken(world, ask):
    caretaker = ask(world.caretaker)
    problem(caretaker.post("defects", "<a/>", content_type="application/xml"), 415)
    problem(caretaker.client.get("/api/v1/plans", headers={**caretaker.headers, "Accept": "text/csv"}), 406)


UNKEEPABLE: list[str | bytes] = [
    "",
    "{",
    "[]",
    '"text"',
    "null",
    "7",
    b"\xff\xfe",
    '{"summary": NaN}',
    '{"summary": 1e999}',
    '{"summary": "a\\u0000b"}',
    '{"summary": "\\ud800"}',
    '{"a\\u0000": 1}',
    '{"summary": ' + "9" * 5000 + "}",
    '{"summary": ' + "9" * 400 + "}",
    '{"summary": ' + "[" * 100_000,
    '{"summary": ' + "[" * 60 + "]" * 60 + "}",
]


def test_a_body_that_cannot_be_kept_is_refused(world, ask):
    caretaker = ask(world.caretaker)
    for body in UNKEEPABLE:
        problem(caretaker.post("defects", body), 400)


def test_a_body_that_is_too_large_is_refused(world, ask):
    problem(ask(world.caretaker).post("defects", '{"summary": "' + "a" * (2 * 1024 * 1024) + '"}'), 413)
