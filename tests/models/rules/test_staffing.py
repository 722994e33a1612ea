"""Who must have 食品安全总监 and 食品安全员: bounds, dates, unknown sizes, dual staffing."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enterprise import CATEGORIES, PRODUCTS, SUPPLY_MODES
from models.rules.staffing import Need, StaffingFacts, StaffingRule, load_rules, staffing_need

DAY = dt.date(2024, 6, 30)
RULES = load_rules()


def need(category: str, **facts: Any) -> Need:
    return staffing_need(StaffingFacts(category, **facts), DAY, RULES)


@pytest.mark.parametrize(
    ("category", "least"),
    [
        ("school_canteen", 500),
        ("kindergarten_canteen", 300),
        ("workplace_canteen", 1000),
        ("collective_catering", 1000),
    ],
)
def test_a_director_from_the_number_of_diners_on(category: str, least: int) -> None:
    assert need(category, diners=least).director
    below = need(category, diners=least - 1)
    assert (below.director, below.officer, below.unknown) == (False, True, ())


def test_unknown_diners_are_told_and_ask_for_nothing() -> None:
    found = need("school_canteen")
    assert not found.director
    assert found.unknown == ("就餐人数500人以上的学校食堂",)


def test_a_contracted_canteen_needs_both_sides_whatever_its_size() -> None:
    found = need("kindergarten_canteen", supply_mode="contracted", diners=20)
    assert (found.director, found.officer, found.dual) == (True, True, True)
    assert "委托承包经营的幼儿园食堂" in found.reasons
    assert not need("kindergarten_canteen", supply_mode="own", diners=20).dual


def test_chains_areas_and_products() -> None:
    assert need("catering", chain=True).director
    assert not need("catering", floor_area=Decimal("499.9")).director
    assert need("catering", floor_area=Decimal(500)).director
    assert need("production", product="27", floor_area=Decimal(10)).director
    assert not need("production", product="0102", floor_area=Decimal(10)).director
    assert need("stall") == Need(False, False, False, ())


def test_rules_hold_only_in_their_days() -> None:
    before = staffing_need(StaffingFacts("school_canteen", diners=900), dt.date(2022, 10, 31), RULES)
    assert before == Need(False, False, False, ())
    stricter = dataclasses.replace(
        RULES[0], name="新标准", least_diners=200, valid_from=dt.date(2025, 1, 1), valid_to=dt.date(2025, 12, 31)
    )
    small = StaffingFacts("school_canteen", diners=250)
    days = (dt.date(2024, 12, 31), dt.date(2025, 1, 1), dt.date(2025, 12, 31), dt.date(2026, 1, 1))
    assert [staffing_need(small, day, (*RULES, stricter)).director for day in days] == [False, True, True, False]


FACTS = st.builds(
    StaffingFacts,
    st.sampled_from([code for code, _ in CATEGORIES]),
    st.sampled_from([None, *(code for code, _ in SUPPLY_MODES)]),
    st.sampled_from([None, *(code for code, _ in PRODUCTS)]),
    st.none() | st.integers(0, 3000),
    st.none() | st.decimals(0, 5000, places=1),
    st.booleans(),
)


@given(FACTS, st.integers(1, 500))
def test_growing_never_takes_a_duty_away(facts: StaffingFacts, more: int) -> None:
    grown = dataclasses.replace(facts, diners=None if facts.diners is None else facts.diners + more)
    small, large = staffing_need(facts, DAY, RULES), staffing_need(grown, DAY, RULES)
    assert small.director <= large.director
    assert set(small.reasons) <= set(large.reasons)


@given(FACTS)
def test_a_rule_is_met_open_or_not_and_dual_asks_for_both(facts: StaffingFacts) -> None:
    found = staffing_need(facts, DAY, RULES)
    assert not set(found.reasons) & set(found.unknown)
    assert not found.dual or (found.director and found.officer)
    assert (found.director or found.officer) == bool(found.reasons)


def test_every_condition_of_a_rule_counts() -> None:
    rule = StaffingRule(
        "全部条件", "director", "sale", "own", "03", 10, Decimal(20), True, dt.date(2020, 1, 1), None, ""
    )
    facts = StaffingFacts("sale", "own", "03", 10, Decimal(20), True)
    assert rule.fits(facts) is True
    for name, value in (
        ("category", "stall"), ("supply_mode", None), ("product", "04"), ("diners", 9), ("floor_area", Decimal(19)),
        ("chain", False),
    ):  # fmt: skip
        assert rule.fits(dataclasses.replace(facts, **{name: value})) is False
    assert rule.fits(dataclasses.replace(facts, diners=None)) is None
    assert rule.fits(dataclasses.replace(facts, diners=None, floor_area=Decimal(1))) is False
