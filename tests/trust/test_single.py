"""Single sign-on against a provider on the loopback: who is let in, and who never is."""

import datetime as dt

import pytest
from django.test import Client

from backend.config.providers import providers
from backend.core.days import today
from backend.trust.models import Person
from tests.trust.provider import CLIENT, SECRET, Provider
from tests.trust.test_factors import with_app

REFUSED = "/sign-in/?single=refused"


@pytest.fixture
def provider(settings):
    """A provider that is configured as `oidc`."""
    made = Provider()
    app = {
        "provider_id": "oidc",
        "name": "Trust sign-on",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": made.url, "domains": [], "second_factor": False},
    }
    settings.SINGLE_SIGN_ON = [app]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    yield made
    made.stop()


def come(provider, **claims):
    """Somebody signs in at the provider, which says this of them: (their browser, where Siteward sends them)."""
    provider.claims = {"sub": "1", "email_verified": True, **claims}
    browser = Client()
    there = browser.get("/sign-in/with/oidc/?next=/plans/")
    assert there.status_code == 302
    back = browser.get(provider.authorise(there["Location"]).replace("http://testserver", ""))
    assert back.status_code == 302
    return browser, back["Location"]


def test_somebody_who_is_here_comes_in_by_their_verified_address(world, provider):
    browser, onward = come(provider, email=world.caretaker.email.upper())
    assert onward == "/plans/"
    assert browser.get("/plans/").status_code == 200
    assert int(browser.session["_auth_user_id"].replace("-", ""), 16) == world.caretaker.pk.int


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@example.org"},
        {"email": "caretaker@oakfield.example", "email_verified": False},
        {"email": "caretaker@oakfield.example", "email_verified": None},
        {"email": "caretaker@oakfield.example", "email_verified": "no"},
        {"email": ["caretaker@oakfield.example"]},
        {"email": ""},
        {},
    ],
)
def test_an_address_that_is_unknown_or_not_verified_is_turned_away_and_nobody_is_added(world, provider, claims):
    assert world.caretaker
    before = Person.objects.count()
    browser, onward = come(provider, **claims)
    assert onward == REFUSED
    assert browser.get("/plans/").status_code == 302
    assert "That did not work" in browser.get(onward).content.decode()
    assert Person.objects.count() == before


def test_somebody_who_has_left_is_turned_away(world, provider):
    world.caretaker.appointments.update(ends_on=today() - dt.timedelta(days=1))
    assert come(provider, email=world.caretaker.email)[1] == REFUSED


def test_a_token_made_for_another_client_is_turned_away(world, provider):
    provider.audience = "somebody else's"
    assert come(provider, email=world.caretaker.email)[1] == REFUSED


def test_coming_back_without_having_gone_there_signs_nobody_in(world, provider):
    browser = Client()
    assert browser.get("/sign-in/with/oidc/back/?code=code-0&state=made-up")["Location"] == REFUSED
    assert browser.get("/sign-in/with/oidc/back/")["Location"] == REFUSED


def test_one_browsers_answer_signs_no_other_in(world, provider):
    provider.claims = {"sub": "1", "email": world.caretaker.email, "email_verified": True}
    back = provider.authorise(Client().get("/sign-in/with/oidc/")["Location"]).replace("http://testserver", "")
    assert Client().get(back)["Location"] == REFUSED


def test_the_second_step_is_asked_unless_the_provider_asks_it(world, provider, settings):
    with_app(world.lead)
    assert come(provider, email=world.lead.email)[1].startswith("/sign-in/second-step/")
    settings.SINGLE_SIGN_ON[0]["settings"]["second_factor"] = True
    assert come(provider, email=world.lead.email)[1] == "/plans/"


def test_a_provider_of_ones_own_domains_is_believed_for_those_and_for_no_others(world, provider, settings):
    settings.SINGLE_SIGN_ON[0]["settings"]["domains"] = ["oakfield.example"]
    assert come(provider, email=world.caretaker.email, email_verified=None)[1] == "/plans/"
    assert come(provider, email=world.stranger.email)[1] == REFUSED
    assert come(provider, email=world.caretaker.email, email_verified=False)[1] == REFUSED


def test_a_provider_that_does_not_answer_leads_back_with_words(world, provider):
    provider.stop()
    assert Client().get("/sign-in/with/oidc/")["Location"] == REFUSED


def test_a_provider_that_is_not_configured_is_not_there(db):
    assert Client().get("/sign-in/with/oidc/").status_code == 404


class Env(dict[str, str]):
    """An environment."""

    def str(self, name, default=""):
        """A text."""
        return self.get(name, default)

    def list(self, name, default=()):
        """A list."""
        return self[name].split(",") if name in self else list(default)

    def bool(self, name, default=False):
        """True or false."""
        return self.get(name, str(default)).lower() == "true"


TENANT = "0f0e0d0c-1111-2222-3333-444455556666"


@pytest.mark.parametrize(
    ("settings_given", "words"),
    [
        ({"SITEWARD_MICROSOFT_CLIENT_ID": "x", "SITEWARD_MICROSOFT_TENANT": "common"}, "tenant"),
        ({"SITEWARD_MICROSOFT_CLIENT_ID": "x", "SITEWARD_MICROSOFT_TENANT": TENANT}, "domains"),
        ({"SITEWARD_OIDC_CLIENT_ID": "x", "SITEWARD_OIDC_URL": "http://login.example.org"}, "https"),
        ({"SITEWARD_OIDC_CLIENT_ID": "x"}, "https"),
    ],
)
def test_a_provider_half_configured_stops_the_start_with_words(settings_given, words):
    with pytest.raises(SystemExit, match=words):
        providers(Env(settings_given), lambda _name: "s", demo=False)


def test_microsoft_and_google_are_known_by_their_settings_alone():
    env = Env(
        SITEWARD_MICROSOFT_CLIENT_ID="m", SITEWARD_MICROSOFT_TENANT=TENANT, SITEWARD_MICROSOFT_DOMAINS="Trust.example, b.example",
        SITEWARD_GOOGLE_CLIENT_ID="g",
    )  # fmt: skip
    microsoft, google = providers(env, lambda name: f"secret of {name}", demo=False)
    assert microsoft["settings"]["server_url"] == f"https://login.microsoftonline.com/{TENANT}/v2.0"
    assert microsoft["settings"]["domains"] == ["trust.example", "b.example"]
    assert (google["name"], google["secret"]) == ("Google", "secret of SITEWARD_GOOGLE_SECRET")
    assert providers(Env(), lambda _name: "", demo=False) == []
