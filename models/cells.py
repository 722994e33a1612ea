"""Cells of a register changed in place: which may be, what typed text means, many as one action. Knows no Qt."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from models.core.changes import Transaction
from models.core.checks import CheckFailed, Problem, Problems
from models.core.errors import KnownError, Refused
from models.core.fields import Described, Json, Lines, Links, Ref
from models.core.record import Record
from models.core.register import Column, Register, label_path
from models.core.saving import Draft, clean_values, inspect, save
from models.core.waivers import covers, waived

State = Literal["change", "same", "doubtful", "wrong"]
_CHUNK = 400


class _Missing:
    """Stands for «no value given»: the text, or the record to copy from, says what is meant."""


MISSING = _Missing()


@dataclass(frozen=True)
class CellEdit:
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


@dataclass(frozen=True)
class CellPlan:
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
    of a record's change: it is stored only with a reason.
    """

    cells: list[CellPlan] = field(default_factory=list)
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    doubts: dict[int, list[Problem]] = field(default_factory=dict)
    effective_on: dt.date | None = None

    def count(self, *states: State) -> int:
        """How many cells are in one of the states."""
        return sum(cell.state in states for cell in self.cells)

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
        if isinstance(found, Described) and not isinstance(found, Json) and found.editable
    }


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


def read_range(text: str) -> list[list[str]]:
    """The cells of a range as Excel and WPS put it on the clipboard (tabs, line ends, quotes round line breaks)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    if not text:
        return []
    if '"' not in text:
        return [line.split("\t") for line in text.split("\n")]
    return [row or [""] for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t")]


# --- planning ----------------------------------------------------------------------------------------------------


def plan_cells(
    register: Register, edits: Iterable[CellEdit], today: dt.date, effective_on: dt.date | None = None
) -> Plan:
    """Check a change of many cells against fields, guards and the records' own checks; writes nothing."""
    made = Plan(effective_on=effective_on)
    by_record: dict[int, list[CellEdit]] = {}
    for edit in edits:
        by_record.setdefault(edit.record, []).append(edit)
    keys = list(by_record)
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        model = register.model
        records = {row.id: row for row in model.select().where(model.id.in_(part))}
        shown = _shown_texts(register, part, {e.name for k in part for e in by_record[k]}, today)
        for key in part:
            _Row(register, records.get(key), key, shown.get(key, {}), today, made).plan(by_record[key])
    return made


def _shown_texts(
    register: Register, keys: Sequence[int], names: set[str], today: dt.date
) -> dict[int, dict[str, str]]:
    model = register.model
    wanted = [n for n in model.described() if n in names]
    columns = [Column(label_path(model)), *(Column(n) for n in wanted)]
    return {
        row.id: dict(zip(["", *wanted], map(register.format, columns, row.values), strict=True))
        for row in register.rows(keys, today, columns)
    }


