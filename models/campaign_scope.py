"""Whom a campaign concerns: a saved view frozen as targets, who came in or left since, inspections tied to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import peewee

from models.campaign import Campaign
from models.campaign_target import CampaignTarget
from models.core.changes import Transaction
from models.core.errors import Conflict, Refused
from models.core.record import Record, as_of, database
from models.core.register import CHUNK, Column, View, register
from models.core.search import search_columns
from models.core.view_words import names_of, sentence
from models.enterprise import Enterprise, EnterpriseState, in_business
from models.inspection import Inspection, InspectionCampaign
from models.inspection_task import settle_tasks
from models.saved_view import NamedView, saved_views, view_of, view_text

HOME = "enterprises"
_SHOWN = ("name", "category", "area")
#: Facts whose change is no reason to come in or to leave.
_SILENT = frozenset({"tier_reason", "contractor"})


class ScopeRow(NamedTuple):
    """An enterprise that comes in or leaves; ``why`` says in Chinese what changed about it ('' at the start)."""

    enterprise: int
    name: str
    category: str
    area: str
    why: str


@dataclass(frozen=True)
class ScopePlan:
    """What taking a view as a campaign's scope on a day would change.

    ``kept`` targets stay, ``by_hand`` of them were added by hand and are never taken off here; ``idle`` enterprises
    fit the view but are not in business. ``words`` say the filter; ``token`` stands for what was read.
    """

    campaign: int
    name: str
    day: dt.date
    begins: dt.date
    first: bool
    scope: str
    scope_name: str
    words: str
    came: tuple[ScopeRow, ...]
    left: tuple[ScopeRow, ...]
    kept: int
    by_hand: int
    idle: int
    token: tuple[int, ...]


def scopes(campaign_id: int) -> list[NamedView]:
    """The views a campaign can take its targets from: its own frozen one first, then those kept for the enterprises
    (one that says the same under the same name is not named twice)."""
    campaign = _campaign(campaign_id)
    home, found = register(HOME), saved_views(register(HOME))
    if not campaign.scope:
        return found
    own = view_of(home, campaign.scope, campaign.scope_name)
    return [own, *(one for one in found if (one.name, _filter(one.view)) != (own.name, _filter(own.view)))]


def _filter(view: View) -> tuple[object, ...]:
    return view.search, view.conditions, view.presets


def default_day(campaign: Campaign, today: dt.date) -> dt.date:
    """The day as of which targets are taken: at first the campaign's start, later today; never after its end."""
    if campaign.settled_on is None:
        return min(campaign.starts_on, today)
    return min(today, campaign.ends_on or today)


def plan_scope(campaign_id: int, day: dt.date, scope: NamedView | None = None) -> ScopePlan:
    """Who would come in and who would leave if the scope (the campaign's own by default) were taken as of a day.

    Raises Refused where there is no scope, it names what the register no longer has, or the campaign had ended.
    """
    campaign = _campaign(campaign_id)
    home = register(HOME)
    if scope is None:
        if not campaign.scope:
            raise Refused(f"“{campaign.name}”还没有对象范围，请选一个视图。")
        scope = view_of(home, campaign.scope, campaign.scope_name)
    if scope.missing:
        raise Refused(f"视图“{scope.name}”用到的“{'、'.join(scope.missing)}”已没有，请在主体名册更新这个视图。")
    if campaign.ends_on is not None and day > campaign.ends_on:
        raise Refused(f"专项已于{campaign.ends_on}结束，对象不再变动；确需变动的请先改结束日期。")
    view = scope.view.with_(day=day, figure=None, removed=False, order=())
    fitting = set(home.ids(view, day))
    open_now = _in_business(day)
    begins = max(day, campaign.starts_on)
    present = _present(campaign_id, begins)
    wanted = fitting & open_now
    came = wanted - present.keys()
    left = {key for key, source in present.items() if source == "scope" and key not in wanted}
    since = campaign.settled_on
    return ScopePlan(
        campaign_id, campaign.name, day, begins, since is None, view_text(home, scope.view), scope.name,
        sentence(home, scope.view, names_of(home, scope.view, day)) or "全部主体",
        _rows(came, day, since, "符合范围"), _rows(left, day, since or campaign.starts_on, "不再符合范围"),
        len(present) - len(left),
        sum(source == "hand" for source in present.values()), len(fitting - open_now), _token(campaign),
    )  # fmt: skip


