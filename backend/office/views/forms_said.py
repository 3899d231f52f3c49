"""Putting a refusal on the form that it is about, so that nothing typed is lost."""

from django import forms

from backend.core.problems import Problem
from backend.core.templatetags.words import joined


def put_on(form: forms.BaseForm, problem: Problem) -> None:
    """Say at each field what is wrong with it, and above the form what is about none of them."""
    known = {name: said for name, said in problem.fields.items() if name in form.fields}
    for name, said in known.items():
        form.add_error(name, joined(said))
    if not known:
        extra = " ".join(joined(said) for said in problem.fields.values())
        form.add_error(None, extra or problem.detail)
