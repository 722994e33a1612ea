"""整改督办: every open notice and finding as of any day, by due day, with its reasons. Stores nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import peewee

from models.area import Area
from models.checklist import Checklist, ChecklistItem
from models.core.record import as_of, database
from models.enterprise import Enterprise, EnterpriseState, Party
from models.finding_check import FindingCheck
from models.holiday import work_calendar
from models.inspection import Finding, Inspection, InspectionOfficer
from models.notice import OPEN_STATES, Notice, NoticeFinding, Reinspection, ReinspectionItem
from models.rules.calendar import WorkCalendar
from models.rules.dates import format_date_paper
from models.rules.deadlines import Urgency, notice_urgency
from models.rules.repeats import Seen, months_before, repeats
from models.settings import settings
from models.talk import Talk, TalkFinding, TalkNotice
from models.threshold import REPEAT_MONTHS, periods

#: Keys that one statement names.
MOST_NAMED = 5000
Kind = Literal["notice", "finding"]
#: Where a matter stands, in the order of the work.
STATES = (
    ("loose", "未开具通知书"),
    ("drafted", "通知书未签发"),
    ("issued", "未送达"),
    ("served", "待整改"),
    ("partly", "部分改正"),
    ("corrected", "待销号"),
)


class Checked(NamedTuple):
    """The newest later look at a finding."""

    day: dt.date
    outcome: str
    note: str


@dataclass(frozen=True)
class Item:
    """One finding of a matter as of the day; ``repeated`` are the reasons why it is a repeated one."""

    id: int
    wording: str
    severity: str
    found_on: dt.date
    resolved_on: dt.date | None
    checked: Checked | None
    repeated: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether it is still to be corrected."""
        return self.resolved_on is None


@dataclass(frozen=True)
class Matter:
    """An open notice, or an open finding that stands on none.

    ``due_on`` is in force, ``first_due`` before an extension; ``working_left`` counts working days, negative when
    overdue. ``talks`` are (day, state), ``draft`` the notice being made of a finding.
    """

    kind: Kind
    id: int
    enterprise: int
    enterprise_name: str
    party: str
    person: str
    phone: str
    township: int
    township_name: str
    number: str
    state: str
    mode: str
    found_on: dt.date
    issued_on: dt.date | None
    served_on: dt.date | None
    first_due: dt.date | None
    due_on: dt.date | None
    extended: bool
    urgency: Urgency
    days_left: int | None
    working_left: int | None
    label: str
    reasons: tuple[str, ...]
    items: tuple[Item, ...]
    talks: tuple[tuple[dt.date, str], ...]
    draft: int | None = None

    @property
    def key(self) -> tuple[Kind, int]:
        """What names it."""
        return self.kind, self.id

    @property
    def open_items(self) -> tuple[Item, ...]:
        """The findings still to be corrected."""
        return tuple(item for item in self.items if item.open)

    @property
    def repeated(self) -> bool:
        """Whether any of its open findings repeats an earlier one."""
        return any(item.repeated for item in self.open_items)

    @property
    def talked(self) -> bool:
        """Whether a talk about it was held."""
        return any(state == "held" for _day, state in self.talks)

    @property
    def group(self) -> str:
        """A code of GROUPS."""
        if self.state == "corrected":
            return "corrected"
        return GROUP_OF[self.urgency]

    @property
    def facts(self) -> str:
        """What is to be corrected, in one line."""
        shown = self.open_items or self.items
        first = shown[0].wording if shown else ""
        return first if len(shown) <= 1 else f"{first}　等{len(shown)}处"


#: The groups a clerk works through, the most urgent first.
GROUPS = (
    ("overdue", "已逾期"),
    ("soon", "即将到期"),
    ("undated", "没有期限"),
    ("running", "整改中"),
    ("corrected", "待销号"),
)
GROUP_OF = {
    Urgency.OVERDUE: "overdue",
    Urgency.DUE_TODAY: "soon",
    Urgency.DUE_SOON: "soon",
    Urgency.NO_DUE_DAY: "undated",
    Urgency.NOT_DUE: "running",
}


