"""What 整改督办 reads, each table once for all matters; the view itself is rectification. Makes no matter."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

import peewee

from models.checklist import Checklist, ChecklistItem
from models.core.record import as_of, database
from models.enterprise import Enterprise, EnterpriseState, Party
from models.finding_check import FindingCheck
from models.inspection import Finding, Inspection, InspectionOfficer
from models.notice import OPEN_STATES, Notice, NoticeFinding, Reinspection, ReinspectionItem
from models.rules.repeats import Seen
from models.talk import Talk
from models.threshold import REPEAT_MONTHS, periods

#: Keys that one statement names.
MOST_NAMED = 5000


class Checked(NamedTuple):
    """The newest later look at a finding."""

    day: dt.date
    outcome: str
    note: str


def in_force_on(day: Any, table: Any = Notice) -> Any:
    """The condition «issued and neither closed, referred nor void at the end of a day» (a date or a column)."""
    return (
        table.removed_at.is_null()
        & (table.issued_on <= day)
        & (
            table.state.in_(OPEN_STATES)
            | (table.closed_on > day)
            | (table.referred_on > day)
            | (table.void_on > day)
        )
    )


def due_as_of(day: Any) -> Any:
    """The due day of a notice in force on a day: an extension granted later does not count."""
    extended = peewee.Case(None, [(Notice.extended_on <= day, Notice.extended_to)], None)
    return peewee.fn.COALESCE(extended, Notice.due_on)


def open_notices(day: dt.date) -> list[Any]:
    """The notices in force at the end of a day, with place and party."""
    return list(
        Notice.select(Notice, Enterprise, Party)
        .join(Enterprise, on=(Notice.enterprise == Enterprise.id))
        .join_from(Notice, Party, on=(Notice.party == Party.id))
        .where(in_force_on(day))
        .order_by(Notice.id)
    )


def _parts(keys: Iterable[int]) -> Iterator[list[int]]:
    """Keys in lists that one statement can name."""
    listed = sorted(keys)
    for start in range(0, len(listed), MOST_NAMED):
        yield listed[start : start + MOST_NAMED]


def linked_findings(notices: Collection[int]) -> dict[int, list[int]]:
    """Notice → its findings."""
    found: dict[int, list[int]] = defaultdict(list)
    for part in _parts(notices):
        query = (
            NoticeFinding.live()
            .select(NoticeFinding.notice, NoticeFinding.finding)
            .where(NoticeFinding.notice.in_(part))
            .order_by(NoticeFinding.id)
        )
        for notice, finding in query.tuples():
            found[notice].append(finding)
    return found


def findings_by_id(ids: Collection[int]) -> dict[int, Any]:
    """The findings of some ids, removed ones too: a notice may list them."""
    return {one.id: one for part in _parts(ids) for one in Finding.select().where(Finding.id.in_(part))}


def loose_findings(day: dt.date) -> list[Any]:
    """Findings open on a day that no notice in force or ended by then deals with."""
    dealt = (
        NoticeFinding.live()
        .select(NoticeFinding.id)
        .join(Notice, on=(NoticeFinding.notice == Notice.id))
        .where(
            NoticeFinding.finding == Finding.id,
            Notice.removed_at.is_null(),
            Notice.issued_on <= day,
            (Notice.state != "void") | (Notice.void_on > day),
        )
    )
    query = (
        Finding.live()
        .select(Finding, Enterprise, Party)
        .join(Enterprise, on=(Finding.enterprise == Enterprise.id))
        .join(Party, on=(Enterprise.party == Party.id))
        .join_from(Finding, Inspection, peewee.JOIN.LEFT_OUTER, on=(Finding.inspection == Inspection.id))
        .where(
            Finding.found_on <= day,
            Finding.resolved_on.is_null() | (Finding.resolved_on > day),
            Finding.referred_on.is_null() | (Finding.referred_on > day),
            Finding.inspection.is_null() | (Inspection.removed_at.is_null() & (Inspection.state == "done")),
            ~peewee.fn.EXISTS(dealt),
        )
        .order_by(Finding.id)
    )
    return list(query)


def newest_checks(day: dt.date, findings: Collection[int]) -> dict[int, Checked]:
    """The newest look at each finding by the end of a day: re-inspections of notices, checks of single findings."""
    item = ReinspectionItem
    found: dict[int, Checked] = {}
    for part in _parts(findings):
        again = (
            item.live()
            .select(item.finding, Reinspection.inspected_on, item.outcome, item.note)
            .join(Reinspection, on=(item.reinspection == Reinspection.id))
            .where(Reinspection.removed_at.is_null(), Reinspection.inspected_on <= day, item.finding.in_(part))
            .order_by(Reinspection.inspected_on, Reinspection.id)
        )
        alone = (
            FindingCheck.live()
            .select(FindingCheck.finding, FindingCheck.checked_on, FindingCheck.outcome, FindingCheck.note)
            .where(FindingCheck.checked_on <= day, FindingCheck.finding.in_(part))
            .order_by(FindingCheck.checked_on, FindingCheck.id)
        )
        for query in (again, alone):
            for key, on, outcome, note in query.tuples():
                if key not in found or found[key].day <= on:
                    found[key] = Checked(on, outcome, note)
    return found


def inspectors_of(findings: Collection[int]) -> list[int]:
    """The officers of the inspections that made some findings, to be offered for the next look."""
    query = (
        InspectionOfficer.live()
        .select(InspectionOfficer.officer)
        .join(Finding, on=(Finding.inspection == InspectionOfficer.inspection))
        .where(Finding.id.in_(list(findings)))
        .order_by(InspectionOfficer.id)
    )
    return list(dict.fromkeys(row[0] for row in database.execute(query)))


def repeat_months(day: dt.date) -> int:
    """Months within which a hazard counts as repeated; 0 (none does) where the period is not set for the day."""
    return next(
        (
            row.value
            for row in periods()
            if row.code == REPEAT_MONTHS
            and row.valid_from <= day
            and (row.valid_to is None or row.valid_to >= day)
        ),
        0,
    )


def seen(places: Collection[int], start: dt.date, end: dt.date) -> Iterator[Seen]:
    """The findings made at some places in a stretch of days, as the rule of repeats looks at them."""
    for part in _parts(places):
        query = (
            Finding.live()
            .select(
                Finding.id, Finding.enterprise, Finding.found_on, Checklist.kind, ChecklistItem.number,
                Finding.legal_basis, Finding.wording, Finding.resolved_on,
            )
            .join(ChecklistItem, peewee.JOIN.LEFT_OUTER, on=(Finding.item == ChecklistItem.id))
            .join(Checklist, peewee.JOIN.LEFT_OUTER, on=(ChecklistItem.checklist == Checklist.id))
            .join_from(Finding, Inspection, peewee.JOIN.LEFT_OUTER, on=(Finding.inspection == Inspection.id))
            .where(
                Finding.enterprise.in_(part),
                Finding.found_on.between(start, end),
                Finding.inspection.is_null() | (Inspection.removed_at.is_null() & (Inspection.state == "done")),
            )
        )  # fmt: skip
        for key, place, on, form, number, article, wording, resolved in query.tuples():
            yield Seen(key, place, on, f"{form} {number}" if number else "", article, wording, resolved)


def townships_of(day: dt.date, places: Collection[int]) -> dict[int, int]:
    """Place → its township on a day."""
    state = EnterpriseState
    found: dict[int, int] = {}
    for part in _parts(places):
        query = state.select(state.enterprise, state.area).where(
            state.removed_at.is_null(), state.enterprise.in_(part), as_of(state, day)
        )
        found.update(database.execute(query))
    return found


def drafts_of(findings: Collection[int]) -> dict[int, int]:
    """Finding → the draft of a notice that lists it."""
    link = NoticeFinding
    found: dict[int, int] = {}
    for part in _parts(findings):
        query = (
            link.live()
            .select(link.finding, link.notice)
            .join(Notice, on=(link.notice == Notice.id))
            .where(link.finding.in_(part), Notice.removed_at.is_null(), Notice.state == "draft")
        )
        found.update(database.execute(query))
    return found


def talks_of(day: dt.date, link: Any, column: Any, past: bool = False) -> dict[int, list[tuple[dt.date, str]]]:
    """Record → (day, state) of the talks about it, the earliest first; those planned count from any day, of a
    ``past`` day from the day they were told."""
    ahead = (Talk.state == "planned") & (Talk.notified_on <= day if past else True)
    query = (
        link.live()
        .select(column, Talk.held_on, Talk.state)
        .join(Talk, on=(link.talk == Talk.id))
        .where(Talk.removed_at.is_null(), (Talk.held_on <= day) | ahead)
        .order_by(Talk.held_on)
    )
    found: dict[int, list[tuple[dt.date, str]]] = defaultdict(list)
    for key, on, state in query.tuples():
        found[key].append((on, state))
    return found
