"""Doubts about when it was (数据核查：日期和时间): rest days, future days, closed places, odd lengths, drafts left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import peewee

from models.doubt_facts import Asked, Found, day_of, rows
from models.duty import LeaderDuty
from models.enterprise import Enterprise, EnterpriseState, Permit, state_on
from models.inspection import Inspection
from models.notice import Notice, Reinspection
from models.rules.overlap import clock, span_text
from models.visit import SupervisionVisit

ENDED = ("closed", "revoked")
WEEKDAYS = "一二三四五六日"


def _dated() -> tuple[tuple[str, str, Any, Any, Any], ...]:
    """(register, field, day column, enterprise column, query without a period) of what happens on a day."""
    i, r, v = Inspection, Reinspection, SupervisionVisit
    return (
        ("inspections", "inspected_on", i.inspected_on, i.enterprise, i.live().where(i.state == "done")),
        ("reinspections", "inspected_on", r.inspected_on, Notice.enterprise, r.live().join(Notice)),
        ("visits", "visited_on", v.visited_on, v.enterprise, v.live()),
    )


def rest_day(asked: Asked) -> Iterator[Found]:
    """Inspections, re-inspections and supervision visits on a day off."""
    calendar = asked.facts.calendar
    for register, field, day, place, query in _dated():
        key = query.model.id
        days = rows(query.select(day).where(day.between(asked.start, asked.end)).distinct())
        off = sorted(one for row in days if not calendar.is_workday(one := day_of(row[0])))
        for at in range(0, len(off), 500):
            found = query.select(key, day, place).where(day.in_(off[at : at + 500]))
            for record, on, enterprise in rows(found):
                on = day_of(on)
                name = calendar.name_of(on)
                words = f"{on}是星期{WEEKDAYS[on.weekday()]}{f'（{name}）' if name else ''}，休息日"
                yield Found(register, record, field, on, enterprise, words, on.isoformat())


def future(asked: Asked) -> Iterator[Found]:
    """What is said to have happened after today, whatever the end of the period."""
    n, d = Notice, LeaderDuty
    none = peewee.Value(None)
    kinds = (
        *_dated(),
        ("leader_duties", "on_day", d.on_day, none, d.live()),
        ("notices", "issued_on", n.issued_on, n.enterprise, n.live().where(n.state.not_in(("draft", "void")))),
    )
    since = max(asked.start, asked.today + dt.timedelta(days=1))
    for register, field, day, place, query in kinds:
        for record, on, enterprise in rows(query.select(query.model.id, day, place).where(day >= since)):
            on = day_of(on)
            yield Found(register, record, field, on, enterprise, f"{on}还没有到", on.isoformat())


def closed(asked: Asked) -> Iterator[Found]:
    """Inspections and supervision visits at a place that was closed or revoked on the day."""
    v = SupervisionVisit
    visits = v.removed_at.is_null() & v.visited_on.between(asked.start, asked.end)
    for register, model, day, where in (
        ("inspections", Inspection, Inspection.inspected_on, asked.done()),
        ("visits", v, v.visited_on, visits),
    ):
        state, on = state_on(model.enterprise, day)
        ended = EnterpriseState.live().select(EnterpriseState.enterprise).where(EnterpriseState.status.in_(ENDED))
        query = (
            model.select(model.id, day, model.enterprise, state.status, state.valid_from)
            .join(state, on=on)
            .where(model.enterprise.in_(ended), where, state.status.in_(ENDED))
        )
        labels = EnterpriseState.status.labels
        for record, on_day, place, status, since in rows(query):
            words = f"这个单位自{day_of(since)}起已{labels[status]}"
            yield Found(register, record, "enterprise", day_of(on_day), place, words, str(day_of(on_day)))


def before_opening(asked: Asked) -> Iterator[Found]:
    """Inspections and supervision visits before the place was opened."""
    v = SupervisionVisit
    visits = v.removed_at.is_null() & v.visited_on.between(asked.start, asked.end)
    for register, field, model, day, where in (
        ("inspections", "inspected_on", Inspection, Inspection.inspected_on, asked.done()),
        ("visits", "visited_on", v, v.visited_on, visits),
    ):
        query = (
            model.select(model.id, day, model.enterprise, Enterprise.opened_on)
            .join(Enterprise, on=(model.enterprise == Enterprise.id))
            .where(where, Enterprise.opened_on > asked.start, Enterprise.opened_on > day)
        )
        for record, on, place, opened in rows(query):
            words = f"{day_of(on)}早于开业日期{day_of(opened)}"
            yield Found(register, record, field, day_of(on), place, words, str(day_of(on)))


def before_permit(asked: Asked) -> Iterator[Found]:
    """Inspections before the first permit of a place was issued.

    A place opened more than the bound in days before that permit evidently had an older one: left out.
    """
    p, e, i = Permit, Enterprise, Inspection
    first = (
        p.select(p.enterprise, peewee.fn.MIN(p.issued_on).alias("first"))
        .where(p.removed_at.is_null(), p.issued_on.is_null(False))
        .group_by(p.enterprise)
        .having(peewee.fn.MIN(p.issued_on) > asked.start)
        .alias("permitted")
    )
    query = (
        i.select(i.id, i.inspected_on, i.enterprise, first.c.first, e.opened_on)
        .join(first, on=(first.c.enterprise_id == i.enterprise))
        .join_from(i, e, on=(i.enterprise == e.id))
        .where(asked.done(), i.inspected_on < first.c.first)
    )
    for record, on, place, issued, opened in rows(query):
        on, issued, opened = day_of(on), day_of(issued), day_of(opened)
        if opened is None or (issued - opened).days <= asked.bound:
            words = f"{on}早于最早的发证日期{issued}"
            yield Found("inspections", record, "inspected_on", on, place, words, f"{on}/{issued}")


def twice(asked: Asked) -> Iterator[Found]:
    """An enterprise with two inspections of one day: the later entered one is told."""
    i, j = Inspection, Inspection.alias()
    again = (
        i.select(i.enterprise, i.inspected_on)
        .where(asked.done())
        .group_by(i.inspected_on, i.state, i.enterprise)
        .having(peewee.fn.COUNT(i.id) > 1)
        .alias("again")
    )
    query = (
        j.select(j.id, j.inspected_on, j.enterprise)
        .join(again, on=(again.c.enterprise_id == j.enterprise) & (again.c.inspected_on == j.inspected_on))
        .where(j.removed_at.is_null(), j.state == "done")
        .order_by(j.enterprise, j.inspected_on, j.id)
    )
    before: tuple[Any, ...] = ()
    for record, on, place in rows(query):
        if before[1:] == (on, place):
            words = f"{day_of(on)}这个单位已登记过一次检查"
            yield Found("inspections", record, "inspected_on", day_of(on), place, words, f"{before[0]}/{day_of(on)}")
        before = (record, on, place)


def times(asked: Asked) -> Iterator[Found]:
    """Inspections with one time only, or that end before they begin."""
    for visit in asked.facts.visits(asked):
        begin, end = visit.begin, visit.end
        if (begin is None and end is None) or (begin is not None and end is not None and begin < end):
            continue
        known = [clock(one) for one in (begin, end) if one is not None]
        words = f"只有{'开始' if begin is not None else '结束'}时间{known[0]}"
        if len(known) == 2:
            words = f"{known[0]}开始，{known[1]}结束"
        field = "ended_at" if begin is not None else "started_at"
        yield Found("inspections", visit.id, field, visit.day, visit.enterprise, words, "-".join(known))


def _lasting(asked: Asked, odd: Callable[[int], bool], words: str) -> Iterator[Found]:
    for visit in asked.facts.visits(asked):
        if visit.begin is None or visit.end is None:
            continue
        minutes = visit.end - visit.begin
        if minutes > 0 and odd(minutes):
            text = f"{span_text(visit.begin, visit.end)}共{minutes}分钟，{words}{asked.bound}分钟"
            value = f"{visit.begin}-{visit.end}"
            yield Found("inspections", visit.id, "ended_at", visit.day, visit.enterprise, text, value)


def short_visit(asked: Asked) -> Iterator[Found]:
    """Inspections that took fewer minutes than the bound."""
    return _lasting(asked, lambda minutes: minutes < asked.bound, "短于")


def long_visit(asked: Asked) -> Iterator[Found]:
    """Inspections that took more minutes than the bound."""
    return _lasting(asked, lambda minutes: minutes > asked.bound, "长于")


def stale_draft(asked: Asked) -> Iterator[Found]:
    """Inspections that are drafts still, more days after their day than the bound."""
    i = Inspection
    last = min(asked.end, asked.today - dt.timedelta(days=asked.bound + 1))
    query = i.live().select(i.id, i.inspected_on, i.enterprise)
    for record, on, place in rows(query.where(i.inspected_on.between(asked.start, last), i.state == "draft")):
        on = day_of(on)
        words = f"检查已过{(asked.today - on).days}天，仍是草稿，不计入报表"
        yield Found("inspections", record, "state", on, place, words, on.isoformat())
