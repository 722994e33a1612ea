"""Targets of campaigns (专项对象): which enterprises a campaign concerns from when to when, and what was done there."""

from __future__ import annotations

from typing import Any

import peewee

from models.campaign import Campaign, CampaignGoal
from models.core.checks import Problems
from models.core.fields import Choice, Date, Integer, Ref, Text
from models.core.record import Entry, as_of
from models.core.register import Column, Preset, Register, Scope
from models.enterprise import Enterprise
from models.inspection import Finding, Inspection, InspectionCampaign

SOURCES = (("scope", "按范围"), ("hand", "手工增加"))
#: States of a target on a day, for lists and screens.
STATES = (("overdue", "逾期未检查"), ("open", "待检查"), ("covered", "已检查"), ("left", "已退出"))


class CampaignTarget(Entry):
    """An enterprise that a campaign is to look at, from ``valid_from`` to ``valid_to`` (both included, open: still)."""

    title = "专项对象"
    owner = "campaign"
    label_field = "enterprise"
    keep = ("campaign", "valid_from", "reason")
    identity = (("campaign", "enterprise"),)
    same_when = ("campaign",)
    campaign = Ref(Campaign, "专项整治", required=True, backref="target_rows", width=20)
    campaign_id: int
    enterprise = Ref(Enterprise, "对象", required=True, backref="campaign_target_rows", width=18)
    enterprise_id: int
    valid_from = Date("纳入日期", help="空着为今天；专项还没有开始的为开始日期", required=True)
    valid_to = Date("退出日期", help="最后一天；仍是对象的空着")
    source = Choice("来源", SOURCES, required=True, default="hand", editable=False, width=6)
    reason = Text("变动原因", width=16)

    sections = (("专项对象", ("campaign", "enterprise", "valid_from", "valid_to", "reason")),)

    live_indexes = ((("campaign", "enterprise", "valid_from"), True), (("enterprise", "campaign"), False))

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        campaign = draft.ref("campaign")
        if draft["valid_from"] is not None or campaign is None:
            return {}
        return {"valid_from": max(draft.day, campaign.starts_on)}

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        campaign, place = draft.ref("campaign"), draft.ref("enterprise")
        begin, end = draft["valid_from"], draft["valid_to"]
        if begin and end and end < begin:
            problems.error("valid_to", "order", "退出日期早于纳入日期，请改正其一")
        if campaign is None or begin is None:
            return
        if begin < campaign.starts_on:
            problems.error("valid_from", "period", f"纳入日期早于专项开始日期{campaign.starts_on}，请改正")
        elif campaign.ends_on and begin > campaign.ends_on:
            problems.error("valid_from", "period", f"专项已于{campaign.ends_on}结束，请改正纳入日期")
        if place is None:
            return
        for other in draft.others(campaign=campaign.id, enterprise=place.id):
            if (other.valid_to is None or other.valid_to >= begin) and (end is None or other.valid_from <= end):
                words = f"“{place.name}”自{other.valid_from}起已是这项专项的对象，不用重复登记"
                problems.error("enterprise", "duplicate", words)
                return
        state = place.fact(begin)
        if state is not None and state.status != "open" and draft.changed("enterprise"):
            problems.warn("enterprise", "closed", f"“{place.name}”在{begin}不在营业，请核对", begin)


def linked_visits(campaign: Any, enterprise: Any, day: Any) -> tuple[Any, Any]:
    """The done inspections up to a day that were made for a campaign at an enterprise (columns or values): an alias
    of Inspection and the query over it, its columns still to be chosen."""
    visit, link = Inspection.alias(), InspectionCampaign.alias()
    query = (
        visit.select(visit.id)
        .join(link, on=(link.inspection == visit.id))
        .where(
            visit.enterprise == enterprise,
            link.campaign == campaign,
            visit.state == "done",
            visit.inspected_on <= day,
            visit.removed_at.is_null(),
            link.removed_at.is_null(),
        )
    )
    return visit, query


def _visits(day: Any) -> tuple[Any, Any]:
    return linked_visits(CampaignTarget.campaign, CampaignTarget.enterprise, day)


def covered(day: Any) -> Any:
    """The condition «the target has been inspected for its campaign by ``day``»."""
    return peewee.fn.EXISTS(_visits(day)[1])


def _first_visit(scope: Scope) -> Any:
    visit, query = _visits(scope.day)
    return query.columns(peewee.fn.MIN(visit.inspected_on))


def _visit_count(scope: Scope) -> Any:
    visit, query = _visits(scope.day)
    return query.columns(peewee.fn.COUNT(visit.id))


def _finding_count(scope: Scope) -> Any:
    _visit, query = _visits(scope.day)
    finding = Finding.alias()
    return finding.select(peewee.fn.COUNT(finding.id)).where(
        finding.inspection.in_(query), finding.removed_at.is_null()
    )


def due_day(scope: Scope) -> Any:
    """The day a target is to be inspected by: its township's, else the campaign's, else the campaign's last."""
    goal = CampaignGoal.alias()
    own = goal.select(peewee.fn.MIN(goal.due_on)).where(
        goal.campaign == CampaignTarget.campaign,
        goal.area == scope.col("enterprise.area"),
        goal.removed_at.is_null(),
    )
    return peewee.fn.COALESCE(own, scope.col("campaign.due_on"), scope.col("campaign.ends_on"))


def _now(scope: Scope) -> Any:
    return as_of(CampaignTarget, scope.day)


REGISTER = Register(
    name="campaign_targets",
    title="专项对象",
    model=CampaignTarget,
    icon="campaign",
    unit="户",
    columns=(
        Column("campaign"),
        Column("enterprise"),
        Column("enterprise.category", width=8),
        Column("enterprise.area", width=9),
        Column("enterprise.status", width=5, shown=False),
        Column("covered_on", expr=_first_visit, like=Date("首次检查", width=8)),
        Column("visits", expr=_visit_count, like=Integer("检查次数", width=5)),
        Column("found", expr=_finding_count, like=Integer("隐患数", width=5)),
        Column("due_on", expr=due_day, like=Date("检查期限", width=8)),
        Column("valid_from", width=8),
        Column("valid_to", width=8),
        Column("source", shown=False),
        Column("reason"),
    ),
    order=(("campaign.starts_on", True), ("enterprise", False)),
    through=("enterprise", "campaign"),
    filters=("campaign", "enterprise.category", "enterprise.area", "source"),
    presets=(
        Preset("current", "现有对象", _now),
        Preset("remaining", "未检查", lambda s: _now(s) & ~covered(s.day), "warning"),
        Preset("overdue", "逾期未检查", lambda s: _now(s) & ~covered(s.day) & (due_day(s) < s.day), "danger"),
        Preset("covered", "已检查", lambda s: _now(s) & covered(s.day), "success"),
        Preset("left", "已退出", lambda s: s.col("valid_to") < s.day),
    ),
)
