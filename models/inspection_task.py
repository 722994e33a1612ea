"""Inspection tasks (检查任务): enterprises the bureau has to inspect, from any source, until an inspection does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

import peewee

from models.campaign import Campaign
from models.core.changes import Transaction
from models.core.checks import Problems
from models.core.errors import Refused
from models.core.fields import Choice, Date, Links, LongText, Ref
from models.core.record import Entry, Record, database
from models.core.register import Column, Preset, Register
from models.core.saving import save
from models.enterprise import Enterprise
from models.inspection import Finding, Inspection, InspectionCampaign
from models.organization import Officer

SOURCES = (
    ("assignment", "包保督导移交"),
    ("complaint", "投诉举报"),
    ("sampling", "抽检不合格"),
    ("risk", "风险等级"),
    ("superior", "上级交办"),
    ("plan", "年度计划"),
    ("campaign", "专项整治"),
    ("random", "双随机抽查"),
    ("other", "其他"),
)
STATES = (("open", "待检查"), ("done", "已完成"), ("cancelled", "已取消"))


class InspectionTask(Entry):
    """检查任务: one enterprise to be inspected; the first inspection done from ``assigned_on`` on completes it.

    The task of a campaign is not completed by an inspection that was made for other campaigns only.
    """

    title = "检查任务"
    label_field = "enterprise"
    keep = ("source", "assigned_on", "due_on", "officers")
    enterprise = Ref(Enterprise, "待检主体", required=True)
    enterprise_id: int
    source = Choice("任务来源", SOURCES, required=True, default="other", width=8)
    campaign = Ref(Campaign, "专项整治", help="来源是专项整治的，写明是哪一项", width=14)
    campaign_id: int | None
    reason = LongText("检查事由", required=True, search=True, width=20)
    assigned_on = Date("交办日期", required=True, default_today=True)
    due_on = Date("完成期限")
    officers = Links(lambda: InspectionTaskOfficer, "承办人员", parent="task", target="officer")
    finding = Ref(Finding, "移交的问题", editable=False)
    finding_id: int | None
    state = Choice("状态", STATES, required=True, default="open", width=6)
    inspection = Ref(Inspection, "完成的检查", editable=False)
    inspection_id: int | None
    done_on = Date("完成日期", editable=False)
    note = LongText("备注")

    sections = (
        (
            "检查任务",
            ("enterprise", "source", "campaign", "reason", "assigned_on", "due_on", "officers", "state", "note"),
        ),
    )

    live_indexes = ((("state", "enterprise", "assigned_on"), False),)

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        """A task opened again or cancelled is not done by its inspection any more."""
        return {} if draft["state"] == "done" else {"inspection": None, "done_on": None}

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, due = draft["assigned_on"], draft["due_on"]
        if begin and due and due < begin:
            problems.error("due_on", "order", "完成期限早于交办日期，请改正其一")
        if begin and begin > draft.day:
            problems.error("assigned_on", "future", "交办日期晚于今天，请改正")
        if draft["campaign"] and draft["source"] != "campaign":
            problems.error("campaign", "source", "任务来源不是专项整治，请改选来源，或清空专项")
        if draft["state"] == "cancelled" and not draft["note"]:
            problems.error("note", "required", "取消任务请在备注写明原因")
        if draft["state"] == "done" and draft["inspection"] is None:
            problems.error("state", "done", "登记这一户的监督检查后任务自动完成，不用手工改")


class InspectionTaskOfficer(Record):
    """An officer who is to do a task."""

    owner = "task"
    live_indexes = ((("task", "officer"), True),)
    task = Ref(InspectionTask, "检查任务", required=True, backref="officer_rows")
    officer = Ref(Officer, "承办人员", required=True)


REGISTER = Register(
    name="inspection_tasks",
    title="检查任务",
    model=InspectionTask,
    icon="due",
    unit="件",
    columns=(
        Column("assigned_on"),
        Column("enterprise", width=18),
        Column("source"),
        Column("reason"),
        Column("due_on"),
        Column("officers", width=10),
        Column("state"),
        Column("done_on"),
        Column("enterprise.area", width=9),
        Column("campaign", shown=False),
        Column("note", shown=False),
    ),
    order=(("assigned_on", True),),
    through=("enterprise",),
    filters=("source", "campaign", "state", "officers", "enterprise.area", "enterprise.category"),
    presets=(
        Preset("open", "待检查", lambda s: s.col("state") == "open"),
        Preset(
            "overdue", "已逾期", lambda s: (s.col("state") == "open") & (s.col("due_on") < s.day), "danger"
        ),
    ),
)


def hand_to_bureau(
    tx: Transaction,
    finding: Finding,
    *,
    due_on: dt.date | None = None,
    officers: tuple[int, ...] = (),
    reason: str = "",
) -> InspectionTask:
    """Make a finding of a visit an inspection task of the bureau (移送市场监管).

    Raises Refused where the finding is resolved, removed or handed over already.
    """
    finding = Finding.get_by_id(finding.id)
    if finding.removed_at is not None:
        raise Refused("这处问题已移除，不能移交。")
    if finding.resolved_on is not None:
        raise Refused(f"这处问题已于{finding.resolved_on}整改完成，不用移交。")
    mine = InspectionTask.live().where(
        InspectionTask.finding == finding.id, InspectionTask.state != "cancelled"
    )
    if (handed := mine.first()) is not None:
        raise Refused(f"这处问题已于{handed.assigned_on}移交，不能重复移交。")
    values = {
        "enterprise": finding.enterprise_id,
        "source": "assignment",
        "reason": reason.strip() or finding.wording,
        "assigned_on": tx.today,
        "due_on": due_on,
        "finding": finding.id,
        "officers": list(officers),
    }
    task: InspectionTask = save(tx, InspectionTask, values)
    return task


class OpenFinding(NamedTuple):
    """A finding of a visit that can still be handed to the bureau."""

    id: int
    enterprise: str
    wording: str
    found_on: dt.date


def open_findings(visits: Collection[int]) -> list[OpenFinding]:
    """The findings of some visits that are neither resolved nor handed over, the oldest first."""
    return _open_ones(Finding.visit.in_(list(visits)))


def open_findings_among(findings: Collection[int]) -> list[OpenFinding]:
    """Those of some findings that visits made and that are neither resolved nor handed over, the oldest first."""
    return _open_ones(Finding.id.in_(list(findings)))


def open_findings_at(enterprises: Collection[int]) -> list[OpenFinding]:
    """What visits found at some enterprises and that is neither resolved nor handed over, the oldest first."""
    return _open_ones(Finding.enterprise.in_(list(enterprises)))


def _open_ones(where: Any) -> list[OpenFinding]:
    handed = InspectionTask.live().select(InspectionTask.finding).where(
        InspectionTask.finding.is_null(False), InspectionTask.state != "cancelled"
    )
    rows = (
        Finding.live()
        .select(Finding, Enterprise)
        .join(Enterprise)
        .where(where, Finding.visit.is_null(False), Finding.resolved_on.is_null(), Finding.id.not_in(handed))
        .order_by(Finding.found_on, Finding.id)
    )
    return [OpenFinding(one.id, one.enterprise.name, one.wording, one.found_on) for one in rows]


def settle_tasks(tx: Transaction, inspection: Inspection) -> None:
    """Complete the open tasks an inspection does, and open again those it no longer does (changed, removed)."""
    counts = inspection.removed_at is None and inspection.state == "done"
    named = InspectionCampaign.live().where(InspectionCampaign.inspection == inspection.id)
    campaigns = {row[0] for row in database.execute(named.select(InspectionCampaign.campaign))}
    for task in InspectionTask.live().where(InspectionTask.inspection == inspection.id):
        fits = (
            counts
            and task.enterprise_id == inspection.enterprise_id
            and task.assigned_on <= inspection.inspected_on
            and _meant(task, campaigns)
        )
        if not fits:
            tx.update(task, state="open", inspection=None, done_on=None)
        elif task.done_on != inspection.inspected_on:
            tx.update(task, done_on=inspection.inspected_on)
    if not counts:
        return
    waiting = InspectionTask.live().where(
        InspectionTask.state == "open",
        InspectionTask.enterprise == inspection.enterprise_id,
        InspectionTask.assigned_on <= inspection.inspected_on,
    )
    for task in waiting:
        if _meant(task, campaigns):
            tx.update(task, state="done", inspection=inspection.id, done_on=inspection.inspected_on)


def _meant(task: InspectionTask, campaigns: Collection[int]) -> bool:
    """Whether an inspection for some campaigns (none: for no particular one) is what a task waits for."""
    return not campaigns or task.campaign_id is None or task.campaign_id in campaigns


def handed_over(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    """The ids of the tasks that came from findings of visits in a period."""
    return (
        InspectionTask.live()
        .select(InspectionTask.id)
        .where(InspectionTask.source == "assignment", InspectionTask.assigned_on.between(start, end))
    )
