"""What the pages of contractors, certificates and documents share: one form on a page, files taken and handed on."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from backend.core.files import ENDINGS, LARGEST, open_file, person_owner, take
from backend.core.models import FileProof, StoredFile
from backend.core.pictures import PICTURES
from backend.core.problems import Forbidden, Problem
from backend.office.views.forms_said import put_on
from backend.office.views.gate import Given, Page, View, signed_in
from backend.office.views.photos import guarded
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

PAPERS = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
TAKEN = frozenset({"application/pdf", "image/jpeg", "image/png"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page with one form says: its heading, a sentence, the button, and the way back as (words, address) pairs."""

    heading: str
    lead: str
    button: str
    trail: Sequence[tuple[str, str]]


def form_page(
    request: HttpRequest, form: forms.Form, asked: Asked, act: Callable[[dict[str, Any]], HttpResponseBase]
) -> HttpResponseBase:
    """A page of one form: shown, and when sent and sound, done by `act`. A refusal stands at the field that it is about."""
    if request.method == "POST" and form.is_valid():
        try:
            return act(form.cleaned_data)
        except (Forbidden, PermissionError):
            raise
        except Problem as problem:
            if problem.status == 404:
                raise
            put_on(form, problem)
    status = 422 if form.errors else 200
    return render(request, "office/contractors/form.html", {"form": form, "asked": asked}, status=status)


def looks_after(page: Page[Given]) -> View[Given]:
    """A page for those who look after contractors somewhere: refused to others."""

    def asked(request: HttpRequest, person: Person, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        if reach(person, permits.CONTRACTOR_MANAGE).nowhere():
            raise Forbidden("Your role does not let you look after contractors. Ask your site manager.")
        return page(request, person, *args, **kwargs)

    asked.__name__, asked.__doc__ = page.__name__, page.__doc__
    return signed_in(asked)


def date_field(label: str, **more: Any) -> forms.DateField:
    """A day, by the browser's own picker."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def file_field(label: str = "The paper", **more: Any) -> forms.FileField:
    """A PDF, JPEG or PNG file; it can be dropped on the box too."""
    widget = forms.FileInput(attrs={"accept": PAPERS, "class": "drop"})
    return forms.FileField(label=label, widget=widget, allow_empty_file=True, **more)


def content_of(file: Any) -> bytes:
    """The bytes of a file from a form; b"" for none. Raises Problem when it is too large to be taken."""
    if file is None or file is False:
        return b""
    if file.size > LARGEST:
        detail = f"A file may have at most {LARGEST // 2**20} MB."
        raise Problem("too_large", detail, status=413, fields={"file": detail})
    content: bytes = file.read()
    return content


def taken_or_held(person: Person, file: Any, held: str, *, kinds: Collection[str] = TAKEN) -> StoredFile | None:
    """The file of a form, or the one that it took when it was sent before with a fault elsewhere. Raises Problem at the field."""
    if file:
        try:
            return take(content_of(file), owner=person_owner(person.pk), kinds=kinds)
        except Problem as problem:
            raise Problem(problem.code, problem.detail, status=problem.status, fields={"file": problem.detail}) from problem
    if held and FileProof.objects.filter(sha256=held, owner=person_owner(person.pk)).exists():
        return StoredFile.objects.filter(pk=held).first()
    return None


def hold(form: forms.Form, file: StoredFile) -> None:
    """Write a file that was taken into the form, by its name: shown again, the form asks for it no second time."""
    said: Any = form.data  # a QueryDict, which cannot be changed
    said = said.copy()
    said["held"] = file.pk
    form.data = said


def handed_on(sha256: str, content_type: str, name: str) -> HttpResponseBase:
    """A kept file as it came. Pictures and PDF files open in the browser, which may run nothing in them."""
    ending = ENDINGS.get(content_type, "bin")
    opens = content_type in PICTURES
    kind = content_type if opens or content_type == "application/pdf" else "application/octet-stream"
    return guarded(FileResponse(open_file(sha256), content_type=kind, as_attachment=not opens, filename=f"{name}.{ending}"))


def answered(request: HttpRequest, template: str, said: dict[str, Any], wrong: bool = False) -> HttpResponse:
    """A page; 422 when what was sent is shown again with what is wrong."""
    return render(request, template, said, status=422 if wrong else 200)


def sent(request: HttpRequest) -> Any:
    """What a form sent, also when it is nothing at all; None when the page was only asked for."""
    return request.POST if request.method == "POST" else None


def files(request: HttpRequest) -> Any:
    """The files that a form sent; None when the page was only asked for."""
    return request.FILES if request.method == "POST" else None
