"""Figures of 整改督办: due, in time, overdue, extended, repeated, referred; the view is rectification."""

from __future__ import annotations

import datetime as dt
from typing import Any

import peewee

from models.core.figure import Figure
from models.core.record import database
from models.due_day import DueDays
from models.inspection import Finding, Inspection
from models.notice import Notice, NoticeFinding
from models.rectification_reading import due_as_of, repeat_months, seen
from models.rules.repeats import months_before, repeats


def _count(name: str, label: str, unit: str, register: str, rule: str, query: Any) -> None:
    Figure(
        name=name, label=label, unit=unit, kind="count", basis="flow", register=register, rule=rule, query=query
    )  # fmt: skip


def _fallen(start: dt.date, end: dt.date) -> tuple[peewee.ModelSelect, Any]:
    """Notices whose time ended in a period, an extension granted by its end included, and that day as an expression."""
    days, due = DueDays(), due_as_of(end)
    fallen = Notice.live().where(
        Notice.mode == "deadline", Notice.state.not_in(("draft", "void")), days.within(due, start, end)
    )
    return fallen, days.ends_of(due, _days(fallen, due))


def _days(query: peewee.ModelSelect, due: Any) -> set[dt.date]:
    """The due days of some notices."""
    found: Any = query.select(due.alias("due")).distinct().tuples()
    return {day if isinstance(day, dt.date) else dt.date.fromisoformat(day) for (day,) in found}


def _due(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    """Of these, those not referred before."""
    fallen, ends = _fallen(start, end)
    return _kept(fallen, ends)


def _kept(fallen: peewee.ModelSelect, ends: Any, *where: Any) -> peewee.ModelSelect:
    return fallen.select(Notice.id).where(Notice.referred_on.is_null() | (Notice.referred_on > ends), *where)


def _on_time(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    """Of these, those whose findings were all corrected by the due day."""
    fallen, ends = _fallen(start, end)
    return _kept(fallen, ends, ~peewee.fn.EXISTS(_left(ends)))


def _left(due: Any) -> peewee.ModelSelect:
    """The findings of a notice not corrected by the end of its period."""
    return (
        NoticeFinding.live()
        .select(NoticeFinding.id)
        .join(Finding, on=(NoticeFinding.finding == Finding.id))
        .where(NoticeFinding.notice == Notice.id, Finding.resolved_on.is_null() | (Finding.resolved_on > due))
    )


def _overdue(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    fallen, ends = _fallen(start, end)
    return _kept(fallen, ends, peewee.fn.EXISTS(_left(ends)))


def _found(start: dt.date, end: dt.date, *where: Any) -> peewee.ModelSelect:
    """Findings made in a period, those of inspections not done yet left out."""
    return (
        Finding.live()
        .select(Finding.id)
        .join(Inspection, peewee.JOIN.LEFT_OUTER, on=(Finding.inspection == Inspection.id))
        .where(
            Finding.found_on.between(start, end),
            Finding.inspection.is_null() | (Inspection.removed_at.is_null() & (Inspection.state == "done")),
            *where,
        )
    )


def _repeated(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    """By the period of repeats in force on the last day."""
    months = repeat_months(end)
    mine = _found(start, end)
    if not months:
        return mine.where(Finding.id.is_null())
    places = dict(database.execute(_found(start, end).columns(Finding.id, Finding.enterprise)))
    found = repeats(seen(set(places.values()), months_before(start, months), end), months)
    # Literal numbers: a database binds only so many parameters.
    keys = ",".join(str(key) for key in sorted(found) if key in places) or "0"
    return mine.where(peewee.Expression(Finding.id, peewee.OP.IN, peewee.SQL(f"({keys})")))


_count(
    "rectification.due", "到期的通知书", "份", "notices",
    "整改期限（含延期）在期内届满的责令改正通知书份数，届满日是休息日的按设置顺延；"
    "立即改正的、作废的和到期前已移送的不计。",
    _due,
)  # fmt: skip
_count(
    "rectification.on_time", "按期整改的通知书", "份", "notices",
    "到期的通知书中，所列隐患在期限以内（含当日）全部改正的份数，改正日期以复查为准。", _on_time,
)  # fmt: skip
_count(
    "rectification.overdue", "逾期整改的通知书", "份", "notices",
    "到期的通知书中，期限届满时还有隐患没有改正的份数，以后改正的也计在内。", _overdue,
)  # fmt: skip
Figure(
    name="rectification.on_time_rate",
    label="按期整改率",
    unit="%",
    kind="ratio",
    basis="flow",
    register="notices",
    rule="按期整改的通知书份数除以到期的份数。",
    part="rectification.on_time",
    whole="rectification.due",
)
_count(
    "rectification.extended", "批准延期的通知书", "份", "notices",
    "期内批准延期的责令改正通知书份数，按批准日期计，作废的不计。",
    lambda start, end: Notice.live()
    .select(Notice.id)
    .where(Notice.extended_on.between(start, end), Notice.state != "void"),
)  # fmt: skip
_count(
    "rectification.repeated", "重复出现的隐患", "处", "findings",
    "期内发现的隐患中，同一单位在认定期间内（见“标准与期限”）以前已发现过同类隐患的处数：检查项目、问题描述或违反条款相同的为同类。",
    _repeated,
)  # fmt: skip
_count(
    "rectification.findings_referred", "移送其他部门的隐患", "处", "findings",
    "期内移送的、没有开具通知书的隐患处数，按移送日期计。",
    lambda start, end: Finding.live().select(Finding.id).where(Finding.referred_on.between(start, end)),
)  # fmt: skip
