"""Handing an official's enterprises over to successors (交接): proposal, the step itself, and the sheet to print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.core.changes import Transaction
from models.core.checks import CheckFailed, Problem, Problems
from models.core.errors import Conflict, NotFound, Refused
from models.core.saving import save
from models.enterprise import TIERS, Enterprise
from models.handover import Handover, HandoverLine, handover_lines
from models.proposing import end_assignments
from models.responsibility import Assignment, Official
from models.responsibility_facts import ENDED, Facts
from models.rules.coverage import LEVEL_LABELS


@dataclass(frozen=True)
class HandoverChoice:
    """One enterprise to hand over: its assignment, the proposed successor (None: nobody fits) and why."""

    assignment: int
    enterprise: int
    enterprise_name: str
    successor: int | None
    successor_name: str
    reason: str


@dataclass(frozen=True)
class HandoverProposal:
    """The proposal for one official; nothing is stored until ``hand_over``."""

    official: int
    name: str
    effective_on: dt.date
    lines: tuple[HandoverChoice, ...]

    @property
    def choices(self) -> dict[int, int | None]:
        """Assignment id to the successor's id, as ``hand_over`` takes them."""
        return {line.assignment: line.successor for line in self.lines}


def propose_handover(official: int, day: dt.date) -> HandoverProposal:
    """A successor for every enterprise an official still has on ``day`` or later: of the level and area the
    enterprise asks for, else of the official's own, the least loaded first. Raises NotFound for an unknown official.
    """
    facts = Facts(day)
    leaving = facts.officials.get(official)
    if leaving is None:
        raise NotFound("这位包保干部不在册。", "请刷新后重新选择。")
    pools: dict[tuple[str, int], list[int]] = {}
    for cadre in facts.officials.values():
        fits = cadre.level and cadre.area is not None and cadre.term_to is None and cadre.serves(facts.iso)
        if fits and cadre.id != official:
            pools.setdefault((str(cadre.level), int(cadre.area or 0)), []).append(cadre.id)
    loads, lines = dict(facts.loads), []
    for one in _open(official, day).order_by(Assignment.id):
        place = facts.place(one.enterprise_id)
        name = place.name if place is not None else one.enterprise.name
        if place is not None and place.status in ENDED:
            lines.append(
                HandoverChoice(one.id, one.enterprise_id, name, None, "", "主体已注销或吊销，只结束包保")
            )
            continue
        wanted = facts.seat(place.tier, place.area, place.village) if place is not None else None
        own = (leaving.level, leaving.area)
        seat = next((s for s in (wanted, own) if s is not None and pools.get(s)), None)  # type: ignore[arg-type]
        if seat is None:
            words = f"没有同辖区的其他{LEVEL_LABELS.get(leaving.level or '', '')}干部，请指定或暂缺"
            lines.append(HandoverChoice(one.id, one.enterprise_id, name, None, "", words))
            continue
        best = min(pools[seat], key=lambda key: (loads[key], key))  # type: ignore[index]
        loads[best] += 1
        words = (
            "同辖区同层级，现包保户数最少" if seat == own else f"主体应由{LEVEL_LABELS[str(seat[0])]}干部包保"
        )
        lines.append(HandoverChoice(one.id, one.enterprise_id, name, best, facts.officials[best].name, words))
    return HandoverProposal(official, leaving.name, day, tuple(lines))


def _open(official: int, day: dt.date) -> Any:
    return Assignment.live().where(
        Assignment.official == official, Assignment.valid_to.is_null() | (Assignment.valid_to >= day)
    )


