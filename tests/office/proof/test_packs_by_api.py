"""Evidence packs by the API: asked for, followed, refused to whoever makes none."""

from backend.checks.models import PackRequest

SENT = {"first_day": "2026-01-01", "last_day": "2026-02-01", "recipient": "insurer"}


def post(browser, sent):
    return browser.post("/api/v1/evidence-packs", sent, content_type="application/json")


def test_a_pack_is_asked_for_and_its_row_says_how_far_it_is(world, browse):
    world.plan()
    browser = browse(world.lead)
    answer = post(browser, {**SENT, "site": str(world.oakfield.pk)})
    assert answer.status_code == 202, answer.content
    row = answer.json()
    assert (row["disciplines"], row["sha256"]) == (["fire"], None)
    assert browser.get(f"/api/v1/evidence-packs/{row['id']}").json()["site_name"] == str(world.oakfield)
    assert PackRequest.objects.get().photos is True
    assert browser.get("/api/v1/evidence-packs?state=failed").status_code == 200


def test_who_makes_no_packs_asks_for_none(world, browse):
    world.plan()
    sent = {**SENT, "site": str(world.oakfield.pk)}
    assert post(browse(world.caretaker), sent).status_code == 403
    assert post(browse(world.stranger), sent).status_code == 404
    assert post(browse(world.lead), {**sent, "disciplines": ["gas"]}).status_code == 400
    assert post(browse(world.lead), {**sent, "recipient": "a friend"}).status_code == 400
    assert not PackRequest.objects.exists()
