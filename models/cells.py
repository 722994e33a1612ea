"""Cells of a register changed in place: which may be, what is wanted there and what would become of it. Knows no Qt."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from models.cell_checked import Checked
from models.core.checks import Problem
from models.core.fields import Described, Json, Lines, Links, Ref
from models.core.register import Column, Register

State = Literal["change", "same", "doubtful", "wrong"]
_STATES: tuple[State, ...] = ("wrong", "doubtful", "change", "same")


class _Missing:
    """Stands for «no value given»: the text, or the record to copy from, says what is meant."""


MISSING = _Missing()


class CellEdit(NamedTuple):
    """One cell to change: record id and field name, and what is wanted there.

    That is a ``value`` where one is given, else the value of the record ``source``, else what ``text`` means.
    ``label`` names a column that is no field of the record (it cannot be changed).
    """

    record: int
    name: str
    text: str = ""
    value: Any = MISSING
    source: int | None = None
    label: str = ""


class CellPlan(NamedTuple):
    """What would become of one cell; ``reason`` says in Chinese why it is doubtful or wrong."""

    record: int
    record_label: str
    name: str
    label: str
    old: str
    new: str
    state: State
    reason: str = ""


@dataclass
class Plan:
    """What a change of many cells would do, before anything is written.

    ``values`` holds the changes by record, ``versions`` what they were checked against, ``doubts`` the open warnings
    of a record's change: it is stored only with a reason. ``checked`` is what the checks stand on. ``listing`` are
    the cells that are not the same as before, the wrong ones first.
    """

    cells: list[CellPlan] = field(default_factory=list)
    listing: list[CellPlan] = field(default_factory=list)
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    doubts: dict[int, list[Problem]] = field(default_factory=dict)
    effective_on: dt.date | None = None
    checked: Checked | None = None

    _counts: Counter[str] = field(default_factory=Counter)

    def take(self, cells: Iterable[CellPlan]) -> None:
        """Take over all cells: counted and put in order here, so that a window need not."""
        self.cells = list(cells)
        by_state: dict[State, list[CellPlan]] = {state: [] for state in _STATES}
        for cell in self.cells:
            by_state[cell.state].append(cell)
        self._counts = Counter({state: len(found) for state, found in by_state.items()})
        self.listing = [*by_state["wrong"], *by_state["doubtful"], *by_state["change"]]

    def count(self, *states: State) -> int:
        """How many cells are in one of the states."""
        return sum(self._counts[state] for state in states)

    def changed(self, with_doubts: bool = False) -> tuple[int, int]:
        """How many records and how many cells would be written."""
        if with_doubts:
            return len(self.values), self.count("change", "doubtful")
        return len(self.values) - len(self.doubts), self.count("change")

    def records(self, with_doubts: bool = False) -> list[int]:
        """The records that would be changed, in the order given."""
        return [key for key in self.values if with_doubts or key not in self.doubts]

    def refused(self) -> dict[int, str]:
        """The records of which nothing can be changed, with the reasons."""
        wrong: dict[int, list[str]] = {}
        for cell in self.cells:
            if cell.state == "wrong" and cell.record not in self.values:
                wrong.setdefault(cell.record, []).append(cell.reason)
        return {key: "；".join(dict.fromkeys(reasons)) for key, reasons in wrong.items()}


# --- which cells -------------------------------------------------------------------------------------------------


def editable_field(register: Register, column: Column) -> Any:
    """The field behind a column whose cells can be changed in place; None where they cannot."""
    if not register.editable or column.expr is not None or column.like is not None or "." in column.path:
        return None
    return batch_fields(register).get(column.path)


def batch_fields(register: Register) -> dict[str, Any]:
    """The fields that can be set for several records at once, by name, in the order of the form."""
    if not register.editable:
        return {}
    return {
        name: found
        for name, found in register.model.described().items()
        if isinstance(found, Described | Links)
        and not isinstance(found, Json)
        and found.editable
        and _apart(found)
    }


def _apart(found: Any) -> bool:
    """Whether linked records stand by themselves and can be named (officers); findings belong to an inspection."""
    return not isinstance(found, Links) or not found.target_model.owner


def is_dated(register: Register, name: str) -> bool:
    """Whether a field is a dated fact: its change holds from a day on, and the past stays."""
    return name in register.model.fact_names()


def why_fixed(register: Register, column: Column) -> str:
    """Why the cells of a column cannot be changed in place, in Chinese."""
    label = register.label_of(column)
    if not register.editable:
        return f"{register.title}在所属记录的表单里修改"
    if isinstance(register.field_of(column), Lines | Links):
        return f"“{label}”含多项内容，请按回车在表单里修改"
    return f"“{label}”由其他内容得出，不能直接修改"


def meaning(described: Any, text: str, today: dt.date) -> Any:
    """What a text means for a field. Raises FieldError with the mend, also where a code lost its digits."""
    from models.transfer.cells import cell_value

    return described.parse(text, today) if isinstance(described, Ref) else cell_value(described, text, today)
