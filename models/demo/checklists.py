"""The demo's answered checklists: which visits used a form and what of it they failed. Knows no notice."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

from models.checklist import Checklist, ChecklistItem, checklists_for, items_of
from models.checklist_answer import ChecklistAnswer, keys_of, result_values, write_notes
from models.demo.kit import Demo
from models.rules import checklist as rules

if TYPE_CHECKING:
    from models.demo.inspections import Visit

#: Share of the visits of a half-year that answered a form, by the half-year's first day; it grew with the habit.
SHARES = {dt.date(2023, 1, 1): 0.4, dt.date(2023, 7, 1): 0.55, dt.date(2024, 1, 1): 0.75}
#: Kinds of inspection that go through a whole form.
THOROUGH = frozenset({"routine", "special", "random", "first"})
#: Items that many places have no business with (合理缺项), by kind of form.
LEFT_OUT = {
    "catering": ("3.5", "3.6", "9.1", "9.2", "9.3", "9.4", "9.5"),
    "canteen": ("2.3", "2.4", "5.2"),
    "sale": ("2.3", "4.1", "4.2", "5.1", "5.2"),
    "production": ("T.1", "T.2"),
    "small_workshop": ("5.3",),
}
LEFT_OUT_SHARE, NOTED_SHARE, DRAFTED = 0.55, 0.3, 14


def choose(demo: Demo) -> None:
    """Decide which visits answered which form; their findings name the item they fail, as far as the form has one."""
    dice, forms = demo.dice("checklists"), dict[tuple[str, dt.date], Checklist | None]()
    items: dict[int, list[ChecklistItem]] = {}
    for visit in demo.visits:
        state = visit.shop.on(visit.day)
        category = state["category"] if state else visit.shop.category
        if (category, visit.half.start) not in forms:
            forms[category, visit.half.start] = next(iter(checklists_for(category, visit.day)), None)
        form = forms[category, visit.half.start]
        thorough = visit.kind in THOROUGH and dice.random() < SHARES[visit.half.start]
        if form is None or not (thorough or visit.draft):
            continue
        if form.id not in items:
            items[form.id] = items_of(form.id)
        visit.form = form
        visit.failed = _failed(dice, visit, items[form.id])


def _failed(dice: random.Random, visit: Visit, items: list[ChecklistItem]) -> list[ChecklistItem]:
    """The items the findings fail: those with their legal basis, of the key ones at most as many as 基本符合 allows."""
    failed: list[ChecklistItem] = []
    for finding in visit.findings:
        keys = sum(item.is_key for item in failed)
        full = visit.fate != "investigate" and keys >= visit.form.most_key  # type: ignore[union-attr]
        near = [i for i in items if i.legal_basis == finding["legal_basis"] and i not in failed]
        near = [i for i in near if not (i.is_key and full)]
        if near:
            item = dice.choice(near)
            failed.append(item)
            finding["item"] = item.id
    return failed


def store(demo: Demo) -> None:
    """Store the answers of the visits that have a form."""
    dice = demo.dice("answers")
    keys: dict[int, frozenset[str]] = {}
    numbers: dict[int, list[str]] = {}
    ever: dict[int, set[str]] = {}
    without: dict[int, set[str]] = {}
    for visit in demo.visits:
        ever.setdefault(visit.shop.id, set()).update(item.number for item in visit.failed)
    rows = []
    for visit in demo.visits:
        form = visit.form
        if form is None:
            continue
        if form.id not in keys:
            keys[form.id], numbers[form.id] = keys_of(form.id), [item.number for item in items_of(form.id)]
        if visit.shop.id not in without:
            without[visit.shop.id] = _left_out(dice, form.kind) - ever[visit.shop.id]
        rows.append(_row(dice, visit, numbers[form.id], keys[form.id], without[visit.shop.id]))
    demo.add(ChecklistAnswer, rows)


def _left_out(dice: random.Random, kind: str) -> set[str]:
    return {number for number in LEFT_OUT.get(kind, ()) if dice.random() < LEFT_OUT_SHARE}


def _row(
    dice: random.Random, visit: Visit, numbers: list[str], keys: frozenset[str], left: set[str]
) -> dict[str, Any]:
    assert visit.form is not None
    asked = numbers[:DRAFTED] if visit.draft else numbers
    failed = [item.number for item in visit.failed]
    skipped = [n for n in asked if n in left]
    passed = [n for n in asked if n not in left and n not in failed]
    visit.counts = rules.tally(keys, passed, failed, skipped)
    notes = {n: "没有这项业务" for n in skipped if dice.random() < NOTED_SHARE}
    for finding in visit.findings:
        item = next((i for i in visit.failed if i.id == finding.get("item")), None)
        if item is not None and finding["corrected_on_spot"] and dice.random() < NOTED_SHARE:
            notes[item.number] = "已当场改正"
    return {
        "inspection": visit.id,
        "checklist": visit.form.id,
        "passed": rules.pack(passed),
        "failed": rules.pack(failed),
        "skipped": rules.pack(skipped),
        "notes": write_notes(notes),
        **result_values(visit.counts, visit.form),
    }
