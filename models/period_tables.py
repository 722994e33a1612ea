"""Counts of a period by month, place, campaign, channel and topic for the period report; knows no document."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import peewee

from models.area import Area
from models.campaign import Campaign
from models.coordination import KINDS as COORDINATION_KINDS
from models.coordination import Coordination
from models.core.figure import figure
from models.core.record import as_of, database
from models.duty import LeaderDuty
from models.enterprise import CATEGORIES, KEY_AREAS, Enterprise, EnterpriseState, state_on
from models.inspection import CHANNELS, Finding, Inspection, InspectionCampaign
from models.law import LegalBasis
from models.notice import Notice
from models.organization import POSITIONS, Officer
from models.outreach import VENUES, Outreach
from models.rating import GRADES, RATINGS, HygieneRating, RiskAssessment
from models.rules import quota
from models.rules.dates import Period
from models.threshold import period as threshold

UNKNOWN = "未登记"
#: The positions of the leader duty with the stretch their hours are counted over and the threshold's code.
DUTIES: tuple[tuple[str, quota.Span, str], ...] = (
    ("leader", "month", "duty_hours_leader"),
    ("deputy", "half_month", "duty_hours_deputy"),
    ("branch_head", "week", "duty_hours_branch_head"),
)


@dataclass(frozen=True)
class Work:
    """Inspections (家次), findings (处) and notices (份) of one month or place."""

    label: str
    inspections: int
    findings: int
    notices: int


@dataclass(frozen=True)
class CampaignWork:
    """What was done for a campaign: inspections in 家次, findings in 处."""

    name: str
    inspections: int
    findings: int


@dataclass(frozen=True)
class DutyRow:
    """The leader duty of one position: people on duty, visits and minutes done, stretches that reached the quota
    (``kept``) of those due (``due``), ``hours`` each."""

    position: str
    label: str
    people: int
    visits: int
    minutes: int
    hours: int
    due: int
    kept: int


def first_inspection() -> dt.date | None:
    """The day of the ledger's first inspection."""
    first: dt.date | None = (
        Inspection.live()
        .select(peewee.fn.MIN(Inspection.inspected_on))
        .where(Inspection.state == "done")
        .scalar()
    )
    return first


def by_month(period: Period) -> list[Work]:
    """The work of each calendar month the period touches, in order."""
    return [
        Work(f"{part.start.year}年{part.start.month}月", *(_value(name, part) for name in _WORK))
        for part in period.months()
    ]


_WORK = ("inspections.total", "inspections.findings", "notices.total")


def _value(name: str, period: Period) -> int:
    return int(figure(name).value(period.start, period.end) or 0)


def by_township(period: Period) -> list[Work]:
    """The work in each township by the enterprise's place on the day, in the order of the codes."""
    return _by_fact("area", period, _area_names())


def by_key_area(period: Period) -> list[Work]:
    """The work in each key area by the enterprise's facts of the day; enterprises outside them are left out."""
    rows = _by_fact("key_area", period, dict(KEY_AREAS))
    return [row for row in rows if row.label != UNKNOWN]


def by_category(period: Period) -> list[Work]:
    """The work in each category of enterprise by its facts of the day."""
    return _by_fact("category", period, dict(CATEGORIES))


def _area_names() -> dict[Any, str]:
    query = Area.select(Area.id, Area.name).where(Area.level == "township").order_by(Area.code, Area.name)
    return dict(database.execute(query))


def _by_fact(fact: str, period: Period, names: dict[Any, str]) -> list[Work]:
    """The three flow figures grouped by a dated fact of the enterprise; what has none comes last."""
    sources: tuple[tuple[Any, Any], ...] = (
        (Inspection, Inspection.inspected_on),
        (Finding, Finding.found_on),
        (Notice, Notice.issued_on),
    )
    columns = []
    for name, (model, day) in zip(_WORK, sources, strict=True):
        state, on = state_on(model.enterprise, day)
        query = (
            model.select(getattr(state, fact), peewee.fn.COUNT(model.id))
            .join(state, peewee.JOIN.LEFT_OUTER, on=on)
            .where(model.id.in_(figure(name).select(period.start, period.end)))
            .group_by(getattr(state, fact))
        )
        columns.append(Counter({key: int(count) for key, count in database.execute(query)}))
    seen = set().union(*columns)
    keys = [key for key in names if key in seen]
    rows = [Work(names[key], *(column[key] for column in columns)) for key in keys]
    left = [sum(column[key] for key in seen if key not in names) for column in columns]
    return [*rows, Work(UNKNOWN, *left)] if any(left) else rows


