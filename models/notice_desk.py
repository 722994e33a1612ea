"""What the desk must know before a notice's next step: its state, findings, officers, allowed steps. Stores nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from models.core.errors import Refused
from models.core.saving import linked_ids
from models.due_day import DueDays
from models.enterprise import Enterprise
from models.inspection import Finding, Inspection, InspectionOfficer, findings_of
from models.notice import OPEN_STATES, Notice, Reinspection
from models.notice_steps import addressees, next_number, notice_values
from models.organization import Officer


@dataclass(frozen=True)
class Desk:
    """One notice on the desk. ``findings`` are (id, wording, day resolved or None), ``steps`` what may be done."""

    id: int
    label: str
    state: str
    enterprise: str
    party: str
    mode: str
    issued_on: dt.date | None
    served_on: dt.date | None
    due_on: dt.date | None
    extended_to: dt.date | None
    reinspected_on: dt.date | None
    ended_on: dt.date | None
    findings: tuple[tuple[int, str, dt.date | None], ...]
    officers: tuple[int, ...]
    steps: frozenset[str]
    #: When the period in force ends: later than ``due`` where that is a rest day.
    ends_on: dt.date | None = None

    @property
    def due(self) -> dt.date | None:
        """The due day in force."""
        return self.extended_to or self.due_on


def desk_of(ids: Sequence[int]) -> list[Desk]:
    """The notices of some ids, in their order; vanished ones are left out."""
    found = {n.id: n for n in Notice.live().where(Notice.id.in_(list(ids)))}
    reading = DueDays()
    return [_desk(found[i], reading) for i in ids if i in found]


def _desk(notice: Notice, reading: DueDays) -> Desk:
    mine = {f.id: f for f in Finding.live().where(Finding.id.in_(linked_ids(notice, Notice.findings)))}
    findings = tuple((f.id, f.wording, f.resolved_on) for f in mine.values())
    last = (
        Reinspection.live()
        .where(Reinspection.notice == notice.id)
        .order_by(Reinspection.inspected_on.desc(), Reinspection.id.desc())
        .first()
    )
    officers: tuple[int, ...] = ()
    if notice.inspection_id:
        rows = InspectionOfficer.live().where(InspectionOfficer.inspection == notice.inspection_id)
        officers = tuple(row.officer_id for row in rows)
    return Desk(
        id=notice.id,
        label=notice.label(),
        state=notice.state,
        enterprise=notice.enterprise.name,
        party=notice.party.name,
        mode=notice.mode,
        issued_on=notice.issued_on,
        served_on=notice.served_on,
        due_on=notice.due_on,
        extended_to=notice.extended_to,
        reinspected_on=last.inspected_on if last is not None else None,
        ended_on=notice.closed_on or notice.referred_on or notice.void_on,
        findings=findings,
        officers=officers,
        steps=_steps(notice, list(mine.values())),
        ends_on=reading.ends(notice.due) if notice.due is not None else None,
    )


def _steps(notice: Notice, findings: list[Finding]) -> frozenset[str]:
    if notice.state == "draft":
        return frozenset({"issue"})
    if notice.state not in OPEN_STATES:
        return frozenset()
    steps = {"reinspect", "refer", "void"}
    if notice.state == "issued":
        steps.add("serve")
    if notice.mode == "deadline" and notice.extended_to is None and all(f.extended_to is None for f in findings):
        steps.add("extend")
    if notice.state == "served" and all(f.resolved_on is not None for f in findings):
        steps.add("close")
    return frozenset(steps)


def planned_number(notice_id: int, on: dt.date) -> str:
    """The number a draft would get if it were issued on a day; '' where the platform gives it."""
    return next_number(Notice.get_by_id(notice_id), on.year)


def officers_on(day: dt.date) -> list[tuple[int, str]]:
    """(id, name with certificate number) of the officers in service on a day."""
    query = (
        Officer.live()
        .where(Officer.left_on.is_null() | (Officer.left_on >= day))
        .order_by(Officer.name_key, Officer.id)
    )
    return [(o.id, f"{o.name}（{o.certificate}）" if o.certificate else o.name) for o in query]


@dataclass(frozen=True)
class Start:
    """What a new notice can be made from: one place, its open findings, and whom it may be addressed to.

    ``grounds`` are (违反规定, 责令依据) of each finding; the first is '' where neither the finding nor the library
    of bases knows it.
    """

    enterprise_id: int
    enterprise: str
    found_on: dt.date
    findings: tuple[tuple[int, str], ...]
    parties: tuple[tuple[int, str], ...]
    grounds: dict[int, tuple[str, str]]


def start_from_inspection(inspection_id: int) -> Start:
    """The open findings of an inspection that stand on no live notice yet. Raises Refused where there are none."""
    inspection = Inspection.get_by_id(inspection_id)
    ids = [
        f.id
        for f in Finding.live()
        .where(Finding.inspection == inspection_id, Finding.resolved_on.is_null())
        .order_by(Finding.id)
    ]
    free = [key for key in ids if not _noticed(key)]
    if not free:
        why = "未整改的隐患都已开具通知书" if ids else "没有未整改的隐患"
        raise Refused(
            f"{inspection.enterprise.name}{inspection.inspected_on}的检查{why}。",
            "请先在检查记录中登记隐患，或选择另一次检查。",
        )
    return start_from_findings(free)


def start_from_findings(ids: Sequence[int]) -> Start:
    """The chosen findings, all of one place and open. Raises Refused with the reason otherwise."""
    findings = findings_of(list(ids))
    if not findings:
        raise Refused("请先选择要责令改正的隐患。")
    if len({f.enterprise_id for f in findings}) > 1:
        raise Refused("所选隐患属于不同的单位。", "请按单位分别开具通知书。")
    for finding in findings:
        if finding.resolved_on is not None:
            raise Refused(f"“{finding.wording}”已整改完成。", "请只选未整改的隐患。")
        number = _noticed(finding.id)
        if number:
            raise Refused(f"“{finding.wording}”已写入{number}。", "请打开那份通知书，或另选隐患。")
    place: Enterprise = findings[0].enterprise
    found = addressees(place, max(f.found_on for f in findings))
    sides = ("学校（当事人）", "承包方") if len(found) > 1 else ("当事人",)
    parties = tuple((party.id, f"{side}：{party.name}") for party, side in zip(found, sides, strict=True))
    return Start(
        place.id,
        place.name,
        max(f.found_on for f in findings),
        tuple((f.id, f.wording) for f in findings),
        parties,
        {f.id: _grounds(f.id, f.found_on) for f in findings},
    )


def _grounds(finding_id: int, day: dt.date) -> tuple[str, str]:
    values = notice_values([finding_id], day)
    return values["violates"], values["basis"]


def _noticed(finding_id: int) -> str:
    """The label of the live, not void notice that lists a finding; '' where there is none."""
    from models.notice import NoticeFinding

    row = (
        NoticeFinding.live()
        .join(Notice)
        .where(NoticeFinding.finding == finding_id, Notice.removed_at.is_null(), Notice.state != "void")
        .first()
    )
    return row.notice.label() if row is not None else ""
