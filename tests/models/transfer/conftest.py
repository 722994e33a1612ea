"""Sheets to import: made by the libraries an office's own programs resemble, in a folder of the test's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from models.core.ledger import Ledger
from models.core.register import Register, register
from models.opening import open_office
from models.transfer.mapping import Mapping, known_headers, match_headers
from models.transfer.preview import Preview, preview
from models.transfer.reading import read_table

TODAY = dt.date(2024, 6, 30)
Sheet = Callable[..., Path]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Write rows to an xlsx; ``merge`` are (first row, first column, last row, last column, text)."""

    def write(rows: Sequence[Sequence[Any]], name: str = "名册.xlsx", merge: Sequence[Any] = ()) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(
            str(path), {"strings_to_formulas": False, "strings_to_numbers": False}
        ) as book:
            page, date = book.add_worksheet("名册"), book.add_format({"num_format": "yyyy-mm-dd"})
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, dt.date):
                        page.write_datetime(r, c, dt.datetime.combine(value, dt.time()), date)
                    elif value is not None:
                        page.write(r, c, value)
            for span in merge:
                page.merge_range(*span)
        return path

    return write


@pytest.fixture
def ledger(tmp_path: Path, new_place: Callable[[Path], Path]) -> Iterator[Ledger]:
    """An empty ledger with the district's townships."""
    found = open_office(new_place(tmp_path / "ledger"), today=TODAY)
    yield found
    found.close()


class Importing:
    """Short ways from a file to a preview and into the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def preview(self, path: Path, name: str = "enterprises", change: Any = None, **options: Any) -> Preview:
        target = register(name)
        table = read_table(path, known=known_headers(target))
        mapping: Mapping = match_headers(target, table)
        if change is not None:
            mapping = change(mapping)
        return preview(self.ledger, target, table, mapping, **options)

    def commit(self, plan: Preview, *args: Any, **options: Any) -> dict[str, int]:
        from models.transfer.commit import commit

        with self.ledger.write("导入") as tx:
            return commit(tx, plan, *args, **options)

    def register(self, name: str = "enterprises") -> Register:
        return register(name)


@pytest.fixture
def importing(ledger: Ledger) -> Importing:
    return Importing(ledger)