def by_campaign(period: Period) -> list[CampaignWork]:
    """The campaigns with inspections in the period, the busiest first; an inspection counts for each of its own."""
    done = figure("inspections.total").select(period.start, period.end)
    query = (
        InspectionCampaign.live()
        .select(
            Campaign.name,
            peewee.fn.COUNT(InspectionCampaign.inspection.distinct()),
            peewee.fn.COUNT(Finding.id.distinct()),
        )
        .join(Campaign, on=(InspectionCampaign.campaign == Campaign.id))
        .join_from(
            InspectionCampaign,
            Finding,
            peewee.JOIN.LEFT_OUTER,
            on=((Finding.inspection == InspectionCampaign.inspection) & Finding.removed_at.is_null()),
        )
        .where(InspectionCampaign.inspection.in_(done), Campaign.removed_at.is_null())
        .group_by(Campaign.id, Campaign.name)
    )
    rows = [CampaignWork(name, int(visits), int(found)) for name, visits, found in database.execute(query)]
    return sorted(rows, key=lambda row: (-row.inspections, row.name))


def by_channel(period: Period) -> list[tuple[str, int]]:
    """The findings of the period's inspections by channel, the most frequent first."""
    labels = dict(CHANNELS)
    query = (
        Finding.select(Finding.channel, peewee.fn.COUNT(Finding.id))
        .where(Finding.id.in_(figure("inspections.findings").select(period.start, period.end)))
        .group_by(Finding.channel)
    )
    found = [(labels[code], int(count)) for code, count in database.execute(query)]
    return sorted(found, key=lambda row: -row[1])


def by_topic(period: Period) -> list[tuple[str, int]]:
    """The findings of the period's inspections by topic of their legal basis, the most frequent first.

    The basis is that of the same wording, else of the same article; findings without one are left out.
    """
    query = (
        Finding.select(Finding.wording, Finding.legal_basis, peewee.fn.COUNT(Finding.id))
        .where(Finding.id.in_(figure("inspections.findings").select(period.start, period.end)))
        .group_by(Finding.wording, Finding.legal_basis)
    )
    bases = list(LegalBasis.live().where(as_of(LegalBasis, period.end)).order_by(LegalBasis.id))
    by_wording = {basis.wording: basis.topic for basis in bases}
    by_article = {basis.violates: basis.topic for basis in reversed(bases) if basis.violates}
    topics: Counter[str] = Counter()
    for wording, article, count in database.execute(query):
        topic = by_wording.get(wording) or _within(wording, by_wording) or by_article.get(article)
        if topic:
            topics[topic] += int(count)
    return sorted(topics.items(), key=lambda row: (-row[1], row[0]))


def _within(wording: str, topics: dict[str, str]) -> str | None:
    """The topic of a known wording that a finding's own words contain."""
    return next((topic for known, topic in topics.items() if known in wording), None)


def missing_by_township(name: str, period: Period) -> list[tuple[str, int]]:
    """The enterprises behind a stock figure by township on the period's last day, the most first."""
    state, day = EnterpriseState, period.end
    query = (
        Enterprise.select(Area.name, peewee.fn.COUNT(Enterprise.id))
        .join(state, on=(state.enterprise == Enterprise.id))
        .join(Area, on=(state.area == Area.id))
        .where(
            Enterprise.id.in_(figure(name).select(period.start, period.end)),
            state.removed_at.is_null(),
            as_of(state, day),
        )
        .group_by(Area.id, Area.name)
    )
    found = [(area, int(count)) for area, count in database.execute(query)]
    return sorted(found, key=lambda row: (-row[1], row[0]))


def caterer_grades(period: Period) -> list[tuple[str, int]]:
    """The caterers in business by risk grade of the year, A to D."""
    query = (
        RiskAssessment.live()
        .select(RiskAssessment.grade, peewee.fn.COUNT(RiskAssessment.id))
        .where(
            RiskAssessment.year == period.end.year,
            RiskAssessment.enterprise.in_(figure("catering.graded").select(period.start, period.end)),
        )
        .group_by(RiskAssessment.grade)
    )
    return _in_order(GRADES, database.execute(query))


