"""What surrounds one record: how many others point to it, and what was done to it. Knows no topic."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from models.core.attachments import Attachment
from models.core.changes import Action, ChangeLog
from models.core.draft import linked_field
from models.core.fields import Described, Json, Ref
from models.core.record import BEGINNING, Fact, Record, owned_tables
from models.core.register import Condition, Link, Register, View, register

MADE, REMOVED, RESTORED = "新建", "移除", "恢复"


class Remark(NamedTuple):
    """Something reckoned that is told beside a record: a label, the words, a tone ('' for none)."""

    label: str
    text: str
    tone: str = ""


#: By register: what reckons remarks on one of its records, as of a day.
REMARKS: dict[str, list[Callable[[Any, dt.date], Sequence[Remark]]]] = {}
Teller = TypeVar("Teller", bound=Callable[[Any, dt.date], Sequence[Remark]])


def tells_of(register_name: str) -> Callable[[Teller], Teller]:
    """Have a topic tell something beside the records of a register that knows nothing of it."""

    def put(fn: Teller) -> Teller:
        REMARKS.setdefault(register_name, []).append(fn)
        return fn

    return put


def remarks_on(home: Register, record: Record, day: dt.date) -> list[Remark]:
    """What the topics tell of a record."""
    return [one for tell in REMARKS.get(home.name, ()) for one in tell(record, day)]


@dataclass(frozen=True)
class HistoryLine:
    """One change of one field. ``what`` is its label, '' where the record as a whole was made, removed or restored;
    ``before`` and ``after`` are texts as the screen shows them."""

    action_id: int
    when: dt.datetime
    who: str
    action: str
    what: str
    before: str
    after: str


def linked_view(link: Link, record_id: int) -> View:
    """The list of the records of a link that point to a record."""
    return View(conditions=(Condition(link.path, "in", (record_id,)),))


def linked_counts(shown: Register, record_id: int, day: dt.date) -> list[tuple[Link, str, int]]:
    """The links of a register's record: each with the title to show and how many records point here."""
    found = []
    for link in shown.links:
        target = register(link.register)
        count = target.count(linked_view(link, record_id), day)
        found.append((link, link.label or target.title, count))
    return found


def history_lines(
    record: Record, labels: Mapping[str, str] | None = None, limit: int = 400
) -> list[HistoryLine]:
    """What was done to a record and to its lines, links, facts and files, newest first; at most ``limit`` entries."""
    teller = _Teller(record, labels if labels is not None else type(record).labels())
    mine = (ChangeLog.table == record._meta.table_name) & (ChangeLog.row == record.id)
    for child, foreign in owned_tables(type(record)):
        rows = child.select(child.id).where(foreign == record.id)
        mine |= (ChangeLog.table == child._meta.table_name) & ChangeLog.row.in_(rows)
    files = Attachment.select(Attachment.id).where(
        Attachment.table == record._meta.table_name, Attachment.row == record.id
    )
    mine |= (ChangeLog.table == Attachment._meta.table_name) & ChangeLog.row.in_(files)
    query = (
        ChangeLog.select(ChangeLog, Action)
        .join(Action)
        .where(mine)
        .order_by(ChangeLog.id.desc())
        .limit(limit)
    )
    return [line for entry in query for line in teller.tell(entry)]


def logged_text(field: Any, value: Any) -> str:
    """A logged value of a field that is no reference as the screen shows it; '' for none."""
    return "" if value is None or value == "" else str(field.format(field.python_value(value)))


def since(row: Fact) -> str:
    """«（自2024-06-30）», '' where the first day is unknown."""
    return f"（自{row.valid_from}）" if row.valid_from > BEGINNING else ""


