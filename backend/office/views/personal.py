"""What is held of a person: one's own, or of somebody whose account one looks after; handing it out, and erasing it."""

import tempfile
import uuid

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from backend.core.days import today
from backend.core.problems import Problem
from backend.hr.actions import erase_person, note_viewing, require_subject
from backend.hr.actions.erasing import last_day
from backend.hr.queries import classes, hand_out, held_about, to_be_erased, who_looked
from backend.office.views.gate import just_confirmed, manages_people, signed_in
from backend.office.views.lists import page_of
from backend.office.views.people import found
from backend.trust.models import Person, Trust
from backend.trust.queries import people_managed


@never_cache
@require_safe
@signed_in
def my_data(request: HttpRequest, person: Person) -> HttpResponse:
    """What is held of oneself, for how long, and who looked at it."""
    return page(request, person, person)


@never_cache
@require_safe
@manages_people
def person_data(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """What is held of somebody. That it was looked at is kept."""
    other = found(person, id)
    require_subject(person, other)
    note_viewing(viewer=person, page="what is held", people=[other])
    return page(request, person, other)


def page(request: HttpRequest, person: Person, other: Person, problem: Problem | None = None) -> HttpResponse:
    """The page, with what was wrong with the last try to erase."""
    left = last_day(other)
    gone = left is not None and left < today()
    said = {
        "other": other,
        "own": other.pk == person.pk,
        "holdings": held_about(other),
        "left": left if gone else None,
        "looks": page_of(request, who_looked(other)),
        "may_erase": gone and other.pk != person.pk,
        "problem": problem,
    }
    return render(request, "office/personal_data.html", said, status=422 if problem else 200)


@never_cache
@require_safe
@just_confirmed
def my_data_zip(request: HttpRequest, person: Person) -> FileResponse:  # noqa: ARG001  Django's signature
    """Everything that is held of oneself, as a ZIP."""
    return handed_out(person)


@never_cache
@require_safe
@manages_people
def person_data_zip(request: HttpRequest, person: Person, id: uuid.UUID) -> FileResponse:  # noqa: ARG001  Django's signature
    """Everything that is held of somebody, as a ZIP, to be given to them. That it was handed out is kept."""
    other = found(person, id)
    require_subject(person, other)
    note_viewing(viewer=person, page="subject access", people=[other])
    return handed_out(other)


def handed_out(person: Person) -> FileResponse:
    """The ZIP, made on disk as it may be large."""
    trust = Trust.objects.first()
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    hand_out(person, file, trust=trust.name if trust else "This trust")
    file.seek(0)
    name = f"held-of-{slugify(person.name) or 'person'}-{today():%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@require_POST
@manages_people
def erase(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Erase what need not be kept of somebody who has left."""
    other = found(person, id)
    if request.POST.get("sure") != other.email:
        wrong = Problem("not_sure", f"To erase, type the e-mail address {other.email} as it stands.")
        return page(request, person, other, wrong)
    try:
        done = erase_person(person=other, actor=person, reason=request.POST.get("reason", ""), today=today())
    except Problem as problem:
        if problem.status == 403:
            raise
        return page(request, person, other, problem)
    rows = sum(done.changed.values()) + sum(done.removed.values())
    messages.success(request, f"{rows} rows were erased. What must be kept stays, each until its day.")
    return HttpResponseRedirect(f"/people/{id}/data/")


@never_cache
@require_safe
@manages_people
def periods(request: HttpRequest, person: Person) -> HttpResponse:
    """For how long what is kept, and who has left and is still named."""
    managed = set(people_managed(person).values_list("pk", flat=True))
    left = [(each, day) for each, day in to_be_erased(today()) if each.pk in managed]
    return render(request, "office/periods.html", {"classes": classes(), "left": left})
