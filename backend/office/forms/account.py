"""Forms of somebody's own account, and of the ways in."""

from typing import Any

from django import forms

from backend.core.days import today
from backend.trust.factors import is_set_up
from backend.trust.models import Person, Token
from backend.trust.permits import NAMES


def new_password(label: str = "New password") -> forms.CharField:
    """A field for a password to be set."""
    return forms.CharField(
        label=label,
        max_length=1000,
        strip=False,
        help_text="12 characters or more. Three or four words that do not belong together are easy to keep in mind.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def present_password(label: str = "Your password") -> forms.CharField:
    """A field for the password of today."""
    return forms.CharField(
        label=label, max_length=1000, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


def code_field() -> forms.CharField:
    """A field for a code of the app, or a recovery code."""
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
    return forms.CharField(
        label="Code",
        max_length=20,
        help_text="Six figures from your authenticator app, or one of your recovery codes.",
        widget=forms.TextInput(attrs=attrs),
    )


class CodeForm(forms.Form):
    """The second step."""

    code = code_field()


class FirstCodeForm(CodeForm):
    """The first code of an app that is being set up."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["code"].help_text = "Six figures. If they change while you type, type the new ones."


class ConfirmForm(CodeForm):
    """Showing again that it is you: a code for who has a second step, else the password; no field for who has neither."""

    password = present_password()

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        wanted = "code" if is_set_up(person) else "password" if person.has_usable_password() else ""
        self.fields = {name: field for name, field in self.fields.items() if name == wanted}


class ForgottenForm(forms.Form):
    """Asking for a letter."""

    email = forms.EmailField(label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"}))


class NewPasswordForm(forms.Form):
    """Setting a password by a letter's link."""

    new = new_password()


class AcceptForm(forms.Form):
    """Accepting an invitation."""

    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = new_password("Password")


class NameForm(forms.Form):
    """One's own name."""

    name = forms.CharField(label="Name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class PasswordForm(forms.Form):
    """Changing one's password."""

    old = present_password("Your password now")
    new = new_password()

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        if not person.has_usable_password():
            del self.fields["old"]


class EmailForm(forms.Form):
    """Changing one's e-mail address."""

    email = forms.EmailField(label="New e-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class PasskeyForm(forms.Form):
    """Keeping a passkey; `answer` is filled in by the browser."""

    name = forms.CharField(label="Name", max_length=60, required=False, help_text="So that you know it again: “Work laptop”.")
    answer = forms.CharField(widget=forms.HiddenInput, max_length=20_000)


class TokenForm(forms.Form):
    """Making an access token."""

    name = forms.CharField(label="What is it for?", max_length=80, help_text="“Power BI report”, “Water meter gateway”.")
    scope = forms.ChoiceField(label="What may it do?", choices=Token.Scope.choices, initial=Token.Scope.READ)
    chosen = forms.MultipleChoiceField(
        label="If only what is chosen", choices=list(NAMES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label="For how many days?", min_value=1, max_value=365, initial=30, help_text="It stops working by itself then."
    )

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        held = person.permits_on(today())
        self.fields["chosen"].choices = [(key, name) for key, name in NAMES.items() if key in held]  # type: ignore[attr-defined]
