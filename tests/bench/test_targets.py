"""A target is judged by the figures alone; growth is put beside the larger size."""

from tests.bench.targets import verdicts, with_growth


def row(name="list", assets=50_000, **figures):
    """A row of the table."""
    plain = {"p50": 9.0, "cpu_ms": 6.0, "queries": 3, "rss_mb": 100.0, "limit": {"p50": 1.0, "floor_p50": 2.0}, "extra": {}}
    return {"name": name, "size": {"assets": assets, "plans": assets * 10}, **plain, **figures}


def judged(*rows):
    """(what is wanted, assets) -> whether it is met."""
    return {(wanted, assets): met for _, assets, wanted, _, met in verdicts(rows)}


def test_a_figure_beyond_its_target_is_not_met():
    assert judged(row())["CPU < 10 ms", 50_000]
    assert not judged(row(cpu_ms=10.5))["CPU < 10 ms", 50_000]
    assert not judged(row(queries=5))["≤ 4 queries", 50_000]


def test_a_scan_is_held_against_the_query_and_the_floor_of_the_same_run():
    assert judged(row("scan", p50=4.4))["p50 ≤ 1.5 × (bare query + floor)", 50_000]
    assert not judged(row("scan", p50=4.6))["p50 ≤ 1.5 × (bare query + floor)", 50_000]


def test_growth_is_told_as_a_ratio_beside_that_of_the_rows():
    rows = [row("compliance", 50_000, p50=52.0), row("compliance", 10_000, p50=10.0)]
    with_growth(rows)
    assert {each["size"]["assets"]: each["extra"].get("growth", {}).get("p50") for each in rows} == {10_000: None, 50_000: 5.2}
    assert judged(*rows)["no worse than linear", 50_000]
    worse = [row("compliance", 10_000, p50=10.0), row("compliance", 50_000, p50=56.0)]
    with_growth(worse)
    assert not judged(*worse)["no worse than linear", 50_000]


def test_a_target_of_one_size_says_nothing_of_another():
    assert ("p50 ≤ 60 ms at 500,000 plans", 10_000) not in judged(row("compliance", 10_000))
    assert ("p50 ≤ 60 ms at 500,000 plans", 50_000) in judged(row("compliance"))
