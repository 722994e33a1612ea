"""Storing the year's plan and keeping it in step with the inspections made. Knows no screen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from models.core.changes import Transaction
from models.core.errors import Conflict
from models.core.record import Record
from models.core.search import search_columns
from models.full_cover import covering, first_answered
from models.inspection import Inspection
from models.inspection_plan import (
    InspectionPlan,
    PlannedVisit,
    PlannedVisitOfficer,
    month_end,
    plan_name,
    plan_of,
)
from models.plan_making import PlaceLine, PlanProposal, Visit, make_plan
from models.rules.fulfilment import Made, Wanted, fulfilled

CHUNK = 2000


def apply_plan(
    tx: Transaction,
    proposal: PlanProposal,
    step: Callable[[int, int], object] = lambda done, whole: None,
) -> InspectionPlan:
    """Store a proposal: a new plan, or the present one with its open visits arranged anew.

    ``step(done, all)`` hears of the visits stored and may raise to give up. Raises Conflict, with nothing stored, where
    facts or rules have changed since it was made.
    """
    step(0, proposal.count)
    if make_plan(proposal.year, tx.today).lines != proposal.lines:
        raise Conflict("生成计划以后，主体、检查或频次表有变动，没有写入。", "请重新生成，核对后再确定。")
    plan = plan_of(proposal.year)
    if plan is None:
        plan = tx.insert(InspectionPlan, **plan_values(proposal, tx.today))
    else:
        tx.update(plan, detail=plan_values(proposal, tx.today)["detail"])
        _clear(tx, plan)
    store_visits(tx.insert_many, plan.id, proposal, step)
    return plan


def plan_values(proposal: PlanProposal, made_on: dt.date) -> dict[str, Any]:
    """The columns of a new plan."""
    year, detail = proposal.year, json.dumps(_detail(proposal), ensure_ascii=False)
    return {"year": year, "name": plan_name(year), "made_on": made_on, "detail": detail}


def store_visits(
    add: Callable[[type[Record], list[dict[str, Any]]], list[int]],
    plan: int,
    proposal: PlanProposal,
    step: Callable[[int, int], object] = lambda done, whole: None,
) -> None:
    """Store the new visits of a proposal with their officers; ``add`` stores rows of a table and gives their ids."""
    new = [(line, visit) for line in proposal.lines for visit in line.planned if visit.id is None]
    texts: dict[str, dict[str, Any]] = {}
    for start in range(0, len(new), CHUNK):
        part = new[start : start + CHUNK]
        ids = add(PlannedVisit, [_row(plan, proposal.year, *pair, texts) for pair in part])
        links = [
            {"visit": key, "officer": officer}
            for key, (_line, visit) in zip(ids, part, strict=True)
            for officer in visit.officers
        ]
        if links:
            add(PlannedVisitOfficer, links)
        step(start + len(part), len(new))


def _detail(proposal: PlanProposal) -> dict[str, Any]:
    """What the plan was reckoned from, kept with it."""
    bounds = proposal.bounds
    return {
        "day": proposal.day.isoformat(),
        "from": proposal.start.isoformat(),
        "day_visits": bounds.day_visits,
        "month_days": bounds.month_days,
        "visit_limit": proposal.limit,
        "officers": [one.name for one in proposal.officers.values()],
        "enterprises": len(proposal.lines),
        "visits": proposal.count,
    }


def _row(
    plan: int, year: int, line: PlaceLine, visit: Visit, texts: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    reason = "；".join(line.reasons)
    if reason not in texts:
        texts[reason] = search_columns(PlannedVisit, {"reason": reason})
    return {
        "plan": plan,
        "enterprise": line.id,
        "turn": visit.turn,
        "month": visit.month,
        "planned_on": visit.day,
        "full": visit.full,
        "key_target": line.key_target,
        "reason": reason,
        "state": "open" if visit.inspection is None else "done",
        "due_on": visit.day or month_end(year, visit.month),
        "inspection": visit.inspection,
        "done_on": visit.done_on,
        **texts[reason],
    }


def _clear(tx: Transaction, plan: InspectionPlan) -> None:
    """Take out what is arranged anew: the open visits nobody arranged by hand."""
    visit, link = PlannedVisit, PlannedVisitOfficer
    mine = visit.live().where(visit.plan == plan.id, visit.state == "open", ~visit.fixed)
    gone = list(mine)
    links = list(link.live().where(link.visit.in_(mine.select(visit.id))))
    if links:
        tx.mark_removed(link, links, tx.now)
    if gone:
        tx.mark_removed(visit, gone, tx.now)


def told_full_visit(draft: Any) -> str:
    """For the form of an inspection: that the year's plan waits for one of all items at the place; '' otherwise."""
    day, place = draft["inspected_on"], draft["enterprise"]
    if day is None or place is None:
        return ""
    waiting = PlannedVisit.live().join(InspectionPlan).where(
        PlannedVisit.enterprise == place,
        PlannedVisit.state == "open",
        PlannedVisit.full,
        InspectionPlan.year == day.year,
        InspectionPlan.removed_at.is_null(),
    )
    since = first_answered()
    if not waiting.exists() or since is None or day < since:
        return ""
    return "年度计划要求全项检查，要点表每项都作答才算完成"


def settle_plan(tx: Transaction, inspection: Inspection) -> None:
    """Bring the planned visits that an inspection fulfils, or no longer does, in step with what was inspected."""
    visit = PlannedVisit
    query = (
        visit.live()
        .select(visit.enterprise, InspectionPlan.year)
        .join(InspectionPlan)
        .where((visit.enterprise == inspection.enterprise_id) | (visit.inspection == inspection.id))
        .distinct()
    )
    for enterprise, year in query.tuples():
        settle_place(tx, enterprise, year)


def settle_place(tx: Transaction, enterprise: int, year: int) -> None:
    """Match the visits of an enterprise in a year with its done inspections, by rules/fulfilment.py."""
    start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    made = {
        one.id: one
        for one in Inspection.live()
        .where(
            Inspection.enterprise == enterprise,
            Inspection.state == "done",
            Inspection.inspected_on.between(start, end),
        )
        .order_by(Inspection.inspected_on, Inspection.id)
    }
    visits = {
        one.id: one
        for one in PlannedVisit.live()
        .join(InspectionPlan)
        .where(
            PlannedVisit.enterprise == enterprise,
            PlannedVisit.state != "cancelled",
            InspectionPlan.year == year,
            InspectionPlan.removed_at.is_null(),
        )
        .order_by(PlannedVisit.due_on, PlannedVisit.turn, PlannedVisit.id)
    }
    whole = covering(made)
    found = fulfilled(
        [Wanted(one.id, bool(one.full)) for one in visits.values()],
        [Made(one.id, one.kind, one.id in whole) for one in made.values()],
    )
    for key, visit in visits.items():
        by = made.get(found.get(key, 0))
        if by is not None:
            tx.update(visit, state="done", inspection=by.id, done_on=by.inspected_on)
        elif visit.state == "done":
            tx.update(visit, state="open", inspection=None, done_on=None)
