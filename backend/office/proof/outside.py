"""What somebody outside sees who holds a link to an evidence pack: what it is, the download, and how to check it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from backend.checks.actions.packs import PURPOSE, note_handed_out, right_password
from backend.checks.models import EvidencePack
from backend.core import signing
from backend.core.problems import NotFound
from backend.maintenance.links import open_link
from backend.maintenance.models import OnePurposeLink
from backend.office.proof.forms import PasswordForm
from backend.office.proof.pages import pdf_answer, zip_answer
from backend.office.proof.recipients import RECIPIENTS
from backend.office.queries.library import discipline_order, discipline_title
from backend.trust.models import Trust
from backend.trust.signin import address_of

KNOWN = "pack-links"
MOST_KNOWN = 20


def opened(request: HttpRequest, text: str) -> tuple[OnePurposeLink, EvidencePack]:
    """The link and its pack. Raises NotFound, Problem (410) when it is over, TooManyTries."""
    link = open_link(text, PURPOSE, address=address_of(request))
    pack = EvidencePack.objects.select_related("site__school", "building").filter(pk=link.about).first()
    if pack is None:
        raise NotFound("That link")
    return link, pack


def let_in(request: HttpRequest, link: OnePurposeLink) -> bool:
    """Whether the link needs no password, or it was given in this browser."""
    return not link.details.get("password") or str(link.pk) in request.session.get(KNOWN, [])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def shared(request: HttpRequest, text: str) -> HttpResponse:
    """The page of the link; first the password, where there is one."""
    link, pack = opened(request, text)
    if request.method == "POST":
        form = PasswordForm(request.POST)
        if form.is_valid() and right_password(link, form.cleaned_data["password"]):
            request.session[KNOWN] = [*request.session.get(KNOWN, []), str(link.pk)][-MOST_KNOWN:]
            return HttpResponseRedirect(request.path)
        form.add_error("password", "This is not the password of this link.")
        return render(request, "office/proof/password.html", {"form": form}, status=422)
    if not let_in(request, link):
        return render(request, "office/proof/password.html", {"form": PasswordForm()})
    if request.method == "GET":
        note_handed_out(pack, what="page", person=None, link=link)
    said = {
        "pack": pack,
        "link": link,
        "text": text,
        "trust": Trust.objects.first(),
        "key": signing.public_key(),
        "recipient": pack.addressee or RECIPIENTS[pack.recipient].name,
        "disciplines": [discipline_title(each) for each in sorted(pack.disciplines, key=discipline_order)],
    }
    return render(request, "office/proof/shared.html", said)


@require_safe
@never_cache
def shared_zip(request: HttpRequest, text: str) -> HttpResponseBase:
    """The ZIP, to whoever holds the link."""
    return handed(request, text, "zip")


@require_safe
@never_cache
def shared_pdf(request: HttpRequest, text: str) -> HttpResponseBase:
    """The PDF, to whoever holds the link."""
    return handed(request, text, "pdf")


def handed(request: HttpRequest, text: str, what: str) -> HttpResponseBase:
    """Hand it out and note it; without the password, lead to where it is asked."""
    link, pack = opened(request, text)
    if not let_in(request, link):
        return HttpResponseRedirect(f"/proof/open/{text}/")
    answer = zip_answer(pack) if what == "zip" else pdf_answer(pack)
    if request.method == "GET":
        note_handed_out(pack, what=what, person=None, link=link)
    return answer
