"""What a change of many cells would do, checked by the records' own rules a few hundred at a time. Knows no Qt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from models.cell_checked import Checked, Watch, position, tables_of, watched
from models.cell_reading import CHUNK, Reading
from models.cells import MISSING, CellEdit, CellPlan, Plan, State, batch_fields, meaning
from models.core.checks import Problem, Problems
from models.core.collecting import uncollected
from models.core.errors import KnownError
from models.core.fields import Links, LongText, Ref, Text, only_one, tidy
from models.core.register import Column, Register, label_path
from models.core.saving import Draft, inspect
from models.core.waivers import covers
from models.transfer.planner import NAMES_APART
from models.transfer.progress import Progress, tell

#: A cell as read: what is wanted there, its field, the value (or the text that is none), its state and the reason.
_Cell = tuple[CellEdit, Any, Any, State, str]
_EMPTY = (None, "")
_NOTHING: dict[str, str] = {}
_GONE = "这条记录已不在，请刷新列表"
MANY = 1_000
"""Records whose cells are so many that a collection of garbage would be felt."""
_REMOVED = "已移除，恢复后才能修改"


def plan_cells(
    register: Register,
    edits: Iterable[CellEdit],
    today: dt.date,
    effective_on: dt.date | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Check a change of many cells against fields, guards and the records' own checks; writes nothing.

    Raises Cancelled where ``progress`` says so.
    """
    by_record: dict[int, list[CellEdit]] = {}
    for edit in edits:
        by_record.setdefault(edit.record, []).append(edit)
    keys = list(by_record)
    stands_on = position(today)
    with uncollected(keep=len(keys) > MANY), watched() as watch:
        planner = _Planner(register, today, effective_on, Checked(stands_on), watch)
        for start in range(0, len(keys), CHUNK):
            tell(progress, start, len(keys))
            planner.plan({key: by_record[key] for key in keys[start : start + CHUNK]})
        tell(progress, len(keys), len(keys))
        return planner.finished()


def range_edits(
    register: Register, keys: Sequence[int], columns: Sequence[Column], lines: Sequence[Sequence[str]]
) -> list[CellEdit]:
    """The edits of a range of texts put over these records and columns; what goes beyond them is left out."""
    labels, paths = [register.label_of(column) for column in columns], [column.path for column in columns]
    return [
        CellEdit(key, path, text, MISSING, None, label)
        for key, line in zip(keys, lines, strict=False)
        for path, label, text in zip(paths, labels, line, strict=False)
    ]


