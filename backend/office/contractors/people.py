"""Who comes from a firm: add somebody, their DBS check as seen, an induction, and that they come no more."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from backend.core.problems import NotFound
from backend.maintenance.actions.contractor_people import Seen, add_contractor_person, induct, note_dbs, say_left
from backend.maintenance.models import ContractorPerson
from backend.office.contractors.firm_forms import DbsForm, InductionForm, LeftForm, PersonForm
from backend.office.contractors.firms import back, found, trail
from backend.office.contractors.pages import Asked, content_of, files, form_page, looks_after, sent
from backend.trust.models import Person


def somebody(id: uuid.UUID) -> ContractorPerson:
    """The firm's person, or NotFound. Only those who look after contractors come here."""
    row = ContractorPerson.objects.filter(pk=id).select_related("contractor").first()
    if row is None:
        raise NotFound("That person")
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def person_add(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Add somebody whom a firm sends."""
    firm = found(person, id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        add_contractor_person(person=person, contractor=firm, **said)
        messages.success(request, "Added. Note their DBS check and inductions next.")
        return back(firm, "people")

    return form_page(request, PersonForm(sent(request)), Asked(f"Add somebody of {firm.name}", "", "Add", trail(firm)), act)


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def person_dbs(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Note that their DBS certificate was seen."""
    row = somebody(id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        seen = Seen(said["kind"], said["on"], said["last"], said["again_by"], content_of(said["file"]))
        note_dbs(person=person, of=row, seen=seen)
        return back(row.contractor, "people")

    lead = "Look at the certificate itself and their photo. Only what shows that you saw it is kept."
    asked = Asked(f"DBS check of {row.name}", lead, "I have seen it", trail(row.contractor))
    return form_page(request, DbsForm(sent(request), files(request)), asked, act)


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def person_induct(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Note that they were shown a site."""
    row = somebody(id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        induct(
            person=person, of=row, site=said["site"], done_on=said["done_on"], expires_on=said["expires_on"],
            sheet=content_of(said["file"]),
        )  # fmt: skip
        return back(row.contractor, "people")

    lead = "They were shown the asbestos register, the fire alarm and ways out, where to sign in, and whom to ask."
    asked = Asked(f"Induct {row.name}", lead, "Enter it", trail(row.contractor))
    form = InductionForm(sent(request), files(request), person=person)
    return form_page(request, form, asked, act)


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def person_left(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Say that they come no more."""
    row = somebody(id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        say_left(person=person, of=row, on=said["on"])
        messages.success(request, "Noted. What was held of their DBS check is erased.")
        return back(row.contractor, "people")

    lead = "What is held of their DBS check is erased at once; that they came stays with their visits."
    return form_page(
        request, LeftForm(sent(request)), Asked(f"{row.name} comes no more", lead, "Say so", trail(row.contractor)), act
    )
