"""Says filters in Chinese: what a chip and the head of a printed list call them; knows no topic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from models.core.facets import listed
from models.core.figure import figure
from models.core.register import Condition, Register, View

MOST_NAMED = 3


def title_of(register: Register, path: str) -> str:
    """The header's word for a path, also of one that is no column."""
    return register.label_of(register.column(path)).rstrip("：")


def condition_words(register: Register, condition: Condition, names: Mapping[Any, str] | None = None) -> str:
    """A filter as a person says it: «状态：在营、停业», «整改期限 ≥ 2024-06-01»; ``names`` are those of ids."""
    label, value = title_of(register, condition.path), condition.value
    column = register.column(condition.path)

    def shown(one: Any) -> str:
        if one in (None, ""):
            return "（空）"
        if names is not None and one in names:
            return names[one]
        return register.format(column, one) or str(one)

    match condition.op:
        case "in":
            words = [shown(v) for v in list(value)[:MOST_NAMED]]
            more = f"等{len(value)}项" if len(value) > MOST_NAMED else ""
            return f"{label}：{'、'.join(words)}{more}"
        case "between":
            return f"{label}：{shown(value[0])} 至 {shown(value[1])}"
        case "ge":
            return f"{label} ≥ {shown(value)}"
        case "le":
            return f"{label} ≤ {shown(value)}"
        case "contains":
            return f"{label} 含“{value}”"
        case "lacks":
            return f"{label} 不含“{value}”"
        case "empty":
            return f"{label}：未填"
    return f"{label}：已填"


def view_words(
    register: Register, view: View, names: Mapping[str, Mapping[Any, str]]
) -> list[tuple[str, str]]:
    """Each part of a view but its presets as (key, words); ``names`` gives the words of ids by path."""
    found = []
    if view.figure is not None:
        name, start, end = view.figure
        found.append(("figure", f"{figure(name).label}（{start} 至 {end}）"))
    if view.day is not None:
        found.append(("day", f"截至 {view.day}"))
    for i, condition in enumerate(view.conditions):
        found.append((f"condition:{i}", condition_words(register, condition, names.get(condition.path))))
    if view.search.strip():
        found.append(("search", f"搜索“{view.search.strip()}”"))
    return found


def sentence(register: Register, view: View, names: Mapping[str, Mapping[Any, str]]) -> str:
    """The whole view for the head of a printed list; '' where nothing is filtered."""
    words = [register.preset(name).label for name in view.presets]
    words += [text for _, text in view_words(register, view, names)]
    if view.removed:
        words.insert(0, "已移除的记录")
    return "；".join(words)


def names_of(register: Register, view: View, day: dt.date) -> dict[str, dict[Any, str]]:
    """The words of the ids that a view's filters name; reads the ledger, so not on the GUI thread."""
    found: dict[str, dict[Any, str]] = {}
    for condition in view.conditions:
        column = register.column(condition.path)
        if condition.op != "in" or not listed(register, column) or column.expr is not None:
            continue
        described = register.field_of(column)
        target = getattr(described, "rel_model", None) or getattr(described, "target_model", None)
        if target is None:
            continue
        ids = [v for v in condition.value if v is not None]
        records = target.select().where(target.id.in_(ids[: MOST_NAMED + 1]))
        found[condition.path] = {record.id: record.label() for record in records}
    return found
