"""Lines given in the columns of their parent's row: 证照编号, 食品安全总监 … Knows no topic.

An import adds lines and changes them; it never takes one away, since a sheet seldom shows all of them.
"""

from __future__ import annotations

from typing import Any

from models.core.errors import FieldError
from models.core.fields import Choice, Lines, tidy
from models.transfer.cells import cell_text, cell_value
from models.transfer.lookup import fold
from models.transfer.plan import Difference, RowPlan
from models.transfer.targets import Target, kind_of_lines

_APART = "、；;\n"


def split(cell: Any) -> list[Any]:
    """The parts of a cell that names several lines."""
    if not isinstance(cell, str):
        return [] if cell is None else [cell]
    parts = [cell]
    for sign in _APART:
        parts = [p for part in parts for p in part.split(sign)]
    return [p.strip() for p in parts if p.strip()]


def of_records(field: Lines, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    """The live lines of some records, by record, in order of entry."""
    child = field.child()
    names = [n for n in child.own_fields() if n != field.parent]
    found: dict[int, list[dict[str, Any]]] = {}
    for line in child.live().where(getattr(child, field.parent).in_(ids)).order_by(child.id):
        parent = line.__data__[field.parent]
        found.setdefault(parent, []).append({"id": line.id, **{n: line.__data__.get(n) for n in names}})
    return found


def shown(target: Target, lines: list[dict[str, Any]]) -> str:
    """What the lines show in a target's column."""
    return "、".join(
        filter(None, (target.field.format(x.get(target.column)) for x in _of_kind(target, lines)))
    )


def _of_kind(target: Target, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not target.only:
        return lines
    return [x for x in lines if target.only in x.values()]


def fresh(planner: Any, p: RowPlan, name: str, given: list[tuple[Target, Any]]) -> None:
    """Put the lines of a new record's row into the plan's values."""
    lines = _parse(planner, p, name, given)
    if lines:
        p.values[name] = lines


def _parse(planner: Any, p: RowPlan, name: str, given: list[tuple[Target, Any]]) -> list[dict[str, Any]]:
    """The lines a row gives: one for each part of the naming column, the other columns dealt out in order."""
    field = planner.model.described()[name]
    key, kind = field.child().label_field, kind_of_lines(field)
    lines: list[dict[str, Any]] = []
    for only in dict.fromkeys(t.only for t, _ in given):
        group = [(t, cell) for t, cell in given if t.only == only]
        naming = next((split(cell) for t, cell in group if t.column == key), [None])
        made: list[dict[str, Any]] = [{kind: only} if only and kind else {} for _ in naming]
        for target, cell in group:
            parts = split(cell) if target.column == key or len(made) > 1 else [cell]
            if target.column != key and len(parts) not in (1, len(made)):
                p.wrong(target.label, f"有{len(parts)}项，与{len(made)}项对不上，请逐项对应，用“、”分开")
                continue
            for i, line in enumerate(made):
                part = parts[i] if len(parts) == len(made) else parts[0] if parts and i == 0 else None
                value = _value(planner, p, target, part)
                if value is not None:
                    line[target.column] = value
        lines += [line for line in made if any(n != kind for n in line)]
    return lines


def _value(planner: Any, p: RowPlan, target: Target, cell: Any) -> Any:
    if cell is None:
        return None
    try:
        value = cell_value(target.field, cell, planner.today, planner.mapping.values.get(target.path))
    except FieldError as exc:
        known = isinstance(target.field, Choice)
        p.wrong(target.label, exc.message, *((target.path, tidy(cell_text(cell))) if known else ()))
        return None
    return None if value == "" else value


def change(
    planner: Any, p: RowPlan, name: str, given: list[tuple[Target, Any]], present: list[dict[str, Any]]
) -> None:
    """Bring the lines of a row into those a record has: the same name changes a line, another adds one."""
    field = planner.model.described()[name]
    key, columns = field.child().label_field, {(t.only, t.column): t for t, _ in given}
    naming = [
        (t, planner.table.rows[p.index][i])
        for i, t in planner.columns
        if t.lines == name and t.column == key and (t.only, t.column) not in columns
    ]
    lines = [dict(x) for x in present]
    for new in _parse(planner, p, name, [*given, *naming]):
        kind = next((t.only for t, _ in given if t.only and t.only in new.values()), "")
        mine = [x for x in lines if not kind or kind in x.values()]
        same = [x for x in mine if key in new and fold(x.get(key) or "") == fold(new[key])]
        single = len(mine) == 1 and len([1 for t, c in given if t.column == key and len(split(c)) > 1]) == 0
        if same or single:
            (same or mine)[0].update(new)
        else:
            lines.append(new)
    changed = False
    for target, _ in given:
        old, now = shown(target, present), shown(target, lines)
        if fold(old) != fold(now):
            changed = True
            p.differences.append(Difference(target.path, target.label, old, now))
    if changed:
        p.values[name] = lines


def text_of(cell: Any) -> str:
    """A cell's text, for messages."""
    return cell_text(cell).strip()
