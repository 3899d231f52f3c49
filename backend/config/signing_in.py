"""Settings of signing in that are the same everywhere; those that the environment gives are in settings.py."""

from typing import Any, Final

AUTH_PASSWORD_VALIDATORS: Final[list[dict[str, Any]]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "backend.trust.passwords.EasyToGuess"},
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds that the link of a letter works
MFA_ADAPTER = "backend.trust.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Siteward"
MFA_TOTP_TOLERANCE = 1  # codes to either side of now's that are taken: phones' clocks are out
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # allauth keeps no addresses here: a person's is Person.email
SOCIALACCOUNT_ADAPTER = "backend.trust.single.Adapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link, since a form's leave to go elsewhere would have to be in the policy
DEMO_ACCOUNTS = [
    "caretaker@oakfield.demo",
    "caretaker@riverside.demo",
    "site.manager@oakfield.demo",
    "sbm@oakfield.demo",
    "head@oakfield.demo",
    "estates@trust.demo",
    "cfo@trust.demo",
    "hr@trust.demo",
    "holder@oakfield.demo",
    "teacher@oakfield.demo",
    "governor@oakfield.demo",
    "trustee@trust.demo",
    "ceo@trust.demo",
    "auditor@external.demo",
    "clerk@trust.demo",
    "admin@trust.demo",
]