def matters(day: dt.date) -> list[Matter]:
    """What is open at the end of a day, the soonest due first; what has no due day stands last. Safe on a reader."""
    notices = _open_notices(day)
    linked = _linked([one.id for one in notices])
    loose = _loose_findings(day)
    findings = _findings({key for keys in linked.values() for key in keys}) | {one.id: one for one in loose}
    built = _Builder(day, findings, {one.enterprise_id for one in (*notices, *loose)})
    found = [built.notice(one, [findings[key] for key in linked.get(one.id, ())]) for one in notices]
    found += [built.finding(one) for one in loose]
    last = dt.date.max
    return sorted(
        found, key=lambda m: (m.due_on or last, m.issued_on or m.found_on, m.enterprise_name, m.kind, m.id)
    )


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


def _open_notices(day: dt.date) -> list[Any]:
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


def _linked(notices: Collection[int]) -> dict[int, list[int]]:
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


def _findings(ids: Collection[int]) -> dict[int, Any]:
    return {one.id: one for part in _parts(ids) for one in Finding.select().where(Finding.id.in_(part))}


def _loose_findings(day: dt.date) -> list[Any]:
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


class _Builder:
    """Makes matters from records, with what is read for all of them at once."""

    def __init__(self, day: dt.date, findings: Mapping[int, Any], places: set[int]) -> None:
        self.day = day
        self.soon = settings().warn_days
        self.calendar = work_calendar()
        self.checked = _checks(day, findings)
        self.repeated = _repeated(day, findings.values(), places)
        self.townships = _townships(day, places)
        self.names = dict(database.execute(Area.select(Area.id, Area.name)))
        self.drafts = _drafts(findings)
        self.talks = {
            "notice": _talks(day, TalkNotice, TalkNotice.notice),
            "finding": _talks(day, TalkFinding, TalkFinding.finding),
        }

    def notice(self, one: Any, findings: list[Any]) -> Matter:
        """The matter of a notice."""
        extended = one.extended_on is not None and one.extended_on <= self.day
        served = one.served_on if one.served_on is not None and one.served_on <= self.day else None
        items = tuple(self._item(finding) for finding in findings)
        found_on = min((f.found_on for f in findings), default=one.issued_on)
        state = "issued" if served is None else "served"
        if items and not any(item.open for item in items):
            state = "corrected" if served is not None else "issued"
        elif served is not None and self._begun(items):
            state = "partly"
        due = (one.extended_to if extended else one.due_on) if one.mode == "deadline" else None
        return self._matter(
            one, "notice", one.party, items, found_on,
            number=one.number or "", state=state, mode=one.mode, issued_on=one.issued_on, served_on=served,
            first_due=one.due_on, due_on=due, extended=extended,
        )  # fmt: skip

    def finding(self, one: Any) -> Matter:
        """The matter of a finding that stands on no notice."""
        extended = one.extended_on is not None and one.extended_on <= self.day
        item = self._item(one)
        draft = self.drafts.get(one.id)
        state = "partly" if self._begun((item,)) else "drafted" if draft is not None else "loose"
        return self._matter(
            one, "finding", one.enterprise.party, (item,), one.found_on,
            number="", state=state, mode="", issued_on=None, served_on=None, first_due=one.due_on,
            due_on=one.extended_to if extended else one.due_on, extended=extended, draft=draft,
        )  # fmt: skip

    def _begun(self, items: Iterable[Item]) -> bool:
        return any(not item.open or (item.checked and item.checked.outcome == "partly") for item in items)

    def _item(self, one: Any) -> Item:
        resolved = one.resolved_on if one.resolved_on is not None and one.resolved_on <= self.day else None
        return Item(
            one.id, one.wording, one.severity, one.found_on, resolved, self.checked.get(one.id),
            self.repeated.get(one.id, ()),
        )  # fmt: skip

    def _matter(
        self, one: Any, kind: Kind, party: Any, items: tuple[Item, ...], found_on: dt.date, **facts: Any
    ) -> Matter:
        place, due = one.enterprise, facts["due_on"]
        told = notice_urgency(due, self.day, self.soon)
        reasons, working = told.reasons, None
        if due is None and kind == "finding":
            reasons = ("没有填写整改期限，也没有开具责令改正通知书",)
        elif due is not None:
            working, sums = working_days_left(self.calendar, self.day, due)
            reasons = (*reasons, *sums, *rest_day(self.calendar, due))
        if facts["extended"]:
            reasons = (f"原期限{format_date_paper(facts['first_due'])}，经批准延期一次", *reasons)
        label = told.label if due is not None else "立即改正" if facts["mode"] == "immediate" else "没有期限"
        if facts["state"] == "corrected":
            label = "已改正"
        return Matter(
            kind=kind, id=one.id, enterprise=place.id, enterprise_name=place.name, party=party.name,
            person=place.principal or party.principal, phone=place.phone or party.phone,
            township=self.townships.get(place.id, 0),
            township_name=self.names.get(self.townships.get(place.id, 0), ""),
            found_on=found_on, urgency=told.urgency, days_left=told.days_left, working_left=working,
            label=label, reasons=reasons, items=items,
            talks=tuple(self.talks[kind].get(one.id, ())), **facts,
        )  # fmt: skip


