"""The pages: what I was told, what I say to it, how I wish to be told; and a letter's link to have no more of its kind."""

import datetime as dt
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.core.templatetags.words import day
from backend.office.models import Notice, NoticeChoice, TakenOn
from backend.office.notices import answering
from backend.office.notices.answering import KINDS, Wishes
from backend.office.notices.device_pages import push_of
from backend.office.notices.filters import HEAD, NoticeFilters, line
from backend.office.notices.waiting import waiting_shown
from backend.office.views.csv_out import ListFile
from backend.office.views.gate import signed_in
from backend.office.views.lists import export, list_answer
from backend.rules.telling import is_quiet, may_snooze
from backend.trust.models import Person

HOURS = [(hour, f"{hour}:00") for hour in range(24)]
DAYS = list(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))


class ChoiceForm(forms.Form):
    """How somebody wishes to be told."""

    digest = forms.BooleanField(label="A letter on days with something new, and once a week what waits", required=False)
    hour = forms.TypedChoiceField(label="At", choices=HOURS, coerce=int)
    days = forms.TypedMultipleChoiceField(
        label="On these days", choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text="Never on a bank holiday, nor when all your schools are closed.",
        error_messages={"required": "Choose at least one day. To have no daily letter, switch the letter off above."},
    )  # fmt: skip
    in_holidays = forms.BooleanField(label="In the school holidays too", required=False)
    quiet_from = forms.TypedChoiceField(
        label="Quiet from", choices=HOURS, coerce=int, help_text="What is unsafe is told at any hour."
    )
    quiet_until = forms.TypedChoiceField(label="Quiet until", choices=HOURS, coerce=int)
    kinds = forms.MultipleChoiceField(
        label="Besides, at once", choices=list(KINDS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        """A letter within one's own quiet hours would come at another hour than it says."""
        said: dict[str, Any] = super().clean() or {}
        hours: list[Any] = [said.get(name) for name in ("hour", "quiet_from", "quiet_until")]
        if said.get("digest") and None not in hours and is_quiet(*hours):
            self.add_error("hour", "That hour lies within your quiet hours. Choose another, or shorten them.")
        return said


class AnswerForm(forms.Form):
    """An answer to a notice."""

    key = forms.CharField(max_length=200)
    act = forms.ChoiceField(choices=[*TakenOn.Act.choices, ("again", "Back again")])
    until = forms.DateField(required=False)


class Answers:
    """What somebody answered to what they were told, and what may still be said to it; read once, when a page asks."""

    def __init__(self, person: Person) -> None:
        self.person, self.today = person, today()

    @cached_property
    def mine(self) -> dict[str, TakenOn]:
        """Answers that hold today, by key."""
        return {each.key: each for each in TakenOn.objects.filter(person=self.person, until__gte=self.today)}

    def of(self, notice: Notice) -> dict[str, Any]:
        """The answer to a notice, and whether it may wait."""
        may_wait = may_snooze(notice.weight, notice.due_on, max(self.today, notice.day))
        return {"answer": self.mine.get(notice.key), "may_wait": may_wait, "tomorrow": self.today + dt.timedelta(days=1)}


@never_cache
@require_safe
@signed_in
def notices_page(request: HttpRequest, person: Person) -> HttpResponse:
    """What somebody was told, the newest first, with their answers. One query beside the list's own."""
    filters = NoticeFilters(request.GET, person=person)
    return list_answer(request, "office/notices/notices.html", filters, answers=Answers(person))


@never_cache
@require_safe
@signed_in
def notices_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""
    return export(NoticeFilters(request.GET, person=person), "what-i-was-told", HEAD, line)


@require_POST
@signed_in
def take_on(request: HttpRequest, person: Person) -> HttpResponse:
    """Seen and done by a day, put off to a day, or back again."""
    try:
        messages.success(request, answered(AnswerForm(request.POST), person))
    except NotFound:
        raise
    except Problem as problem:
        messages.warning(request, problem.detail)
        return waiting_shown(request, person, status=problem.status)
    return HttpResponseRedirect("/waiting/")


def answered(form: AnswerForm, person: Person) -> str:
    """Do what somebody answers to a thing that waits, and say it. Raises Problem for what cannot be, NotFound for others'."""
    if not form.is_valid():
        raise Problem("answer", "Choose a day, in numbers such as 27/11/2026, and what is to happen by then.")
    key, act, until = form.cleaned_data["key"], form.cleaned_data["act"], form.cleaned_data["until"]
    if act == "again":
        answering.take_back(person=person, key=key)
        return "It is back among what waits."
    if until is None:
        raise Problem("answer", "Choose a day.")
    row = answering.take_on(person=person, key=key, act=act, until=until, today=today())
    said = "Nobody further up is told before" if act == TakenOn.Act.SEEN else "It comes back on"
    return f"{said} {day(row.until)}."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choices(request: HttpRequest, person: Person) -> HttpResponse:
    """How somebody wishes to be told."""
    held = NoticeChoice.objects.filter(person=person).first() or NoticeChoice(person=person)
    first = {name: getattr(held, name) for name in ("digest", "hour", "days", "in_holidays", "quiet_from", "quiet_until")}
    first["kinds"] = [kind for kind in KINDS if kind not in held.without]
    form = ChoiceForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        wanted = said.pop("kinds")
        answering.choose(Wishes(**said, without=[kind for kind in KINDS if kind not in wanted]), person=person)
        messages.success(request, "Kept. It holds from the next letter on.")
        return HttpResponseRedirect("/account/notices/")
    status = 422 if form.is_bound else 200
    said = {"form": form, "held": held, "push": push_of(request, person)}
    return render(request, "office/notices/choices.html", said, status=status)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed link is the proof, and it can only switch off
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, link: str) -> HttpResponse:
    """A letter's link: the page asks, a post switches the kind off. It shows nothing of the person."""
    person, kind = answering.named_in(link)
    if request.method == "POST":
        answering.stop(person, kind)
    said = "the daily letter" if kind == "digest" else KINDS[kind]
    answer = render(request, "office/notices/stop.html", {"said": said, "done": request.method == "POST"})
    answer["Referrer-Policy"] = "no-referrer"
    return answer
