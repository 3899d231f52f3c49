"""Every model that names people says what is held of them, for how long, and what erasing does."""

import pytest
from django.apps import apps
from django.db import models

from backend.core.personal import all_personal, not_personal
from backend.core.retention import CLASSES
from backend.trust.models import Person

IDS = {"author_id", "actor_id", "person_id", "pusher_id", "owner", "user_id"}


def names_people(model: type[models.Model]) -> bool:
    """Whether a model points to people, or holds their ids or names."""
    if model is Person:
        return True
    columns = model._meta.concrete_fields
    return any(each.related_model is Person or each.attname in IDS or each.attname.endswith("author_name") for each in columns)


ALL = [
    model
    for model in apps.get_models()
    if names_people(model) and (model.__module__.startswith("backend.") or model.__module__.startswith("allauth."))
]


@pytest.mark.parametrize("model", ALL, ids=lambda model: model._meta.label)
def test_a_model_that_names_people_is_in_the_registry(model):
    known = {each.model for each in all_personal()} | not_personal().keys()
    assert model in known, "add it to its app's personal.py: PERSONAL, or NOT_PERSONAL with the reason"


@pytest.mark.parametrize("personal", all_personal(), ids=lambda each: each.model._meta.label)
def test_what_the_registry_says_is_so(personal):
    columns = {each.attname for each in personal.model._meta.concrete_fields}
    said = {*personal.people, *personal.blank, *personal.hide} | ({personal.day} if personal.day else set())
    assert said <= columns
    assert personal.kept in CLASSES
    pointing = {each.attname for each in personal.model._meta.concrete_fields if each.related_model is Person}
    assert pointing <= set(personal.people), "every column that points to somebody belongs to `people`"
