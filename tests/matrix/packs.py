"""Evidence packs in the matrix's world: one at each place, with its file."""

import datetime as dt
import hashlib
import io
import zipfile

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from backend.checks.actions.packs import path_of
from backend.checks.models import EvidencePack, PackRequest
from backend.core.days import today
from backend.trust.models import Person, Site


def pack_at(site: Site, name: str, who: Person) -> EvidencePack:
    """A pack of a site that says a word of its own."""
    out, now = io.BytesIO(), timezone.now()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evidence-pack.pdf", b"%PDF-1.4")
    sha256 = hashlib.sha256(out.getvalue()).hexdigest()
    if not default_storage.exists(path_of(sha256)):
        default_storage.save(path_of(sha256), ContentFile(out.getvalue()))
    chosen = {
        "site": site, "disciplines": ["fire"], "first_day": today() - dt.timedelta(days=30), "last_day": today(),
        "recipient": "insurer", "addressee": f"{name} insurer",
    }  # fmt: skip
    pack = EvidencePack.objects.create(
        **chosen, counts={"records": 1}, answer=f"{name} answer", head_number=0, head_hash="0" * 64, rows_root="0" * 64,
        sha256=sha256, size=len(out.getvalue()), pdf_sha256="0" * 64, made_at=now, made_by=who,
        kept_until=today() + dt.timedelta(days=400),
    )  # fmt: skip
    made = PackRequest.State.MADE
    PackRequest.objects.create(
        pk=pack.pk, **chosen, state=made, asked_at=now, asked_by=who, touched_at=now, pack=pack, seen_at=now
    )
    return pack
