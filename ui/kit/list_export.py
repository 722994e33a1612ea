"""A list as it stands on the screen, made into a PDF for the preview; knows no widget."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from models.core.fields import Integer, Lines, Number
from models.core.ledger import Ledger
from models.core.register import Register, View
from models.core.view_words import names_of, sentence


class _Rows:
    """The rows of a view as texts, read window by window, with a length so that the page can say how many."""

    def __init__(self, register: Register, view: View, day: dt.date, sections: Sequence[int]) -> None:
        self._register, self._day = register, day
        self._columns = [register.columns[s] for s in sections]
        self._ids = register.ids(view, day)

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[list[str]]:
        register = self._register
        for start in range(0, len(self._ids), 400):
            for row in register.rows(self._ids[start : start + 400], self._day, self._columns):
                yield [register.format(c, v) for c, v in zip(self._columns, row.values, strict=True)]


def list_maker(
    ledger: Ledger, register: Register, view: View, sections: Sequence[int], demo: bool = False
) -> Callable[..., bytes]:
    """A maker for the preview: the list as filtered, sorted and shown (``sections`` from left to right)."""

    def make(progress: Any) -> bytes:
        from models.settings import settings
        from reports.register_list import ListColumn, ListData, render_list

        try:
            day = view.day or ledger.today
            rows = _Rows(register, view, day, sections)
            columns = [_column(register, s, ListColumn) for s in sections]
            data = ListData(
                register.title, settings().office_name, columns, rows,
                filter_words=sentence(register, view, names_of(register, view, day)),
                totals=(f"合计：{len(rows)}{register.unit}",), printed_on=ledger.today, demo=demo,
            )  # fmt: skip

            def tell(done: int, total: int) -> bool:
                progress.report(done, total, "正在排版")
                return not progress.cancelled

            with tempfile.TemporaryDirectory() as folder:
                target = Path(folder) / "list.pdf"
                render_list(data, target, tell)
                return target.read_bytes()
        finally:
            ledger.close_thread()  # the preview's thread ends with its window

    return make


def _column(register: Register, section: int, kind: Any) -> Any:
    column = register.columns[section]
    found = register.field_of(column)
    width = column.width or getattr(found, "width", 10)
    numeric = isinstance(found, Integer | Number | Lines)
    return kind(register.label_of(column), float(width), "right" if numeric else "left")


def file_name(register: Register, day: dt.date) -> str:
    """The name proposed for the file."""
    return f"{register.title}清单{day:%Y%m%d}.pdf"