def working_days_left(calendar: WorkCalendar, day: dt.date, due: dt.date) -> tuple[int, tuple[str, ...]]:
    """Working days until a due day (negative when it has passed), with the arithmetic."""
    if due >= day:
        return calendar.working_days_between(day, due)
    count, reasons = calendar.working_days_between(due, day)
    return -count, reasons


def rest_day(calendar: WorkCalendar, due: dt.date) -> tuple[str, ...]:
    """What to know of a due day on which offices rest (民法典第二百零三条: the period ends on the next day worked)."""
    if calendar.is_workday(due):
        return ()
    name = calendar.names.get(due, "周末")
    after = calendar.add_working_days(due, 1).value
    return (f"期限届满日是休息日（{name}），可顺延到次一工作日{format_date_paper(after)}（《民法典》第二百零三条）",)


def _checks(day: dt.date, findings: Collection[int]) -> dict[int, Checked]:
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


def _repeated(day: dt.date, findings: Iterable[Any], places: set[int]) -> dict[int, tuple[str, ...]]:
    first = min((one.found_on for one in findings), default=day)
    months = repeat_months(day)
    return repeats(seen(places, months_before(first, months), day), months) if months else {}


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
            .where(Finding.enterprise.in_(part), Finding.found_on.between(start, end))
        )  # fmt: skip
        for key, place, on, form, number, article, wording, resolved in query.tuples():
            yield Seen(key, place, on, f"{form} {number}" if number else "", article, wording, resolved)


def _townships(day: dt.date, places: Collection[int]) -> dict[int, int]:
    state = EnterpriseState
    found: dict[int, int] = {}
    for part in _parts(places):
        query = state.select(state.enterprise, state.area).where(
            state.removed_at.is_null(), state.enterprise.in_(part), as_of(state, day)
        )
        found.update(database.execute(query))
    return found


def _drafts(findings: Collection[int]) -> dict[int, int]:
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


def _talks(day: dt.date, link: Any, column: Any) -> dict[int, list[tuple[dt.date, str]]]:
    """Record → (day, state) of the talks about it, the earliest first; those planned count from any day."""
    query = (
        link.live()
        .select(column, Talk.held_on, Talk.state)
        .join(Talk, on=(link.talk == Talk.id))
        .where(Talk.removed_at.is_null(), (Talk.held_on <= day) | (Talk.state == "planned"))
        .order_by(Talk.held_on)
    )
    found: dict[int, list[tuple[dt.date, str]]] = defaultdict(list)
    for key, on, state in query.tuples():
        found[key].append((on, state))
    return found
