"""Doors: what anybody may read, signing in and out, and what programs need to begin."""

from collections.abc import Iterator

from tests.matrix.lines import SIGN_IN, UNFIT, YES, Line, everybody
from tests.matrix.wording import open_to_all, plain


def lines() -> Iterator[Line]:
    """Every line about doors."""
    yield open_to_all("healthz")
    yield open_to_all("phone/")
    yield open_to_all("phone/authority.crt")
    yield open_to_all("help/")
    yield open_to_all("help/<slug:slug>/", "caretakers")
    yield open_to_all("field/")
    yield open_to_all("field/<path:path>", "today")
    yield open_to_all("api/v1/schema")
    wrong = {"email": "nobody@example.org", "password": "wrong"}
    yield open_to_all("sign-in/")
    yield plain("sign-in/", method="POST", says=everybody(UNFIT), asked="a wrong password", form=wrong, writes=False)
    yield plain("sign-out/", says=everybody(YES))
    yield plain("sign-out/", method="POST", says=everybody(SIGN_IN), form={}, writes=False)
    yield plain("api/v1/auth/token", method="POST", says=everybody(SIGN_IN), asked="a wrong password", body=wrong)
    yield plain("api/v1/auth/token", method="DELETE", by="token", asked="one's own")
