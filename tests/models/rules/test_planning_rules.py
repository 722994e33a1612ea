"""How often, when, by whom, and which lots: the pure rules of planning and drawing."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import drawing
from models.rules.addresses import street_of
from models.rules.frequency import FrequencyRow, frequency
from models.rules.fulfilment import FULL_KINDS, PLANNED_KINDS, Made, Wanted, fulfilled
from models.rules.spreading import ALL, Bounds, Need, Planned, Spreader

NONE: frozenset[str] = frozenset()


def row(name: str, visits: int, grades: str = "", categories: str = "", years: int = 1, **more: Any) -> FrequencyRow:
    products = frozenset(more.get("products", "").split())
    return FrequencyRow(
        name, frozenset(grades.split()), frozenset(categories.split()), products, visits, years, more.get("key", False)
    )


TABLE = [
    row("A级", 1, "A"),
    row("C级", 2, "C"),
    row("未评", 1, "none", years=2),
    row("特殊食品", 3, "", "production", products="27 28", key=True),
]


@pytest.mark.parametrize(
    ("grade", "category", "product", "seen", "visits", "key"),
    [
        ("A", "catering", None, (1,), 1, False),
        ("C", "catering", None, (1,), 2, False),
        ("", "catering", None, (0,), 1, False),
        ("", "catering", None, (1,), 0, False),
        ("A", "production", "27", (1,), 3, True),
        ("A", "production", "02", (1,), 1, False),
        ("B", "catering", None, (1,), 0, False),
    ],
)
def test_the_most_demanding_row_that_fits_decides(
    grade: str, category: str, product: str | None, seen: tuple[int, ...], visits: int, key: bool
) -> None:
    found = frequency(TABLE, grade, category, product, seen, [1], 2)
    assert (found.visits, found.full, found.key_target) == (visits, False, key)
    if visits:
        assert f"{visits}次" in found.reasons[0]
    assert ("重点监管对象" in found.reasons) is key


def test_who_was_not_covered_within_the_period_gets_a_visit_of_all_items() -> None:
    never = frequency(TABLE, "B", "catering", None, (1,), [], 2)
    assert (never.visits, never.full) == (1, True)
    assert "全项检查" in never.reasons[-1]
    assert not frequency(TABLE, "B", "catering", None, (1,), [1], 2).full
    assert frequency(TABLE, "B", "catering", None, (1, 1), [2], 2).full
    assert not frequency(TABLE, "B", "catering", None, (1, 1), [2], 3).full


def test_the_upper_end_is_that_of_the_deciding_row() -> None:
    table = [one._replace(most=most) for one, most in zip(TABLE, (None, 3, None, 4), strict=True)]
    assert frequency(table, "C", "catering", None, (1,), [1], 2).most == 3
    assert frequency(table, "A", "catering", None, (1,), [1], 2).most is None
    assert frequency(table, "C", "production", "27", (1,), [1], 2).most == 4
    assert frequency(table, "B", "catering", None, (1,), [1], 2).most is None
    low = [table[1]._replace(visits=0, most=0)]
    assert frequency(low, "C", "catering", None, (1,), [], 2).most == 1  # the one of all items has to be


def test_what_full_coverage_rests_on_is_said() -> None:
    unproven = frequency(TABLE, "B", "catering", None, (2,), [], 2, (), (2, 5))
    assert unproven.full
    assert "日常、体系检查2次没有答完的要点表，不计" in unproven.reasons[-1]
    assumed = frequency(TABLE, "B", "catering", None, (1,), [1], 2, [1])
    assert not assumed.full
    assert "按检查类型（日常、体系）认定" in assumed.reasons[-1]
    proven = frequency(TABLE, "B", "catering", None, (1, 1), [1, 2], 3, [2])
    assert not any("认定" in words for words in proven.reasons)


def test_addresses_give_street_and_number() -> None:
    assert street_of("江西省景德镇市昌江区新枫街道瓷都大道1208号3栋") == ("瓷都大道", 1208)
    assert street_of("示例路２号") == ("示例路", 2)
    assert street_of("鲇鱼山镇鱼山村5组") == ("鱼山村", 5)
    assert street_of("") == ("", 0)


# --- fulfilment --------------------------------------------------------------------------------------------


def made(key: int, kind: str, whole: bool | None = None) -> Made:
    return Made(key, kind, kind in FULL_KINDS if whole is None else whole)


def test_inspections_fulfil_visits_in_the_order_of_their_days() -> None:
    visits = [Wanted(1, True), Wanted(2, False), Wanted(3, False)]
    assert fulfilled(visits, [made(10, "special"), made(11, "routine")]) == {2: 10, 1: 11}
    assert fulfilled(visits, [made(10, "routine"), made(11, "random"), made(12, "flying")]) == {1: 10, 2: 11, 3: 12}
    assert fulfilled(visits, [made(10, "complaint"), made(11, "recheck"), made(12, "sampling")]) == {}
    assert fulfilled(visits[:1], [made(10, "special")]) == {}
    assert fulfilled(visits[:1], [made(10, "routine", False), made(11, "special", True)]) == {1: 11}
    assert fulfilled(visits, [made(10, "complaint", True)]) == {}


@given(
    st.lists(st.booleans(), max_size=6),
    st.lists(
        st.tuples(
            st.sampled_from(["routine", "system", "special", "random", "complaint", "recheck"]), st.booleans()
        ),
        max_size=8,
    ),
)
def test_no_inspection_fulfils_two_visits_and_none_that_it_may_is_left_open(
    full: list[bool], kinds: list[tuple[str, bool]]
) -> None:
    visits = [Wanted(n, one) for n, one in enumerate(full)]
    inspected = [Made(100 + n, *kind) for n, kind in enumerate(kinds)]
    found = fulfilled(visits, inspected)
    assert len(set(found.values())) == len(found)
    by_id = {one.id: one for one in inspected}
    for visit, by in found.items():
        assert by_id[by].kind in ("routine", "system", "special", "random")
        assert not full[visit] or by_id[by].covers
    idle = [one for one in inspected if one.id not in found.values() and one.covers and one.kind in PLANNED_KINDS]
    assert not idle or len(found) == len(visits)


# --- spreading ---------------------------------------------------------------------------------------------


def workdays(start: dt.date, count: int) -> list[dt.date]:
    days = [start + dt.timedelta(days=n) for n in range(count)]
    return [day for day in days if day.weekday() < 5]


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[Need], dict[int, list[int]], list[dt.date], Bounds]:
    branches = range(1, draw(st.integers(2, 5)))
    pools = {branch: [branch * 100 + n for n in range(draw(st.integers(0, 5)))] for branch in branches}
    pools[ALL] = [one for ids in pools.values() for one in ids]
    count = draw(st.integers(0, 60))
    dice = draw(st.randoms(use_true_random=False))
    needs = [
        Need(
            n,
            dice.randrange(0, 6),
            dice.randrange(3),
            dice.randrange(8),
            ("示例路", dice.randrange(50)),
            dice.choice([0, 1, 1, 1, 2, 3, 4]),
            dice.random() < 0.1,
            dice.choice(["", "2023-05-01", "2024-02-01"]),
        )
        for n in range(1, count + 1)
    ]
    days = workdays(dt.date(2025, draw(st.integers(1, 11)), 1), draw(st.integers(1, 200)))
    days = [day for day in days if day.year == 2025]
    return needs, pools, days, Bounds(draw(st.integers(1, 5)), draw(st.integers(1, 12)))


def loads(found: list[Planned]) -> tuple[Counter[tuple[int, dt.date]], dict[tuple[int, int], set[dt.date]]]:
    by_day: Counter[tuple[int, dt.date]] = Counter()
    by_month: dict[tuple[int, int], set[dt.date]] = defaultdict(set)
    for one in found:
        for officer in one.officers:
            assert one.day is not None
            by_day[officer, one.day] += 1
            by_month[officer, one.day.month].add(one.day)
    return by_day, by_month


@given(problems())
def test_everyone_gets_their_visits_and_nobody_bears_too_much(
    problem: tuple[list[Need], dict[int, list[int]], list[dt.date], Bounds],
) -> None:
    needs, pools, days, bounds = problem
    found = Spreader(pools, days, bounds).spread(needs)
    assert Counter(one.place for one in found) == {need.place: need.times for need in needs if need.times}
    assert len({(one.place, one.turn) for one in found}) == len(found)
    by_day, by_month = loads(found)
    assert all(count <= bounds.day_visits for count in by_day.values())
    assert all(len(taken) <= bounds.month_days for taken in by_month.values())
    home, townships = {need.place: need for need in needs}, defaultdict(set)
    for one in found:
        if one.day is None:
            assert one.officers == ()
            continue
        assert one.day in days
        assert one.month == one.day.month
        assert len(set(one.officers)) == 2
        pool = home[one.place].pool
        if len(pools.get(pool, ())) >= 2:
            assert set(one.officers) <= set(pools[pool])
        for officer in one.officers:
            townships[officer, one.day].add(home[one.place].township)
    assert all(len(there) == 1 for there in townships.values())
    apart = [(one.place, one.day) for one in found if one.day is not None]
    assert len(set(apart)) == len(apart)


@given(problems())
def test_the_same_places_give_the_same_plan(
    problem: tuple[list[Need], dict[int, list[int]], list[dt.date], Bounds],
) -> None:
    needs, pools, days, bounds = problem
    once = Spreader(pools, days, bounds).spread(needs)
    assert Spreader(pools, days, bounds).spread(list(reversed(needs))) == once


def year_of(needs: list[Need], **more: Any) -> list[Planned]:
    days = workdays(dt.date(2025, 1, 1), 365)
    pools = {ALL: [1, 2, 3, 4], 1: [1, 2, 3, 4]}
    return Spreader(pools, days, Bounds(4, 15), **more).spread(needs)


def need(place: int, village: int = 1, times: int = 1, number: int = 0, **more: Any) -> Need:
    return Need(place, 1, 1, village, ("示例路", number or place), times, False, more.get("last", ""))


def test_neighbours_are_visited_on_one_day() -> None:
    found = year_of([need(n, village=n // 4) for n in range(4, 84)])
    days: dict[dt.date | None, set[int]] = defaultdict(set)
    for one in found:
        days[one.day].add(one.place // 4)
    assert None not in days
    assert all(len(villages) <= 2 for villages in days.values())
    together = defaultdict(set)
    for one in found:
        together[one.place // 4].add((one.day, one.officers))
    assert all(len(outings) == 1 for outings in together.values())


def test_a_place_visited_once_goes_along_to_a_neighbour_visited_more_often() -> None:
    found = year_of([need(1, times=3), need(2), need(3)])
    days = {one.day for one in found if one.place == 1}
    assert {one.day for one in found if one.place in (2, 3)} <= days


def test_months_are_filled_alike_and_visits_to_one_place_lie_apart() -> None:
    found = year_of([need(n, village=n, times=3 if n % 10 == 0 else 1) for n in range(1, 301)])
    months = Counter(one.month for one in found)
    assert set(months) == set(range(1, 13))
    assert max(months.values()) - min(months.values()) <= 12
    for place in range(10, 301, 10):
        mine = sorted(one.month for one in found if one.place == place)
        assert [b - a for a, b in pairwise(mine)] == [4, 4]
    shares = Counter(officer for one in found for officer in one.officers)
    assert max(shares.values()) - min(shares.values()) <= 8


def test_those_longest_not_inspected_come_first() -> None:
    needs = [need(n, village=n // 4, last="2024-11-01" if n % 8 > 3 else "2022-01-01") for n in range(8, 208)]
    found = {one.place: one.month for one in year_of(needs)}
    old = [month for place, month in found.items() if place % 8 <= 3]
    assert sum(old) / len(old) < 4.5


def test_days_taken_already_and_officers_who_leave_are_left_out() -> None:
    days = workdays(dt.date(2025, 3, 3), 5)
    busy = [(1, day, 4) for day in days[:4]]
    found = Spreader({ALL: [1, 2]}, days, Bounds(4, 15), busy).spread([need(1)])
    assert found[0].day == days[4]
    gone = Spreader({ALL: [1, 2]}, days, Bounds(4, 15), until={2: dt.date(2025, 3, 2)}).spread([need(1)])
    assert gone == [Planned(1, 1, 3, None, ())]


# --- drawing -----------------------------------------------------------------------------------------------


def test_a_lot_can_be_checked_by_hand() -> None:
    """printf '7-E-12' | sha256sum"""
    assert drawing.lot_of("7", drawing.ENTERPRISE, 12) == hashlib.sha256(b"7-E-12").hexdigest()
    lots = sorted((hashlib.sha256(f"7-E-{n}".encode()).hexdigest(), n) for n in range(1, 31))
    found = drawing.draw("7", 30, 10, 4, 5)
    assert [(one.lot, one.number) for one in found.enterprises] == lots[:4]
    assert found.officer_teams == (1, 1, 2, 2, 2)
    assert found.enterprise_teams == (1, 2, 1, 2)


@given(st.text(min_size=1).filter(str.strip), st.integers(1, 60), st.integers(2, 20), st.data())
def test_a_draw_is_repeatable_and_fair_in_number(seed: str, places: int, people: int, data: st.DataObject) -> None:
    wanted, officers = data.draw(st.integers(1, places)), data.draw(st.integers(2, people))
    found = drawing.draw(seed, places, people, wanted, officers)
    assert drawing.draw(seed, places, people, wanted, officers) == found
    numbers = [one.number for one in found.enterprises]
    assert len(set(numbers)) == wanted
    assert set(numbers) <= set(range(1, places + 1))
    assert len({one.number for one in found.officers}) == officers
    sizes = Counter(found.officer_teams)
    assert all(size >= 2 for size in sizes.values())
    shares = Counter(found.enterprise_teams)
    assert set(shares) <= set(sizes)
    assert max(shares.values()) - min((shares[team] for team in sizes), default=0) <= 1
    fewer = drawing.draw(seed, places, people, 1, officers)
    assert fewer.enterprises == found.enterprises[:1]


@pytest.mark.parametrize(
    ("seed", "places", "people", "wanted", "officers", "words"),
    [
        (" ", 5, 5, 1, 2, "请填写随机种子"),
        ("1", 5, 5, 0, 2, "1至5之间"),
        ("1", 5, 5, 6, 2, "1至5之间"),
        ("1", 5, 5, 1, 1, "不得少于2人"),
        ("1", 5, 5, 1, 6, "只有5人"),
    ],
)
def test_what_cannot_be_drawn_is_told(
    seed: str, places: int, people: int, wanted: int, officers: int, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        drawing.draw(seed, places, people, wanted, officers)
