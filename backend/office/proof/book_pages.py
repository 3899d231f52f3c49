"""Log books: the page to read and to print, and the PDF."""

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.core import audit
from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.core.snapshot import snapshot
from backend.office.proof.book import Book, disciplines_of, read, write, years_of
from backend.office.proof.pages import proof
from backend.office.queries.library import discipline_order, discipline_title
from backend.trust import permits
from backend.trust.models import Person, Site

FIRE = "fire"


class BookForm(forms.Form):
    """Which book."""

    site = forms.ModelChoiceField(Site.objects.none(), label="Site", empty_label=None)
    discipline = forms.ChoiceField(label="Discipline")
    year = forms.TypedChoiceField(label="Year", coerce=int)

    def __init__(self, asked: Any, *, sites: Any, site: Site) -> None:
        keys = sorted(disciplines_of(site), key=discipline_order)
        wanted = asked.get("discipline") or (FIRE if FIRE in keys or not keys else keys[0])
        years = years_of(site, wanted)
        data = {"site": site.pk, "discipline": wanted, "year": asked.get("year") or years[0]}
        super().__init__(data, auto_id="book-%s")
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        choices = [(key, discipline_title(key)) for key in keys] or [(FIRE, discipline_title(FIRE))]
        self.fields["discipline"].choices = choices  # type: ignore[attr-defined]
        self.fields["year"].choices = [(each, str(each)) for each in years]  # type: ignore[attr-defined]


def chosen(request: HttpRequest, person: Person) -> BookForm | None:
    """The book that is asked for; None when there is no site to keep one of. Raises NotFound, Problem (400)."""
    sites = Site.objects.visible_to(person, permits.PROOF_MAKE).select_related("school").order_by("school__name", "name")
    asked = request.GET.get("site")
    try:
        site = sites.filter(pk=asked).first() if asked else sites.first()
    except (ValueError, TypeError, ValidationError):
        site = None
    if site is None:
        if asked:
            raise NotFound("That site")
        return None
    form = BookForm(request.GET, sites=sites, site=site)
    if not form.is_valid():
        raise Problem("filter", "There is no such log book at this site. Choose a discipline and a year that it has.")
    return form


def book_of(form: BookForm) -> Book:
    """The book, read."""
    said = form.cleaned_data
    return read(said["site"], said["discipline"], said["year"])


@require_safe
@proof
def book(request: HttpRequest, person: Person) -> HttpResponse:
    """A year of a log book, to read and to print."""
    form = chosen(request, person)
    if form is None:
        return render(request, "office/proof/book.html", {"form": None})
    found = book_of(form)
    misses = [(each, *words) for each, words in told_misses(found)]
    said = {
        "form": form, "book": found, "misses": misses, "head": audit.head().words(), "printed_on": today(),
        "years": years_of(found.site, found.discipline),
    }  # fmt: skip
    return render(request, "office/proof/book.html", said)


def told_misses(found: Book) -> Any:
    """Each miss with what is said of it."""
    from backend.office.proof.saying import miss_words

    return ((each, miss_words(found.found, each)) for each in found.found.lapses)


@require_safe
@proof
def book_pdf(request: HttpRequest, person: Person) -> HttpResponse:
    """The same as a PDF."""
    form = chosen(request, person)
    if form is None:
        raise NotFound("That log book")
    with snapshot():
        found, head = book_of(form), audit.head()
    with tempfile.TemporaryDirectory(prefix="siteward-book-") as folder:
        path = Path(folder) / "book.pdf"
        write(path, found, head)
        answer = HttpResponse(path.read_bytes(), content_type="application/pdf")
    name = f"log-book-{found.discipline}-{found.year}-{found.site.school.urn}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
