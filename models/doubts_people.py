"""Doubts about who was there (数据核查：人员): two places at once, too few, without certificate, hours too long."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import peewee

from models.area import Area
from models.doubt_facts import Asked, Found, day_of, minute_of, place_names, rows
from models.duty import LeaderDuty
from models.enterprise import EnterpriseState
from models.inspection import Inspection, InspectionOfficer
from models.notice import Notice, Reinspection, ReinspectionOfficer
from models.organization import Officer
from models.rules.overlap import Stretch, clashes, minutes_passed, span_text


class _Timed(NamedTuple):
    """An inspection with both times, in minutes since midnight."""

    begin: int
    end: int
    id: int
    enterprise: int
    day: dt.date


class _Presence:
    """Who was at which inspection with times in a period."""

    def __init__(self, asked: Asked) -> None:
        row = InspectionOfficer
        query = row.select(row.inspection, row.officer).join(Inspection, on=(row.inspection == Inspection.id))
        self.officers: dict[int, list[int]] = defaultdict(list)
        for key, officer in rows(query.where(asked.done(), row.removed_at.is_null())):
            self.officers[key].append(officer)
        self.visits = [
            _Timed(begin, end, key, place, day)
            for key, place, day, begin, end, _result in asked.facts.visits(asked)
            if begin is not None and end is not None and begin < end
        ]
        self.visits.sort(key=lambda visit: (visit.day, visit.begin, visit.id))

    def crowded(self) -> set[tuple[int, dt.date]]:
        """The officers' days on which an inspection begins before another has ended."""
        found, running = set(), dict[int, tuple[dt.date, int]]()
        nobody = (dt.date.min, 0)
        for begin, end, key, _place, day in self.visits:
            for officer in self.officers.get(key, ()):
                last, until = running.get(officer, nobody)
                if last != day:
                    running[officer] = (day, end)
                    continue
                if begin < until:
                    found.add((officer, day))
                if end > until:
                    running[officer] = (day, end)
        return found

    def of(self, wanted: Collection[tuple[int, dt.date]]) -> dict[tuple[int, dt.date], list[_Timed]]:
        """The inspections of some officers' days, by their begin."""
        days = {day for _officer, day in wanted}
        found: dict[tuple[int, dt.date], list[_Timed]] = defaultdict(list)
        for visit in self.visits:
            if visit.day in days:
                for officer in self.officers.get(visit.id, ()):
                    if (officer, visit.day) in wanted:
                        found[officer, visit.day].append(visit)
        return found


def two_places(asked: Asked) -> Iterator[Found]:
    """An officer at two inspections of different enterprises, or at one and on duty elsewhere, at one time."""
    presence = _Presence(asked)
    pairs: dict[tuple[_Timed, _Timed, int], list[int]] = defaultdict(list)
    for (officer, _day), mine in presence.of(presence.crowded()).items():
        for clash in clashes([Stretch(v.begin, v.end, v.enterprise) for v in mine], asked.bound):
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
    yield from _on_duty_elsewhere(asked, presence)


def _duties(asked: Asked) -> list[tuple[int, int, dt.date, int, int, str, int]]:
    d = LeaderDuty
    query = d.live().select(d.id, d.officer, d.on_day, d.started_at, d.ended_at, d.place, d.minutes)
    found = rows(query.where(d.on_day.between(asked.start, asked.end)).order_by(d.id))
    return [
        (key, who, day_of(day), minute_of(begin), minute_of(end), place, minutes or 0)
        for key, who, day, begin, end, place, minutes in found
    ]


def _on_duty_elsewhere(asked: Asked, presence: _Presence) -> Iterator[Found]:
    """Duties at the time of an inspection where the duty's place names neither the enterprise nor its township."""
    duties = _duties(asked)
    if not duties:
        return
    present = presence.of({(duty[1], duty[2]) for duty in duties})
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
    count = peewee.fn.COUNT(peewee.SQL("1"))
    here = mine.select(count).where(mine.inspection == i.id, mine.removed_at.is_null())
    query = i.select(i.id, i.inspected_on, i.enterprise, here).where(asked.done(), here < asked.bound)
    there = theirs.select(count).where(theirs.reinspection == r.id, theirs.removed_at.is_null())
    again = (
        r.select(r.id, r.inspected_on, Notice.enterprise, there)
        .join(Notice, on=(r.notice == Notice.id))
        .where(r.removed_at.is_null(), r.inspected_on.between(asked.start, asked.end), there < asked.bound)
    )
    for register, found in (("inspections", query), ("reinspections", again)):
        for key, day, place, count in rows(found):
            words = f"只登记了{count}名执法人员，不得少于{asked.bound}人" if count else "没有登记执法人员"
            yield Found(register, key, "officers", day_of(day), place, words, str(count))


def _attended(asked: Asked, officers: Any, where: Any) -> list[tuple[Any, ...]]:
    """(inspection, day, enterprise, officer, name, number, certified until, left on) of officers in doubt.

    ``officers`` is the condition that some officers meet on some day of the period: mostly none, and nothing is read.
    """
    some = [key for (key,) in rows(Officer.select(Officer.id).where(officers))]
    if not some:
        return []
    row = InspectionOfficer
    query = (
        row.select(Inspection.id, Inspection.inspected_on, Inspection.enterprise, Officer.id, Officer.name,
                   Officer.certificate, Officer.certified_until, Officer.left_on)
        .join(Inspection, on=(row.inspection == Inspection.id))
        .join_from(row, Officer, on=(row.officer == Officer.id))
        .where(row.officer.in_(some), asked.done(), row.removed_at.is_null(), where)
    )  # fmt: skip
    return rows(query)


def certificate(asked: Asked) -> Iterator[Found]:
    """Officers without a certificate, or whose certificate had run out on the day, at re-inspections too."""
    without, until_day = Officer.certificate == "", Officer.certified_until
    odd = without | (until_day < Inspection.inspected_on)
    some = without | (until_day < asked.end)
    attended = [("inspections", row) for row in _attended(asked, some, odd)]
    attended += [("reinspections", row) for row in _reinspected(asked, some)]
    for register, (key, day, place, officer, name, number, until, _left) in attended:
        words = f"的执法证已于{day_of(until)}到期" if number else "没有登记执法证号"
        yield Found(register, key, "officers", day_of(day), place, f"{name}{words}", str(officer))


def _reinspected(asked: Asked, officers: Any) -> list[tuple[Any, ...]]:
    """As ``_attended``, of re-inspections and officers without a valid certificate on their day."""
    r, row = Reinspection, ReinspectionOfficer
    query = (
        row.select(r.id, r.inspected_on, Notice.enterprise, Officer.id, Officer.name, Officer.certificate,
                   Officer.certified_until, Officer.left_on)
        .join(r, on=(row.reinspection == r.id))
        .join_from(r, Notice, on=(r.notice == Notice.id))
        .join_from(row, Officer, on=(row.officer == Officer.id))
        .where(
            r.removed_at.is_null(), row.removed_at.is_null(), r.inspected_on.between(asked.start, asked.end), officers,
            (Officer.certificate == "") | (Officer.certified_until < r.inspected_on),
        )
    )  # fmt: skip
    return rows(query)


def left(asked: Asked) -> Iterator[Found]:
    """Officers who had left the office before the day."""
    some, odd = Officer.left_on < asked.end, Officer.left_on < Inspection.inspected_on
    for key, day, place, officer, name, *_certificate, gone in _attended(asked, some, odd):
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
