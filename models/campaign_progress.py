"""How far campaigns have got on a day: in all, by township and kind, target by target. Knows no screen, no document."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

import peewee

from models.area import Area
from models.campaign import Campaign, CampaignGoal
from models.campaign_target import CampaignTarget
from models.core.record import BEGINNING, as_of, database
from models.core.register import Condition, View
from models.enterprise import CATEGORIES, STATUSES, Enterprise, EnterpriseState
from models.inspection import Finding, Inspection, InspectionCampaign
from models.notice import Notice, NoticeFinding

State = Literal["future", "running", "ended"]
STATES: dict[State, str] = {"future": "未开始", "running": "进行中", "ended": "已结束"}
By = Literal["township", "category"]


@dataclass(frozen=True)
class Progress:
    """One campaign on a day: targets in 户, visits in 家次, findings in 处, notices in 份.

    ``covered`` targets have a done inspection tied to the campaign, ``late`` of them the first after their deadline;
    ``overdue`` ones have none although their deadline is past. The rest follows the figures ``campaign.*``.
    """

    id: int
    name: str
    starts_on: dt.date
    ends_on: dt.date | None
    due_on: dt.date | None
    day: dt.date
    scope_name: str = ""
    settled_on: dt.date | None = None
    goal_places: int | None = None
    goal_visits: int | None = None
    targets: int = 0
    covered: int = 0
    late: int = 0
    overdue: int = 0
    visits: int = 0
    findings: int = 0
    resolved: int = 0
    notices: int = 0

    @property
    def state(self) -> State:
        """Whether the campaign is to come, runs, or has ended on the day."""
        if self.starts_on > self.day:
            return "future"
        return "ended" if self.ends_on is not None and self.ends_on < self.day else "running"

    @property
    def remaining(self) -> int:
        """Targets not inspected yet, in 户."""
        return self.targets - self.covered

    @property
    def rate(self) -> float | None:
        """Covered among targets; None without targets."""
        return self.covered / self.targets if self.targets else None

    @property
    def goal_rate(self) -> float | None:
        """Covered against the places asked for; None where no number is set."""
        return self.covered / self.goal_places if self.goal_places else None

    @property
    def visit_rate(self) -> float | None:
        """Visits against those asked for; None where no number is set."""
        return self.visits / self.goal_visits if self.goal_visits else None

    @property
    def ready(self) -> bool:
        """Whether the targets have been taken."""
        return self.settled_on is not None or self.targets > 0


class TargetRow(NamedTuple):
    """One target on a day; ``state`` is a code of campaign_target.STATES, ``note`` what is odd about the place."""

    target: int
    enterprise: int
    name: str
    category: str
    township: int
    township_name: str
    due_on: dt.date | None
    covered_on: dt.date | None
    visits: int
    state: str
    note: str
    initials: str


@dataclass(frozen=True)
class Share:
    """The targets of one township or kind; goals and the township's visits only where they were set or made."""

    key: Any
    label: str
    targets: int
    covered: int
    overdue: int
    visits: int
    goal_places: int | None = None
    goal_visits: int | None = None

    @property
    def remaining(self) -> int:
        """Targets not inspected yet, in 户."""
        return self.targets - self.covered

    @property
    def rate(self) -> float | None:
        """Covered among targets; None without targets."""
        return self.covered / self.targets if self.targets else None


@dataclass(frozen=True)
class CampaignDetail:
    """One campaign on a day in full; ``rows`` are its targets, those that are overdue first."""

    progress: Progress
    townships: tuple[Share, ...]
    categories: tuple[Share, ...]
    rows: tuple[TargetRow, ...] = field(default=())


# --- reading -----------------------------------------------------------------------------------------------------


class _Target(NamedTuple):
    id: int
    campaign: int
    enterprise: int
    area: int | None
    category: str
    status: str


class _Visit(NamedTuple):
    campaign: int
    enterprise: int
    day: dt.date


_First = dict[tuple[int, int], dt.date]