class _Planner:
    """Plans the cells of some hundred records at a time; keeps what the texts of the whole change mean."""

    def __init__(
        self,
        register: Register,
        today: dt.date,
        effective_on: dt.date | None,
        checked: Checked,
        watch: Watch,
    ) -> None:
        self.register, self.model, self.today = register, register.model, today
        self.made = Plan(effective_on=effective_on, checked=checked)
        self.checked, self._watch = checked, watch
        self.cells: list[CellPlan] = []
        self.fields = batch_fields(register)
        self.labels = self.model.labels()
        self.reading = Reading(self.model, today)
        self._meant: dict[tuple[str, str], Any] = {}
        self._words: dict[tuple[str, Any], str] = {}
        self._verbatim = {
            name
            for name, found in self.fields.items()
            if isinstance(found, Text | LongText) and getattr(found, "mask", None) is None
        }
        self._sources: dict[int, Draft] = {}
        self._shown: dict[int, dict[str, str]] = {}

    def plan(self, edits: Mapping[int, Sequence[CellEdit]]) -> None:
        """Plan the cells of some records."""
        keys = list(edits)
        self.reading.read(keys)
        self._shown = self._shown_texts(keys, {e.name for part in edits.values() for e in part})
        self._read_names(edits)
        read = {key: self._read_record(key, part) for key, part in edits.items()}
        self.reading.load_for(values for values, _ in read.values())
        for key, (values, cells) in read.items():
            self.cells += self._check(key, values, self._finished(cells))

    def _shown_texts(self, keys: Sequence[int], names: set[str]) -> dict[int, dict[str, str]]:
        """The texts that the list shows of some records, by field; under '' what they are called."""
        register = self.register
        known = names & ({c.path for c in register.columns} | set(self.model.described()))
        columns = {name: register.column(name) for name in known}
        read = {name for name, column in columns.items() if self._is_read(column)}
        shown = self._asked_texts(keys, sorted(known - read))
        for key, texts in shown.items():
            record = self.reading.found.get(key)
            if record is not None:
                for name in read:
                    texts[name] = self._text_of(name, record.__data__[name])
        return shown

    def _is_read(self, column: Column) -> bool:
        """Whether a column shows nothing but a field of the records read."""
        own = self.model.own_fields().get(column.path)
        return own is not None and column.expr is None and column.like is None and column.path in self.fields

    def _asked_texts(self, keys: Sequence[int], paths: list[str]) -> dict[int, dict[str, str]]:
        """What the register itself says of the columns that are more than a field of the records read."""
        register = self.register
        columns = [Column(label_path(self.model)), *map(register.column, paths)]
        rows, heads = register.rows(keys, self.today, columns), ["", *paths]
        writers = [None if isinstance(f, Ref | Links) else f.format for f in map(register.field_of, columns)]
        shown = {}
        for row in rows:
            cells = zip(heads, writers, row.values, strict=True)
            shown[row.id] = {n: "" if v is None else write(v) if write else str(v) for n, write, v in cells}
        return shown

    def _read_names(self, edits: Mapping[int, Sequence[CellEdit]]) -> None:
        """Find the records that texts name, all together."""
        texts: dict[str, set[str]] = {}
        for part in edits.values():
            for edit in part:
                if edit.text and isinstance(self.fields.get(edit.name), Ref | Links):
                    texts.setdefault(edit.name, set()).add(edit.text)
        for name, wanted in texts.items():
            field = self.fields[name]
            if isinstance(field, Ref):
                self.reading.named(field.rel_model, wanted)
            else:
                parts = [name for text in wanted for name in (text, *names_in(text))]
                self.reading.named(field.target_model, parts)

    # --- reading -----------------------------------------------------------------------------------------------------

    def _read_record(self, key: int, edits: Sequence[CellEdit]) -> tuple[dict[str, Any], list[_Cell]]:
        """The values wanted of a record and its cells."""
        record = self.reading.found.get(key)
        refusal = (
            _GONE if record is None else _REMOVED if record.removed_at is not None else record.guard("edit")
        )
        shown = self._shown.get(key, _NOTHING)
        if refusal:
            return {}, [(edit, None, edit.text, "wrong", refusal) for edit in edits]
        stored = self.reading.base(record, self.made.effective_on)
        values: dict[str, Any] = {}
        cells: list[_Cell] = []
        for edit in edits:
            name = edit.name
            field = self.fields.get(name)
            if field is None:
                if edit.text.strip() != shown.get(name, "").strip():
                    cells.append((edit, None, edit.text, "wrong", f"“{edit.label or name}”不能直接修改"))
                continue
            old = stored[name] if name in stored else self._stored(record, name)
            try:
                value = self._value(edit, field, shown.get(name, ""), old)
            except KnownError as exc:
                cells.append((edit, None, edit.text, "wrong", exc.message))
                continue
            if value == old or (value in _EMPTY and old in _EMPTY) or _same_links(field, value, old):
                cells.append((edit, field, value, "same", ""))
            else:
                values[name] = value
                cells.append((edit, field, value, "change", ""))
        return values, cells

    def _stored(self, record: Any, name: str) -> Any:
        """A stored value that is no column: links, or a fact of a record without any."""
        return self.reading.draft({}, record, self.made.effective_on).stored(name)

    def _value(self, edit: CellEdit, field: Any, shown: str, old: Any) -> Any:
        """The value wanted in a cell, as the field keeps it."""
        if edit.value is not MISSING:
            return _clean(field, edit.value)
        if edit.source is not None:
            return _clean(field, self._source(edit.source)[edit.name])
        if shown and edit.text.strip() == shown:
            return old  # also a masked code, which means nothing by itself
        key = (edit.name, edit.text)
        try:
            found = self._meant[key]
        except KeyError:
            try:
                found = self._meaning(field, edit.text)
            except KnownError as exc:
                found = exc
            self._meant[key] = found
        if isinstance(found, KnownError):
            raise found
        return found

    def _source(self, key: int) -> Draft:
        if key not in self._sources:
            self._sources[key] = Draft(self.model, {}, self.model.get_by_id(key), self.today)
        return self._sources[key]

    def _meaning(self, field: Any, text: str) -> Any:
        if isinstance(field, Links):
            target = field.target_model
            whole = tidy(text)
            names = [whole] if whole and self.reading.bearing(target, whole) else names_in(text)
            ids = [only_one(target, name, self.reading.bearing(target, name)) for name in names]
            return list(dict.fromkeys(ids))
        if isinstance(field, Ref):
            label = tidy(text)
            return (
                only_one(field.rel_model, label, self.reading.bearing(field.rel_model, label))
                if label
                else None
            )
        return meaning(field, text, self.today)

    def _finished(self, cells: Sequence[_Cell]) -> list[CellPlan]:
        """The cells in words, now that the records they name are read."""
        made = []
        for edit, field, value, state, reason in cells:
            key, name = edit.record, edit.name
            shown = self._shown.get(key, _NOTHING)
            if field is not None:
                label, new = field.label, self._text_of(name, value)
            else:
                known = self.fields.get(name)
                label, new = known.label if known is not None else edit.label or name, value
            made.append(
                CellPlan(key, shown.get("", ""), name, label, shown.get(name, ""), new, state, reason)
            )
        return made

    def _text_of(self, name: str, value: Any) -> str:
        """A value of a field as the list shows it."""
        if type(value) is str and name in self._verbatim:
            return value
        field = self.fields[name]
        if isinstance(field, Links):
            return self._names(field.target_model, value or ())
        key = (name, value)
        found = self._words.get(key)
        if found is None:
            if isinstance(field, Ref):
                found = self._names(field.rel_model, () if value is None else (value,))
            else:
                found = str(field.format(value))
            self._words[key] = found
        return found

    def _names(self, model: Any, keys: Iterable[int]) -> str:
        found = [self.reading.record(model, key) for key in keys]
        return "、".join(record.label() for record in found if record is not None)

    # --- checking ----------------------------------------------------------------------------------------------------

    def _check(self, key: int, values: dict[str, Any], cells: list[CellPlan]) -> list[CellPlan]:
        if not values:
            return cells
        record = self.reading.found[key]
        asked, self.reading.asked = self._watch.count, []
        draft, problems = self._inspect(values, record)
        while errors := problems.errors:
            guilty = {p.field for p in errors} & set(values)
            if not guilty or len(guilty) == len(values):
                return self._marked(cells, values, errors, "wrong")
            cells = self._marked(
                cells, guilty, errors, "wrong"
            )  # the row's other cells may be right without these
            values = {name: value for name, value in values.items() if name not in guilty}
            draft, problems = self._inspect(values, record)
        if self._watch.count == asked:  # nothing but the Reading was asked
            self.checked.asked[key] = self.reading.asked
        self.checked.rows[key], self.checked.columns[key] = record, draft.values
        doubts = [p for p in problems.warnings if not covers(self.reading.waived(key), p)]
        if doubts:
            cells = self._marked(cells, values, doubts, "doubtful")
            self.made.doubts[key] = doubts
        self.made.values[key] = values
        self.made.versions[key] = record.version
        return cells

    def _inspect(self, values: Mapping[str, Any], record: Any) -> tuple[Draft, Problems]:
        draft = self.reading.draft(values, record, self.made.effective_on)
        draft.values |= self.model.derive(draft)
        return draft, inspect(draft)

    def finished(self) -> Plan:
        """The whole plan."""
        self.checked.tables = tables_of(self.reading.models, self.model)
        self.made.take(self.cells)
        return self.made

    def _marked(
        self, cells: list[CellPlan], names: Collection[str], problems: Sequence[Problem], state: State
    ) -> list[CellPlan]:
        """The cells with the problems on those they name; of a problem elsewhere all the named cells are guilty."""
        labels = self.labels
        elsewhere = [
            f"{labels[p.field]}：{p.message}" if p.field in labels else p.message
            for p in problems
            if p.field not in names
        ]
        found = []
        for cell in cells:
            if cell.state == "change" and cell.name in names:
                mine = [p.message for p in problems if p.field == cell.name] + elsewhere
                words = "；".join(dict.fromkeys(mine)) or "同一行的其他内容有误，这一行都不修改"
                cell = cell._replace(state=state, reason=words)
            found.append(cell)
        return found


def _same_links(field: Any, value: Any, old: Any) -> bool:
    return isinstance(field, Links) and set(value or ()) == set(old)


def _clean(field: Any, value: Any) -> Any:
    return value if isinstance(field, Links) else field.clean(value)


def names_in(text: str) -> list[str]:
    """The names in a cell of several, each tidy."""
    for sign in NAMES_APART:
        text = text.replace(sign, "\n")
    return [name for name in map(tidy, text.split("\n")) if name]
