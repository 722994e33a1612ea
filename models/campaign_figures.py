"""Figures of campaigns: targets, coverage, visits, findings, notices, of all in a period or of a single one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from models.campaign import Campaign
from models.campaign_target import CampaignTarget, covered
from models.core.errors import NotFound
from models.core.figure import FAMILIES, Figure, figure
from models.core.record import as_of
from models.inspection import Finding, Inspection, InspectionCampaign
from models.notice import Notice, NoticeFinding

#: One campaign by its id; None for all of the period.
Which = int | None


def running(start: dt.date, end: dt.date) -> Any:
    """The ids of the campaigns that ran on any day of a period."""
    return (
        Campaign.live()
        .select(Campaign.id)
        .where(Campaign.starts_on <= end, Campaign.ends_on.is_null() | (Campaign.ends_on >= start))
    )


def _targets(which: Which, start: dt.date, end: dt.date) -> Any:
    of = CampaignTarget.campaign
    query = CampaignTarget.live().select(CampaignTarget.id).where(as_of(CampaignTarget, end))
    return query.where(of.in_(running(start, end)) if which is None else of == which)


def _covered(which: Which, start: dt.date, end: dt.date) -> Any:
    return _targets(which, start, end).where(covered(end))


def _remaining(which: Which, start: dt.date, end: dt.date) -> Any:
    return _targets(which, start, end).where(~covered(end))


def _visits(which: Which, start: dt.date, end: dt.date) -> Any:
    link = InspectionCampaign
    tied = link.live().select(link.inspection)
    if which is not None:
        tied = tied.where(link.campaign == which)
    return figure("inspections.total").select(start, end).where(Inspection.id.in_(tied))


def _findings(which: Which, start: dt.date, end: dt.date) -> Any:
    inside = Finding.inspection.in_(_visits(which, start, end))
    return Finding.live().select(Finding.id).where(inside)


def _resolved(which: Which, start: dt.date, end: dt.date) -> Any:
    return _findings(which, start, end).where(Finding.resolved_on <= end)


def _notices(which: Which, start: dt.date, end: dt.date) -> Any:
    row, link = NoticeFinding, InspectionCampaign
    tied = link.live().select(link.inspection)
    if which is not None:
        tied = tied.where(link.campaign == which)
    made = Inspection.live().select(Inspection.id).where(Inspection.id.in_(tied))
    ordered = (
        row.live()
        .select(row.notice)
        .join(Finding, on=(row.finding == Finding.id))
        .where(Finding.removed_at.is_null(), Finding.inspection.in_(made))
    )
    return figure("notices.total").select(start, end).where(Notice.id.in_(ordered))


class Counted(NamedTuple):
    """One count of campaigns: its words for all of a period and for a single one."""

    name: str
    label: str
    units: tuple[str, str]
    basis: Any
    register: str
    rules: tuple[str, str]
    query: Callable[[Which, dt.date, dt.date], Any]


_WHOLE = "期内有任一天在进行的专项"
COUNTS = (
    Counted(
        "campaign.targets", "专项对象", ("户次", "户"), "stock", "campaign_targets",
        (f"{_WHOLE}期末的对象，一户是几个专项的对象的分别计。", "期末仍是这项专项对象的户数，已退出的不计。"), _targets,
    ),
    Counted(
        "campaign.covered", "专项已检查对象", ("户次", "户"), "stock", "campaign_targets",
        (
            f"{_WHOLE}期末的对象中，截至期末至少有一次已完成、所属专项含该专项的检查的。",
            "期末的对象中，截至期末至少有一次已完成、所属专项含这项专项的检查的户数。",
        ),
        _covered,
    ),
    Counted(
        "campaign.remaining", "专项未检查对象", ("户次", "户"), "stock", "campaign_targets",
        (
            f"{_WHOLE}期末的对象中，截至期末还没有为该专项检查过的。",
            "期末的对象中，截至期末还没有为这项专项检查过的户数。",
        ),
        _remaining,
    ),
    Counted(
        "campaign.visits", "专项检查", ("家次", "家次"), "flow", "inspections",
        ("", "期内已完成、所属专项含这项专项的监督检查次数，按检查日期计，不是对象的单位也计。"), _visits,
    ),
    Counted(
        "campaign.findings", "专项发现隐患", ("处", "处"), "flow", "findings",
        ("期内专项行动检查所发现的隐患数，按检查日期计。", "期内这项专项的检查所发现的隐患数，按检查日期计。"),
        _findings,
    ),
    Counted(
        "campaign.resolved", "专项已整改隐患", ("处", "处"), "flow", "findings",
        (
            "专项发现隐患中，截至期末已当场整改或复查认定整改到位的处数。",
            "这项专项发现的隐患中，截至期末已当场整改或复查认定整改到位的处数。",
        ),
        _resolved,
    ),
    Counted(
        "campaign.notices", "专项通知书", ("份", "份"), "flow", "notices",
        (
            "期内因专项行动检查发现的隐患签发的责令改正通知书份数，按签发日期计，草稿和作废的不计。",
            "期内因这项专项的检查发现的隐患签发的责令改正通知书份数，按签发日期计，草稿和作废的不计。",
        ),
        _notices,
    ),
)  # fmt: skip
RATE = "campaign.coverage_rate"
RESOLVED_RATE = "campaign.resolved_rate"
RATIOS: tuple[tuple[str, str, Any, str, str, str, str], ...] = (
    (RATE, "专项覆盖率", "stock", "campaign_targets", "已检查的对象除以期末的全部对象。", "covered", "targets"),
    (
        RESOLVED_RATE, "专项隐患整改率", "flow", "findings", "专项已整改隐患处数除以专项发现隐患处数，截至期末。",
        "resolved", "findings",
    ),
)  # fmt: skip


def _count_of(one: Counted, key: str) -> Figure:
    return Figure(
        f"{one.name}:{key}", one.label, one.units[1], one.rules[1], "count", one.basis, one.register,
        partial(one.query, _campaign(key)), listed=False,
    )  # fmt: skip


def _ratio_of(ratio: Any, key: str) -> Figure:
    name, label, basis, home, rule, part, whole = ratio
    _campaign(key)
    names = (f"campaign.{part}:{key}", f"campaign.{whole}:{key}")
    return Figure(
        f"{name}:{key}", label, "%", rule, "ratio", basis, home, None, "", *names, listed=False
    )


def _campaign(key: str) -> int:
    """The id of a campaign by id or by name. Raises NotFound with the candidates."""
    return int(key) if key.isdigit() else find_campaign(key).id


def find_campaign(text: str) -> Campaign:
    """The one live campaign of a name or a part of it. Raises NotFound with the candidates."""
    name = text.strip()
    rows: list[Campaign] = list(Campaign.live().order_by(Campaign.starts_on.desc(), Campaign.id))
    plain = name.replace(" ", "")
    exact = [row for row in rows if name in (row.name, f"{row.name}/{row.starts_on.year}")]
    found = exact or [row for row in rows if plain and plain in row.name.replace(" ", "")]
    if len(found) == 1:
        return found[0]
    if not found:
        some = "、".join(row.name for row in rows[:8])
        raise NotFound(f"没有“{text}”这项专项。", f"现有：{some}{'等' if len(rows) > 8 else ''}" if rows else "")
    listed = "、".join(f"{row.name}/{row.starts_on.year}" for row in found[:12])
    raise NotFound(f"“{text}”不止一项专项。", f"请写明其中一项：{listed}")


for _one in COUNTS:
    FAMILIES[_one.name] = partial(_count_of, _one)
    if _one.rules[0]:
        Figure(
            _one.name, _one.label, _one.units[0], _one.rules[0], "count", _one.basis, _one.register,
            partial(_one.query, None),
        )  # fmt: skip
for _ratio in RATIOS:
    FAMILIES[_ratio[0]] = partial(_ratio_of, _ratio)
    _name, _label, _basis, _home, _rule, _part, _whole = _ratio
    Figure(
        _name, _label, "%", _rule, "ratio", _basis, _home, None, "", f"campaign.{_part}", f"campaign.{_whole}"
    )
Figure(
    "campaign.count", "开展的专项行动", "项", f"{_WHOLE}项数。", "count", "flow", "campaigns", running
)