def _day(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))


def _targets(day: dt.date, only: Collection[int] | None) -> list[_Target]:
    target, state = CampaignTarget, EnterpriseState
    query = (
        target.select(target.id, target.campaign, target.enterprise, state.area, state.category, state.status)
        .join(
            state, peewee.JOIN.LEFT_OUTER,
            on=(state.enterprise == target.enterprise) & state.removed_at.is_null() & as_of(state, day),
        )
        .where(target.removed_at.is_null(), as_of(target, day), _among(target.campaign, only))
    )  # fmt: skip
    found = {(row[1], row[2]): _Target._make(row) for row in database.execute(query)}
    return list(found.values())  # one row an enterprise, though two were merged


def _visits(day: dt.date, only: Collection[int] | None) -> list[_Visit]:
    link = InspectionCampaign
    query = (
        link.select(link.campaign, Inspection.enterprise, Inspection.inspected_on)
        .join(Inspection, on=(link.inspection == Inspection.id))
        .where(link.removed_at.is_null(), _among(link.campaign, only), *_done(day))
    )
    return [_Visit(campaign, enterprise, _day(on)) for campaign, enterprise, on in database.execute(query)]


def _done(day: dt.date) -> tuple[Any, ...]:
    return (
        Inspection.removed_at.is_null(),
        Inspection.state == "done",
        Inspection.inspected_on.between(BEGINNING, day),
    )


def _among(column: Any, only: Collection[int] | None) -> Any:
    return column.in_(Campaign.live().select(Campaign.id)) if only is None else column.in_(list(only))


def _findings(day: dt.date, only: Collection[int] | None) -> dict[int, tuple[int, int]]:
    """Campaign → findings, and how many of them are resolved by the day."""
    link, resolved = InspectionCampaign, peewee.Case(None, [(Finding.resolved_on <= day, 1)], 0)
    query = (
        link.select(link.campaign, peewee.fn.COUNT(Finding.id), peewee.fn.SUM(resolved))
        .join(Inspection, on=(link.inspection == Inspection.id))
        .join_from(Inspection, Finding, on=(Finding.inspection == Inspection.id))
        .where(link.removed_at.is_null(), Finding.removed_at.is_null(), _among(link.campaign, only), *_done(day))
        .group_by(link.campaign)
    )
    return {key: (int(count), int(done or 0)) for key, count, done in database.execute(query)}


def _notices(day: dt.date, only: Collection[int] | None) -> dict[int, int]:
    """Campaign → notices issued by the day because of what its inspections found."""
    link, row = InspectionCampaign, NoticeFinding
    query = (
        link.select(link.campaign, peewee.fn.COUNT(Notice.id.distinct()))
        .join(Inspection, on=(link.inspection == Inspection.id))
        .join_from(Inspection, Finding, on=(Finding.inspection == Inspection.id))
        .join_from(Finding, row, on=(row.finding == Finding.id))
        .join_from(row, Notice, on=(row.notice == Notice.id))
        .where(
            link.removed_at.is_null(), Inspection.removed_at.is_null(), Finding.removed_at.is_null(),
            row.removed_at.is_null(), Notice.removed_at.is_null(), Notice.state.not_in(("draft", "void")),
            Notice.issued_on <= day, _among(link.campaign, only),
        )
        .group_by(link.campaign)
    )  # fmt: skip
    return {key: int(count) for key, count in database.execute(query)}


def _goals(only: Collection[int] | None) -> dict[int, dict[int, CampaignGoal]]:
    found: dict[int, dict[int, CampaignGoal]] = defaultdict(dict)
    for goal in CampaignGoal.live().where(_among(CampaignGoal.campaign, only)):
        found[goal.campaign_id][goal.area_id] = goal
    return found


def _due(campaign: Campaign, goal: CampaignGoal | None) -> dt.date | None:
    return (goal.due_on if goal is not None else None) or campaign.due_on or campaign.ends_on


# --- all campaigns -----------------------------------------------------------------------------------------------


