"""The demo's training and assessment of safety staff and what visits saw of the three routines."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from models.demo.inspections import Visit
from models.demo.kit import Demo
from models.demo.plan import TODAY
from models.routine import KINDS, RoutineCheck
from models.safety_staff import SafetyStaff, StaffAssessment, StaffTraining

SUBJECTS = (
    ("食品安全法律法规", "昌江区市场监管局（示例）"),
    ("日管控、周排查、月调度怎么做", "示例培训中心"),
    ("从业人员健康管理和加工操作规范", "示例培训中心"),
    ("进货查验和追溯", "本单位"),
    ("食品安全事故应急处置", "本单位"),
)
#: Share of visits that look at the routines, by category; the others keep none.
LOOKED = {
    "school_canteen": 1.0,
    "kindergarten_canteen": 1.0,
    "workplace_canteen": 0.9,
    "central_kitchen": 1.0,
    "collective_catering": 1.0,
    "production": 0.9,
    "catering": 0.3,
    "sale": 0.2,
}
#: Share of routines with records, of these kept on time, and of these true, at the beginning.
SHARES = {
    "daily_control": (0.96, 0.93, 0.97),
    "weekly_review": (0.92, 0.9, 0.97),
    "monthly_meeting": (0.86, 0.9, 0.98),
}
NOTES = {"present": "未见记录", "on_time": "有漏记，未按时开展", "truthful": "记录与现场情况不符"}


def fill(demo: Demo) -> None:
    """Store training, assessment and routine checks."""
    dice = demo.dice("staffing")
    trainings: list[dict[str, Any]] = []
    assessments: list[dict[str, Any]] = []
    for staff in SafetyStaff.live().order_by(SafetyStaff.id):
        begun = staff.appointed_on or dt.date(2023, 1, 1)
        for year in (2023, 2024):
            trainings += _year(demo, dice, staff.id, begun, year)
        if dice.random() < 0.3:
            assessments.append(_assessed(demo, dice, staff.id, begun))
    demo.add(StaffTraining, trainings)
    demo.add(StaffAssessment, assessments)
    seen = [check for visit in demo.visits if not visit.draft for check in _routines(dice, visit)]
    demo.add(RoutineCheck, seen)


def _year(demo: Demo, dice: random.Random, staff: int, begun: dt.date, year: int) -> list[dict[str, Any]]:
    """One to four trainings: most reach forty hours by the end of a year, some already in its first half."""
    first, last = max(begun, dt.date(year, 1, 5)), min(dt.date(year, 12, 20), TODAY)
    if first > last:
        return []
    portions = dice.choice(
        ((24, 16), (16, 16, 8), (20, 20), (12, 12))
        if year < TODAY.year
        else ((24, 16), (20,), (16, 12), (24,))
    )
    rows = []
    for hours in portions:
        subject, organizer = dice.choice(SUBJECTS)
        rows.append(
            {
                "staff": staff,
                "held_on": demo.workday(dice, first, last),
                "hours": hours,
                "subject": subject,
                "mode": dice.choices(("online", "offline"), (6, 4))[0],
                "organizer": organizer,
            }
        )
    return rows


def _assessed(demo: Demo, dice: random.Random, staff: int, begun: dt.date) -> dict[str, Any]:
    score = min(99, max(42, round(dice.gauss(80, 11))))
    return {
        "staff": staff,
        "assessed_on": demo.workday(dice, max(begun, dt.date(2023, 1, 5)), TODAY),
        "kind": "spot" if dice.random() < 0.8 else "own",
        "score": score,
        "outcome": "passed" if score >= 60 else "failed",
        "note": "" if score >= 60 else "限期补训后重新考核",
    }


def _routines(dice: random.Random, visit: Visit) -> list[dict[str, Any]]:
    state = visit.shop.on(visit.day)
    if state is None or dice.random() >= LOOKED.get(state["category"], 0):
        return []
    rows = []
    for kind, _ in KINDS:
        there, on_time, true = SHARES[kind]
        row: dict[str, Any] = {
            "inspection": visit.id,
            "kind": kind,
            "on_time": None,
            "truthful": None,
            "note": "",
        }
        row["present"] = "yes" if dice.random() < there else "no"
        if row["present"] == "yes":
            row["on_time"] = "yes" if dice.random() < on_time else "no"
            row["truthful"] = "yes" if dice.random() < true else "no"
        bad = next((name for name in NOTES if row[name] == "no"), "")
        rows.append(row | {"note": NOTES.get(bad, "")})
    return rows
