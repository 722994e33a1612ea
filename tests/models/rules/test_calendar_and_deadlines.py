"""Working days with the official swaps, urgency of notices, publication."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.calendar import FIXED_DAYS, WorkCalendar, published_holidays
from models.rules.deadlines import (
    Urgency,
    check_due_on,
    effective_due,
    first_running,
    notice_urgency,
    overdue_days,
    publication_due,
)

CALENDAR = WorkCalendar.published()
DAYS = st.dates(date(2010, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 10, 1), False), (date(2024, 10, 7), False), (date(2024, 9, 29), True), (date(2024, 10, 12), True),
        (date(2024, 6, 10), False), (date(2024, 6, 8), False), (date(2024, 6, 11), True), (date(2023, 1, 28), True),
    ],
)  # fmt: skip
def test_swaps_of_the_state_councils_notices(day: date, works: bool) -> None:
    assert CALENDAR.is_workday(day) is works


def test_seed_rows_are_exceptions_only() -> None:
    rows = published_holidays()
    assert len(rows) > 500
    assert all(row.off == (row.day.weekday() < 5) for row in rows)
    assert [row.name for row in rows if row.day == date(2024, 9, 29)] == ["国庆节调休上班"]


def test_publication_deadline_shows_its_arithmetic() -> None:
    end, reasons = publication_due(date(2024, 6, 5), 20, CALENDAR)
    assert end == date(2024, 7, 4)
    text = "\n".join(reasons)
    assert "第三十九条" in text
    assert "扣除周末8天" in text
    assert "6月10日（端午）" in text


def test_swapped_weekends_count() -> None:
    end, reasons = CALENDAR.add_working_days(date(2024, 9, 25), 20)
    assert end == date(2024, 10, 28)
    assert any("计入调休上班2天" in reason for reason in reasons)


def test_a_year_without_published_data_says_so() -> None:
    unknown = max(CALENDAR.years) + 1
    end, reasons = CALENDAR.add_working_days(date(unknown, 3, 1), 5)
    assert any(f"{unknown}年尚无放假安排数据" in reason for reason in reasons)
    assert end.weekday() < 5
    plain = CALENDAR.working_days_between(date(2024, 3, 1), date(2024, 3, 8))
    assert plain.value == 5
    assert not any("尚无" in reason for reason in plain.reasons)


def test_days_fixed_by_law_are_off_in_a_year_without_data() -> None:
    plain = WorkCalendar({})
    fixed = [(2030, 1, 1), (2030, 5, 1), (2030, 5, 2), (2030, 10, 1), (2030, 10, 2), (2030, 10, 3)]
    assert not any(plain.is_workday(date(*day)) for day in fixed)
    assert plain.is_workday(date(2024, 5, 2))
    assert (plain.name_of(date(2030, 10, 1)), plain.name_of(date(2030, 10, 4))) == ("国庆节", "")
    end, reasons = plain.add_working_days(date(2030, 9, 30), 1)
    assert end == date(2030, 10, 4)
    assert any("10月1日（国庆节）" in reason for reason in reasons)
    assert any("《全国年节及纪念日放假办法》" in reason for reason in reasons)


def test_the_notices_of_all_years_have_the_days_fixed_by_law() -> None:
    bare = WorkCalendar({})
    for year in CALENDAR.years:
        for day in (date(year, *key) for key in FIXED_DAYS):
            assert bare.is_workday(day) or not CALENDAR.is_workday(day)


def test_an_office_may_add_its_own_day_off() -> None:
    own = WorkCalendar({date(2024, 3, 5): True}, {date(2024, 3, 5): "停电"})
    end, reasons = own.add_working_days(date(2024, 3, 4), 1)
    assert end == date(2024, 3, 6)
    assert any("3月5日（停电）" in reason for reason in reasons)


@given(DAYS, st.integers(0, 60))
def test_adding_and_counting_agree(start: date, count: int) -> None:
    end = CALENDAR.add_working_days(start, count).value
    assert CALENDAR.working_days_between(start, end).value == count
    assert count == 0 or CALENDAR.is_workday(end)


def test_working_days_do_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="不能为负"):
        CALENDAR.add_working_days(date(2024, 1, 1), -1)
    with pytest.raises(ValueError, match="早于起算日"):
        CALENDAR.working_days_between(date(2024, 1, 2), date(2024, 1, 1))


def test_libraries_are_imported_at_first_use_only() -> None:
    code = (
        "import sys, models.rules.calendar, models.rules.deadlines, models.rules.identifiers, models.rules.legal;"
        "print(any(name.startswith(('chinese_calendar', 'stdnum')) for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("offset", "urgency", "label"),
    [
        (10, Urgency.NOT_DUE, "还有10天"), (4, Urgency.NOT_DUE, "还有4天"), (3, Urgency.DUE_SOON, "还有3天"),
        (1, Urgency.DUE_SOON, "还有1天"), (0, Urgency.DUE_TODAY, "今日到期"), (-1, Urgency.OVERDUE, "已逾期1天"),
        (-40, Urgency.OVERDUE, "已逾期40天"),
    ],
)  # fmt: skip
def test_urgency_with_the_due_day_in_time(offset: int, urgency: Urgency, label: str) -> None:
    today = date(2024, 6, 30)
    found = notice_urgency(today + timedelta(days=offset), today, 3)
    assert (found.urgency, found.label, found.days_left) == (urgency, label, offset)
    assert found.reasons


def test_urgency_follows_the_state() -> None:
    today, late = date(2024, 6, 30), date(2024, 6, 1)
    assert notice_urgency(late, today, 3, "served").urgency is Urgency.OVERDUE
    assert notice_urgency(late, today, 3, "draft").urgency is Urgency.DRAFT
    for state in ("closed", "referred", "void"):
        assert notice_urgency(late, today, 3, state).urgency is Urgency.SETTLED
    assert notice_urgency(None, today, 3).urgency is Urgency.NO_DUE_DAY


@given(DAYS, DAYS, st.sets(DAYS, max_size=30))
def test_a_period_ends_on_a_day_worked_and_is_over_as_its_first_running_day_says(
    due: date, day: date, exceptions: set[date]
) -> None:
    """The comparison that SQL makes is the one of the effective due day, with any table of holidays."""
    calendar = WorkCalendar({one: one.weekday() < 5 for one in exceptions})
    end = effective_due(due, calendar)
    assert end >= due
    assert calendar.is_workday(end)
    assert not any(calendar.is_workday(due + timedelta(days=n)) for n in range((end - due).days))
    assert (end < day) == (due < first_running(day, calendar))
    near = due + timedelta(days=day.toordinal() % 9 - 4)
    assert (end < near) == (due < first_running(near, calendar))


def test_a_moved_due_day_tells_both_days() -> None:
    saturday, monday = date(2024, 6, 15), date(2024, 6, 17)
    assert effective_due(saturday, CALENDAR) == monday
    assert effective_due(date(2024, 6, 8), CALENDAR) == date(2024, 6, 11), "a weekend and a holiday in a row"
    assert effective_due(date(2024, 9, 29), CALENDAR) == date(2024, 9, 29), "a Sunday worked"
    found = notice_urgency(monday, date(2024, 6, 16), 3, printed=saturday)
    assert (found.urgency, found.days_left) == (Urgency.DUE_SOON, 1)
    assert found.reasons == ("限期2024年6月15日，顺延到2024年6月17日，截至2024年6月16日，还有1天，在提醒的3天之内",)


@given(DAYS, DAYS)
def test_overdue_days_and_urgency_agree(due: date, today: date) -> None:
    late = overdue_days(due, today)
    assert late >= 0
    assert (late > 0) == (notice_urgency(due, today, 3).urgency is Urgency.OVERDUE)
    assert overdue_days(due, today, done_on=due) == 0


def test_due_days_out_of_order() -> None:
    inspected, issued = date(2024, 6, 5), date(2024, 6, 7)

    def rules(due: date | None, on: date | None = issued) -> list[tuple[str, str]]:
        return [(found.severity, found.rule) for found in check_due_on(due, on, inspected)]

    assert rules(date(2024, 6, 4)) == [("error", "due_before_inspection")]
    assert rules(date(2024, 6, 6)) == [("error", "due_before_issue")]
    assert rules(date(2024, 6, 7)) == [("warning", "due_on_issue_day")]
    assert rules(date(2024, 6, 20)) == []
    assert rules(None) == []
    assert rules(None, date(2024, 6, 1)) == [("error", "issued_before_inspection")]
