"""Repeated hazards: what is the same, how far back, and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.repeats import Seen, months_before, repeats

DAY = date(2024, 6, 3)


def seen(key: int, on: date, **values: object) -> Seen:
    base = {"enterprise": 1, "item": "", "article": "", "wording": f"问题{key}", "resolved_on": None}
    return Seen(id=key, found_on=on, **(base | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        ({"item": "catering 2.1"}, {"item": "catering 2.1"}, "检查项目相同"),
        ({"wording": "冷藏柜温度过高。"}, {"wording": "冷藏柜 温度过高"}, "问题描述相同"),
        ({"article": "《示例法》第3条"}, {"article": "《示例法》第3条"}, "违反条款相同"),
    ],
)
def test_the_same_hazard(one: dict[str, str], two: dict[str, str], why: str) -> None:
    first = seen(1, DAY - timedelta(days=90), **one, resolved_on=DAY - timedelta(days=60))
    found = repeats([seen(2, DAY, **two), first], 12)
    assert list(found) == [2]
    assert why in found[2][0]
    assert "2024年3月5日已发现过" in found[2][0]
    assert "2024年4月4日已改正" in found[2][0]


def test_other_places_other_hazards_and_the_same_day_are_none() -> None:
    before = DAY - timedelta(days=30)
    same = {"wording": "同一问题"}
    assert repeats([seen(1, before, **same, enterprise=2), seen(2, DAY, **same)], 12) == {}
    assert repeats([seen(1, DAY, **same), seen(2, DAY, **same)], 12) == {}
    assert repeats([seen(1, before), seen(2, DAY)], 12) == {}


def test_the_edge_of_the_period() -> None:
    same = {"wording": "同一问题"}
    edge = months_before(DAY, 12)
    assert edge == date(2023, 6, 3)
    assert list(repeats([seen(1, edge, **same), seen(2, DAY, **same)], 12)) == [2]
    assert repeats([seen(1, edge - timedelta(days=1), **same), seen(2, DAY, **same)], 12) == {}
    assert months_before(date(2024, 8, 31), 6) == date(2024, 2, 29)


@given(
    st.lists(
        st.builds(
            Seen,
            id=st.integers(1, 10**6),
            enterprise=st.integers(1, 3),
            found_on=st.dates(date(2022, 1, 1), date(2024, 12, 31)),
            item=st.sampled_from(["", "sale 1.1", "sale 1.2"]),
            article=st.sampled_from(["", "《甲》第1条"]),
            wording=st.sampled_from(["甲", "乙", "丙"]),
        ),
        max_size=25,
        unique_by=lambda one: one.id,
    ),
    st.integers(1, 24),
)
def test_a_repeat_always_has_an_earlier_one_at_its_place(rows: list[Seen], months: int) -> None:
    found = repeats(rows, months)
    assert found == repeats(list(reversed(rows)), months)
    for one in rows:
        earlier = [
            two
            for two in rows
            if two.enterprise == one.enterprise
            and months_before(one.found_on, months) <= two.found_on < one.found_on
            and (
                (one.item and one.item == two.item)
                or one.wording == two.wording
                or (one.article and one.article == two.article)
            )
        ]
        assert len(found.get(one.id, ())) == len(earlier)
