"""Risk scores from score tables: bands at their edges, caps, gaps, any value against a plain reading of the table."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.scoring import (
    ScoreRow,
    bounds_of,
    dynamic_rows,
    dynamic_score,
    points_text,
    static_lines,
    static_scales,
    static_score,
)

ALL = frozenset({"catering"})
NONE = frozenset[str]()
PLACES = {"category": 0, "product": 1, "floor_area": 2, "drinks": 3}


def band(points: int, least: float | None = None, below: float | None = None, measure: str = "floor_area") -> ScoreRow:
    return ScoreRow("static", f"{least}-{below}", measure, ALL, NONE, least, below, points, None)


BANDS = (band(200, None, 50), band(300, 50, 150), band(900, 150))


@pytest.mark.parametrize(
    ("area", "points"), [(0, 200), (49.9, 200), (50, 300), (149.9, 300), (150, 900), (Decimal("1e6"), 900)]
)
def test_a_band_begins_with_its_lower_end(area: float, points: int) -> None:
    scales = static_scales(BANDS, PLACES)["catering"]
    assert static_score(("catering", None, area, None), scales) == (points, ())
    [line] = static_lines(("catering", None, area, None), scales)
    assert line.points == points


def test_what_is_unknown_or_in_a_gap_is_missing_and_never_guessed() -> None:
    rows = (*BANDS, band(100, 1, 10, "drinks"))
    scales = static_scales(rows, PLACES)["catering"]
    assert static_score(("catering", None, None, None), scales)[1] == ("floor_area", "drinks")
    assert static_score(("catering", None, 60, 0), scales)[1] == ("drinks",)
    assert static_score(("catering", None, 60, 10), scales)[1] == ("drinks",)
    assert static_score(("catering", None, 60, 1), scales) == (400, ())
    assert [one.measure for one in static_lines(("catering", None, 60, 0), scales)] == ["floor_area"]


def test_words_have_points_of_their_own_and_the_rest_shares_one_row() -> None:
    rows = (
        ScoreRow("static", "特殊食品", "product", ALL, frozenset({"27"}), None, None, 2000, None),
        ScoreRow("static", "其他", "product", ALL, NONE, None, None, 600, None),
    )
    scales = static_scales(rows, PLACES)["catering"]
    assert static_score(("catering", "27", None, None), scales) == (2000, ())
    assert static_score(("catering", "0102", None, None), scales) == (600, ())
    assert static_score(("catering", None, None, None), scales)[1] == ("product",)


def test_static_points_end_at_forty_and_dynamic_ones_at_sixty_and_at_their_own_most() -> None:
    rows = (band(3000, None, None), band(2500, None, None, "drinks"))
    assert static_score(("catering", None, 1, 1), static_scales(rows, PLACES)["catering"]) == (4000, ())
    found = (
        ScoreRow("dynamic", "一般", "minor", NONE, NONE, None, None, 500, 3000),
        ScoreRow("dynamic", "重大", "grave", NONE, NONE, None, None, 3000, None),
    )
    mine = dynamic_rows(found, ["catering"])["catering"]
    assert dynamic_score({}, mine) == 0
    assert dynamic_score({"minor": 2}, mine) == 1000
    assert dynamic_score({"minor": 6}, mine) == dynamic_score({"minor": 9}, mine) == 3000
    assert dynamic_score({"minor": 1, "grave": 1}, mine) == 3500
    assert dynamic_score({"grave": 3}, mine) == 6000


@given(
    st.lists(st.integers(1, 500), min_size=1, max_size=6, unique=True),
    st.decimals(0, 600, places=1),
    st.booleans(),
)
def test_any_value_gets_the_points_of_the_first_row_that_holds_it(cuts: list[int], area: Decimal, gap: bool) -> None:
    edges = sorted(cuts)
    rows = [band(100 * n, low, below) for n, (low, below) in enumerate(zip(edges, [*edges[1:], None], strict=True), 1)]
    if not gap:
        rows.insert(0, band(50, None, edges[0]))
    expected = next(
        (r.points for r in rows if (r.least is None or area >= r.least) and (r.below is None or area < r.below)), None
    )
    points, missing = static_score(("catering", None, area, None), static_scales(rows, PLACES)["catering"])
    assert (missing == ("floor_area",)) if expected is None else ((points, missing) == (min(expected, 4000), ()))


def test_a_grade_ends_with_its_upper_score() -> None:
    bounds = bounds_of({"D": None, "B": Decimal(45), "A": Decimal("30.5"), "C": Decimal(60)})
    expected = {0: "A", 3050: "A", 3051: "B", 4500: "B", 4501: "C", 6000: "C", 6001: "D", 10000: "D"}
    assert {score: bounds.grade(score) for score in expected} == expected
    with pytest.raises(ValueError, match="没有完整的风险等级分值标准"):
        bounds_of({"A": Decimal(30), "B": Decimal(45)})


def test_points_are_written_without_idle_zeros() -> None:
    assert [points_text(n) for n in (None, 0, 50, 1200, 1250, 1234)] == ["", "0", "0.5", "12", "12.5", "12.34"]