def hand_over(
    tx: Transaction,
    official: int,
    effective_on: dt.date,
    choices: Mapping[int, int | None],
    *,
    reason: str = "",
    witness: str = "",
    note: str = "",
    leaves: bool = True,
    waivers: Mapping[str, str] | None = None,
) -> Handover:
    """End an official's assignments the day before ``effective_on``, begin the successors', end the official's term
    (where ``leaves``) and keep the record. ``choices`` maps assignment ids to successors' ids (None: left open).

    Raises Conflict where the assignments are no longer those of the choices, CheckFailed naming each enterprise whose
    successor is refused or only warned of (answered by ``waivers``), Refused where there is nothing to hand over.
    """
    giver: Official = Official.get_by_id(official)
    if giver.removed_at is not None:
        raise Refused(f"“{giver.name}”已移除，不能交接。")
    present = {one.id: one for one in _open(official, effective_on)}
    if set(choices) - set(present) or (leaves and set(present) != set(choices)):
        raise Conflict(f"{giver.name}的包保关系已有变动，没有交接。", "请重新生成交接方案，核对后再交接。")
    if not present and not leaves:
        raise Refused(f"{giver.name}在{effective_on}以后没有包保主体，不用交接。")
    if official in choices.values():
        raise Refused("接任干部不能是移交人本人，请另选。")
    end_assignments(tx, choices, effective_on, reason)
    record: Handover = tx.insert(
        Handover, official=official, effective_on=effective_on, reason=reason, witness=witness, note=note
    )
    problems = Problems()
    for key, successor in choices.items():
        _hand_one(tx, record, present[key], successor, waivers, problems)
    if problems:
        raise CheckFailed(problems)
    if leaves and (giver.term_to is None or giver.term_to >= effective_on):
        save(tx, Official, {"term_to": effective_on - dt.timedelta(days=1)}, giver, waivers=waivers)
    return record


def _hand_one(
    tx: Transaction,
    record: Handover,
    old: Assignment,
    successor: int | None,
    waivers: Mapping[str, str] | None,
    problems: Problems,
) -> None:
    begun = None
    if successor is not None:
        values = {
            "enterprise": old.enterprise_id,
            "official": successor,
            "valid_from": max(old.valid_from, record.effective_on),
            "valid_to": old.valid_to,
            "reason": record.reason or "包保交接",
        }
        try:
            begun = save(tx, Assignment, values, waivers=waivers).id
        except CheckFailed as failed:
            name = old.enterprise.name
            problems.items += [
                Problem("official", p.rule, f"{name}：{p.message}", p.severity, p.value)
                for p in failed.problems
            ]
    tx.insert(
        HandoverLine,
        handover=record.id,
        enterprise=old.enterprise_id,
        successor=successor,
        ended=old.id,
        begun=begun,
        remark="" if successor is not None else "暂缺接任干部",
    )


@dataclass(frozen=True)
class Person:
    """An official as of the handover, as the sheet names them; '' where unknown."""

    id: int
    name: str
    unit: str
    post: str
    phone: str


@dataclass(frozen=True)
class HandoverSheetRow:
    """One enterprise on the sheet; ``successor`` None where nobody took it over."""

    enterprise: int
    name: str
    address: str
    principal: str
    phone: str
    tier: str
    successor: Person | None
    remark: str


@dataclass(frozen=True)
class HandoverSheet:
    """What the printed 交接单 says, as of the day before the handover; the same on every reprint."""

    id: int
    giver: Person
    effective_on: dt.date
    reason: str
    witness: str
    note: str
    rows: tuple[HandoverSheetRow, ...]


def handover_sheet(handover: int) -> HandoverSheet:
    """The sheet of a handover. Raises NotFound for an unknown one."""
    record = Handover.get_or_none(Handover.id == handover)
    if record is None:
        raise NotFound("没有这次包保交接。", "请刷新后重新选择。")
    before = record.effective_on - dt.timedelta(days=1)
    people: dict[int, Person] = {}
    rows = []
    for line in handover_lines(record.id):
        place: Enterprise = line.enterprise
        state = place.fact(before)
        taker = None
        if line.successor_id is not None:
            taker = people.setdefault(line.successor_id, _person(line.successor, record.effective_on))
        tier = dict(TIERS).get(state.tier or "", "") if state is not None else ""
        rows.append(
            HandoverSheetRow(
                place.id, place.name, place.address, place.principal, place.phone, tier, taker, line.remark
            )
        )
    return HandoverSheet(
        record.id,
        _person(record.official, before),
        record.effective_on,
        record.reason,
        record.witness,
        record.note,
        tuple(rows),
    )


def _person(official: Official, day: dt.date) -> Person:
    post = official.fact(day)
    unit, title = (post.unit or "", post.post or "") if post is not None else ("", "")
    return Person(official.id, official.name, unit, title, official.phone or "")
