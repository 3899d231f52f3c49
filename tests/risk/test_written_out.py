"""One small trust, every figure of the CFO's page and of the board paper written out by hand, to the penny and to the row.

On Wed 18 Nov 2026. Oakfield has 210 pupils and 1,500 m²; of Riverside neither is known. What is there, and what it comes to:

| what | likelihood x consequence | price | waiting |
| --- | --- | --- | --- |
| Oakfield: weekly alarm test since 14 Oct, never done, five weeks missed | 2+1+1+1 = 5 x 5 = 25 | 15 min at £22: £5.50 | |
| Oakfield: handrail, unsafe, work order over £432.10 | 5 x 5 = 25 | £432.10 | |
| Oakfield: roof, D, P2, for 2025, £48,000 of 1 Mar 2024, two years at 3.5 % | 4+1 = 5 x 4 = 20 | £51,418.80 | 10 %: £5,141.88 |
| Oakfield: Volt Ltd at work without insurance | 3+1 = 4 x 4 = 16 | none | |
| Oakfield: boards, C, P1, no price | 3 x 5 = 15 | none | none |
| Oakfield: alarm service due in December, nothing recorded | 3 x 5 = 15 | visit: £260 | |
| Riverside: alarm service, over by more than a quarter of six months | 2+1 = 3 x 5 = 15 | visit: £260 | |
| Oakfield: the only boiler, of 2000, eight years past its eighteen | 2+1 = 3 x 3 = 9 | none | |
| 3 papers of each building, 4 of each site, 3 of the trust: missing | 3 x 3 = 9, 17 times | £600 each | |
| 2 further papers of the trust, weighed 2 by the library | 3 x 2 = 6, twice | £600 each | |
"""

import datetime as dt
import re

import pytest

from backend.maintenance.models import Contractor, WorkOrder
from backend.office.risk.paper import set_paper
from backend.office.risk.said import headline
from backend.risk.actions import NewItem
from backend.risk.queries.brief import brief
from tests.risk.test_hand_worked import DAY, small, survey, text_of, unsafe, wednesday
from tests.risk.test_pages import browser, words

__all__ = ["small", "wednesday"]
pytestmark = pytest.mark.django_db
NONE = {"severe": 0, "high": 0, "medium": 0, "low": 0}


@pytest.fixture
def trust(small):
    """That trust."""
    small.asset("gas-boiler", installed_on=dt.date(2000, 1, 1))
    panel = small.asset("fire-alarm-panel")
    small.plan("fire-alarm-weekly-test", asset=panel, since=dt.date(2026, 10, 14))
    small.plan("fire-alarm-service", asset=panel, since=dt.date(2026, 12, 18))
    other = small.asset("fire-alarm-panel", site=small.riverside)
    small.plan("fire-alarm-service", asset=other, since=dt.date(2026, 5, 2))
    building = small.oakfield.buildings.get()
    survey(
        small,
        NewItem("roofs", "Felt at its end", "D", 2, 4_800_000, 2025, building),
        NewItem("electrical", "Boards", "C", 1, None),
        NewItem("ceilings", "Stained", "B", 3, 100_000),
    )
    firm = Contractor.objects.create(name="Volt Ltd", employs_nobody=True)
    rail = unsafe(small, unsafe=True)
    WorkOrder.objects.create(site=small.oakfield, defect=rail, title="Mend", contractor=firm, cost_pence=43_210)
    return small


def sums(bands, pence, unpriced, assumed, waiting=0):
    """Sums as the page and the paper have them."""
    bands = {**NONE, **bands}
    worst = next((key for key, number in bands.items() if number), "")
    return {"bands": bands, "total": sum(bands.values()), "worst": worst, "pence": pence, "unpriced": unpriced,
            "assumed": assumed, "waiting": waiting}  # fmt: skip


def test_every_figure_is_the_one_written_out(trust):
    figures = brief(trust.person("cfo"), DAY)
    # 3 severe: test, handrail, roof. 4 high: Volt, boards, two services. 20 medium: boiler and 19 papers.
    # £5.50 + £432.10 + £51,418.80 + 2 x £260 + 19 x £600 = £63,776.40; without a price: Volt, boards, boiler.
    assert figures["all"] == sums({"severe": 3, "high": 4, "medium": 20}, 6_377_640, 3, 22, 514_188)
    # All seven that are severe or high: £5.50 + £432.10 + £51,418.80 + 2 x £260.
    assert figures["hurting"] == sums({"severe": 3, "high": 4}, 5_237_640, 2, 3, 514_188)
    assert figures["pupils_under_severe"] == {"schools": 1, "pupils": 210, "unknown": 0}
    assert [(each["title"], each["score"], each["pence"]) for each in figures["hurt"]] == [
        ("Fire alarm weekly call point test", 25, 550),
        ("Handrail loose", 25, 43_210),
        ("Roofs: Felt at its end", 20, 5_141_880),
        ("Volt Ltd: papers", 16, None),
        ("Electrical services: Boards", 15, None),
    ]
    # The dearest: the roof, then the papers at £600, of which those of nine points come first, by name.
    assert [(each["title"], each["pence"]) for each in figures["cost"]] == [
        ("Roofs: Felt at its end", 5_141_880),
        ("Asbestos management survey", 60_000),
        ("Asbestos management survey", 60_000),
        ("Energy Performance Certificate", 60_000),
        ("Energy Performance Certificate", 60_000),
    ]
    assert [(each["count"], each["what"], each["pence"]) for each in figures["decide"]] == [
        (1, "urgent condition item", None),
        (1, "contractor", None),
    ]


