"""Doubts about who was there (数据核查：人员): two places at once, too few, without certificate, hours too long."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import peewee

from models.area import Area
from models.doubt_facts import Asked, Found, Visit, day_of, minute_of, place_names, rows
from models.duty import LeaderDuty
from models.enterprise import EnterpriseState
from models.inspection import Inspection, InspectionOfficer
from models.notice import Notice, Reinspection, ReinspectionOfficer
from models.organization import Officer
from models.rules.overlap import Stretch, clashes, minutes_passed, span_text


def two_places(asked: Asked) -> Iterator[Found]:
    """An officer at two inspections of different enterprises, or at one and on duty elsewhere, at one time."""
    by_id = {visit.id: visit for visit in asked.facts.visits(asked)}
    present: dict[tuple[int, dt.date], list[Visit]] = defaultdict(list)
    for inspection, officer in rows(_presence(asked)):
        if (visit := by_id.get(inspection)) is not None:
            present[officer, visit.day].append(visit)
    pairs: dict[tuple[Visit, Visit, int], list[int]] = defaultdict(list)
    for (officer, _day), mine in present.items():
        if len(mine) > 1:
            stretches = [Stretch(v.begin, v.end, v.enterprise) for v in mine]
            for clash in clashes(stretches, asked.bound):
                pairs[mine[clash.later], mine[clash.earlier], clash.minutes].append(officer)
    called = place_names({v.enterprise for pair in pairs for v in pair[:2]})
    for (later, earlier, minutes), people in pairs.items():
        who = "、".join(asked.facts.officers[key] for key in sorted(people))
        yield Found(
            "inspections", later.id, "started_at", later.day, later.enterprise,
            f"{who}{span_text(earlier.begin, earlier.end)}在“{called[earlier.enterprise]}”检查，"
            f"{span_text(later.begin, later.end)}又在这里，重叠{minutes}分钟",
            f"{earlier.id}:{earlier.begin}-{earlier.end}/{later.begin}-{later.end}/{sorted(people)}",
        )  # fmt: skip
    yield from _on_duty_elsewhere(asked, present)


def _presence(asked: Asked) -> Any:
    """Who was at which inspection with times."""
    row = InspectionOfficer
    return (
        row.select(row.inspection, row.officer)
        .join(Inspection, on=(row.inspection == Inspection.id))
        .where(asked.done(), row.removed_at.is_null(), Inspection.started_at.is_null(False))
    )


def _duties(asked: Asked) -> list[tuple[int, int, dt.date, int, int, str, int]]:
    d = LeaderDuty
    query = d.live().select(d.id, d.officer, d.on_day, d.started_at, d.ended_at, d.place, d.minutes)
    found = rows(query.where(d.on_day.between(asked.start, asked.end)).order_by(d.id))
    return [
        (key, who, day_of(day), minute_of(begin), minute_of(end), place, minutes or 0)
        for key, who, day, begin, end, place, minutes in found
    ]


def _on_duty_elsewhere(
    asked: Asked, present: dict[tuple[int, dt.date], list[Visit]]
) -> Iterator[Found]:
    """Duties at the time of an inspection where the duty's place names neither the enterprise nor its township."""
    duties = _duties(asked)
    met = [
        (duty, visit)
        for duty in duties
        for visit in present.get((duty[1], duty[2]), ())
        if min(duty[4], visit.end) - max(duty[3], visit.begin) > asked.bound
    ]
    keys = {visit.enterprise for _duty, visit in met}
    called, townships = place_names(keys), _townships(keys)
    for (key, who, day, begin, end, place, _minutes), visit in met:
        name = called[visit.enterprise]
        if name in place or place in name or any(area in place for area in townships[visit.enterprise]):
            continue
        yield Found(
            "leader_duties", key, "started_at", day, visit.enterprise,
            f"{asked.facts.officers[who]}{span_text(begin, end)}在“{place}”督导，"
            f"{span_text(visit.begin, visit.end)}又在“{name}”检查",
            f"{visit.id}:{visit.begin}-{visit.end}/{begin}-{end}/{place}",
        )  # fmt: skip


def _townships(enterprises: set[int]) -> dict[int, set[str]]:
    """The names of the townships that some enterprises were ever in."""
    found: dict[int, set[str]] = {key: set() for key in enterprises}
    if not found:
        return found
    state = EnterpriseState
    query = state.live().select(state.enterprise, Area.name).join(Area, on=(state.area == Area.id)).distinct()
    for at in range(0, len(enterprises), 500):
        for key, name in rows(query.where(state.enterprise.in_(sorted(enterprises)[at : at + 500]))):
            found[key].add(name)
    return found


