"""What an import would do with each row: plain data that a preview shows and a commit follows. Does nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, overload

from models.core.checks import Problem
from models.transfer.packing import pack, unpack

Status = Literal["new", "changed", "unchanged", "doubtful", "wrong"]
STATUSES: tuple[Status, ...] = ("new", "changed", "unchanged", "doubtful", "wrong")
STATUS_LABELS: dict[Status, str] = {
    "new": "新增",
    "changed": "有变化",
    "unchanged": "无变化",
    "doubtful": "存疑",
    "wrong": "有错",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is doubtful or wrong: the column's label ('' for the row) and what is the matter, with the mend.

    Where the column's ``path`` is given, ``written`` is a text that another word could stand for.
    """

    label: str
    message: str
    path: str = ""
    written: str = ""

    def __str__(self) -> str:
        return f"{self.label}：{self.message}" if self.label else self.message


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that would change, as texts; ``conflict`` is set where somebody else changed it since the export."""

    path: str
    label: str
    old: str
    new: str
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that a doubtful row may be, or that a cell may mean; ``path`` is the cell's, '' for the row itself."""

    id: int
    label: str
    why: str
    path: str = ""


_NONE: list[Any] = []  # shared; lists of a finished plan are replaced, never added to
_NOTHING: dict[str, Any] = {}


@dataclass(slots=True)
class RowPlan:
    """One row of the file: ``number`` is its row there; ``record`` the id of the record it is (None: a new one).

    ``values`` (kept packed) are for saving.save; ``brought`` maps a reference to what its record would take over.
    """

    index: int
    number: int
    status: Status = "new"
    label: str = ""
    record: int | None = None
    version: int = 0
    reasons: list[Reason] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    stored: Any = field(default_factory=dict)
    brought: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    open: bool = False

    @property
    def values(self) -> Any:
        """The values to save, by name."""
        return unpack(self.stored)

    @values.setter
    def values(self, values: Any) -> None:
        self.stored = values

    def pack(self) -> None:
        """Keep the values in little room; they are only read from now on."""
        if self.stored:
            self.stored = pack(self.stored)

    def wrong(self, label: str, message: str, path: str = "", written: str = "") -> None:
        """Mark the row as wrong."""
        self.status = "wrong"
        self.reasons = [*self.reasons, Reason(label, message, path, written)]

    def doubt(self, label: str, message: str) -> None:
        """Mark the row as doubtful where it is not wrong."""
        if self.status != "wrong":
            self.status = "doubtful"
        self.reasons = [*self.reasons, Reason(label, message)]

    def slim(self) -> None:
        """Let go of what the row needs no more: 100,000 of them are kept."""
        if self.status in ("wrong", "unchanged"):
            self.stored, self.brought, self.warnings = _NOTHING, {}, []
        for name in ("reasons", "differences", "candidates", "warnings"):
            if not getattr(self, name):
                setattr(self, name, _NONE)
        if not self.brought:
            self.brought = _NOTHING


class Plans(Sequence[RowPlan]):
    """The plans of a file's rows. One of which nothing is to be told is kept as a bare tuple until it is asked for:
    a collection of garbage that looked through 100,000 plans would hold the window.
    """

    def __init__(self) -> None:
        self._items: list[Any] = []

    def put(self, p: RowPlan) -> None:
        """Take the plan of the next row, or another one for a row that is there."""
        told = p.reasons or p.differences or p.candidates or p.brought or p.warnings or p.open
        plain = not told and (isinstance(p.stored, bytes) or not p.stored)
        item = (p.index, p.number, p.status, p.label, p.record, p.version, p.stored or b"") if plain else p
        if p.index < len(self._items):
            self._items[p.index] = item
        else:
            self._items.append(item)

    def drop_values(self, index: int) -> None:
        """Let the values of a row go, which are stored by now."""
        p = self[index]
        p.stored = b""
        self.put(p)

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> RowPlan: ...

    @overload
    def __getitem__(self, index: slice) -> list[RowPlan]: ...

    def __getitem__(self, index: int | slice) -> RowPlan | list[RowPlan]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self._items)))]
        item = self._items[index]
        if isinstance(item, RowPlan):
            return item
        at, number, status, label, record, version, stored = item
        return RowPlan(
            at, number, status, label, record, version, _NONE, _NONE, _NONE, stored, _NOTHING, _NONE
        )


@dataclass(frozen=True)
class Choice:
    """The user's word on one row: the record it is (0: a new one, None: as found), and what its doubtful cells mean."""

    record: int | None = None
    cells: Mapping[str, int | Sequence[int]] = field(default_factory=dict)

    def ids(self, path: str) -> Sequence[int]:
        """What was chosen for a cell."""
        found = self.cells.get(path, ())
        return (found,) if isinstance(found, int) else found
