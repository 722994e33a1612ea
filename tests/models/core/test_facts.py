"""Dated facts against a day-by-day shadow: splitting, correcting, putting in front, moving the start."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.core.checks import CheckFailed
from models.core.record import BEGINNING
from models.core.register import Condition, View, register
from models.core.saving import set_facts, values_of
from models.enterprise import Enterprise, EnterpriseState

START = dt.date(2024, 1, 10)
DAYS = [START + dt.timedelta(days=n) for n in range(-8, 30)]


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(DAYS), st.sampled_from(["catering", "sale"]), st.sampled_from(["open", "suspended"])
    ),
    max_size=8,
)


def test_set_facts_like_a_shadow(office: Any) -> None:
    party, area = office.party(), office.area()

    @settings(max_examples=25)
    @given(CHANGES)
    def check(changes: list[tuple[dt.date, str, str]]) -> None:
        with office.ledger.write("x") as tx:
            place = tx.insert(Enterprise, name="示例店", party=party.id, address="示例路")
            tx.insert(
                EnterpriseState, enterprise=place.id, valid_from=START, category="catering", area=area.id
            )
            shadow: dict[dt.date, Any] = {d: ("catering", "open") if d >= START else None for d in DAYS}
            starts = {START}
            for day, category, status in changes:
                set_facts(tx, place, day, {"category": category, "status": status})
                if shadow[day] != (category, status):
                    starts.add(day)
                    end = min((s for s in starts if s > day), default=dt.date.max)
                    shadow |= {d: (category, status) for d in DAYS if day <= d < end}
            rows = list(place.states)
        for day in DAYS:
            found = [r for r in rows if r.valid_from <= day and (r.valid_to is None or day <= r.valid_to)]
            assert [(r.category, r.status) for r in found] == ([shadow[day]] if shadow[day] else [])

    check()


def stretches(place: Any) -> list[tuple[Any, ...]]:
    rows = EnterpriseState.live().where(EnterpriseState.enterprise == place.id)
    return [(r.valid_from, r.valid_to, r.category) for r in rows.order_by(EnterpriseState.valid_from)]


def test_a_change_takes_effect_on_its_day(office: Any) -> None:
    place = office.enterprise(opened_on=dt.date(2020, 5, 1))
    office.save(Enterprise, {"category": "sale"}, place, effective_on=dt.date(2024, 3, 1))
    assert stretches(place) == [
        (dt.date(2020, 5, 1), dt.date(2024, 2, 29), "catering"),
        (dt.date(2024, 3, 1), None, "sale"),
    ]
    roster = register("enterprises")
    view = View(conditions=(Condition("category", "in", ("catering",)),))
    assert roster.count(view, dt.date(2024, 2, 29)) == 1
    assert roster.count(view, dt.date(2024, 3, 1)) == 0
    assert values_of(place, dt.date(2023, 1, 1))["category"] == "catering"
    office.save(Enterprise, {"name": "只改名称"}, place)
    assert len(stretches(place)) == 2


def test_the_start_moves_with_the_opening_day(office: Any) -> None:
    place = office.enterprise()
    assert stretches(place) == [(BEGINNING, None, "catering")]
    office.save(Enterprise, {"opened_on": dt.date(2022, 1, 1)}, place)
    assert stretches(place) == [(dt.date(2022, 1, 1), None, "catering")]
    office.save(Enterprise, {"category": "sale"}, place, effective_on=dt.date(2023, 1, 1))
    with pytest.raises(CheckFailed) as info:
        office.save(Enterprise, {"opened_on": dt.date(2023, 6, 1)}, place)
    assert [(p.field, p.rule) for p in info.value.problems] == [("opened_on", "facts")]
    office.save(Enterprise, {"opened_on": dt.date(2019, 1, 1)}, place)
    office.save(Enterprise, {"category": "stall"}, place, effective_on=dt.date(2010, 1, 1))
    assert [s[0] for s in stretches(place)] == [dt.date(2019, 1, 1), dt.date(2023, 1, 1)]
    assert [s[2] for s in stretches(place)] == ["stall", "sale"]


def test_a_record_that_begins_later(office: Any) -> None:
    place = office.enterprise(opened_on=dt.date(2024, 9, 1))
    assert values_of(place, office.today)["category"] == "catering"
    office.save(Enterprise, {"category": "sale"}, place)
    assert stretches(place) == [(dt.date(2024, 9, 1), None, "sale")], (
        "a correction, not a stretch before the opening"
    )


def test_an_opening_after_a_visit_is_doubted(office: Any) -> None:
    """The place would be of no category on the day of the visit."""
    place = office.enterprise()
    office.inspection(place, inspected_on=dt.date(2024, 6, 3))
    with pytest.raises(CheckFailed) as info:
        office.save(Enterprise, {"opened_on": dt.date(2024, 6, 10)}, place, waivers={})
    assert [(p.field, p.rule, p.severity) for p in info.value.problems] == [("opened_on", "visited", "warning")]
    assert "2024-06-03的监督检查" in str(info.value)
    office.save(Enterprise, {"opened_on": dt.date(2024, 6, 3)}, place, waivers={})
