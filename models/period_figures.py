"""Figures that the period report needs beside those of the topic files; knows no document."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from models.core.figure import Figure, figure
from models.due_day import DueDays
from models.enterprise import (
    CANTEENS,
    RICE,
    Enterprise,
    EnterpriseState,
    in_business,
    is_campus,
    state_on,
)
from models.inspection import Finding, Inspection, InspectionCampaign
from models.notice import Notice
from models.outreach import Outreach
from models.rectification_reading import due_as_of, in_force_on
from models.safety_staff import SafetyStaff, serving
from models.sample import Sample

Basis = Literal["flow", "stock"]


def _count(name: str, label: str, unit: str, basis: Basis, register: str, rule: str, query: Any) -> None:
    Figure(
        name=name,
        label=label,
        unit=unit,
        kind="count",
        basis=basis,
        register=register,
        rule=rule,
        query=query,
    )


def _ratio(name: str, label: str, register: str, rule: str, part: str, whole: str) -> None:
    Figure(
        name=name,
        label=label,
        unit="%",
        kind="ratio",
        basis="stock",
        register=register,
        rule=rule,
        part=part,
        whole=whole,
    )


# --- enterprises in business on the last day ---------------------------------------------------------------------


def _operating(end: dt.date, *where: Any) -> Any:
    return (
        Enterprise.live()
        .select(Enterprise.id)
        .join(EnterpriseState, on=(EnterpriseState.enterprise == Enterprise.id))
        .where(in_business(EnterpriseState, end), *where)
    )


def _visited(start: dt.date, end: dt.date) -> Any:
    """The enterprises of the inspections done in a period."""
    done = figure("inspections.total").select(start, end)
    return Inspection.select(Inspection.enterprise).where(Inspection.id.in_(done))


def _staffed(role: str, side: str, day: dt.date) -> Any:
    """The enterprises that have someone in a role on a side on a day."""
    return _serving(role, day).select(SafetyStaff.enterprise).where(SafetyStaff.side == side)


def _serving(role: str, day: dt.date) -> Any:
    return SafetyStaff.select().where(
        SafetyStaff.role == role, serving(day), SafetyStaff.enterprise.in_(_operating(day))
    )


def _contracted(start: dt.date, end: dt.date) -> Any:
    return _operating(end, EnterpriseState.category.in_(CANTEENS), EnterpriseState.supply_mode == "contracted")


def _dual_staffed(start: dt.date, end: dt.date) -> Any:
    both = [
        Enterprise.id.in_(_staffed(role, side, end))
        for role in ("director", "officer")
        for side in ("school", "contractor")
    ]
    return _contracted(start, end).where(*both)


_PRODUCTION = EnterpriseState.category == "production"

_count(
    "enterprises.total", "在营主体", "户", "stock", "enterprises",
    "期末状态为在营的食品生产经营主体户数，各类别合计。",
    lambda start, end: _operating(end),
)  # fmt: skip
_count(
    "enterprises.village_missing", "村（社区）待补主体", "户", "stock", "enterprises",
    "期末在营的主体中，没有登记村（社区）的户数。",
    lambda start, end: _operating(end, EnterpriseState.village.is_null()),
)  # fmt: skip
_count(
    "enterprises.inspected", "已检查的在营主体", "户", "stock", "enterprises",
    "期末在营的主体中，期内至少被检查一次的户数。",
    lambda start, end: _operating(end, Enterprise.id.in_(_visited(start, end))),
)  # fmt: skip
_count(
    "enterprises.uninspected", "未检查的在营主体", "户", "stock", "enterprises",
    "期末在营的主体中，期内没有检查过的户数。",
    lambda start, end: _operating(end, Enterprise.id.not_in(_visited(start, end))),
)  # fmt: skip
_ratio(
    "enterprises.inspected_rate", "检查覆盖率", "enterprises", "已检查的在营主体户数除以期末在营主体户数。",
    "enterprises.inspected", "enterprises.total",
)  # fmt: skip
_count(
    "canteens.total", "学校、幼儿园食堂", "家", "stock", "enterprises",
    "期末在营的学校食堂、幼儿园食堂家数。",
    lambda start, end: _operating(end, EnterpriseState.category.in_(CANTEENS)),
)  # fmt: skip
_count(
    "canteens.contracted", "承包经营的学校、幼儿园食堂", "家", "stock", "enterprises",
    "期末在营的学校、幼儿园食堂中，供餐方式为委托承包经营的家数。", _contracted,
)  # fmt: skip
_count(
    "canteens.dual_staffed", "双总监、双食品安全员配齐的食堂", "家", "stock", "enterprises",
    "承包经营的学校、幼儿园食堂中，期末学校方、承包方各有在任的食品安全总监和食品安全员的家数。", _dual_staffed,
)  # fmt: skip
_count(
    "canteens.not_dual", "双总监、双食品安全员未配齐的食堂", "家", "stock", "enterprises",
    "承包经营的学校、幼儿园食堂中，学校方或承包方缺食品安全总监或食品安全员的家数。",
    lambda start, end: _contracted(start, end).where(Enterprise.id.not_in(_dual_staffed(start, end))),
)  # fmt: skip
_count(
    "production.enterprises", "食品生产企业", "家", "stock", "enterprises",
    "期末在营的食品生产企业家数；小作坊另列，不计在内。",
    lambda start, end: _operating(end, _PRODUCTION),
)  # fmt: skip
_count(
    "production.inspected", "已检查的食品生产企业", "家", "stock", "enterprises",
    "期末在营的食品生产企业中，期内至少被检查一次的家数。",
    lambda start, end: _operating(end, _PRODUCTION, Enterprise.id.in_(_visited(start, end))),
)  # fmt: skip
_ratio(
    "production.inspected_rate", "食品生产企业检查覆盖率", "enterprises",
    "已检查的食品生产企业家数除以期末在营的食品生产企业家数。",
    "production.inspected", "production.enterprises",
)  # fmt: skip
for _role, _label in (("director", "食品安全总监"), ("officer", "食品安全员")):
    _count(
        f"staff.{_role}s", _label, "人", "stock", "safety_staff",
        f"期末在营的主体登记的在任{_label}人数，按任职记录计。",
        lambda start, end, role=_role: _serving(role, end).select(SafetyStaff.id),
    )  # fmt: skip


# --- inspections and findings of the period ----------------------------------------------------------------------


def _done(start: dt.date, end: dt.date, where: Any = None) -> Any:
    query = Inspection.select(Inspection.id).where(
        Inspection.id.in_(figure("inspections.total").select(start, end))
    )
    if where is None:
        return query
    state, on = state_on(Inspection.enterprise, Inspection.inspected_on)
    return query.join(state, on=on).where(where(state))


def _findings_of(figure_name: str, start: dt.date, end: dt.date) -> Any:
    return Finding.select(Finding.id).where(Finding.id.in_(figure(figure_name).select(start, end)))


def _findings_where(where: Any, start: dt.date, end: dt.date) -> Any:
    inside = Finding.inspection.in_(_done(start, end, where))
    return _findings_of("inspections.findings", start, end).where(inside)


def _campus_visited(start: dt.date, end: dt.date) -> Any:
    visited = Inspection.select(Inspection.enterprise).where(Inspection.id.in_(_done(start, end, is_campus)))
    return Enterprise.live().select(Enterprise.id).where(Enterprise.id.in_(visited))


def _produces(state: Any) -> Any:
    return state.category == "production"


def _in_campaigns(start: dt.date, end: dt.date) -> Any:
    tied = InspectionCampaign.live().select(InspectionCampaign.inspection)
    return _done(start, end).where(Inspection.id.in_(tied))


_count(
    "inspections.campaign", "专项行动检查", "家次", "flow", "inspections",
    "期内为至少一个专项行动所做的监督检查次数，一次检查涉及几个专项的只计一次，按检查日期计。", _in_campaigns,
)  # fmt: skip
_count(
    "inspections.findings_on_spot", "当场整改隐患", "处", "flow", "findings",
    "期内监督检查所发现的隐患中，当场整改的处数。",
    lambda start, end: _findings_of("inspections.findings", start, end).where(Finding.corrected_on_spot),
)  # fmt: skip
_count(
    "campus.enterprises", "被检查的校园及周边单位", "户", "flow", "enterprises",
    "期内至少被检查一次的学校、幼儿园食堂和校园周边食品经营者户数，同一户只计一次，按检查当日的类别、重点区域计。",
    _campus_visited,
)  # fmt: skip
_count(
    "campus.findings_resolved", "校园及周边已整改隐患", "处", "flow", "findings",
    "校园及周边隐患中，截至期末已当场整改或复查认定整改到位的处数。",
    lambda start, end: _findings_of("campus.findings", start, end).where(Finding.resolved_on <= end),
)  # fmt: skip
_count(
    "production.inspections", "食品生产企业检查", "家次", "flow", "inspections",
    "期内对食品生产企业已完成的监督检查次数，按检查日期及当日的类别计。",
    lambda start, end: _done(start, end, _produces),
)  # fmt: skip
_count(
    "production.findings", "食品生产企业隐患", "处", "flow", "findings",
    "期内食品生产企业检查所发现的隐患数，按检查日期计。",
    lambda start, end: _findings_where(_produces, start, end),
)  # fmt: skip
_count(
    "rice.inspections", "大米生产企业检查", "家次", "flow", "inspections",
    "期内对大米生产企业已完成的监督检查次数，按检查日期及当日的主要产品计。",
    lambda start, end: _done(start, end, lambda s: (s.category == "production") & (s.product == RICE)),
)  # fmt: skip
_count(
    "findings.open", "期末未整改隐患", "处", "stock", "findings",
    "截至期末已发现、尚未整改完成也没有移送的隐患处数，包括以前期间发现的。",
    lambda start, end: Finding.live()
    .select(Finding.id)
    .where(
        Finding.found_on <= end,
        Finding.resolved_on.is_null() | (Finding.resolved_on > end),
        Finding.referred_on.is_null() | (Finding.referred_on > end),
    ),
)  # fmt: skip


# --- samples -----------------------------------------------------------------------------------------------------


def _samples(start: dt.date, end: dt.date, where: Any) -> Any:
    state, on = state_on(Sample.enterprise, Sample.sampled_on)
    return (
        Sample.live()
        .select(Sample.id)
        .join(state, on=on)
        .where(Sample.sampled_on.between(start, end), where(state))
    )


_count(
    "campus.samples", "校园及周边抽检", "批次", "flow", "samples",
    "期内对学校、幼儿园食堂和校园周边食品经营者抽样的批次数，含餐饮具，按抽样日期计。",
    lambda start, end: _samples(start, end, is_campus),
)  # fmt: skip
_count(
    "production.samples", "食品生产企业抽检", "批次", "flow", "samples",
    "期内对食品生产企业抽样的批次数，含省抽，按抽样日期计。",
    lambda start, end: _samples(start, end, _produces),
)  # fmt: skip
_count(
    "samples.province", "配合省抽", "批次", "flow", "samples",
    "期内抽检类别为省抽的批次数，按抽样日期计。",
    lambda start, end: Sample.live()
    .select(Sample.id)
    .where(Sample.sampled_on.between(start, end), Sample.programme == "province"),
)  # fmt: skip


_count(
    "samples.unhandled", "不合格待处置", "批次", "flow", "samples",
    "期内抽样不合格的批次中，截至期末核查处置没有完成的批次数。",
    lambda start, end: Sample.select(Sample.id).where(
        Sample.id.in_(figure("samples.failed").select(start, end)),
        Sample.handled_on.is_null() | (Sample.handled_on > end),
    ),
)  # fmt: skip


# --- notices on the last day -------------------------------------------------------------------------------------


def _pending(end: dt.date, *where: Any) -> Any:
    """Ids of the notices issued and neither closed, referred nor void by a day."""
    return Notice.select(Notice.id).where(in_force_on(end), *where)


_count(
    "notices.open", "期末未办结通知书", "份", "stock", "notices",
    "截至期末已签发，尚未销号、移送、作废的责令改正通知书份数，包括以前期间签发的。",
    lambda start, end: _pending(end),
)  # fmt: skip
_count(
    "notices.overdue", "期末逾期通知书", "份", "stock", "notices",
    "期末未办结的通知书中，整改期限（含期末前批准的延期，届满日是休息日的按设置顺延）早于期末的份数。",
    lambda start, end: _pending(end, due_as_of(end) < DueDays().running(end)),
)  # fmt: skip
_count(
    "notices.unserved", "期末未送达通知书", "份", "stock", "notices",
    "期末未办结的通知书中，截至期末没有登记送达的份数。",
    lambda start, end: _pending(end, Notice.served_on.is_null() | (Notice.served_on > end)),
)  # fmt: skip
_count(
    "notices.referred", "移送立案", "份", "flow", "notices",
    "期内移送立案的责令改正通知书份数，按移送日期计。",
    lambda start, end: Notice.live()
    .select(Notice.id)
    .where(Notice.referred_on.between(start, end), Notice.state == "referred"),
)  # fmt: skip
_count(
    "outreach.open_sampling", "“你点我检、你送我检”活动", "场次", "flow", "outreach",
    "期内举办的“你点我检、你送我检”活动场次，按活动日期计。",
    lambda start, end: Outreach.live()
    .select(Outreach.id)
    .where(Outreach.held_on.between(start, end), Outreach.kind == "open_sampling"),
)  # fmt: skip
