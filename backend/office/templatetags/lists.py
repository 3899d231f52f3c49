"""Words and addresses of lists."""

from urllib.parse import parse_qsl

from django import template
from django.urls import Resolver404, resolve

from backend.core.templatetags.words import STATUSES, plain, sentence_case

register = template.Library()
CALLED = {"plans": "Checks", "lapses": "Missed checks"}


@register.simple_tag
def excel_of(csv: str) -> str:
    """The address of a list's workbook beside its CSV; "" when there is none."""
    address = csv.removesuffix(".csv") + ".xlsx"
    try:
        return address if resolve(address) else ""
    except Resolver404:
        return ""


@register.filter
def list_name(page: str) -> str:
    """What the list at an address is called: "/lapses/" is "Missed checks"."""
    name = page.strip("/")
    return CALLED.get(name, sentence_case(plain(name.replace("/", ", "))))


@register.filter
def query_words(query: str) -> str:
    """What a view asks for, in words as far as they say anything to a person: "Status: overdue. Sorted by risk."."""
    said = []
    for name, value in parse_qsl(query):
        if name == "q":
            said.append(f"Searched for “{value}”.")
        elif name == "status" and value in STATUSES:
            said.append(f"{STATUSES[value][0]}.")
        elif name == "sort":
            said.append(f"Sorted by {plain(value.removeprefix('-'))}{', backwards' if value.startswith('-') else ''}.")
        elif len(value) == 36 and value.count("-") == 4:
            said.append(f"One {plain(name)}.")
        else:
            said.append(f"{sentence_case(plain(name))}: {value}.")
    return " ".join(said)
