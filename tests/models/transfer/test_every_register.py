"""Every register goes out and comes back: nothing changed, then exactly the one edited cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter

import models.registers  # noqa: F401  (every register)
from models.core.errors import KnownError
from models.core.fields import Bool, Choice, Code, Date, Integer, Links, LongText, Number, Ref, Text, Time
from models.core.ledger import Ledger
from models.core.register import REGISTERS, Register, View
from models.core.saving import save
from models.opening import open_office
from models.transfer.export import export
from models.transfer.mapping import known_headers, match_headers
from models.transfer.preview import Preview, preview
from models.transfer.reading import read_table
from models.transfer.sidecar import MANIFEST

MINE = [r for r in REGISTERS.values() if r.model.__module__.startswith("models.")]
ROWS = 60


def some(register: Register, ledger: Ledger) -> View:
    """At most ROWS rows of the register."""
    from models.core.register import Condition

    ids = tuple(register.ids(View(), ledger.today)[:ROWS])
    return View(conditions=(Condition("id", "in", ids),))


def back(ledger: Ledger, register: Register, path: Path) -> Preview:
    table = read_table(path, known=known_headers(register))
    return preview(ledger, register, table, match_headers(register, table))


def told(plan: Preview) -> list[Any]:
    return [
        (p.number, p.status, list(map(str, p.reasons)), p.differences)
        for p in plan.rows
        if p.status != "unchanged"
    ]


@pytest.mark.parametrize("register", MINE, ids=lambda r: r.name)
def test_out_and_back_is_unchanged(demo_reader: Ledger, register: Register, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    count = export(register, some(register, demo_reader), demo_reader.today, path)
    plan = back(demo_reader, register, path)
    assert told(plan) == []
    assert len(plan.rows) == count
    assert plan.removed == []
    assert not plan.mapping.open


def new_text(register: Register, path: str, field: Any, old: Any) -> Any:
    """Another valid content of a cell, None where the test knows none."""
    if isinstance(field, Choice):
        return next((label for label in field.labels.values() if label != old), None)
    if isinstance(field, Date):
        return "2024年1月2日" if str(old)[:10] != "2024-01-02" else "2024年1月3日"
    if isinstance(field, Time):
        return "7点半"
    if isinstance(field, Bool):
        return "√" if old != "是" else "×"
    if isinstance(field, Integer):
        return 2021 if field.least and field.least > 1000 else 7
    if isinstance(field, Number):
        return 8.5 if old != 8.5 else 7.5
    if isinstance(field, Code):
        return "0798-8330000" if "电话" in field.label else None
    if isinstance(field, LongText | Text):
        return f"{old or ''}改"
    return None


def edited(source: Path, target: Path, row: int, column: int, value: Any, drop: int = -1) -> None:
    """A copy of an export with one cell changed and one row left out, as an office program writes it."""
    book = python_calamine.load_workbook(source)
    with xlsxwriter.Workbook(str(target)) as out:
        for name in book.sheet_names:
            page = out.add_worksheet(name)
            lines = list(enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False)))
            kept = [(r, cells) for r, cells in lines if name == MANIFEST or r != drop]
            for at, (r, cells) in enumerate(kept):
                for c, cell in enumerate(cells):
                    cell = value if name != MANIFEST and (r, c) == (row, column) else cell
                    if hasattr(cell, "isoformat"):
                        cell = cell.isoformat()
                    if isinstance(cell, str):
                        page.write_string(at, c, cell)
                    else:
                        page.write_number(at, c, cell)


@pytest.mark.parametrize("register", [r for r in MINE if r.editable], ids=lambda r: r.name)
def test_one_edited_cell_of_each_kind_is_the_one_difference(
    demo_reader: Ledger, register: Register, tmp_path: Path
) -> None:
    path = tmp_path / "out.xlsx"
    if not export(register, some(register, demo_reader), demo_reader.today, path):
        pytest.skip("the demo has none")
    plan = back(demo_reader, register, path)
    old = read_table(path).rows
    seen: set[type] = set()
    for match in plan.mapping.matched:
        target = plan.mapping.targets[match.path]
        kind = type(target.field)
        if kind in seen or isinstance(target.field, Ref | Links) or target.kind == "brought":
            continue
        value = new_text(register, match.path, target.field, old[0][match.index])
        if value is None:
            continue
        seen.add(kind)
        changed = tmp_path / f"{kind.__name__}.xlsx"
        edited(path, changed, 1, match.index, value)
        found = back(demo_reader, register, changed)
        assert [p.number for p in found.rows if p.differences or p.status != "unchanged"] == [2], match.header
        [first] = [p for p in found.rows if p.number == 2]
        if first.status == "wrong":  # a rule of the topic refuses the value or the record: said at the row
            assert first.reasons
        else:
            assert [(d.path, d.conflict) for d in first.differences] == [(match.path, False)]
            assert first.differences[0].label == target.label
    assert seen


@pytest.fixture(scope="module")
def office(
    copy_demo: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ledger]:
    """A demo ledger of this module's own, to be written to."""
    ledger = open_office(copy_demo(tmp_path_factory.mktemp("office")))
    yield ledger
    ledger.close()


def meanwhile(ledger: Ledger, register: Register, plan: Preview, old: Any) -> tuple[Any, str] | None:
    """Change a cell of the first exported record as somebody at another desk does; the column, what it shows now."""
    record = register.model.get_by_id(plan.rows[0].record)
    for match in plan.mapping.matched:
        target = plan.mapping.targets[match.path]
        value = new_text(register, match.path, target.field, old[match.index])
        if target.kind != "own" or not isinstance(target.field, Text | LongText) or value is None:
            continue
        try:
            with ledger.write("别处修改") as tx:
                save(tx, register.model, {match.path: value}, record)
        except KnownError:  # a record that is closed, a warning that asks for a word
            continue
        return match, value
    return None


@pytest.mark.parametrize("register", [r for r in MINE if r.editable], ids=lambda r: r.name)
def test_conflicts_and_removed_rows_are_found(office: Ledger, register: Register, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    count = export(register, some(register, office), office.today, path)
    if count < 2:
        return
    plan, old = back(office, register, path), read_table(path).rows
    found = meanwhile(office, register, plan, old[0])
    last = register.model.get_by_id(plan.rows[-1].record).label()
    column = found[0].index if found else 0
    edited(path, tmp_path / "b.xlsx", 1, column, "文件里改的" if found else old[0][0], drop=count)
    again = back(office, register, tmp_path / "b.xlsx")
    assert [c.label for c in again.removed] == [last]
    assert len(again.rows) == count - 1
    assert all(p.status == "unchanged" for p in again.rows[1:]), told(again)
    if found and again.rows[0].status != "wrong":
        assert again.rows[0].status == "doubtful"
        assert [(d.path, d.old, d.new, d.conflict) for d in again.rows[0].differences] == [
            (found[0].path, found[1], "文件里改的", True)
        ]
    untouched = back(office, register, path)
    assert untouched.counts["unchanged"] == count, "what the file did not touch is left alone"
