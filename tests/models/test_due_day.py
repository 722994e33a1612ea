"""Due days on rest days: one reading in the list, its words, the presets, the overview and the figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.core.figure import figure
from models.core.register import View, register
from models.due_day import DueDays
from models.holiday import Holiday, work_calendar
from models.inspection import Finding
from models.notice import Notice
from models.notice_desk import desk_of
from models.notice_steps import extend
from models.overview import due_notices, week_view
from models.rectification import matters
from models.rectification_reminders import reminder_text, reminders
from models.rules.calendar import WorkCalendar
from models.settings import change_settings
from tests.models.conftest import TODAY, Office

D = dt.date
SATURDAY, SUNDAY, MONDAY = D(2024, 6, 15), D(2024, 6, 16), D(2024, 6, 17)


def preset(name: str, day: dt.date, home: str = "notices") -> list[int]:
    return sorted(register(home).ids(View(presets=(name,)), day))


def do(office: Office, work: Any) -> Any:
    with office.ledger.write("办理") as tx:
        return work(tx)


def not_moved(office: Office) -> None:
    do(office, lambda tx: change_settings(tx, {"rest_due": "same"}))


def test_a_notice_due_on_a_saturday_is_in_time_until_monday_everywhere(office: Office) -> None:
    notice = office.issued(due_on=SATURDAY)
    for day, group, label in (
        (D(2024, 6, 12), "running", "还有5天"), (D(2024, 6, 14), "soon", "还有3天"), (SUNDAY, "soon", "还有1天"),
        (MONDAY, "soon", "今日到期"), (D(2024, 6, 18), "overdue", "已逾期1天"),
    ):  # fmt: skip
        (one,) = matters(day)
        assert (one.group, one.label, one.due_on, one.ends_on) == (group, label, SATURDAY, MONDAY), day
        late = group == "overdue"
        assert preset("overdue", day) == ([notice.id] if late else [])
        assert preset("due_soon", day) == ([notice.id] if group == "soon" else [])
        assert figure("notices.overdue").value(day, day) == late
        ((first,), _count) = due_notices(day)
        assert first.label == label
        (desk,) = desk_of([notice.id])
        assert desk.ends_on == MONDAY
    assert "期限届满日2024年6月15日是休息日（周末），顺延到2024年6月17日（参照《民法典》第二百零三条）" in one.reasons
    (reminder,) = reminders(matters(SUNDAY))
    assert "限2024年6月15日前（含当日）改正，因休息日顺延到2024年6月17日，还有1天" in reminder_text(reminder)


def test_an_office_that_moves_no_due_day_says_so(office: Office) -> None:
    not_moved(office)
    notice = office.issued(due_on=SATURDAY)
    (one,) = matters(SUNDAY)
    assert (one.group, one.label, one.ends_on, one.moved) == ("overdue", "已逾期1天", SATURDAY, False)
    assert "期限届满日2024年6月15日是休息日（周末），按设置不顺延" in one.reasons
    assert preset("overdue", SUNDAY) == [notice.id]
    assert figure("notices.overdue").value(SUNDAY, SUNDAY) == 1
    assert "顺延" not in reminder_text(reminders([one])[0])


def test_a_finding_of_no_notice_is_read_alike(office: Office) -> None:
    base = {"enterprise": office.enterprise().id, "found_on": D(2024, 6, 3), "channel": "complaint", "wording": "示例"}
    one = office.save(Finding, {**base, "due_on": SATURDAY})
    assert preset("past_due", MONDAY, "findings") == []
    assert preset("past_due", D(2024, 6, 18), "findings") == [one.id]
    assert [m.group for m in matters(MONDAY)] == ["soon"]


def test_corrected_on_the_monday_is_in_time(office: Office) -> None:
    notices = [office.issued(due_on=day) for day in (SATURDAY, SATURDAY, D(2024, 6, 14))]
    for notice, day in zip(notices, (17, 18, 17), strict=True):
        for row in notice.finding_rows:
            office.save(Finding, {"resolved_on": D(2024, 6, day)}, Finding.get_by_id(row.finding_id))
    period = (D(2024, 6, 1), TODAY)
    assert figure("rectification.due").ids(*period) == [n.id for n in notices]
    assert figure("rectification.on_time").ids(*period) == [notices[0].id]
    assert figure("rectification.overdue").ids(*period) == [n.id for n in notices[1:]]
    assert figure("rectification.due").ids(D(2024, 6, 15), D(2024, 6, 16)) == [], "their time ended on Monday"
    assert figure("rectification.due").ids(MONDAY, MONDAY) == [n.id for n in notices[:2]]
    not_moved(office)
    assert figure("rectification.on_time").ids(*period) == []
    assert figure("rectification.due").ids(D(2024, 6, 15), D(2024, 6, 16)) == [n.id for n in notices[:2]]


def test_the_week_of_the_overview_is_its_list(office: Office) -> None:
    """A notice due on the eighth day, a Saturday, is none of the week; the list behind the card agrees."""
    for day in (D(2024, 6, 21), D(2024, 6, 22), D(2024, 6, 24)):
        office.issued(due_on=day)
    for today in (D(2024, 6, 14), D(2024, 6, 15), D(2024, 6, 16), D(2024, 6, 17)):
        shown, count = due_notices(today)
        listed = register("notices").ids(week_view(today), today)
        assert [one.id for one in shown] == list(listed)
        wanted = [n.id for n in Notice.select() if DueDays().ends(n.due_on) <= today + dt.timedelta(days=7)]
        assert sorted(listed) == sorted(wanted)
        assert count == len(wanted)


def ends(due: dt.date, calendar: WorkCalendar) -> dt.date:
    while not calendar.is_workday(due):
        due += dt.timedelta(days=1)
    return due


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_sql_agrees_with_a_replay_of_every_day(office: Office, data: Any) -> None:
    """Due days, corrections, extensions and referrals of any days of May and June, with own days off and worked."""
    days = st.dates(D(2024, 5, 20), D(2024, 6, 30))
    if not Notice.select().exists():
        for _ in range(4):
            office.issued(inspection=office.inspection(inspected_on=D(2024, 5, 13)), on=D(2024, 5, 14))
        office.save(Holiday, {"day": D(2024, 6, 21), "kind": "off", "name": "停电"})
        office.save(Holiday, {"day": D(2024, 6, 22), "kind": "work", "name": "补班"})
    with office.ledger.write("办理") as tx:
        for notice in Notice.select().order_by(Notice.id):
            due = data.draw(days)
            longer = data.draw(st.none() | st.integers(1, 20))
            values: dict[str, Any] = {"due_on": due, "extended_to": None, "extended_on": None, "referred_on": None}
            if longer is not None:
                values |= {"extended_to": due + dt.timedelta(days=longer), "extended_on": data.draw(days)}
            values["referred_on"] = data.draw(st.none() | days)
            tx.update(notice, **values)
            for row in notice.finding_rows:
                tx.update(Finding.get_by_id(row.finding_id), resolved_on=data.draw(st.none() | days))
    calendar = work_calendar()
    periods = ((D(2024, 6, 1), D(2024, 6, 8)), (D(2024, 6, 8), D(2024, 6, 16)), (D(2024, 5, 1), D(2024, 6, 30)))
    for start, end in periods:
        due_ids, on_time = [], []
        for notice in Notice.select().order_by(Notice.id):
            extended = notice.extended_on is not None and notice.extended_on <= end
            last = ends(notice.extended_to if extended else notice.due_on, calendar)
            if not start <= last <= end or (notice.referred_on is not None and notice.referred_on <= last):
                continue
            due_ids.append(notice.id)
            resolved = [row.finding.resolved_on for row in notice.finding_rows]
            if all(day is not None and day <= last for day in resolved):
                on_time.append(notice.id)
        assert figure("rectification.due").ids(start, end) == due_ids
        assert figure("rectification.on_time").ids(start, end) == on_time
        assert figure("rectification.overdue").ids(start, end) == [key for key in due_ids if key not in on_time]
    for day in (D(2024, 6, 7), D(2024, 6, 8), D(2024, 6, 10), D(2024, 6, 11), D(2024, 6, 23)):
        late = {m.id for m in matters(day) if m.kind == "notice" and m.ends_on and m.ends_on < day}
        assert figure("notices.overdue").value(day, day) == len(late)


def test_an_extended_notice_moves_too(office: Office) -> None:
    notice = office.issued(due_on=D(2024, 6, 14))
    do(office, lambda tx: extend(tx, notice, D(2024, 7, 6), "设备采购", "李局长"))
    (one,) = matters(TODAY)
    assert (one.due_on, one.ends_on, one.first_due) == (D(2024, 7, 6), D(2024, 7, 8), D(2024, 6, 14))


@pytest.mark.parametrize("day", [SATURDAY, MONDAY])
def test_a_due_day_of_a_year_without_holidays_counts_weekends(office: Office, day: dt.date) -> None:
    far = D(day.year + 40, 1, 1)
    while far.weekday() < 5:
        far += dt.timedelta(days=1)
    assert DueDays().ends(far).weekday() == 0
