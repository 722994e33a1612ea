"""The demo's inspection plan of the year, made before it began and fulfilled by what was inspected; and one draw."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from models.demo.kit import Demo
from models.demo.plan import TODAY
from models.draw import Draw, DrawnEnterprise, DrawnOfficer
from models.drawing import candidate_officers, candidate_places, draw_lots, draw_values, drawn_rows
from models.inspection_plan import InspectionPlan
from models.plan_facts import Seen, inspections_of
from models.plan_making import PlaceLine, Visit, make_plan
from models.plan_storing import plan_values, store_visits
from models.rules.fulfilment import Made, Wanted, fulfilled

MADE, PUBLISHED = dt.date(2023, 12, 27), dt.date(2024, 1, 5)
#: One of so many visits that could have changed days stays overdue.
LEFT_EVERY = 12
#: Day, seed and name of the draws, how many enterprises and officers.
DRAWS = (
    (dt.date(2023, 11, 6), "20231106", "2023年第四季度双随机抽查", 16, 4),
    (dt.date(2024, 6, 24), "20240624", "2024年下半年双随机抽查（第一批）", 20, 6),
)


def fill(demo: Demo) -> None:
    """Store the plan with its visits and the draw."""
    found = make_plan(TODAY.year, MADE)
    seen = inspections_of(TODAY.year, TODAY)
    lines = _followed([_fulfil(line, seen.get(line.id, [])) for line in found.lines])
    found = replace(found, lines=tuple(lines))
    values = plan_values(found, MADE) | {"approved_on": dt.date(2023, 12, 29), "published_on": PUBLISHED}
    (plan,) = demo.add(InspectionPlan, [values])
    store_visits(demo.add, plan, found)
    for day, seed, name, places, officers in DRAWS:
        drawn = draw_lots(day, seed, places, officers, candidate_places(day), candidate_officers(day))
        (key,) = demo.add(Draw, [draw_values(drawn, name)])
        for model, rows in zip((DrawnEnterprise, DrawnOfficer), drawn_rows(key, drawn), strict=True):
            demo.add(model, rows)


def _followed(lines: list[PlaceLine]) -> list[PlaceLine]:
    """An office that went by its plan: who was visited early changes days with a neighbour who was not."""
    early: dict[int, list[int]] = {}
    late: dict[int, list[int]] = {}
    for at, line in enumerate(lines):
        if len(line.planned) == 1 and (day := line.planned[0].day) is not None:
            done = line.planned[0].done_on is not None
            if done != (day <= TODAY):
                (early if done else late).setdefault(line.area, []).append(at)
    for area, waiting in late.items():
        swapped = [at for number, at in enumerate(waiting) if number % LEFT_EVERY]
        for one, other in zip(swapped, early.get(area, []), strict=False):
            mine, theirs = lines[one].planned[0], lines[other].planned[0]
            lines[one] = lines[one]._replace(planned=(_moved(mine, theirs),))
            lines[other] = lines[other]._replace(planned=(_moved(theirs, mine),))
    return lines


def _moved(visit: Visit, to: Visit) -> Visit:
    return visit._replace(month=to.month, day=to.day, officers=to.officers)


def _fulfil(line: PlaceLine, seen: list[Seen]) -> PlaceLine:
    by = fulfilled(
        [Wanted(visit.turn, visit.full) for visit in line.planned], [Made(one.id, one.kind, one.covers) for one in seen]
    )
    days = {one.id: one.day for one in seen}
    return line._replace(
        planned=tuple(
            visit._replace(inspection=by[visit.turn], done_on=days[by[visit.turn]]) if visit.turn in by else visit
            for visit in line.planned
        )
    )
