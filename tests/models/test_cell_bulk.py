"""Many cells stored together are stored as one record after the other would be: rows, log, versions, undo, checks."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from models.cell_plan import plan_cells
from models.cell_reading import Reading
from models.cell_store import store_cells
from models.cells import CellEdit, Plan, batch_fields
from models.core.changes import ChangeLog
from models.core.draft import Draft
from models.core.errors import KnownError
from models.core.fields import Lines, Links
from models.core.ledger import Ledger
from models.core.record import database
from models.core.register import Register, View, register
from models.core.saving import clean_values, inspect, save
from models.core.waivers import Waiver
from models.opening import open_office
from models.registers import all_registers
from models.transfer.progress import Cancelled

EDITABLE = [r for r in all_registers() if r.editable]
STORED = [r for r in EDITABLE if r.name in (
    "enterprises", "parties", "officials", "assignments", "inspections", "notices", "samples", "leader_duties", "areas"
)]  # fmt: skip
"""One of each kind: with dated facts, lines, links, guards, references to itself, and what follows a save."""
ROWS = 9
REASON = "已核对"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+")


def edits_of(found: Register, ids: list[int]) -> list[CellEdit]:
    """Every row takes some cells of the next but one: valid, doubtful and wrong ones come about by themselves."""
    names = list(batch_fields(found))
    return [
        CellEdit(key, name, source=ids[(place + 2) % len(ids)])
        for place, key in enumerate(ids)
        for number, name in enumerate(names)
        if (number + place) % 3 == 0
    ]


def dump(found: Register, number: int = 0) -> tuple[dict[str, list[Any]], list[Any]]:
    """The rows of the tables that a register's cells are kept in, and the log of an action."""
    described, model = found.model.described().values(), found.model
    tables = [model, Waiver, *(f.child() for f in described if isinstance(f, Lines))]
    tables += [f.through() for f in described if isinstance(f, Links)]
    tables += [model.fact_table()] if model.facts is not None else []
    rows = {}
    for table in tables:
        cursor = database.execute_sql(f'SELECT * FROM "{table._meta.table_name}" ORDER BY "id"')
        names = [column[0] for column in cursor.description]
        rows[table._meta.table_name] = [_known(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    log = ChangeLog.select().where(ChangeLog.action == number).order_by(ChangeLog.id)
    return rows, [(e.table, e.row, e.created, e.before, _MOMENT.sub("now", e.after)) for e in log]


def _known(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what is random."""
    return {n: bool(v) if n == "removed_at" else v for n, v in row.items() if n != "uid"}


def one_by_one(ledger: Ledger, found: Register, plan: Plan) -> int:
    """What the form would do with each record, in one action."""
    with ledger.write("批量修改") as tx:
        for key in plan.records(with_doubts=True):
            record = found.model.get_by_id(key)
            waivers = {p.rule: REASON for p in plan.doubts.get(key, ())}
            save(tx, found.model, plan.values[key], record, version=record.version,
                 effective_on=plan.effective_on, waivers=waivers)  # fmt: skip
        return int(tx.action.id)


def storable(ledger: Ledger, found: Register, plan: Plan) -> Plan:
    """The plan without the rows that clash with an earlier row of the plan once that is stored."""
    with suppress(Cancelled), ledger.write("试") as tx:
        for key in list(plan.values):
            waivers = {p.rule: REASON for p in plan.doubts.get(key, ())}
            try:
                with database.atomic():
                    save(tx, found.model, plan.values[key], found.model.get_by_id(key), waivers=waivers)
            except KnownError:
                del plan.values[key]
                plan.doubts.pop(key, None)
        raise Cancelled
    return plan


@pytest.mark.file_bound  # it compares ids, and a server does not give those of a cancelled trial again
@pytest.mark.parametrize("found", STORED, ids=lambda r: r.name)
def test_bulk_and_one_by_one_store_the_same(
    found: Register, copy_demo: Callable[[Path], Path], tmp_path: Path
) -> None:
    for name in ("bulk", "single"):
        copy_demo(tmp_path / name)
    ledger = open_office(tmp_path / "bulk")
    ids = list(found.ids(View(), ledger.today)[:ROWS])
    plan = storable(ledger, found, plan_cells(found, edits_of(found, ids), ledger.today))
    before = dump(found)[0]
    with ledger.write("批量修改") as tx:
        count = store_cells(tx, found, plan, REASON)
    bulk = dump(found, tx.action.id)
    assert count == len(plan.values)
    if count:
        ledger.undo()
    undone = dump(found)[0]
    ledger.close()
    ledger = open_office(tmp_path / "single")
    single = dump(found, one_by_one(ledger, found, plan))
    ledger.close()
    assert bulk[1] == single[1]
    assert bulk[0] == single[0]
    for table, rows in before.items():
        assert [_cells(r) for r in rows] == [_cells(r) for r in undone[table] if not _made(r, rows)], table


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in row.items() if n != "version"}


def _made(row: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
    """Whether a row was made by the action that was undone; it must be removed then."""
    fresh = row["id"] not in {r["id"] for r in rows}
    assert not fresh or row["removed_at"]
    return fresh


@pytest.mark.parametrize("found", EDITABLE, ids=lambda r: r.name)
def test_checks_of_many_say_what_checks_of_one_say(found: Register, demo_reader: Ledger) -> None:
    ids = list(found.ids(View(), demo_reader.today)[:ROWS])
    reading = Reading(found.model, demo_reader.today)
    reading.read(ids)
    for place, key in enumerate(ids):
        record = reading.found[key]
        other = Draft(found.model, {}, found.model.get_by_id(ids[(place + 2) % len(ids)]), demo_reader.today)
        for part in range(3):
            names = [n for number, n in enumerate(batch_fields(found)) if number % 3 == part]
            values = clean_values(found.model, {n: other[n] for n in names})
            problems = []
            for draft in (
                reading.draft(values, record, None),
                Draft(found.model, values, found.model.get_by_id(key), demo_reader.today),
            ):
                draft.values |= found.model.derive(draft)
                problems.append(inspect(draft).items)
            assert problems[0] == problems[1]


def test_linked_records_are_named_in_one_cell(demo: Ledger) -> None:
    found = register("inspections")
    key = next(iter(found.ids(View(), demo.today)))
    target = found.model.described()["officers"].target_model
    names = [row.name for row in target.live().where(target.left_on.is_null()).order_by(target.id.desc()).limit(3)]
    plan = plan_cells(found, [CellEdit(key, "officers", "、".join(names))], demo.today)
    assert plan.cells[0].new == "、".join(names)
    with demo.write("粘贴") as tx:
        store_cells(tx, found, plan, REASON)
    again = plan_cells(found, [CellEdit(key, "officers", "，".join(reversed(names)))], demo.today)
    assert again.cells[0].state == "same"
    wrong = plan_cells(found, [CellEdit(key, "officers", f"{names[0]}、查无此人")], demo.today)
    assert wrong.cells[0].state == "wrong"
    assert "查无此人" in wrong.cells[0].reason


def test_a_cancelled_change_writes_nothing(demo: Ledger) -> None:
    found = register("enterprises")
    ids = list(found.ids(View(), demo.today)[:3])
    plan = plan_cells(found, [CellEdit(key, "note", "示例") for key in ids], demo.today)
    with pytest.raises(Cancelled), demo.write("粘贴") as tx:
        store_cells(tx, found, plan, REASON, lambda done, _total: done == 0)
    assert not found.model.select().where(found.model.note == "示例").exists()
    with pytest.raises(Cancelled):
        plan_cells(found, [CellEdit(ids[0], "note", "示例")], demo.today, progress=lambda _done, _total: False)
