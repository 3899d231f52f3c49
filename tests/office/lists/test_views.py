"""Lists kept as views: one's own, shared with a school's people, opening the list, and nobody else's."""

import pytest

from backend.office.models import DefaultView, SavedView


def keep(browser, name="Overdue here", query="status=overdue&sort=risk", page="/plans/", **more):
    """Press Keep."""
    return browser.post("/views/keep/", {"page": page, "name": name, "query": query, **more})


def test_a_list_is_kept_under_a_name_and_opened_again(world, browse):
    browser = browse(world.lead)
    answer = keep(browser)
    view = SavedView.objects.get()
    assert answer["Location"] == f"/plans/?status=overdue&sort=risk&saved={view.pk}"
    page = browser.get(answer["Location"]).content.decode()
    assert "View: Overdue here" in page
    assert "Overdue here" in browser.get("/views/").content.decode()


def test_the_same_name_again_writes_over_it(world, browse):
    browser = browse(world.lead)
    keep(browser)
    keep(browser, name="overdue HERE", query="status=due")
    assert [(each.name, each.query) for each in SavedView.objects.all()] == [("overdue HERE", "status=due")]


def test_a_view_is_ones_own_until_it_is_shared_and_then_only_that_schools(world, browse):
    sbm = world.person("sbm", school=world.oakfield.school)
    colleague, stranger = world.person("site-manager", school=world.oakfield.school), world.stranger
    keep(browse(sbm))
    view = SavedView.objects.get()
    for other in (colleague, stranger):
        assert "Overdue here" not in browse(other).get("/plans/?q=").content.decode()
        assert browse(other).post(f"/views/{view.pk}/opens/").status_code == 404
    shared = browse(sbm).post(
        f"/views/{view.pk}/change/", {"name": "Overdue at Oakfield", "shared": str(world.oakfield.school_id)}
    )
    assert shared.status_code == 302
    assert "Overdue at Oakfield" in browse(colleague).get("/plans/?q=").content.decode()
    assert "Overdue at Oakfield" not in browse(stranger).get("/plans/?q=").content.decode()
    assert browse(colleague).post(f"/views/{view.pk}/drop/").status_code == 403
    assert browse(stranger).post(f"/views/{view.pk}/drop/").status_code == 404


def test_nobody_shares_with_a_school_that_is_not_theirs_nor_with_the_whole_trust_from_one_school(world, browse):
    sbm = world.person("sbm", school=world.oakfield.school)
    assert keep(browse(sbm), shared=str(world.riverside.school_id)).status_code == 404
    assert keep(browse(sbm), shared="trust").status_code == 403
    assert not SavedView.objects.exists()
    assert keep(browse(world.lead), shared="trust").status_code == 302


def test_a_list_opens_with_the_chosen_view_until_everything_is_asked_for(world, browse):
    browser = browse(world.lead)
    keep(browser, opens="1")
    view = SavedView.objects.get()
    assert browser.get("/plans/")["Location"] == view.address
    assert browser.get("/plans/?saved=all").status_code == 200
    assert browser.get("/plans/?status=due").status_code == 200
    from_the_list = browser.get("/plans/", headers={"referer": "http://testserver/plans/?status=due"})
    assert from_the_list.status_code == 200  # the last filter was taken away: everything is meant
    assert browse(world.caretaker).get("/plans/").status_code == 200
    browser.post(f"/views/{view.pk}/opens/", {"not": "1"})
    assert browser.get("/plans/").status_code == 200


def test_what_is_no_longer_shared_opens_nobody_elses_list(world, browse):
    sbm, colleague = (world.person(role, school=world.oakfield.school) for role in ("sbm", "site-manager"))
    keep(browse(sbm), shared=str(world.oakfield.school_id))
    view = SavedView.objects.get()
    browse(colleague).post(f"/views/{view.pk}/opens/")
    assert browse(colleague).get("/plans/").status_code == 302
    browse(sbm).post(f"/views/{view.pk}/change/", {"name": "Mine", "shared": "own"})
    assert browse(colleague).get("/plans/").status_code == 200
    assert not DefaultView.objects.exists()


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example/", "/nowhere/", "plans", "", "/plans/?x=1"])
def test_a_view_leads_nowhere_but_to_a_list_of_ours(world, browse, page):
    assert keep(browse(world.lead), page=page).status_code == 400
    assert not SavedView.objects.exists()


def test_a_view_that_no_longer_fits_says_so_and_lists_nothing(world, browse):
    browser = browse(world.lead)
    keep(browser, query="status=gone")
    answer = browser.get(SavedView.objects.get().address)
    assert answer.status_code == 400
    assert "is not something to choose here" in answer.content.decode()


def test_without_a_name_nothing_is_kept_and_a_name_taken_is_said(world, browse):
    browser = browse(world.lead)
    assert keep(browser, name="  ").status_code == 400
    keep(browser, name="One")
    keep(browser, name="Two")
    two = SavedView.objects.get(name="Two")
    answer = browser.post(f"/views/{two.pk}/change/", {"name": "one", "shared": "own"})
    assert answer.status_code == 409
    assert "You have a view of that name already" in answer.content.decode()
    assert SavedView.objects.filter(name="Two").exists()


def test_thrown_away_it_is_gone_for_everybody(world, browse):
    browser = browse(world.lead)
    keep(browser, opens="1")
    browser.post(f"/views/{SavedView.objects.get().pk}/drop/")
    assert not SavedView.objects.exists()
    assert browser.get("/plans/").status_code == 200
