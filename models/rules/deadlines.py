"""Due dates of notices and publications: urgency, overdue days, order of days; knows no notice record."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from models.rules.calendar import DayResult, WorkCalendar
from models.rules.dates import format_date_paper
from models.rules.remarks import Remark

SETTLED_STATES = frozenset({"closed", "referred", "void"})


class Urgency(Enum):
    """How pressing a notice is; the value is the Chinese word on the screen."""

    DRAFT = "未签发"
    NO_DUE_DAY = "未定期限"
    NOT_DUE = "未到期"
    DUE_SOON = "即将到期"
    DUE_TODAY = "今日到期"
    OVERDUE = "已逾期"
    SETTLED = "已办结"


class UrgencyResult(NamedTuple):
    """The urgency, natural days left (negative when overdue, None without a due day), label and reasons."""

    urgency: Urgency
    days_left: int | None
    label: str
    reasons: tuple[str, ...]


def overdue_days(due_on: date | None, today: date, done_on: date | None = None) -> int:
    """Natural days past the due day on ``done_on`` or, while open, ``today``; the due day itself is in time."""
    if due_on is None:
        return 0
    return max(0, ((done_on or today) - due_on).days)


def day_urgency(day: date, today: date, soon: int) -> Urgency:
    """How pressing a day is: past, today, within ``soon`` natural days, or later; the day itself is in time."""
    left = (day - today).days
    if left <= 0:
        return Urgency.OVERDUE if left else Urgency.DUE_TODAY
    return Urgency.DUE_SOON if left <= soon else Urgency.NOT_DUE


def effective_due(due_on: date, calendar: WorkCalendar) -> date:
    """The day on which a period ends: the due day, or the first day worked after it where offices rest on it.

    民法典第二百零三条第一款 on periods in general; no rule on 责令改正 says otherwise for a named day.
    """
    day = due_on
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return day


def first_running(day: date, calendar: WorkCalendar) -> date:
    """The earliest due day whose period is not over before ``day``: ``effective_due(d) < day`` as ``d < this``."""
    while not calendar.is_workday(day - timedelta(days=1)):
        day -= timedelta(days=1)
    return day


def notice_urgency(
    due_on: date | None, today: date, warn_days: int, state: str = "issued", printed: date | None = None
) -> UrgencyResult:
    """How pressing a notice in a ``state`` (draft, issued, served, closed, referred, void) is on ``today``.

    ``due_on`` is the day on which the period in force ends (``effective_due``), ``printed`` the due day written where
    it is another; ``warn_days`` natural days before it count as soon. Whoever corrects on the due day itself is in
    time. 立即改正 has no due day.
    """
    if state == "draft":
        return UrgencyResult(Urgency.DRAFT, None, Urgency.DRAFT.value, ("草稿尚未签发，不计期限",))
    if state in SETTLED_STATES:
        return UrgencyResult(Urgency.SETTLED, None, Urgency.SETTLED.value, ("已办结、移送或作废，不再计期限",))
    if due_on is None:
        return UrgencyResult(Urgency.NO_DUE_DAY, None, Urgency.NO_DUE_DAY.value, ("立即改正，没有限期",))
    left = (due_on - today).days
    moved = f"顺延到{format_date_paper(due_on)}，" if printed is not None and printed != due_on else ""
    sums = f"限期{format_date_paper(printed or due_on)}，{moved}截至{format_date_paper(today)}"
    found = day_urgency(due_on, today, warn_days)
    if found is Urgency.OVERDUE:
        return UrgencyResult(found, left, f"已逾期{-left}天", (f"{sums}，已过{-left}天",))
    if found is Urgency.DUE_TODAY:
        return UrgencyResult(found, 0, found.value, (f"{sums}，当日改正仍为按期",))
    within = f"，在提醒的{warn_days}天之内" if found is Urgency.DUE_SOON else ""
    return UrgencyResult(found, left, f"还有{left}天", (f"{sums}，还有{left}天{within}",))


def publication_due(formed_on: date, working_days: int, calendar: WorkCalendar) -> DayResult:
    """The last day to publish a result formed on ``formed_on``, with the arithmetic.

    《食品生产经营监督检查管理办法》第三十九条第一款: within twenty working days (seed code
    ``publication_working_days`` of the periods table).
    """
    end, reasons = calendar.add_working_days(formed_on, working_days)
    opening = (
        f"检查结果于{format_date_paper(formed_on)}形成，"
        f"应在其后{working_days}个工作日内公开（《食品生产经营监督检查管理办法》第三十九条）"
    )
    return DayResult(end, (opening, *reasons))


def check_due_on(due_on: date | None, issued_on: date | None, inspected_on: date | None) -> list[Remark]:
    """A due day may not lie before the inspection or the issue; one on the day of issue is only doubtful."""
    found: list[Remark] = []
    if inspected_on and issued_on and issued_on < inspected_on:
        found.append(Remark("error", "issued_before_inspection", (
            f"签发日期{format_date_paper(issued_on)}早于检查日期{format_date_paper(inspected_on)}：请改正其一"
        )))  # fmt: skip
    if due_on is None:
        return found
    shown = f"整改期限{format_date_paper(due_on)}"
    if inspected_on and due_on < inspected_on:
        message = f"{shown}早于检查日期{format_date_paper(inspected_on)}：请把期限改到检查日期之后"
        found.append(Remark("error", "due_before_inspection", message))
    elif issued_on and due_on < issued_on:
        message = f"{shown}早于签发日期{format_date_paper(issued_on)}：请把期限改到签发日期之后"
        found.append(Remark("error", "due_before_issue", message))
    elif issued_on and due_on == issued_on:
        message = f"{shown}就是签发当日：当日可改正的宜选“立即改正”，否则请放宽期限"
        found.append(Remark("warning", "due_on_issue_day", message))
    return found