def few_officers(asked: Asked) -> Iterator[Found]:
    """Inspections and re-inspections with fewer law officers than the bound."""
    i, r, mine, theirs = Inspection, Reinspection, InspectionOfficer, ReinspectionOfficer
    query = (
        i.select(i.id, i.inspected_on, i.enterprise, peewee.fn.COUNT(mine.id))
        .join(mine, peewee.JOIN.LEFT_OUTER, on=(mine.inspection == i.id) & mine.removed_at.is_null())
        .where(asked.done())
        .group_by(i.id, i.inspected_on, i.enterprise)
        .having(peewee.fn.COUNT(mine.id) < asked.bound)
    )
    again = (
        r.select(r.id, r.inspected_on, Notice.enterprise, peewee.fn.COUNT(theirs.id))
        .join(Notice, on=(r.notice == Notice.id))
        .join_from(
            r, theirs, peewee.JOIN.LEFT_OUTER, on=(theirs.reinspection == r.id) & theirs.removed_at.is_null()
        )
        .where(r.removed_at.is_null(), r.inspected_on.between(asked.start, asked.end))
        .group_by(r.id, r.inspected_on, Notice.enterprise)
        .having(peewee.fn.COUNT(theirs.id) < asked.bound)
    )
    for register, found in (("inspections", query), ("reinspections", again)):
        for key, day, place, count in rows(found):
            words = f"只登记了{count}名执法人员，不得少于{asked.bound}人" if count else "没有登记执法人员"
            yield Found(register, key, "officers", day_of(day), place, words, str(count))


def _attended(asked: Asked, where: peewee.Expression) -> list[tuple[Any, ...]]:
    """(inspection, day, enterprise, officer, name, number, certified until, left on) of officers in doubt."""
    row = InspectionOfficer
    query = (
        row.select(Inspection.id, Inspection.inspected_on, Inspection.enterprise, Officer.id, Officer.name,
                   Officer.certificate, Officer.certified_until, Officer.left_on)
        .join(Inspection, on=(row.inspection == Inspection.id))
        .join_from(row, Officer, on=(row.officer == Officer.id))
        .where(asked.done(), row.removed_at.is_null(), where)
    )  # fmt: skip
    return rows(query)


def certificate(asked: Asked) -> Iterator[Found]:
    """Officers without a certificate, or whose certificate had run out on the day."""
    expired = Officer.certified_until < Inspection.inspected_on
    for key, day, place, officer, name, number, until, _left in _attended(asked, (Officer.certificate == "") | expired):
        words = f"的执法证已于{day_of(until)}到期" if number else "没有登记执法证号"
        yield Found("inspections", key, "officers", day_of(day), place, f"{name}{words}", str(officer))


def left(asked: Asked) -> Iterator[Found]:
    """Officers who had left the office before the day."""
    for key, day, place, officer, name, *_certificate, gone in _attended(
        asked, Officer.left_on < Inspection.inspected_on
    ):
        on, gone = day_of(day), day_of(gone)
        yield Found("inspections", key, "officers", on, place, f"{name}已于{gone}离岗", f"{officer}/{gone}/{on}")


def duty_hours(asked: Asked) -> Iterator[Found]:
    """Duties whose minutes are more than passed: one longer than from begin to end, a day's together longer than what
    passed, or more than the bound in a day."""
    days: dict[tuple[int, dt.date], list[tuple[int, int, int, int]]] = defaultdict(list)
    for key, who, day, begin, end, _place, minutes in _duties(asked):
        days[who, day].append((key, begin, end, minutes))
    for (who, day), mine in days.items():
        name, total = asked.facts.officers[who], sum(minutes for *_rest, minutes in mine)
        passed = minutes_passed((begin, end) for _key, begin, end, _minutes in mine)
        words = ""
        if total > passed:
            words = f"{name}当日{len(mine)}次督导登记{total}分钟，起止时间实际只有{passed}分钟"
        elif asked.bound and total > asked.bound:
            words = f"{name}当日督导{total}分钟，超过{asked.bound}分钟"
        if words:
            spans = ";".join(f"{begin}-{end}={minutes}" for _key, begin, end, minutes in mine)
            yield Found("leader_duties", mine[-1][0], "ended_at", day, None, words, spans)