def progress_of(day: dt.date, only: Collection[int] | None = None) -> list[Progress]:
    """The campaigns on a day (some by their ids, else all): those that run first, the latest start first."""
    query = Campaign.live() if only is None else Campaign.live().where(Campaign.id.in_(list(only)))
    campaigns = list(query)
    targets, goals = _targets(day, only), _goals(only)
    first, visits = _first_visits(_visits(day, only))
    findings, notices = _findings(day, only), _notices(day, only)
    mine: dict[int, list[_Target]] = defaultdict(list)
    for target in targets:
        mine[target.campaign].append(target)
    found = []
    for one in campaigns:
        told, done = findings.get(one.id, (0, 0))
        covered, late, overdue = _counted(one, mine[one.id], goals[one.id], first, day)
        shown = Progress(
            one.id, one.name, one.starts_on, one.ends_on, one.due_on or one.ends_on, day, one.scope_name,
            one.settled_on, one.goal_places, one.goal_visits, len(mine[one.id]), covered, late, overdue,
            visits.get(one.id, 0), told, done, notices.get(one.id, 0),
        )  # fmt: skip
        found.append(shown)
    order = list(STATES)
    order.sort(key=("running", "future", "ended").index)
    return sorted(found, key=lambda p: (order.index(p.state), -p.starts_on.toordinal(), p.id))


def _counted(
    campaign: Campaign, targets: Iterable[_Target], goals: dict[int, CampaignGoal], first: _First, day: dt.date
) -> tuple[int, int, int]:
    """How many targets are covered, covered too late, and overdue."""
    covered = late = overdue = 0
    for target in targets:
        seen = first.get((campaign.id, target.enterprise))
        state, after = _standing(campaign, goals.get(target.area or 0), seen, day)
        covered += state == "covered"
        late += after
        overdue += state == "overdue"
    return covered, late, overdue


def _first_visits(visits: Iterable[_Visit]) -> tuple[_First, dict[int, int]]:
    """(Campaign, enterprise) → its first inspection; campaign → how many inspections."""
    first: _First = {}
    count: dict[int, int] = defaultdict(int)
    for one in visits:
        key = one.campaign, one.enterprise
        first[key] = min(first.get(key, one.day), one.day)
        count[one.campaign] += 1
    return first, count


def _standing(
    campaign: Campaign, goal: CampaignGoal | None, first: dt.date | None, day: dt.date
) -> tuple[str, bool]:
    """A target's state, and whether its first inspection came after the deadline."""
    due = _due(campaign, goal)
    if first is not None:
        return "covered", due is not None and first > due
    return ("overdue" if due is not None and due < day else "open"), False


# --- one campaign ------------------------------------------------------------------------------------------------


def campaign_detail(campaign_id: int, day: dt.date) -> CampaignDetail | None:
    """One campaign on a day with its targets; None where it is gone."""
    found = progress_of(day, [campaign_id])
    if not found:
        return None
    campaign = Campaign.get_by_id(campaign_id)
    goals = _goals([campaign_id])[campaign_id]
    visits = _visits(day, [campaign_id])
    first, _count = _first_visits(visits)
    times: dict[int, int] = defaultdict(int)
    for visit in visits:
        times[visit.enterprise] += 1
    areas = dict(database.execute(Area.select(Area.id, Area.name)))
    targets = _targets(day, [campaign_id])
    names = _names([t.enterprise for t in targets])
    rows = []
    for target in targets:
        goal, seen = goals.get(target.area or 0), first.get((campaign_id, target.enterprise))
        state, _late = _standing(campaign, goal, seen, day)
        note = "" if target.status == "open" else f"已{dict(STATUSES).get(target.status, '停业')}"
        row = TargetRow(
            target.id, target.enterprise, names[target.enterprise][1], target.category or "", target.area or 0,
            areas.get(target.area, ""), _due(campaign, goal), seen, times[target.enterprise], state, note,
            names[target.enterprise][2],
        )  # fmt: skip
        rows.append(row)
    order = ("overdue", "open", "covered")
    rows.sort(key=lambda r: (order.index(r.state), r.township_name, names[r.enterprise][0], r.enterprise))
    townships = _with_goals(_shares(rows, "township"), goals, areas, _by_township(visits, day))
    return CampaignDetail(found[0], townships, _shares(rows, "category"), tuple(rows))


