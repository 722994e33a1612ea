"""包保 arithmetic, risk grades and hygiene ratings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import coverage, grades
from models.rules.coverage import check_assignment, count_coverage

DISTRICT, TOWN, OTHER_TOWN, VILLAGE, OTHER_VILLAGE = 1, 11, 12, 111, 112
POST = (date(2023, 1, 1), None)
START = date(2024, 1, 1)
DAY = date(2024, 6, 30)


def rules(
    level: str, official: tuple[int, ...], enterprise: tuple[int, ...], tier: str | None
) -> list[tuple[str, str]]:
    found = check_assignment(level, official, enterprise, tier, POST, START, None)
    return [(remark.severity, remark.rule) for remark in found]


def test_officials_of_the_right_level_and_place_pass() -> None:
    place = (DISTRICT, TOWN, VILLAGE)
    assert rules("district", (DISTRICT,), place, "B") == []
    assert rules("township", (DISTRICT, TOWN), place, "C") == []
    assert rules("village", place, place, "D") == []


@pytest.mark.parametrize(
    ("level", "official", "tier", "expected"),
    [
        ("township", (DISTRICT, OTHER_TOWN), "C", ("error", "outside_area")),
        ("village", (DISTRICT, TOWN, OTHER_VILLAGE), "D", ("error", "outside_area")),
        ("village", (DISTRICT, TOWN), "D", ("error", "official_area")),
        ("district", (DISTRICT,), "D", ("warning", "wrong_level")),
        ("village", (DISTRICT, TOWN, VILLAGE), "B", ("warning", "wrong_level")),
        ("district", (DISTRICT,), "A", ("warning", "city_tier")),
        ("district", (DISTRICT,), None, ("warning", "missing_tier")),
    ],
)
def test_each_objection(level: str, official: tuple[int, ...], tier: str | None, expected: tuple[str, str]) -> None:
    assert rules(level, official, (DISTRICT, TOWN, VILLAGE), tier) == [expected]


def test_a_village_still_to_be_filled_in_cannot_be_compared() -> None:
    assert rules("village", (DISTRICT, TOWN, VILLAGE), (DISTRICT, TOWN), "D") == [("warning", "incomplete_area")]
    assert rules("village", (DISTRICT, OTHER_TOWN, 121), (DISTRICT, TOWN), "D") == [("error", "outside_area")]


@pytest.mark.parametrize(
    ("term", "start", "end", "expected"),
    [
        ((date(2024, 2, 1), None), START, None, ["outside_term"]),
        ((date(2023, 1, 1), date(2024, 3, 31)), START, None, ["outside_term"]),
        ((date(2023, 1, 1), date(2024, 3, 31)), START, date(2024, 4, 1), ["outside_term"]),
        ((date(2023, 1, 1), date(2024, 3, 31)), START, date(2024, 3, 31), []),
        ((None, None), START, date(2023, 12, 31), ["assignment_order"]),
    ],
)
def test_terms_in_post(
    term: tuple[date | None, date | None], start: date, end: date | None, expected: list[str]
) -> None:
    found = check_assignment("district", (DISTRICT,), (DISTRICT, TOWN), "B", term, start, end)
    assert [remark.rule for remark in found] == expected
    assert all(remark.severity == "error" for remark in found)


def test_overlap_with_another_assignment_is_a_warning() -> None:
    def overlaps(other: tuple[date, date | None], end: date | None = None) -> int:
        found = check_assignment("district", (DISTRICT,), (DISTRICT, TOWN), "B", POST, START, end, [other])
        assert all(remark.severity == "warning" and remark.rule == "overlap" for remark in found)
        assert all("同期已有包保干部" in remark.message for remark in found)
        return len(found)

    assert overlaps((date(2023, 1, 1), None)) == 1
    assert overlaps((date(2023, 1, 1), START)) == 1
    assert overlaps((date(2023, 1, 1), date(2023, 12, 31))) == 0
    assert overlaps((date(2024, 3, 1), None), date(2024, 2, 29)) == 0


def test_coverage_leaves_the_citys_tier_out() -> None:
    found = count_coverage([
        ("A", []), ("B", ["district"]), ("B", ["township"]), ("C", ["district"]), ("D", []), (None, ["village"]),
    ])  # fmt: skip
    assert found == coverage.Coverage(total=4, covered=2, city=1, untiered=1)
    assert found.rate == 0.5
    assert count_coverage([]).rate is None
    with pytest.raises(ValueError, match="包保层级"):
        coverage.required_level("E")


@given(st.sampled_from("ABCD"), st.sampled_from(list(coverage.LEVEL_LABELS)))
def test_a_tiers_own_level_always_covers_it(tier: str, level: str) -> None:
    own = coverage.required_level(tier)
    assert coverage.satisfies(own, tier)
    assert coverage.is_covered(tier, [level, own])
    assert not coverage.is_covered(tier, [])


PERIODS = grades.load_periods()


@pytest.mark.parametrize(
    ("score", "grade"),
    [("0", "A"), ("30", "A"), ("30.01", "B"), ("45", "B"), ("45.5", "C"), ("60", "C"), ("60.01", "D"), ("100", "D")],
)
def test_risk_grades_at_their_edges(score: str, grade: str) -> None:
    found = grades.risk_grade(Decimal(score), DAY)
    assert found.grade == grade
    assert score in found.reasons[0]
    assert f"为{grade}级" in found.reasons[0]


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_a_higher_score_is_never_a_lower_risk(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert (grades.risk_grade(low, DAY).grade or "") <= (grades.risk_grade(high, DAY).grade or "")


def test_scores_and_days_out_of_range_are_refused() -> None:
    assert grades.total_score(Decimal(40), Decimal("20.5")) == Decimal("60.5")
    with pytest.raises(ValueError, match="静态分值应为0至40分"):
        grades.total_score(Decimal(41), Decimal(0))
    with pytest.raises(ValueError, match="0至100"):
        grades.risk_grade(Decimal(101), DAY)
    with pytest.raises(ValueError, match="没有完整的风险等级"):
        grades.risk_grade(Decimal(10), date(2016, 11, 30))
    with pytest.raises(ValueError, match="0至10"):
        grades.hygiene_rating(Decimal(11), DAY)


def test_thresholds_are_read_from_the_rows_of_the_day() -> None:
    newer = [
        grades.RiskThreshold("A", Decimal(10), date(2030, 1, 1), None),
        grades.RiskThreshold("D", None, date(2030, 1, 1), None),
    ]
    assert grades.risk_grade(Decimal(20), date(2030, 1, 1), newer).grade == "D"


def test_adjustment_moves_one_step_and_raising_prevails() -> None:
    assert grades.adjust_grade("B").grade == "B"
    assert grades.adjust_grade("B", ["发生食品安全事故", "拒绝检查"]).grade == "C"
    assert grades.adjust_grade("D", ["发生食品安全事故"]).grade == "D"
    assert grades.adjust_grade("C", [], ["连续三年无不良信用记录"]).grade == "B"
    assert grades.adjust_grade("A", [], ["连续三年无不良信用记录"]).grade == "A"
    both = grades.adjust_grade("B", ["拒绝检查"], ["取得HACCP认证"])
    assert both.grade == "C"
    assert "不予下调" in both.reasons[-1]


@pytest.mark.parametrize(
    ("score", "failures", "rating"),
    [
        ("10", 0, "excellent"), ("9.0", 0, "excellent"), ("8.95", 0, "good"), ("7.5", 1, "good"), ("7.49", 0, "fair"),
        ("6", 0, "fair"), ("5.99", 0, None), ("9.5", 2, None),
    ],
)  # fmt: skip
def test_hygiene_ratings(score: str, failures: int, rating: str | None) -> None:
    found = grades.hygiene_rating(Decimal(score), DAY, failures)
    assert found.grade == rating
    assert found.reasons


def test_no_rating_for_the_new_and_after_an_accident() -> None:
    def rate(permitted: date | None, accident: date | None) -> str | None:
        return grades.hygiene_rating(
            Decimal(9), DAY, permitted_on=permitted, accident_on=accident
        ).grade

    assert rate(date(2024, 4, 1), None) is None
    assert rate(date(2024, 3, 30), None) == "excellent"
    assert rate(date(2020, 1, 1), date(2024, 1, 1)) is None
    assert rate(date(2020, 1, 1), date(2023, 12, 30)) == "excellent"


def test_the_publication_period_is_dated() -> None:
    assert grades.period_value(PERIODS, "publication_working_days", DAY) == 20
    with pytest.raises(ValueError, match="期限规定"):
        grades.period_value(PERIODS, "publication_working_days", date(2022, 3, 14))


def test_reasons_say_points_without_a_database_s_zeros():
    day = date(2024, 6, 1)
    written = [grades.RiskThreshold("A", Decimal("30.00"), day, None), grades.RiskThreshold("B", None, day, None)]
    assert grades.risk_grade(Decimal("25.0"), day, written).reasons == ("得分25，不超过30分为A级",)
    assert grades.risk_grade(Decimal("30.5"), day, written).reasons == ("得分30.5，超过30分为B级",)
