"""A register under a view as a printed list; knows the register's declaration, not the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.core.register import Column, Register, View
from models.settings import settings
from reports.register_list import ListColumn, ListData, Progress, render_list

_NUMERIC = frozenset({"integer", "number", "lines"})
_CENTRED = frozenset({"date", "time", "bool"})


@dataclass(frozen=True)
class _Rows:
    """The printed rows, read window by window; sized, so that progress can be told."""

    register: Register
    ids: Sequence[int]
    columns: tuple[Column, ...]
    day: dt.date

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[list[str]]:
        for start in range(0, len(self.ids), 400):
            for row in self.register.rows(self.ids[start : start + 400], self.day, self.columns):
                yield [
                    self.register.format(column, value)
                    for column, value in zip(self.columns, row.values, strict=True)
                ]


def list_data(
    register: Register,
    view: View,
    day: dt.date,
    *,
    filter_words: str = "",
    columns: Sequence[Column] | None = None,
    demo: bool = False,
) -> ListData:
    """What a printed list of a register holds: the shown columns (or those given), every row of the view, the total.

    ``day`` is the day of the facts and of printing; ``filter_words`` says in Chinese what the view leaves out.
    """
    shown = tuple(columns if columns is not None else [c for c in register.columns if c.shown])
    ids = register.ids(view, day)
    words = [filter_words, *([f"搜索“{view.search}”"] if view.search and not filter_words else [])]
    return ListData(
        title=f"{register.title}{'' if register.title.endswith(('册', '表')) else '台账'}",
        office=settings().office_name,
        columns=[_list_column(register, column) for column in shown],
        rows=_Rows(register, ids, shown, day),
        filter_words="；".join(filter(None, words)),
        totals=[f"合计：{len(ids)}{register.unit}"],
        printed_on=day,
        demo=demo,
    )


def _list_column(register: Register, column: Column) -> ListColumn:
    kind: Any = getattr(register.field_of(column), "kind", "text")
    width = column.width or register.field_of(column).width
    align = "right" if kind in _NUMERIC else "centre" if kind in _CENTRED else "left"
    return ListColumn(register.label_of(column), float(max(width, 4)), align)  # type: ignore[arg-type]


def write_list(
    register: Register,
    out: Path,
    day: dt.date,
    view: View | None = None,
    *,
    filter_words: str = "",
    columns: Sequence[Column] | None = None,
    demo: bool = False,
    progress: Progress | None = None,
) -> int:
    """Write a register's list as PDF; returns the number of pages. Raises what ``render_list`` raises."""
    data = list_data(register, view or View(), day, filter_words=filter_words, columns=columns, demo=demo)
    return render_list(data, out, progress)
