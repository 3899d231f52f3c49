"""Check types in every revision still in use, question by question."""

import datetime as dt
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import F, Q

from backend.assets.known import facts_asked
from backend.assets.models import AssetType
from backend.checks.models import CheckRevision, NotDone
from backend.core.templatetags.words import option_word
from backend.trust.models import Site

STILL_USED: Final = dt.timedelta(days=365)  # a form may stand open on a phone, or its answers unsent, for that long


def forms(site: Site, now: dt.datetime) -> dict[str, Any]:
    """The forms: what is current, and what was until a year ago. Two queries."""
    in_use = Q(pk=F("check_type__current_id")) | Q(published_at__gte=now - STILL_USED)
    revisions = CheckRevision.objects.filter(in_use).select_related("check_type").order_by("check_type_id", "number")
    kinds = AssetType.objects.values("key", "name", "discipline").order_by("key")
    checks = [form(each) for each in revisions]
    disciplines = sorted({each["discipline"] for each in checks} | {each["discipline"] for each in kinds})
    return {
        "protocol": 1,
        "site": str(site.pk),
        "checks": checks,
        "asset_types": [{**each, "facts": facts_of(each["key"])} for each in kinds],
        "disciplines": [{"key": key, "title": titles().get(key, key.replace("-", " ").capitalize())} for key in disciplines],
        "not_done_reasons": [{"key": key, "words": words} for key, words in NotDone.REASONS],
    }


def form(revision: CheckRevision) -> dict[str, Any]:
    """One check in one revision."""
    said, kind = revision.content, revision.check_type
    return {
        "code": kind.pk,
        "revision": revision.number,
        "current": kind.current_id == revision.pk and not kind.withdrawn,
        "title": said["title"],
        "discipline": said["discipline"],
        "verified": said["verified"],
        "minutes": said.get("minutes"),
        "standing": said["standing"],
        "law": said.get("law", []),
        "on": said["on"],
        "asset_types": said.get("asset_types", []),
        "also_covers": said.get("also_covers", []),
        "event": said.get("event"),
        "competence": {"level": said["competence"]["level"], "detail": said["competence"]["detail"]},
        "evidence": said["evidence"],
        "questions": said.get("questions", []),
    }


@cache
def facts_of(kind: str) -> list[dict[str, Any]]:
    """What is asked of a kind of asset, as phones ask it; what goes by itself (an age) is asked of nobody."""
    found = []
    for fact in facts_asked(kind).values():
        if not fact.since:
            said = {**asdict(fact), "words": [option_word(each) for each in fact.options]}
            found.append({name: value for name, value in said.items() if value not in (None, (), [])})
    return found


@cache
def titles() -> dict[str, str]:
    """Discipline key -> title, from the first lines of the library's files: reading all of it would take a second."""
    found = {}
    for file in sorted((Path(settings.ROOT) / "schedules").glob("*.yaml")):
        text = file.read_text()
        key, title = (re.search(rf"^{name}: *(\S.*?) *$", text, re.MULTILINE) for name in ("discipline", "title"))
        if key and title:
            found[key[1]] = title[1]
    return found
