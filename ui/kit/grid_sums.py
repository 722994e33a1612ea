"""Count, sum and mean of a table's selected cells, far rows read off the GUI thread; knows no register by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from models.core.register import Column, Register

if TYPE_CHECKING:
    from ui.kit.table_view import TableView

AT_ONCE = 2_000
"""Cells that are added up without reading."""
MOST_CELLS = 500_000
"""Cells of a larger selection are counted, not added up."""
_CHUNK = 400


@dataclass
class Sums:
    """What was added up: filled cells, how many of them are numbers, their sum."""

    filled: int = 0
    numbers: int = 0
    total: Decimal | int = 0

    def add(self, value: Any, numeric: bool) -> None:
        """Take in one cell."""
        if value is None or value == "":
            return
        self.filled += 1
        if numeric:
            self.numbers += 1
            self.total += value

    def words(self) -> str:
        """For the status bar: 计数 of the filled cells, 求和 and 平均 of the numbers."""
        text = f"计数：{self.filled:,}"
        if self.numbers:
            mean = (Decimal(self.total) / self.numbers).quantize(Decimal("0.01"), ROUND_HALF_UP)
            text += f"　求和：{_plain(Decimal(self.total))}　平均：{_plain(mean)}"
        return text


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_sums(
    register: Register,
    parts: Sequence[tuple[Sequence[int], Sequence[Column], Sequence[bool]]],
    day: dt.date,
) -> Sums:
    """Add up parts of a register, each (ids, columns, whether they are numbers); for a reader thread."""
    made = Sums()
    for ids, columns, numeric in parts:
        for start in range(0, len(ids), _CHUNK):
            for row in register.rows(ids[start : start + _CHUNK], day, columns):
                for value, is_number in zip(row.values, numeric, strict=True):
                    made.add(value, is_number)
    return made


class SelectionSums(QObject):
    """Follows a table's selection a moment after it changed; ``told(text)`` gives the words, '' for one cell."""

    told = Signal(str)

    def __init__(self, table: TableView) -> None:
        super().__init__(table)
        self.table = table
        self.wait = QTimer(self, singleShot=True, interval=30)
        self.wait.timeout.connect(self.tell)
        self._generation = 0

    def tell(self) -> None:
        """Add up what is selected now."""
        table, rows = self.table, self.table.rows
        self._generation += 1
        shown = set(table.shown_columns())
        parts = [
            (range(s.top(), s.bottom() + 1), [c for c in range(s.left(), s.right() + 1) if c in shown])
            for s in table.spans()
        ]
        count = sum(len(lines) * len(columns) for lines, columns in parts)
        if count <= 1:
            self.told.emit("")
        elif count > MOST_CELLS:
            self.told.emit(f"选中{count:,}格")
        elif count <= AT_ONCE and all(rows.known(lines) for lines, _ in parts):
            made = Sums()
            for lines, columns in parts:
                for cells in map(rows.cells, lines):
                    for c in columns if cells is not None else ():
                        made.add(cells.values[c], rows.numeric[c])  # type: ignore[union-attr]
            self.told.emit(made.words())
        else:
            self._read(parts)

    def _read(self, parts: list[tuple[range, list[int]]]) -> None:
        rows, generation = self.table.rows, self._generation
        wanted = [
            (
                list(rows.ids[lines.start : lines.stop]),
                [rows.register.columns[c] for c in columns],
                [rows.numeric[c] for c in columns],
            )
            for lines, columns in parts
        ]

        def take(made: Sums) -> None:
            if generation == self._generation:
                self.told.emit(made.words())

        rows.session.read(read_sums, rows.register, wanted, rows.day, done=take, owner=self, key="sums")