def test_sort_by_sort(trust):
    figures = brief(trust.person("cfo"), DAY)
    assert {each.pop("key"): {key: each[key] for key in sums({}, 0, 0, 0)} for each in figures["kinds"]} == {
        "overdue": sums({"severe": 1, "high": 1}, 26_550, 0, 2),
        "unproved": sums({"high": 1}, 26_000, 0, 1),
        "unsatisfactory": sums({}, 0, 0, 0),
        "defect": sums({"severe": 1}, 43_210, 0, 0),
        "document": sums({"medium": 19}, 1_140_000, 0, 19),
        "condition": sums({"severe": 1, "high": 1}, 5_141_880, 1, 0, 514_188),
        "single-point": sums({"medium": 1}, 0, 1, 0),
        "contractor": sums({"high": 1}, 0, 1, 0),
    }


def test_school_by_school_per_pupil_and_per_square_metre(trust):
    figures = brief(trust.person("cfo"), DAY)
    rows = {each["name"]: each for each in figures["schools"]}
    assert list(rows) == ["Oakfield", "Riverside", "The trust itself"]
    # Oakfield: £5.50 + £432.10 + £51,418.80 + £260 + 7 papers at £600 = £56,316.40: £268.17 a pupil, £37.54 a m².
    assert rows["Oakfield"] == {
        "id": str(trust.oakfield.school_id), "name": "Oakfield", "pupils": 210, "area": 1500,
        **sums({"severe": 3, "high": 3, "medium": 8}, 5_631_640, 3, 9, 514_188),
        "per_pupil": 26_817, "per_m2": 3_754, "forecast": 52_000,
    }  # fmt: skip
    # Riverside: £260 and 7 papers; the trust: 5 papers.
    assert rows["Riverside"] == {
        "id": str(trust.riverside.school_id), "name": "Riverside", "pupils": None, "area": None,
        **sums({"high": 1, "medium": 7}, 446_000, 0, 8), "per_pupil": None, "per_m2": None, "forecast": 52_000,
    }  # fmt: skip
    assert rows["The trust itself"]["pence"] == 300_000
    assert rows["The trust itself"]["bands"] == {**NONE, "medium": 5}


def test_the_backlog_and_the_year_ahead(trust):
    figures = brief(trust.person("cfo"), DAY)
    # P3: £1,000, two years at 3.5 per cent: £1,071.23 (107,122.5 pence, half a penny up); a year's wait 6 per cent: £64.27.
    columns = ("priority", "items", "pence", "unpriced", "waiting")
    assert [tuple(each[name] for name in columns) for each in figures["backlog"]] == [
        (1, 1, 0, 1, 0),
        (2, 1, 5_141_880, 0, 514_188),
        (3, 1, 107_123, 0, 6_427),
        (4, 0, 0, 0, 0),
    ]
    # Services each half year at £260: Riverside's now and in May, Oakfield's in December and June.
    months = {each["month"][:7]: each["pence"] for each in figures["forecast"]["months"]}
    wanted = {"2026-11": 26_000, "2026-12": 26_000, "2027-05": 26_000, "2027-06": 26_000}
    assert {month: pence for month, pence in months.items() if pence} == wanted
    assert (min(months), max(months), len(months)) == ("2026-11", "2027-10", 12)
    assert figures["forecast"]["pence"] == 104_000
    assert figures["forecast"]["disciplines"] == [{"key": "fire", "pence": 104_000}]
    # Every Wednesday from 18 Nov 2026 to 27 Oct 2027: 50 times 15 minutes.
    assert figures["forecast"]["minutes"] == 750


def test_the_page_and_the_paper_say_these_figures(trust):
    cfo = trust.person("cfo")
    figures = brief(cfo, DAY)
    answer = (
        "27 open exposures: 3 severe, 4 high, 20 medium and 0 low. Something severe is open at 1 school with 210 pupils. "
        "Putting right what has a price comes to £63,776."
    )
    assert headline(figures) == answer
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words(browser(cfo), "/risk/")))
    pdf, _ = set_paper(figures, title="Estate risk", commentary="", by=cfo.name, version=1)
    paper = re.sub(r"\s+", " ", text_of(pdf))
    for said in (
        answer, "£51,419", "£5,142", "£1,071", "£64", "£1,040", "£268", "£38", "£56,316", "£4,460", "£3,000", "£520", "£432",
        "3 severe, 4 high, 0 medium and 0 low", "12 hours",
    ):  # fmt: skip
        assert said in page, said
        assert said in paper, said