def first_visit(campaign: int, day: dt.date) -> dt.date | None:
    """The day of the first done inspection tied to a campaign, up to a day; None without."""
    return min((visit.day for visit in _visits(day, [campaign])), default=None)


def _names(ids: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Enterprise → its key for order, its name, its pinyin initials."""
    place, found = Enterprise, dict[int, tuple[str, str, str]]()
    for start in range(0, len(ids), 5_000):
        part = ids[start : start + 5_000]
        query = place.select(place.id, place.name_key, place.name, place.initials).where(place.id.in_(part))
        found |= {key: (order, name, letters or "") for key, order, name, letters in database.execute(query)}
    return found


def _shares(rows: Iterable[TargetRow], by: By) -> tuple[Share, ...]:
    groups: dict[Any, list[TargetRow]] = defaultdict(list)
    for row in rows:
        groups[row.township if by == "township" else row.category].append(row)
    labels, order = dict(CATEGORIES), [code for code, _ in CATEGORIES]

    def place(key: Any) -> Any:
        return key if by == "township" else order.index(key) if key in order else len(order)

    return tuple(
        Share(
            key,
            (groups[key][0].township_name or "未登记乡镇") if by == "township" else labels.get(key, "其他"),
            len(groups[key]),
            sum(row.state == "covered" for row in groups[key]),
            sum(row.state == "overdue" for row in groups[key]),
            sum(row.visits for row in groups[key]),
        )
        for key in sorted(groups, key=place)
    )


def _by_township(visits: Sequence[_Visit], day: dt.date) -> dict[int, int]:
    """Township → inspections, those of places that are no targets included, by where the place lies on the day."""
    state, count = EnterpriseState, dict[int, int]()
    for start in range(0, len(visits), 5_000):
        part = visits[start : start + 5_000]
        query = state.live().select(state.enterprise, state.area)
        query = query.where(state.enterprise.in_(sorted({v.enterprise for v in part})), as_of(state, day))
        area = dict(database.execute(query))
        for visit in part:
            key = area.get(visit.enterprise, 0)
            count[key] = count.get(key, 0) + 1
    return count


def _with_goals(
    shares: tuple[Share, ...], goals: dict[int, CampaignGoal], areas: dict[int, str], visits: dict[int, int]
) -> tuple[Share, ...]:
    """The townships with what they were asked, also those that have no target."""
    there = {share.key: share for share in shares}
    for key in {*goals, *visits}:
        there.setdefault(key, Share(key, areas.get(key, "未登记乡镇"), 0, 0, 0, 0))
    found = []
    for key in sorted(there):
        goal = goals.get(key)
        asked = (goal.places, goal.visits) if goal is not None else (None, None)
        found.append(
            replace(there[key], visits=visits.get(key, 0), goal_places=asked[0], goal_visits=asked[1])
        )
    return tuple(found)


# --- what stands behind a number -----------------------------------------------------------------------------------


def behind(name: str, campaign: int, day: dt.date) -> View:
    """The list behind a campaign's number of a figure («campaign.visits»), as of a day."""
    stock = name in ("campaign.targets", "campaign.covered", "campaign.remaining")
    conditions = (Condition("campaign", "in", (campaign,)),) if stock else ()
    return View(conditions=conditions, figure=(f"{name}:{campaign}", BEGINNING, day), day=day)


def overdue_view(campaign: int, day: dt.date) -> View:
    """The overdue targets of a campaign as of a day."""
    return View(conditions=(Condition("campaign", "in", (campaign,)),), presets=("overdue",), day=day)
