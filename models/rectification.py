"""整改督办: every open notice and finding as of any day, by due day, with its reasons. Stores nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from models.area import Area
from models.core.record import database
from models.due_day import DueDays
from models.rectification_reading import (
    Checked,
    drafts_of,
    findings_by_id,
    linked_findings,
    loose_findings,
    newest_checks,
    open_notices,
    repeat_months,
    seen,
    talks_of,
    townships_of,
)
from models.rules.calendar import WorkCalendar
from models.rules.dates import format_date_paper
from models.rules.deadlines import Urgency, notice_urgency
from models.rules.repeats import months_before, repeats
from models.settings import settings
from models.talk import TalkFinding, TalkNotice

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
    extended: bool = False

    @property
    def open(self) -> bool:
        """Whether it is still to be corrected."""
        return self.resolved_on is None


@dataclass(frozen=True)
class Matter:
    """An open notice, or an open finding that stands on none.

    ``due_on`` is the day written that is in force, ``first_due`` before an extension, ``ends_on`` the day on which the
    period ends, later where ``due_on`` is a rest day: ``days_left`` and ``working_left`` count to it, negative when
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
    ends_on: dt.date | None
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
    def moved(self) -> bool:
        """Whether its period ends later than the day written, that being a rest day."""
        return self.ends_on != self.due_on

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
    def steps(self) -> frozenset[str]:
        """What may be done with it as it stands: recheck, serve, close, extend, talk, spot, notice, refer, open."""
        steps = {"recheck", "talk", "refer", "open"}
        if self.kind == "notice":
            if self.state == "issued":
                steps.add("serve")
            if self.state == "corrected":
                steps = steps - {"recheck"} | {"close"}
            if self.mode == "deadline" and not self.extended and not any(item.extended for item in self.items):
                steps.add("extend")
            return frozenset(steps)
        if self.draft is None:
            steps.add("notice")
            if not self.extended and all(item.checked is None for item in self.items):
                steps.add("spot")
        if self.due_on is not None and not self.extended:
            steps.add("extend")
        return frozenset(steps)

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


def matters(day: dt.date, today: dt.date | None = None) -> list[Matter]:
    """What is open at the end of a day, the soonest due first; what has no due day stands last. Safe on a reader.

    ``today`` is the ledger's day, where it is another. Of a past day nobody knows any more which drafts and
    appointments there were: drafts are not shown, planned talks from the day they were told.
    """
    past = today is not None and day < today
    notices = open_notices(day)
    linked = linked_findings([one.id for one in notices])
    loose = loose_findings(day)
    findings = findings_by_id({key for keys in linked.values() for key in keys}) | {one.id: one for one in loose}
    built = _Builder(day, findings, {one.enterprise_id for one in (*notices, *loose)}, past)
    found = [built.notice(one, [findings[key] for key in linked.get(one.id, ())]) for one in notices]
    found += [built.finding(one) for one in loose]
    last = dt.date.max
    return sorted(
        found, key=lambda m: (m.due_on or last, m.issued_on or m.found_on, m.enterprise_name, m.kind, m.id)
    )


class _Builder:
    """Makes matters from records, with what is read for all of them at once."""

    def __init__(self, day: dt.date, findings: Mapping[int, Any], places: set[int], past: bool) -> None:
        self.day = day
        self.soon = settings().warn_days
        self.days = DueDays()
        self.checked = newest_checks(day, findings)
        self.repeated = _repeated(day, findings.values(), places)
        self.townships = townships_of(day, places)
        self.names = dict(database.execute(Area.select(Area.id, Area.name)))
        self.drafts = {} if past else drafts_of(findings)
        self.talks = {
            "notice": talks_of(day, TalkNotice, TalkNotice.notice, past),
            "finding": talks_of(day, TalkFinding, TalkFinding.finding, past),
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
            self.repeated.get(one.id, ()), one.extended_on is not None and one.extended_on <= self.day,
        )  # fmt: skip

    def _matter(
        self, one: Any, kind: Kind, party: Any, items: tuple[Item, ...], found_on: dt.date, **facts: Any
    ) -> Matter:
        place, due = one.enterprise, facts["due_on"]
        ends = self.days.ends(due) if due is not None else None
        told = notice_urgency(ends, self.day, self.soon, printed=due)
        reasons, working = told.reasons, None
        if due is None and kind == "finding":
            reasons = ("没有填写整改期限，也没有开具责令改正通知书",)
        elif due is not None and ends is not None:
            working, sums = working_days_left(self.days.calendar, self.day, ends)
            reasons = (*reasons, *sums, *self.days.reasons(due))
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
            found_on=found_on, ends_on=ends, urgency=told.urgency, days_left=told.days_left, working_left=working,
            label=label, reasons=reasons, items=items,
            talks=tuple(self.talks[kind].get(one.id, ())), **facts,
        )  # fmt: skip


def working_days_left(calendar: WorkCalendar, day: dt.date, due: dt.date) -> tuple[int, tuple[str, ...]]:
    """Working days until a due day (negative when it has passed), with the arithmetic."""
    if due >= day:
        return calendar.working_days_between(day, due)
    count, reasons = calendar.working_days_between(due, day)
    return -count, reasons


def _repeated(day: dt.date, findings: Iterable[Any], places: set[int]) -> dict[int, tuple[str, ...]]:
    first = min((one.found_on for one in findings), default=day)
    months = repeat_months(day)
    return repeats(seen(places, months_before(first, months), day), months) if months else {}