def apply_scope(tx: Transaction, plan: ScopePlan, came: Collection[int], left: Collection[int]) -> None:
    """Take in and take off the chosen ones of a plan and keep its scope: one action.

    Raises Conflict where the campaign or its targets changed since the plan was made.
    """
    campaign = _campaign(plan.campaign)
    if _token(campaign) != plan.token:
        raise Conflict("专项或它的对象在核对时被改过。", "请重新核对范围。")
    rows = [
        {
            "campaign": plan.campaign,
            "enterprise": row.enterprise,
            "valid_from": plan.begins,
            "valid_to": None,
            "source": "scope",
            "reason": row.why[:200],
        }
        for row in plan.came
        if row.enterprise in came
    ]
    if rows:
        tx.insert_many(CampaignTarget, [{**row, **search_columns(CampaignTarget, row)} for row in rows])
    why = {row.enterprise: row.why for row in plan.left if row.enterprise in left}
    eve = plan.begins - dt.timedelta(days=1)
    for target in _targets(plan.campaign, plan.begins):
        if target.enterprise_id not in why:
            continue
        if target.valid_from > eve:
            tx.remove(target)
        else:
            tx.update(target, valid_to=eve, reason=why[target.enterprise_id][:200])
    tx.update(campaign, scope=plan.scope, scope_name=plan.scope_name[:60], settled_on=plan.day)


def scope_words(campaign: Campaign, day: dt.date) -> str:
    """Whom the campaign concerns, in Chinese: the name of its view and its filter; '' where none was taken."""
    if not campaign.scope:
        return ""
    home = register(HOME)
    view = view_of(home, campaign.scope).view
    return f"{campaign.scope_name}（{sentence(home, view, names_of(home, view, day)) or '全部主体'}）"


# --- reading -----------------------------------------------------------------------------------------------------


def _campaign(key: int) -> Campaign:
    found: Campaign | None = Campaign.live().where(Campaign.id == key).first()
    if found is None:
        raise Refused("这项专项已不在，请刷新列表。")
    return found


def _targets(campaign: int, day: dt.date) -> list[CampaignTarget]:
    query = CampaignTarget.live().where(CampaignTarget.campaign == campaign, as_of(CampaignTarget, day))
    return list(query.order_by(CampaignTarget.id))


def _present(campaign: int, day: dt.date) -> dict[int, str]:
    """Enterprise → source of the targets in force on a day; one added by hand counts as such."""
    query = CampaignTarget.live().select(CampaignTarget.enterprise, CampaignTarget.source)
    query = query.where(CampaignTarget.campaign == campaign, as_of(CampaignTarget, day))
    return dict(sorted(database.execute(query), key=lambda row: row[1], reverse=True))


def _in_business(day: dt.date) -> set[int]:
    query = EnterpriseState.select(EnterpriseState.enterprise).where(in_business(EnterpriseState, day))
    return {row[0] for row in database.execute(query)}


def _token(campaign: Campaign) -> tuple[int, ...]:
    target = CampaignTarget
    query = target.live().select(
        peewee.fn.COUNT(target.id),
        peewee.fn.COALESCE(peewee.fn.MAX(target.id), 0),
        peewee.fn.COALESCE(peewee.fn.SUM(target.version), 0),
    )
    count, last, versions = next(iter(database.execute(query.where(target.campaign == campaign.id))))
    return campaign.version, int(count), int(last), int(versions)


def _rows(ids: Collection[int], day: dt.date, since: dt.date | None, otherwise: str) -> tuple[ScopeRow, ...]:
    """The enterprises by name, each with what changed about it between two days."""
    home = register(HOME)
    columns = [Column(path) for path in _SHOWN]
    why = _changes(ids, since, day) if since is not None else {}
    found = []
    for row in home.rows(_by_name(ids), day, columns):
        name, category, area = (home.format(c, v) for c, v in zip(columns, row.values, strict=True))
        reason = why.get(row.id, otherwise) if since is not None else ""
        found.append(ScopeRow(row.id, name, category, area, reason))
    return tuple(found)


def _by_name(ids: Collection[int]) -> list[int]:
    keyed = []
    for part in _parts(ids):
        query = Enterprise.select(Enterprise.name_key, Enterprise.id).where(Enterprise.id.in_(part))
        keyed += list(database.execute(query))
    return [row[1] for row in sorted(keyed)]


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    every = sorted(ids)
    return (every[start : start + CHUNK] for start in range(0, len(every), CHUNK))


