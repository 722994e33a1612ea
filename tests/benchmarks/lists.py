"""Header filter lists, sorts by several columns and Ctrl+K over all registers against hand-written SQL."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

from measure import Ratio, compare

LIMIT = 2.0
LIKE = "search_text LIKE ? ESCAPE '\\'"
STATE = (
    "LEFT JOIN enterprise_state s ON s.enterprise_id = e.id AND s.removed_at IS NULL AND s.valid_from <= :day "
    "AND (s.valid_to IS NULL OR s.valid_to >= :day)"
)
#: Header filters by hand: register, column, and the query for its values with their counts.
FACETS = (
    ("enterprises", "category", f"SELECT s.category, COUNT(*) FROM enterprise e {STATE} WHERE e.removed_at IS NULL "
     "GROUP BY s.category"),
    ("enterprises", "area", f"SELECT s.area_id, COUNT(*) FROM enterprise e {STATE} WHERE e.removed_at IS NULL "
     "GROUP BY s.area_id"),
    ("inspections", "result", "SELECT result, COUNT(*) FROM inspection WHERE removed_at IS NULL GROUP BY result"),
    ("inspections", "enterprise", "SELECT i.enterprise_id, e.name, COUNT(*) FROM inspection i JOIN enterprise e "
     "ON e.id = i.enterprise_id WHERE i.removed_at IS NULL GROUP BY i.enterprise_id, e.name "
     "ORDER BY 3 DESC, 2 LIMIT 500"),
)  # fmt: skip
#: Sorts by hand: register, the order asked for, and the query for all ids.
SORTS = (
    ("enterprises", (("category", False), ("name", True)), f"SELECT e.id FROM enterprise e {STATE} WHERE e.removed_at "
     "IS NULL ORDER BY s.category NULLS LAST, e.name_key DESC, e.id"),
    ("inspections", (("result", False), ("inspected_on", True)), "SELECT id FROM inspection WHERE removed_at IS NULL "
     "ORDER BY result, inspected_on DESC, id DESC"),
)  # fmt: skip


def lists(path: Path, today: dt.date) -> list[Ratio]:
    """The ratios of the header filters, the sorts and the search over everything."""
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA mmap_size = 268435456")
    conn.execute("PRAGMA cache_size = -32000")
    found = [*_facets(conn, today), *_sorts(conn, today), *_everywhere(conn, today)]
    conn.close()
    return found


def _facets(conn: sqlite3.Connection, today: dt.date) -> list[Ratio]:
    from models.core.facets import facets
    from models.core.register import View, register

    made = []
    for name, path, sql in FACETS:

        def ours(name: str = name, path: str = path) -> list[Any]:
            return facets(register(name), path, View(), today)

        def bare(sql: str = sql) -> list[Any]:
            return conn.execute(sql, {"day": today.isoformat()}).fetchall()

        if sorted(f.count for f in ours()) != sorted(row[-1] for row in bare()):
            raise SystemExit(f"filter list of {name}.{path} differs")
        made.append(compare(f"header filter list, {name} {path}", ours, bare, LIMIT))
    return made


def _sorts(conn: sqlite3.Connection, today: dt.date) -> list[Ratio]:
    from models.core.register import View, register

    made = []
    for name, order, sql in SORTS:

        def ours(name: str = name, order: Any = order) -> list[int]:
            return list(register(name).ids(View(order=order), today))

        def bare(sql: str = sql) -> list[int]:
            return [row[0] for row in conn.execute(sql, {"day": today.isoformat()})]

        if len(ours()) != len(bare()):
            raise SystemExit(f"{name} sorted by {order} differs")
        made.append(compare(f"sort by two columns, {name}", ours, bare, LIMIT, rounds=5))
    return made


def _everywhere(conn: sqlite3.Connection, today: dt.date) -> list[Ratio]:
    from models.registers import all_registers
    from ui.search_box import MOST_EACH, search_everywhere, searchable

    raw = [_raw(register) for register in all_registers() if searchable(register)]

    def bare(text: str) -> int:
        return sum(bool(conn.execute(sql.format(most=MOST_EACH + 1), (f"%{text}%",) * n).fetchall()) for sql, n in raw)

    made = []
    for label, text in (("Chinese", "老周"), ("initials", "zxj"), ("rare", "店99999")):
        heads = [item for item in search_everywhere(text, today, lambda: True) or [] if item.kind == "note"]
        if len(heads) != bare(text):
            raise SystemExit(f"Ctrl+K {text}: {len(heads)} registers, by hand {bare(text)}")
        made.append(
            compare(
                f"Ctrl+K over {len(raw)} registers, {label}",
                lambda text=text: search_everywhere(text, today, lambda: True),
                lambda text=text: bare(text),
                LIMIT,
                rounds=5,
            )
        )
    return made


def _raw(register: Any) -> tuple[str, int]:
    """The plain query of a register's first finds, and how often it names the text."""
    model = register.model
    ways = [LIKE] if "search_text" in model._meta.fields else []
    for way in register.through:
        steps, inner, models = way.split("."), "", [model]
        for step in steps:
            models.append(models[-1].described()[step].rel_model)
        inner = f'SELECT id FROM "{models[-1]._meta.table_name}" WHERE {LIKE}'
        for table, step in zip(reversed(models[1:-1]), reversed(steps[1:]), strict=True):
            inner = f'SELECT id FROM "{table._meta.table_name}" WHERE {step}_id IN ({inner})'
        ways.append(f"{steps[0]}_id IN ({inner})")
    for name in register.inside:
        lines = model.described()[name]
        child = lines.child()._meta.table_name
        ways.append(f'id IN (SELECT {lines.parent}_id FROM "{child}" WHERE removed_at IS NULL AND {LIKE})')
    order = []
    for path, descending in register.order:
        field = model._meta.fields.get(path)
        name = (getattr(field, "sort", None) or field.column_name) if field is not None else ""
        order += [f'"{name}"{" DESC" if descending else ""}'] if name else []
    sql = f'SELECT * FROM "{model._meta.table_name}" WHERE removed_at IS NULL AND ({" OR ".join(ways)})'
    return f"{sql} ORDER BY {', '.join([*order, 'id'])} LIMIT {{most}}", sql.count("?")