class _Row:
    """Plans the cells of one record."""

    def __init__(
        self,
        register: Register,
        record: Record | None,
        key: int,
        shown: Mapping[str, str],
        today: dt.date,
        made: Plan,
    ) -> None:
        self.register, self.model, self.record, self.key = register, register.model, record, key
        self.shown, self.today, self.made = shown, today, made
        self.fields = batch_fields(register)
        self.cells: list[CellPlan] = []
        self.stored = Draft(self.model, {}, record, today, made.effective_on)

    def plan(self, edits: Sequence[CellEdit]) -> None:
        refusal = self._refusal()
        values: dict[str, Any] = {}
        for edit in edits:
            if refusal:
                self._add(edit, edit.text, "wrong", refusal)
            else:
                self._read(edit, values)
        if values:
            self._check(values)
        self.made.cells += self.cells

    def _refusal(self) -> str:
        if self.record is None:
            return "这条记录已不在，请刷新列表"
        if self.record.removed_at is not None:
            return "已移除，恢复后才能修改"
        return self.record.guard("edit")

    def _add(self, edit: CellEdit, new: str, state: State, reason: str = "") -> None:
        found = self.fields.get(edit.name)
        label = found.label if found is not None else edit.label or edit.name
        old = self.shown.get(edit.name, "")
        self.cells.append(
            CellPlan(self.key, self.shown.get("", ""), edit.name, label, old, new, state, reason)
        )

    def _read(self, edit: CellEdit, values: dict[str, Any]) -> None:
        found = self.fields.get(edit.name)
        if found is None:
            self._add(edit, edit.text, "wrong", f"“{edit.label or edit.name}”不能直接修改")
            return
        stored = self.stored[edit.name]
        try:
            if edit.value is not MISSING:
                value = edit.value
            elif edit.source is not None:
                source = self.model.get_by_id(edit.source)
                value = Draft(self.model, {}, source, self.today)[edit.name]
            elif edit.text.strip() == self.shown.get(edit.name, "") and edit.text.strip():
                value = stored  # also a masked code, which means nothing by itself
            else:
                value = meaning(found, edit.text, self.today)
        except KnownError as exc:
            self._add(edit, edit.text, "wrong", exc.message)
            return
        value = clean_values(self.model, {edit.name: value})[edit.name]
        if value == stored or (value in (None, "") and stored in (None, "")):
            self._add(edit, self._words(found, value), "same")
        else:
            values[edit.name] = value
            self._add(edit, self._words(found, value), "change")

    def _words(self, found: Any, value: Any) -> str:
        if isinstance(found, Ref):
            target = None if value is None else found.rel_model.get_or_none(found.rel_model.id == value)
            return target.label() if target is not None else ""
        return str(found.format(value))

    def _check(self, values: dict[str, Any]) -> None:
        record = self.record
        assert record is not None
        problems = self._inspect(values)
        while errors := problems.errors:
            guilty = {p.field for p in errors} & set(values)
            if not guilty or len(guilty) == len(values):
                self._mark(values, errors, "wrong")
                return
            self._mark(guilty, errors, "wrong")  # the other cells of the row may be right without these
            values = {name: value for name, value in values.items() if name not in guilty}
            problems = self._inspect(values)
        accepted = waived(self.model._meta.table_name, record.id)
        doubts = [p for p in problems.warnings if not covers(accepted, p)]
        if doubts:
            self._mark(values, doubts, "doubtful")
            self.made.doubts[self.key] = doubts
        self.made.values[self.key] = values
        self.made.versions[self.key] = record.version

    def _inspect(self, values: Mapping[str, Any]) -> Problems:
        draft = Draft(self.model, values, self.record, self.today, self.made.effective_on)
        draft.values |= self.model.derive(draft)
        return inspect(draft)

    def _mark(self, names: Collection[str], problems: Sequence[Problem], state: State) -> None:
        """Put the problems on the cells they name; of a problem elsewhere all the named cells are guilty."""
        labels = self.model.labels()
        elsewhere = [
            f"{labels[p.field]}：{p.message}" if p.field in labels else p.message
            for p in problems
            if p.field not in names
        ]
        for i, cell in enumerate(self.cells):
            if cell.state != "change" or cell.name not in names:
                continue
            mine = [p.message for p in problems if p.field == cell.name] + elsewhere
            words = "；".join(dict.fromkeys(mine)) or "同一行的其他内容有误，这一行都不修改"
            self.cells[i] = CellPlan(
                cell.record, cell.record_label, cell.name, cell.label, cell.old, cell.new, state, words
            )


# --- storing -----------------------------------------------------------------------------------------------------


def store_cells(tx: Transaction, register: Register, plan: Plan, reason: str = "") -> int:
    """Store what a plan allows, doubtful rows only with a reason; returns how many records were changed.

    Raises KnownError naming the record that could not be stored (changed meanwhile, or the same as another one of
    the plan); nothing is written then.
    """
    reason = reason.strip()
    keys = plan.records(with_doubts=bool(reason))
    model = register.model
    for key in keys:
        record = model.get_or_none(model.id == key)
        if record is None:
            raise Refused("有的记录已不在，没有修改。", "请刷新列表后再试。")
        waivers = {p.rule: reason for p in plan.doubts.get(key, ())} if reason else {}
        try:
            save(
                tx, model, plan.values[key], record,
                version=plan.versions[key], effective_on=plan.effective_on, waivers=waivers,
            )  # fmt: skip
        except CheckFailed as exc:
            raise KnownError(
                f"“{record.label()}”没有通过检查：{exc.message}。全部没有修改。", exc.advice
            ) from exc
    return len(keys)
