"""Django's entry for this app."""

from django import forms
from django.apps import AppConfig
from django.core import validators

LIMITS: dict[type[validators.BaseValidator], str] = {
    validators.MinValueValidator: "Write %(limit_value)s or more.",
    validators.MaxValueValidator: "Write %(limit_value)s or less.",
    validators.MinLengthValidator: "Write at least %(limit_value)d letters; this has %(show_value)d.",
    validators.MaxLengthValidator: "Write at most %(limit_value)d letters; this has %(show_value)d.",
}
"""What is said of a value beyond a field's limits."""
FIGURES: dict[str, str] = {
    "max_digits": "Write at most %(max)s figures.",
    "max_decimal_places": "Write at most %(max)s figures after the point.",
    "max_whole_digits": "Write at most %(max)s figures before the point.",
}
PLAIN: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "Fill this in."},
    forms.ChoiceField: {"invalid_choice": "“%(value)s” is not one of the choices. Choose again."},
    forms.MultipleChoiceField: {
        "required": "Choose at least one.",
        "invalid_choice": "“%(value)s” is not one of the choices. Choose again.",
    },
    forms.ModelChoiceField: {"invalid_choice": "That is not one of the choices. Choose again."},
    forms.DateField: {"invalid": "That is not a day. Write it as 27/11/2026."},
    forms.TimeField: {"invalid": "That is not a time. Write it as 14:05."},
    forms.IntegerField: {"invalid": "Write a whole number, such as 12."},
    forms.DecimalField: {"invalid": "Write a number, such as 12.50."},
    forms.FileField: {"required": "Choose the file.", "empty": "That file is empty. Choose another."},
}
"""What forms say where a field says nothing of its own: what is wrong and what to do, in words that anybody uses."""


class CoreConfig(AppConfig):
    """The app "core"."""

    name = "backend.core"
    label = "core"

    def ready(self) -> None:
        """Have every form speak plainly."""
        for validator, words in LIMITS.items():
            validator.message = words
        validators.DecimalValidator.messages = {**validators.DecimalValidator.messages, **FIGURES}
        for field, said in PLAIN.items():
            field.default_error_messages = {**field.default_error_messages, **said}
