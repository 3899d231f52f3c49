"""The invented trust's labels: of rooms, one that was replaced, and a roll of which some were put up."""

from collections.abc import Sequence
from typing import Final

from backend.assets.actions import by_site, ensure_place_tags, keep_run, make_roll, replace_tag
from backend.assets.label_stocks import STOCKS
from backend.assets.models import LabelRun, Tag
from backend.office.demo.people import Team
from backend.office.demo.places import Made
from backend.trust.models import Building, Site, Space

WITH_ROOMS: Final = ("oakfield", "riverside")
ROOMS: Final = 4
ON_THE_ROLL: Final = 36


def fill(made: Sequence[Made], team: Team) -> None:
    """Everything of labels, at Oakfield and Riverside."""
    for each in made:
        site = Site.objects.filter(school=each.school).select_related("school").order_by("name").first()
        if each.plan.key in WITH_ROOMS and site is not None:
            rooms_of(site, team)
            if each.plan.key == "oakfield":
                replaced(site, team)
                make_roll(site=site, count=ON_THE_ROLL, stock=STOCKS["a4-3x6"].name, person=team.lead)


def rooms_of(site: Site, team: Team) -> None:
    """Labels for the first building and a few of its rooms."""
    rooms = Space.objects.filter(building__site=site).select_related("building__site__school").order_by("building__name", "name")
    some = list(rooms[:ROOMS])
    if not some:
        return
    places: list[Building | Space] = [some[0].building, *some]
    tags = ensure_place_tags(places, person=team.lead)
    codes = by_site([(site, tags[place.pk].code) for place in places])
    keep_run(person=team.lead, codes=codes, kind=LabelRun.Kind.PLACES, stock=STOCKS["a4-2x5"].name)


def replaced(site: Site, team: Team) -> None:
    """One label of an asset that was painted over, with the new one printed."""
    on = Tag.objects.filter(asset__site=site, asset__type="fire-extinguisher-water").order_by("asset__name", "code")
    tag = on.last() or Tag.objects.filter(asset__site=site).order_by("asset__name", "code").last()
    if tag is not None:
        new = replace_tag(code=tag.code, why="damaged", note="Painted over in the summer.", person=team.lead)
        keep_run(person=team.lead, codes={site: [new.code]}, kind=LabelRun.Kind.ASSETS, stock=STOCKS["single-40x50"].name)
