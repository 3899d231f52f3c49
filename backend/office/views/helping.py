"""The users' help: Markdown pages beside the code, served by the product."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from backend.core.problems import NotFound

FOLDER = Path(__file__).resolve().parent.parent / "help"


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page: its address, title, first sentence and HTML."""

    slug: str
    title: str
    summary: str
    html: SafeString


@cache
def pages() -> dict[str, HelpPage]:
    """Every page by its slug, in the order of the files' numbers. Read once per process."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    found = {}
    for file in sorted(FOLDER.glob("*.md")):
        text = file.read_text(encoding="utf-8")
        title, _, rest = text.partition("\n")
        slug = file.stem.split("-", 1)[1]
        summary = rest.strip().split("\n\n", 1)[0].replace("*", "").replace("`", "")
        html = mark_safe(reader.render(rest))  # noqa: S308  our own files, and HTML in them is escaped
        found[slug] = HelpPage(slug, title.removeprefix("# ").strip(), summary, html)
    return found


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """What there is to read."""
    return render(request, "office/help_index.html", {"pages": pages().values()})


@require_safe
def help_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of help."""
    page = pages().get(slug)
    if page is None:
        raise NotFound("That page of help")
    return render(request, "office/help_page.html", {"page": page, "pages": pages().values()})
