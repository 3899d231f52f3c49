"""A check that was done on paper, entered in the office and marked as such; and a record corrected by a further one."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from backend.assets.models import Asset
from backend.checks.actions import NewPhoto, NewRecord, When, record_check
from backend.checks.models import CheckRecord, CheckRevision, Plan, RecordPhoto
from backend.core.days import LONDON, london_date, today
from backend.core.files import person_owner, take
from backend.core.problems import Problem
from backend.office.applying.answer_fields import FILES, PREFIX, answer_of, field_of, typed_of
from backend.office.applying.by_hand_forms import day_field
from backend.office.views.forms_said import put_on
from backend.office.views.gate import estate
from backend.rules.answers import NOTES, asked_of
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require

MOST_ASSETS = 500
NOON = dt.time(12, 0)


class EntryForm(forms.Form):
    """When it was done and by whom, then the check's own questions; of a correction, what was wrong."""

    done_on = day_field("Done on")
    at = forms.TimeField(
        label="At", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), help_text="If it is known."
    )
    done_by = forms.CharField(
        label="Done by", required=False, max_length=120, help_text="If it was somebody else than you. It is written in the notes."
    )
    reason = forms.CharField(label="What was wrong with the record", max_length=500)

    def __init__(
        self,
        data: Any,
        files: Any,
        *,
        questions: Sequence[Mapping[str, Any]],
        assets: Any,
        initial: dict[str, Any],
        correcting: bool,
    ) -> None:
        super().__init__(data, files, initial=initial)
        self.questions = {each["key"]: each for each in (*questions, NOTES)}
        if not correcting:
            del self.fields["reason"]
        for key, question in self.questions.items():
            self.fields[PREFIX + key] = field_of(question, assets)

    def answers(self) -> dict[str, Any]:
        """What was answered."""
        said = self.cleaned_data
        found = {key: answer_of(question, said.get(PREFIX + key)) for key, question in self.questions.items()}
        if by := said.get("done_by", "").strip():
            found["notes"] = f"Done by {by}. {found.get('notes') or ''}".strip()
        return {key: answer for key, answer in found.items() if answer is not None}

    def when(self) -> When:
        """When it was done, London time; noon where nobody knows."""
        now = timezone.now()
        done = dt.datetime.combine(self.cleaned_data["done_on"], self.cleaned_data["at"] or NOON, LONDON)
        if not self.cleaned_data["at"] and done > now:
            done = now
        offset = int((done.astimezone(LONDON).utcoffset() or dt.timedelta()).total_seconds() // 60)
        return When(done.astimezone(dt.UTC), done.astimezone(dt.UTC), now, offset_min=offset)

    def photos(self, person: Person) -> list[NewPhoto]:
        """The files that were chosen, taken and kept. Raises Problem for one that is not taken."""
        found = []
        for key, question in self.questions.items():
            upload = self.cleaned_data.get(PREFIX + key) if question["type"] in FILES else None
            if upload:
                stored = take(upload.read(), owner=person_owner(person.pk))
                found.append(NewPhoto(stored.pk, stored.content_type, stored.size, key))
        return found


def pickable(site_id: Any, building_id: Any) -> list[tuple[str, str]]:
    """The assets that can be named: those of the building, or of the site."""
    rows = Asset.objects.filter(site=site_id).exclude(status=Asset.Status.RETIRED).order_by("name", "pk")
    rows = rows.filter(building=building_id) if building_id else rows
    return [(str(each.pk), each.name) for each in rows.only("pk", "name")[:MOST_ASSETS]]


def refuse(form: EntryForm, problem: Problem) -> None:
    """Say at each question what is wrong with its answer."""
    fields = {(PREFIX + key if PREFIX + key in form.fields else key): said for key, said in problem.fields.items()}
    put_on(form, Problem(problem.code, problem.detail, status=problem.status, fields=fields))


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def enter(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Enter a planned check that was done on paper."""
    rows = Plan.objects.select_related("check_type__current", "site__school", "building", "asset__building", "asset__site")
    plan = rows.get_visible(person, pk=id)
    require(person, permits.CHECK_RECORD, plan.site, "log checks")
    revision = plan.check_type.current
    if revision is None:
        raise Problem("unknown_check", "The library has no such check.", status=409)
    building = plan.building_id or (plan.asset.building_id if plan.asset else None)
    asked = asked_for(revision, plan.asset)
    form = form_of(request, asked, pickable(plan.site_id, building), {"done_on": today()}, correcting=False)
    if request.method == "POST" and form.is_valid():
        try:
            when = form.when()
            record = record_check(
                NewRecord(
                    author=person,
                    revision=revision,
                    answers=form.answers(),
                    when=when,
                    presence=CheckRecord.Presence.OFFICE,
                    plan=plan,
                    photos=form.photos(person),
                    late_entry=london_date(when.done_at) < today(),
                )
            )
        except Problem as problem:
            refuse(form, problem)
        else:
            messages.success(request, "Entered. It is marked as entered in the office.")
            return HttpResponseRedirect(f"/records/{record.pk}/")
    thing = plan.asset or plan.building or plan.site
    said = {"form": form, "title": f"Enter from paper: {plan.check_type}, {thing}", "back": f"/plans/{plan.pk}/"}
    said |= {"lead": "Copy what stands on the paper. The record says that it was entered in the office, by you, and when."}
    return render(request, "office/applying/entry.html", said | {"button": "Keep the record"}, status=422 if form.errors else 200)


def asked_for(revision: CheckRevision, asset: Asset | None) -> list[dict[str, Any]]:
    """What a check asks of a thing, or of a place."""
    return asked_of(revision.questions(), asset.type_id if asset else None)


def form_of(
    request: HttpRequest, questions: Sequence[Mapping[str, Any]], assets: Any, initial: dict[str, Any], *, correcting: bool
) -> EntryForm:
    """The form, empty, filled in before, or as it was sent."""
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return EntryForm(data, files, questions=questions, assets=assets, initial=initial, correcting=correcting)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def correct(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Correct a record: a further one takes its place, says why, and both are kept."""
    rows = CheckRecord.objects.select_related("revision", "check_type", "site__school", "building", "asset__site", "plan__site")
    old = rows.get_visible(person, pk=id)
    require(person, permits.CHECK_RECORD, old.site, "correct records")
    done = old.done_at.astimezone(LONDON)
    asked = {each["key"]: each for each in (*old.revision.questions(), NOTES)}
    initial = {PREFIX + key: typed_of(asked[key], answer) for key, answer in old.answers.items() if key in asked}
    initial |= {"done_on": done.date(), "at": done.time().replace(second=0, microsecond=0)}
    questions = asked_for(old.revision, old.asset)
    form = form_of(request, questions, pickable(old.site_id, old.building_id), initial, correcting=True)
    if request.method == "POST" and form.is_valid():
        try:
            record = record_check(correction(old, form, person))
        except Problem as problem:
            refuse(form, problem)
        else:
            messages.success(request, "Corrected. Both records are kept; this one counts.")
            return HttpResponseRedirect(f"/records/{record.pk}/")
    said = {"form": form, "title": f"Correct the record: {old.check_type}", "back": f"/records/{old.pk}/"}
    said |= {"lead": "Nothing is rubbed out. The record stays, and says that this one took its place and why."}
    return render(
        request, "office/applying/entry.html", said | {"button": "Keep the correction"}, status=422 if form.errors else 200
    )


def correction(old: CheckRecord, form: EntryForm, person: Person) -> NewRecord:
    """The record that takes an old one's place. Its pictures go along, but for questions with a new one."""
    old.revision.check_type = old.check_type
    when = form.when()
    if when.done_at.replace(second=0, microsecond=0) == old.done_at.replace(second=0, microsecond=0):
        when = When(old.done_at, old.done_at, when.received_at, offset_min=when.offset_min)  # to the second, as it was
    fresh = form.photos(person)
    answered = {each.field for each in fresh}
    kept = [
        NewPhoto(each.sha256, each.content_type, each.size, each.field)
        for each in RecordPhoto.objects.filter(record=old)
        if each.field not in answered
    ]
    return NewRecord(
        author=person,
        revision=old.revision,
        answers=form.answers(),
        when=when,
        presence=CheckRecord.Presence.OFFICE,
        plan=old.plan,
        site=old.site,
        building=old.building,
        asset=old.asset,
        photos=[*kept, *fresh],
        late_entry=london_date(when.done_at) < today(),
        ad_hoc=old.ad_hoc,
        supersedes=old,
        reason=form.cleaned_data["reason"],
    )
