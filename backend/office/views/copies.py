"""Taking in the copy that a phone saved of its unsent work ("Save a copy"): what it holds, then what became of it."""

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backend.core.problems import Problem
from backend.office.views.gate import estate
from backend.office.views.held import require_office
from backend.sync.copies import Imported, Looked, import_copy, look_at
from backend.trust.models import Person

LARGEST: Final = 100 * 1024 * 1024
"""Bytes that the page reads; a larger copy (some 150 photos) is for `manage.py phone import`."""
OUTCOMES: Final = (
    ("applied", "taken in now"),
    ("again", "here already, changed nothing"),
    ("held", "kept for the office to look at"),
    ("conflict", "kept aside: the same number is here with other content"),
)


class CopyForm(forms.Form):
    """The file, and whether only to look."""

    copy = forms.FileField(
        label="The file that the phone saved",
        help_text="Its name begins with siteward-unsent. Taking it in twice changes nothing the second time.",
        error_messages={"required": "Choose the file first.", "empty": "That file is empty."},
    )

    altered = forms.BooleanField(
        label="Take in also what was changed or damaged since the phone saved it",
        required=False,
        help_text="Only if the phone is lost. It is kept for the office to look at, and the true work cannot come after it.",
    )

    def clean_copy(self) -> "UploadedFile[bytes]":
        """Refuse what is too large for a page."""
        sent: UploadedFile[bytes] = self.cleaned_data["copy"]
        if (sent.size or 0) > LARGEST:
            raise forms.ValidationError("That file is larger than 100 MB. Ask whoever runs Siteward to take it in by command.")
        return sent


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def copy_page(request: HttpRequest, person: Person) -> HttpResponse:
    """The form; a post looks at the file (`look`) or takes it in, and says what became of each part."""
    require_office(person)
    form = CopyForm(request.POST, request.FILES) if request.method == "POST" else CopyForm()
    said: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                said |= told(form.cleaned_data, person, look="look" in request.POST)
        except Problem as problem:
            form.add_error("copy", problem.detail)
        status = 422 if form.errors else 200
    return render(request, "office/held_copy.html", said, status=status)


def told(typed: dict[str, Any], person: Person, *, look: bool) -> dict[str, Looked | Imported | list[tuple[str, int]]]:
    """What the page says of the file: what it holds, or what became of it. Raises Problem when it is no copy."""
    content: bytes = typed["copy"].read()
    if look:
        return {"looked": look_at(content, person=person)}
    done = import_copy(content, person=person, altered=typed["altered"])
    return {"done": done, "outcomes": [(words, done.outcomes[key]) for key, words in OUTCOMES if done.outcomes.get(key)]}
