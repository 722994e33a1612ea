"""Every register and figure of the program: importing this loads all topic files, in the order of the work."""

from __future__ import annotations

import importlib
import pkgutil

import models
from models.core.figure import FIGURES, Figure
from models.core.register import REGISTERS, Register

for _module in pkgutil.iter_modules(models.__path__):
    if not _module.ispkg and _module.name != "registers":
        importlib.import_module(f"models.{_module.name}")

#: The tabs of the office's daily work; all other registers stand under 更多.
MAIN = ("enterprises", "assignments", "inspections", "notices")
#: The order under 更多; registers not named follow by title.
MORE = (
    "campus",
    "visits",
    "commitments",
    "handovers",
    "inspection_tasks",
    "inspection_plans",
    "planned_visits",
    "draws",
    "risk_assessments",
    "risk_profiles",
    "grade_conditions",
    "ratings",
    "annual_ratings",
    "campaigns",
    "campaign_targets",
    "samples",
    "leader_duties",
    "outreach",
    "coordination",
    "findings",
    "reinspections",
    "scene_records",
    "services",
    "finding_checks",
    "talks",
    "checklist_answers",
    "officials",
    "officers",
    "branches",
    "number_series",
    "areas",
    "parties",
    "permits",
    "safety_staff",
    "staff_trainings",
    "staff_assessments",
    "routine_checks",
    "legal_bases",
    "checklists",
    "checklist_items",
    "tier_rules",
    "task_items",
    "thresholds",
    "holidays",
    "score_items",
    "adjustment_rules",
    "plan_rules",
    "director_rules",
    "doubt_rules",
    "report_releases",
)


def all_registers() -> list[Register]:
    """Every register, the daily ones first."""
    order = {name: i for i, name in enumerate((*MAIN, *MORE))}
    shown = [r for r in REGISTERS.values() if not r.hidden]
    return sorted(shown, key=lambda r: (order.get(r.name, len(order)), r.title))


def all_figures() -> list[Figure]:
    """Every figure, by name."""
    return [FIGURES[name] for name in sorted(FIGURES)]
