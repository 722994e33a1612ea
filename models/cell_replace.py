"""Finding a text in cells and replacing it: what each cell would say then. Knows no Qt and stores nothing."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from models.cell_reading import CHUNK
from models.cells import CellEdit
from models.core.register import Column, Register
from models.transfer.lookup import chunks
from models.transfer.progress import Progress, tell


@dataclass(frozen=True)
class Replacement:
    """What to find and what to put there; not ``exact``: full and half width, capitals and small letters are alike.

    ``whole`` replaces only cells that say nothing else; an empty ``find`` then means the empty cells.
    """

    find: str
    put: str = ""
    whole: bool = False
    exact: bool = False

    def apply(self, text: str) -> str:
        """The text with every occurrence replaced, from left to right."""
        if self.whole:
            return (
                self.put
                if _alike(text.strip(), self.exact) == _alike(self.find.strip(), self.exact)
                else text
            )
        if not self.find:
            return text
        if self.exact:
            return text.replace(self.find, self.put)
        folded, places = _folded(text)
        wanted = _folded(self.find)[0]
        made, last = [], 0
        for found in re.finditer(re.escape(wanted), folded):
            begin, end = places[found.start()], places[found.end() - 1] + 1
            if begin >= last:
                made += [text[last:begin], self.put]
                last = end
        return "".join((*made, text[last:]))


def _alike(text: str, exact: bool) -> str:
    return text if exact else _folded(text)[0]


def _folded(text: str) -> tuple[str, list[int]]:
    """The text in half width and small letters, and for each of its signs the place it comes from."""
    signs, places = [], []
    for place, sign in enumerate(text):
        for folded in unicodedata.normalize("NFKC", sign).casefold():
            signs.append(folded)
            places.append(place)
    return "".join(signs), places


def replace_edits(
    register: Register,
    cells: Sequence[tuple[Sequence[int], Sequence[Column]]],
    wanted: Replacement,
    today: dt.date,
    progress: Progress | None = None,
) -> list[CellEdit]:
    """The edits of the cells in which something is found; ``cells`` are blocks of records and columns.

    Cells are searched as the list shows them: dates as 2024-06-05, choices by their labels. Raises Cancelled.
    """
    found: dict[tuple[int, str], CellEdit] = {}
    total, done = sum(len(keys) for keys, _ in cells), 0
    for keys, columns in cells:
        labels = [register.label_of(column) for column in columns]
        for part in chunks(keys, CHUNK):
            tell(progress, done, total)
            for row in register.rows(part, today, columns):
                for column, label, value in zip(columns, labels, row.values, strict=True):
                    old = register.format(column, value)
                    new = wanted.apply(old)
                    if new != old:
                        found[row.id, column.path] = CellEdit(row.id, column.path, new, label=label)
            done += len(part)
    return list(found.values())
