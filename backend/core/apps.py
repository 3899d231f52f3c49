"""Django's entry for this app."""

from django import forms
from django.apps import AppConfig

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
        for field, said in PLAIN.items():
            field.default_error_messages = {**field.default_error_messages, **said}