def _changes(ids: Collection[int], before: dt.date, after: dt.date) -> dict[int, str]:
    """What changed about some enterprises between two days, in Chinese; those without a change are left out."""
    found: dict[int, str] = {}
    for part in _parts(ids):
        old, new = _states(part, before), _states(part, after)
        opened = dict(
            database.execute(Enterprise.select(Enterprise.id, Enterprise.opened_on).where(Enterprise.id.in_(part)))
        )
        for key in part:
            words = _change(old.get(key), new.get(key))
            if not words and opened[key] is not None and str(opened[key]) > before.isoformat():
                words = f"{opened[key]}开业"
            if words:
                found[key] = words
    return found


def _states(ids: list[int], day: dt.date) -> dict[int, EnterpriseState]:
    query = EnterpriseState.live().where(EnterpriseState.enterprise.in_(ids), as_of(EnterpriseState, day))
    return {row.__data__["enterprise"]: row for row in query}


def _change(old: EnterpriseState | None, new: EnterpriseState | None) -> str:
    if old is None or new is None:
        return ""  # it was not there yet
    parts = []
    for name, field in EnterpriseState.fact_fields().items():
        a, b = old.__data__.get(name), new.__data__.get(name)
        if a == b or name in _SILENT:
            continue
        texts = [_text(field, value) or "（空）" for value in (a, b)]
        parts.append(f"{field.label}：{texts[0]}→{texts[1]}")
    return "；".join(parts)


def _text(field: peewee.Field, value: object) -> str:
    target = getattr(field, "rel_model", None)
    if target is not None and value is not None:
        record: Record | None = target.get_or_none(target.id == value)
        return record.label() if record is not None else ""
    return str(field.format(value))  # type: ignore[attr-defined]


# --- inspections -------------------------------------------------------------------------------------------------


def proposed_campaigns(enterprise: int, day: dt.date) -> list[int]:
    """The campaigns that run on a day and have the enterprise among their targets, the earliest first."""
    query = (
        CampaignTarget.live()
        .select(Campaign.id, Campaign.starts_on)
        .join(Campaign)
        .where(
            CampaignTarget.enterprise == enterprise,
            as_of(CampaignTarget, day),
            Campaign.removed_at.is_null(),
            Campaign.starts_on <= day,
            Campaign.ends_on.is_null() | (Campaign.ends_on >= day),
        )
        .distinct()
        .order_by(Campaign.starts_on, Campaign.id)
    )
    return [row[0] for row in database.execute(query)]


class LooseVisit(NamedTuple):
    """A done inspection of a target within the campaign's days that is not tied to the campaign."""

    inspection: int
    enterprise: str
    inspected_on: dt.date
    kind: str
    findings: int


def loose_visits(campaign_id: int, day: dt.date) -> list[LooseVisit]:
    """The inspections that could be tied to a campaign, up to a day, the latest first."""
    campaign = _campaign(campaign_id)
    visit, target, link = Inspection, CampaignTarget, InspectionCampaign
    tied = link.live().select(link.inspection).where(link.campaign == campaign_id)
    meant = target.select(target.id).where(
        target.enterprise == visit.enterprise,
        target.campaign == campaign_id,
        target.removed_at.is_null(),
        as_of(target, visit.inspected_on),
    )
    last = min(day, campaign.ends_on or day)
    query = (
        visit.live()
        .select(visit, Enterprise)
        .join(Enterprise)
        .where(
            visit.state == "done",
            visit.inspected_on.between(campaign.starts_on, last),
            visit.id.not_in(tied),
            peewee.fn.EXISTS(meant),
        )
        .order_by(visit.inspected_on.desc(), visit.id.desc())
    )
    rows = list(query)
    count = register("inspections")
    found = {row.id: row.values[0] for row in count.rows([v.id for v in rows], day, [Column("findings")])}
    return [LooseVisit(v.id, v.enterprise.name, v.inspected_on, v.kind, found.get(v.id, 0)) for v in rows]


def tie_visits(tx: Transaction, campaign_id: int, inspections: Collection[int]) -> int:
    """Tie inspections to a campaign as one action; returns how many were not tied before."""
    _campaign(campaign_id)
    link = InspectionCampaign
    query = link.live().select(link.inspection).where(link.campaign == campaign_id)
    tied = {row[0] for row in database.execute(query)}
    wanted = [key for key in dict.fromkeys(inspections) if key not in tied]
    for key in wanted:
        tx.insert(link, inspection=key, campaign=campaign_id)
        settle_tasks(tx, Inspection.get_by_id(key))
    return len(wanted)


