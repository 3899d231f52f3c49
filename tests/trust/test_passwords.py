"""Which passwords may be set: long ones that are not among the first that are tried. No network is asked."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from backend.trust.models import Person

WHO = Person(name="Nia Carey", email="nia.carey@oakfield.example")


@pytest.mark.parametrize(
    "password",
    ["shortone", "passwordpassword", "123456789012", "aaaaaaaaaaaaaaaa", "Password2026!!", "qwertyuiopasdf", "abcdefghijklmn",
     "football-2026", "nia.carey@oakfield", "NiaCarey-2026!", "Siteward2026!", "000000000000", "letmein12345678"],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, user=WHO)


@pytest.mark.parametrize(
    "password", ["four words of mine", "teapot.ladder.moss", "Trzy-konie-w-zupie", "Ж" + "правильный конь", "tK9#v2!mQz7p"]
)
def test_a_long_one_of_ones_own_is_taken(password):
    validate_password(password, user=WHO)
