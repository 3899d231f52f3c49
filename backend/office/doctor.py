"""What may be wrong with what is served: the field app's build and static files."""

import datetime as dt
from pathlib import Path

from django.conf import settings

from backend.core.doctor import Check, Finding, fine
from backend.core.problems import Problem
from backend.core.sealing import push_key
from backend.office.models import Letter, PushDevice, Webhook
from backend.office.notices.post import NO_MAIL
from backend.office.notices.pushing import given_up

PARTS = ("index.html", "sw.js", "manifest.webmanifest")
MAIL = "Look at the mail server: python manage.py doctor"
PUSH = "This server must reach the push services over https (see the help on what people are told)."
SYSTEMS = "Look at Other systems (/events/): each page says what was answered, and lets it go on."
A_DAY = dt.timedelta(days=1)
BUILD = "Build it: make build (the image is made with it)."


def field_app_built(_now: dt.datetime) -> Finding:
    """The caretaker's app is there, whole."""
    folder = Path(settings.FIELDAPP_DIST)
    lacking = [name for name in PARTS if not (folder / name).is_file()]
    if lacking:
        return Finding("wrong", f"The caretaker's app is not built: {', '.join(lacking)} missing from {folder}.", BUILD)
    return fine("The caretaker's app is built.")


def static_collected(_now: dt.datetime) -> Finding:
    """Stylesheets and scripts are where the web process looks for them; outside demo mode, with hashed names."""
    root = Path(settings.STATIC_ROOT)
    mend = "Run: python manage.py collectstatic --noinput"
    if not (root / "office" / "tokens.css").is_file():
        return Finding("wrong", f"Stylesheets and scripts are not in {root}, so pages would look bare.", mend)
    hashed = "Manifest" in settings.STORAGES["staticfiles"]["BACKEND"]
    if hashed and not (root / "staticfiles.json").is_file():
        return Finding("wrong", f"There is no list of hashed names in {root}, so no page can be shown.", mend)
    return fine("Stylesheets and scripts are in place.")


def letters_go(now: dt.datetime) -> Finding:
    """Letters to people are sent, or tried again; none was given up within a week, and nobody is told less than they think."""
    if not settings.NOTICES_ON:
        return fine("People are not told by themselves here (SITEWARD_NOTICES).")
    lately = Letter.objects.filter(made_at__gte=now - dt.timedelta(days=7))
    lost = lately.filter(state=Letter.State.FAILED).count()
    late = lately.filter(state=Letter.State.WAITING, tries__gt=0).count()
    if lost:
        return Finding("wrong", f"{lost} letters to people could not be sent within a week, and are given up.", MAIL)
    if late:
        return Finding("warning", f"{late} letters to people could not be sent yet, and are tried again.", MAIL)
    if lately.filter(state=Letter.State.DROPPED, wrong=NO_MAIL).exists():
        return Finding("warning", "People are told on their pages only: no mail is set up.", "Set SITEWARD_MAIL_URL.")
    return fine("Letters to people are sent.")


def pushes_go(now: dt.datetime) -> Finding:
    """Who switched a phone on is told on it: the key is there, and no line was given up within a week."""
    if not settings.PUSH_ON or not PushDevice.objects.exists():
        return fine("Nobody is told on a phone." if settings.PUSH_ON else "Messages to phones are switched off (SITEWARD_PUSH).")
    try:
        push_key()
    except Problem as wrong:
        return Finding("wrong", wrong.detail, "Put the key back, or let people switch their phones on once more.")
    if lost := given_up(now):
        return Finding("warning", f"{lost} messages to phones could not be sent within a week. Letters went as always.", PUSH)
    return fine("Messages to phones are sent.")


def systems_told(now: dt.datetime) -> Finding:
    """Other systems take what they are sent: none has failed for a day, and none was switched off for it."""
    rows = list(Webhook.objects.exclude(state=Webhook.State.REMOVED).order_by("name"))
    failing = [each.name for each in rows if each.state == "on" and each.failing_since and now - each.failing_since >= A_DAY]
    off = [each.name for each in rows if each.state == Webhook.State.OFF]
    if failing:
        detail = f"{len(failing)} of {len(rows)} other systems have taken nothing for a day: {', '.join(failing)}."
        return Finding("warning", detail, SYSTEMS)
    if off:
        return Finding("warning", f"Other systems were switched off by Siteward: {', '.join(off)}.", SYSTEMS)
    return fine("Other systems take what they are sent." if rows else "No other system is told what happens.")


CHECKS = [
    Check("letters", "Letters to people", letters_go),
    Check("pushes", "Messages to phones", pushes_go),
    Check("webhooks", "Other systems that are told", systems_told),
    Check("field-app", "The caretaker's app", field_app_built, needs_database=False),
    Check("static-files", "Stylesheets and scripts", static_collected, needs_database=False),
]
