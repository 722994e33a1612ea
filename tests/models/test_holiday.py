"""The table of holidays: seeded, editable, read by all working-day arithmetic."""

from __future__ import annotations

import datetime as dt

import pytest

from models.core.checks import CheckFailed
from models.core.register import View
from models.core.saving import save
from models.holiday import FIRST_YEAR, REGISTER, Holiday, add_years, missing_years, work_calendar
from models.rules.calendar import WorkCalendar, published_holidays
from models.rules.deadlines import publication_due
from tests.models.conftest import Office


def test_a_new_ledger_holds_the_published_years(office: Office) -> None:
    published = [row for row in published_holidays() if row.day.year >= FIRST_YEAR]
    assert REGISTER.count(View(), dt.date(2024, 6, 30)) == len(published)
    assert missing_years() == []
    own, official = work_calendar(), WorkCalendar.published()
    day = dt.date(FIRST_YEAR, 1, 1)
    while day.year < 2027:
        assert own.is_workday(day) == official.is_workday(day), day
        day += dt.timedelta(days=1)
    assert publication_due(dt.date(2024, 9, 25), 20, own) == publication_due(dt.date(2024, 9, 25), 20, official)


def test_what_the_office_writes_counts(office: Office) -> None:
    before = work_calendar().add_working_days(dt.date(2024, 6, 17), 1).value
    office.save(Holiday, {"day": dt.date(2024, 6, 18), "kind": "off", "name": "停电"})
    end, reasons = work_calendar().add_working_days(dt.date(2024, 6, 17), 1)
    assert (before, end) == (dt.date(2024, 6, 18), dt.date(2024, 6, 19))
    assert any("6月18日（停电）" in reason for reason in reasons)


def test_a_year_that_is_not_there_can_be_fetched(office: Office) -> None:
    with office.ledger.write("清理") as tx:
        for row in Holiday.live().where(Holiday.day.between(dt.date(2026, 1, 1), dt.date(2026, 12, 31))):
            tx.remove(row)
    assert missing_years() == [2026]
    reasons = work_calendar().add_working_days(dt.date(2026, 3, 2), 1).reasons
    assert any("2026年尚无放假安排数据" in reason for reason in reasons)
    with office.ledger.write("补入") as tx:
        count = add_years(tx, [2026])
    assert count == sum(row.day.year == 2026 for row in published_holidays())


@pytest.mark.parametrize(
    ("day", "kind", "rule"),
    [(dt.date(2024, 6, 19), "work", "weekday"), (dt.date(2024, 6, 22), "off", "weekend")],
)
def test_a_row_that_says_nothing_new_is_doubted(office: Office, day: dt.date, kind: str, rule: str) -> None:
    values = {"day": day, "kind": kind, "name": "示例"}
    with pytest.raises(CheckFailed) as caught, office.ledger.write("保存") as tx:
        save(tx, Holiday, values)
    assert [p.rule for p in caught.value.problems] == [rule]
    assert caught.value.only_warnings


def test_a_day_stands_once(office: Office) -> None:
    with pytest.raises(CheckFailed), office.ledger.write("保存") as tx:
        save(tx, Holiday, {"day": dt.date(2024, 10, 1), "kind": "off", "name": "国庆节"})