def fact_change(
    row: Fact, created: bool, before: dict[str, Any], after: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The facts before and after one log entry of a dated row, without what stayed and without its days.

    A new stretch is told as what it changed of the one before it; the seams are not told.
    """
    table = type(row)
    names = table.fact_fields()
    if created:
        same = table.live().where(table.owner_column() == row.__data__[table.owner], table.id != row.id)
        earlier = same.where(table.as_of(row.valid_from - dt.timedelta(days=1))).first()
        before = {n: (earlier.__data__.get(n) if earlier is not None else None) for n in names}
        after = {n: row.__data__.get(n) for n in names}
        after = {n: v for n, v in after.items() if v != before[n]}
    return before, {n: v for n, v in after.items() if n in names}


class _Teller:
    """Turns log entries of one record into lines; looks up each named record once."""

    def __init__(self, record: Record, labels: Mapping[str, str]) -> None:
        self.record, self.labels = record, labels
        self.model = type(record)
        self.children = {child._meta.table_name: child for child, _ in owned_tables(self.model)}
        self.children[Attachment._meta.table_name] = Attachment
        self._names: dict[tuple[type[Record], int], str] = {}
        entry = ChangeLog.get_or_none(
            ChangeLog.table == self.model._meta.table_name, ChangeLog.row == record.id, ChangeLog.created
        )
        self.born = entry.action_id if entry is not None else None

    def tell(self, entry: Any) -> list[HistoryLine]:
        before, after = json.loads(entry.before), json.loads(entry.after)
        child = self.children.get(entry.table)
        if child is None:
            return self._own(entry, before, after)
        if entry.created and entry.action_id == self.born:
            return []  # what a record was made with is part of its making
        if issubclass(child, Fact):
            return self._fact(entry, child, before, after)
        return self._child(entry, child, before, after)

    def _line(self, entry: Any, what: str, before: str, after: str) -> HistoryLine:
        action = entry.action
        return HistoryLine(action.id, action.at, action.actor, action.kind, what, before, after)

    def _own(self, entry: Any, before: dict[str, Any], after: dict[str, Any]) -> list[HistoryLine]:
        if entry.created:
            return [self._line(entry, "", "", MADE)]
        lines = []
        if "removed_at" in after:
            lines.append(self._line(entry, "", "", REMOVED if after["removed_at"] else RESTORED))
        return lines + self._fields(entry, self.model, before, after, "")

    def _child(
        self, entry: Any, child: type[Record], before: dict[str, Any], after: dict[str, Any]
    ) -> list[HistoryLine]:
        field = linked_field(self.model, child)
        title = self.labels.get(field.name, field.label) if field is not None else child.title
        if entry.created or "removed_at" in after:
            name = self._name_of(child, entry.row)
            there = entry.created or after["removed_at"] is None
            return [self._line(entry, title, "" if there else name, name if there else "")]
        return self._fields(entry, child, before, after, f"{title}·")

    def _fact(
        self, entry: Any, child: type[Fact], before: dict[str, Any], after: dict[str, Any]
    ) -> list[HistoryLine]:
        row = child.get_by_id(entry.row)
        if not entry.created and after.get("removed_at"):
            return [self._line(entry, f"自{row.valid_from}的变更", "", REMOVED)]
        before, after = fact_change(row, entry.created, before, after)
        return self._fields(entry, child, before, after, "", since(row))

    def _fields(
        self,
        entry: Any,
        model: type[Record],
        before: dict[str, Any],
        after: dict[str, Any],
        head: str,
        tail: str = "",
    ) -> list[HistoryLine]:
        lines = []
        for name, value in after.items():
            field = model._meta.fields.get(name)
            if not isinstance(field, Described) or isinstance(field, Json) or name == model.owner:
                continue
            label = self.labels.get(name, field.label) if not head else field.label
            old, new = self._text(field, before.get(name)), self._text(field, value)
            if old != new:
                lines.append(self._line(entry, f"{head}{label}{tail}", old, new))
        return lines

    def _text(self, field: Any, value: Any) -> str:
        if isinstance(field, Ref) and value is not None:
            return self._name_of(field.rel_model, int(value))
        return logged_text(field, value)

    def _name_of(self, model: type[Record], key: int) -> str:
        if (model, key) not in self._names:
            row = model.get_or_none(model.id == key)
            field = linked_field(self.model, model)
            target = getattr(field, "target", "")
            if row is not None and target:
                row = getattr(row, target)
            self._names[model, key] = row.label() if row is not None else ""
        return self._names[model, key]