def caterer_ratings(period: Period) -> list[tuple[str, int]]:
    """The caterers in business by their latest dynamic rating of the year."""
    query = (
        HygieneRating.live()
        .select(HygieneRating.enterprise, HygieneRating.rating)
        .where(
            HygieneRating.rated_on.between(dt.date(period.end.year, 1, 1), period.end),
            HygieneRating.enterprise.in_(figure("catering.dynamic").select(period.start, period.end)),
        )
        .order_by(HygieneRating.rated_on, HygieneRating.id)
    )
    latest = dict(database.execute(query))
    return _in_order(RATINGS, Counter(latest.values()).items())


def _in_order(choices: Iterable[tuple[str, str]], counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    found = dict(counts)
    return [(label, int(found[code])) for code, label in choices if found.get(code)]


def duty_rows(period: Period) -> list[DutyRow]:
    """The leader duty of each position that has people; without a quota in force ``hours`` and ``due`` are 0."""
    found = []
    for position, span, code in DUTIES:
        people = list(_in_position(position, period))
        if not people:
            continue
        minutes: dict[int, dict[dt.date, int]] = {officer.id: {} for officer in people}
        visits = 0
        for officer, day, spent in _duties(period, list(minutes)):
            minutes[officer][day] = minutes[officer].get(day, 0) + int(spent or 0)
            visits += 1
        hours = _hours(code, period.end)
        stretches = quota.whole_stretches(span, period.start, period.end) if hours else []
        found.append(
            DutyRow(
                position,
                dict(POSITIONS)[position],
                len(people),
                visits,
                sum(sum(days.values()) for days in minutes.values()),
                hours,
                len(stretches) * len(people),
                sum(quota.kept(days, stretches, hours) for days in minutes.values()),
            )
        )
    return found


def outreach_topics(kind: str, period: Period) -> list[str]:
    """The topics of the outreach of a kind in a period, in order of their days, each once."""
    held = Outreach.held_on.between(period.start, period.end)
    query = Outreach.live().select(Outreach.topic).where(held, Outreach.kind == kind)
    return list(
        dict.fromkeys(row[0] for row in database.execute(query.order_by(Outreach.held_on, Outreach.id)))
    )


def outreach_by_venue(period: Period) -> list[tuple[str, int]]:
    """The publicity of a period by venue, in 场次."""
    query = (
        Outreach.select(Outreach.venue, peewee.fn.COUNT(Outreach.id))
        .where(Outreach.id.in_(figure("outreach.activities").select(period.start, period.end)))
        .group_by(Outreach.venue)
    )
    return _in_order(VENUES, database.execute(query))


def coordination_by_kind(period: Period) -> list[tuple[str, int]]:
    """The coordination of a period by kind, in 次."""
    query = (
        Coordination.select(Coordination.kind, peewee.fn.COUNT(Coordination.id))
        .where(Coordination.id.in_(figure("coordination.total").select(period.start, period.end)))
        .group_by(Coordination.kind)
    )
    return _in_order(COORDINATION_KINDS, database.execute(query))


def coordination_partners(period: Period) -> list[str]:
    """The departments worked with in a period, the most frequent first."""
    done = figure("coordination.total").select(period.start, period.end)
    query = Coordination.select(Coordination.partners).where(Coordination.id.in_(done))
    names: Counter[str] = Counter()
    for (partners,) in database.execute(query.order_by(Coordination.held_on, Coordination.id)):
        names.update(part.strip() for part in partners.replace("，", "、").split("、") if part.strip())
    return [name for name, _ in names.most_common()]


def _in_position(position: str, period: Period) -> Any:
    return Officer.live().where(
        Officer.position == position, Officer.left_on.is_null() | (Officer.left_on >= period.end)
    )


def _duties(period: Period, officers: list[int]) -> Any:
    done = figure("duty.visits").select(period.start, period.end)
    query = LeaderDuty.select(LeaderDuty.officer, LeaderDuty.on_day, LeaderDuty.minutes)
    return query.where(LeaderDuty.id.in_(done), LeaderDuty.officer.in_(officers)).tuples()


def _hours(code: str, day: dt.date) -> int:
    try:
        return threshold(code, day)
    except ValueError:
        return 0
