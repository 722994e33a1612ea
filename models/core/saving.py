"""Storing a record as a person filled it in: checks, waivers, dated facts, lines and links. Knows no topic table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import peewee

from models.core import search
from models.core.changes import Transaction
from models.core.checks import CheckFailed, Problem, Problems
from models.core.errors import Conflict, KnownError, Refused
from models.core.fields import Described, Lines, Links, Ref
from models.core.record import BEGINNING, Entry, Fact, Record
from models.core.waivers import Waiver, covers, waived


class Draft:
    """What a record would be if it were stored: the stored values overlaid by the typed ones.

    ``draft["name"]`` gives a value (a line list as mappings, a link list as ids, a reference as its id), ``ref``
    the record behind a reference; ``record`` is None for a new one, ``day`` is today, ``effective_on`` the first
    day of changed facts, ``parent`` the draft a line belongs to.
    """

    def __init__(
        self,
        model: type[Record],
        values: Mapping[str, Any],
        record: Record | None,
        day: dt.date,
        effective_on: dt.date | None = None,
        parent: Draft | None = None,
    ) -> None:
        self.model, self.values, self.record, self.day = model, dict(values), record, day
        self.effective_on, self.parent = effective_on, parent
        self._facts = (
            record.fact(effective_on or day) if record is not None and model.facts is not None else None
        )

    def __getitem__(self, name: str) -> Any:
        if name in self.values:
            value = self.values[name]
            return value.id if isinstance(value, Record) else value
        field = self.model.described().get(name) or self.model._meta.fields.get(name)
        if isinstance(field, Lines):
            return [] if self.record is None else line_values(self.record, field)
        if isinstance(field, Links):
            return [] if self.record is None else linked_ids(self.record, field)
        if name in self.model.fact_names() and self._facts is not None:
            return self._facts.__data__.get(name)
        if self.record is not None and name not in self.model.fact_names():
            return self.record.__data__.get(name)
        default = getattr(field, "default", None)
        return default() if callable(default) else default

    def ref(self, name: str) -> Any:
        """The record a reference points to, None where it is empty."""
        key = self[name]
        field = self.model.described()[name]
        return None if key is None else field.rel_model.get_or_none(field.rel_model.id == key)

    def changed(self, name: str) -> bool:
        """Whether the typed value differs from the stored one (always for a new record)."""
        if self.record is None:
            return True
        return self[name] != Draft(self.model, {}, self.record, self.day)[name]


def lines_of(record: Record, field: Lines) -> list[Any]:
    """The live child records of a line field, in order of entry."""
    child = field.child()
    return list(child.live().where(getattr(child, field.parent) == record.id).order_by(child.id))


def line_values(record: Record, field: Lines) -> list[dict[str, Any]]:
    """The lines as mappings with ``id`` and the described columns."""
    names = field.child().own_fields()
    return [{"id": line.id, **{n: line.__data__.get(n) for n in names}} for line in lines_of(record, field)]


def linked_ids(record: Record, field: Links) -> list[int]:
    """The ids at the far end of a link field, in order of entry."""
    through = field.through()
    query = (
        through.live()
        .select(getattr(through, field.target))
        .where(getattr(through, field.parent) == record.id)
        .order_by(through.id)
    )
    return [row[0] for row in query.tuples()]


def values_of(record: Record, day: dt.date) -> dict[str, Any]:
    """Everything a form shows of a record: columns, facts as of ``day``, lines and links."""
    draft = Draft(type(record), {}, record, day)
    return {name: draft[name] for name in type(record).described()}


def inspect(draft: Draft) -> Problems:
    """All problems of a draft: required fields, each field's own check, the table's cross-field rules, its lines."""
    problems = Problems()
    for name, field in draft.model.described().items():
        value = draft[name]
        if isinstance(field, Lines | Links):
            if len(value or []) < field.least:
                text = getattr(field, "least_message", "") or f"至少要有{field.least}项，请添加"
                problems.error(name, "required", text)
            if isinstance(field, Lines):
                _inspect_lines(draft, field, problems)
            continue
        if value is None or value == "":
            if field.required:
                problems.error(name, "required", f"请填写{field.label}")
        elif field.check is not None:
            found = field.check(value)
            if found is not None:
                severity, rule, message = found
                shown = value if severity == "warning" else ""
                problems.items.append(Problem(name, rule, message, severity, str(shown)))  # type: ignore[arg-type]
        if isinstance(field, Ref) and value is not None:
            _inspect_reference(draft, name, field, problems)
    draft.model.check(draft, problems)
    return problems


def _inspect_reference(draft: Draft, name: str, field: Ref, problems: Problems) -> None:
    target = draft.ref(name)
    if target is None:
        problems.error(name, "reference", f"{field.label}不存在，请重新选择")
    elif target.removed_at is not None and draft.changed(name):
        problems.error(name, "removed", f"{field.label}“{target.label()}”已移除，请选择在册的")


def _inspect_lines(draft: Draft, field: Lines, problems: Problems) -> None:
    child = field.child()
    for index, line in enumerate(draft[field.name] or []):
        record = child.get_by_id(line["id"]) if line.get("id") else None
        values = {k: v for k, v in line.items() if k != "id"}
        values.setdefault(field.parent, draft.record.id if draft.record else None)
        line_draft = Draft(child, values, record, draft.day, parent=draft)
        line_draft.values |= child.derive(line_draft)
        found = inspect(line_draft)
        found.items = [p for p in found.items if p.field != field.parent]
        problems.add(found, f"{field.name}[{index}].")


def save(
    tx: Transaction,
    model: type[Record],
    values: Mapping[str, Any],
    record: Record | None = None,
    *,
    version: int | None = None,
    effective_on: dt.date | None = None,
    waivers: Mapping[str, str] | None = None,
) -> Any:
    """Store a new record or change one, with its facts, lines and links.

    ``values`` maps names of ``model.described()`` to values: scalars, an id for a reference, a list of mappings
    (with ``id`` for those that stay) for lines, a list of ids for links; what is not named stays. Facts change from
    ``effective_on`` (today by default). ``waivers`` maps the rule of a warning to the reason for accepting it.

    Raises CheckFailed with every problem, Conflict where ``version`` is no longer the stored one, Refused where the
    record's state forbids editing. Nothing is written then.
    """
    if record is not None:
        record = model.get_by_id(record.id)
        if version is not None and record.version != version:
            raise Conflict(
                f"“{record.label()}”在您填写时被改过。", "请核对新内容后再保存；您填写的内容还在。"
            )
        reason = record.guard("edit")
        if reason:
            raise Refused(reason)
    draft = Draft(model, values, record, tx.today, effective_on)
    draft.values |= model.derive(draft)
    problems = inspect(draft)
    accepted = waived(model._meta.table_name, record.id if record else None)
    waivers = waivers or {}
    open_ones = [
        p
        for p in problems
        if p.severity == "error" or not (covers(accepted, p) or waivers.get(p.rule, "").strip())
    ]
    if open_ones:
        raise CheckFailed(Problems(open_ones), model.labels())
    record = _store(tx, draft)
    for problem in problems.warnings:
        if not covers(accepted, problem):
            tx.insert(
                Waiver,
                table=model._meta.table_name,
                row=record.id,
                field=problem.field,
                rule=problem.rule,
                value=problem.value,
                reason=waivers[problem.rule].strip(),
                who=tx.action.actor,
            )
    return record


def _store(tx: Transaction, draft: Draft) -> Record:
    model = draft.model
    facts = model.fact_names()
    own = {
        n: _filled(model, n, v) for n, v in draft.values.items() if n in model._meta.fields and n not in facts
    }
    try:
        if draft.record is None:
            record = tx.insert(model, **own)
        else:
            record = tx.update(draft.record, **own)
        if model.facts is not None:
            _store_facts(tx, record, {n: _filled(model.facts(), n, draft[n]) for n in facts}, draft)
        for name, field in model.described().items():
            if name in draft.values and isinstance(field, Lines):
                _store_lines(tx, record, field, draft.values[name], draft)
            elif name in draft.values and isinstance(field, Links):
                _store_links(tx, record, field, draft.values[name])
    except peewee.IntegrityError as exc:
        raise KnownError(
            f"保存“{model.title}”时发现重复或缺失的数据。", f"请核对后再保存（{exc}）。"
        ) from exc
    refresh_search(tx, record)
    record.after_save(tx, draft)
    return record


def _filled(model: type[Record], name: str, value: Any) -> Any:
    """The value to store: an empty one of a column that is never NULL is its default."""
    field = model._meta.fields[name]
    return field.default if value is None and not field.null and not callable(field.default) else value


def refresh_search(tx: Transaction, record: Record) -> None:
    """Bring the search text and pinyin key of an entry up to date; not logged, they follow from the rest."""
    if not isinstance(record, Entry):
        return
    columns = search_columns(type(record), record.__data__)
    model = type(record)
    model.update(**columns).where(model.id == record.id).execute()
    record.__data__.update(columns)


def search_columns(model: type[Record], values: Mapping[str, Any]) -> dict[str, str]:
    """The search columns that follow from a row's values."""
    parts = [(str(values.get(n) or ""), f.pinyin) for n, f in model.own_fields().items() if f.search]
    label = values.get(model.label_field)
    key = search.name_key(label) if isinstance(label, str) else ""
    return {"search_text": search.search_text(parts), "name_key": key}


def _store_facts(tx: Transaction, record: Record, values: dict[str, Any], draft: Draft) -> None:
    child = type(record).facts()  # type: ignore[misc]
    parent = {child.owner: record.id}
    mine = child.live().where(getattr(child, child.owner) == record.id).order_by(child.valid_from)
    start_name = type(record).facts_start
    start = (draft[start_name] if start_name else None) or BEGINNING
    if draft.record is None:
        tx.insert(child, valid_from=start, **parent, **values)
        return
    first = mine.first()
    if start_name and start_name in draft.values and first is not None and first.valid_from != start:
        if first.valid_to is not None and first.valid_to < start:
            raise KnownError(
                f"{type(record).described()[start_name].label}晚于已登记的变更日期。", "请先核对变更记录。"
            )
        tx.update(first, valid_from=start)
    if any(name in draft.values for name in values):
        set_facts(tx, record, draft.effective_on or tx.today, values)


def set_facts(tx: Transaction, record: Record, day: dt.date, values: Mapping[str, Any]) -> Fact:
    """Make the facts of a record be ``values`` from ``day`` until the next dated change.

    A change on the first day of a stretch corrects that stretch; one inside splits it; one before the first
    stretch puts a new one in front.
    """
    child = type(record).facts()  # type: ignore[misc]
    mine = child.live().where(getattr(child, child.owner) == record.id)
    current = mine.where(child.as_of(day)).first()
    if current is not None and all(current.__data__.get(n) == v for n, v in values.items()):
        return current
    if current is not None and current.valid_from == day:
        return tx.update(current, **values)
    if current is None:
        first = mine.order_by(child.valid_from).first()
        end = first.valid_from - dt.timedelta(days=1) if first is not None else None
        kept: dict[str, Any] = {}
    else:
        end = current.valid_to
        kept = {
            n: current.__data__.get(n)
            for n in child.own_fields()
            if n not in child.FRAME and n != child.owner
        }
        tx.update(current, valid_to=day - dt.timedelta(days=1))
    return tx.insert(child, valid_from=day, valid_to=end, **{child.owner: record.id}, **{**kept, **values})


def _store_lines(
    tx: Transaction, record: Record, field: Lines, lines: Sequence[Mapping[str, Any]], parent: Draft
) -> None:
    child = field.child()
    existing = {line.id: line for line in lines_of(record, field)}
    for values in lines:
        values = dict(values)
        key = values.pop("id", None)
        values[field.parent] = record.id
        draft = Draft(child, values, existing.pop(key) if key else None, tx.today, parent=parent)
        draft.values |= child.derive(draft)
        _store(tx, draft)
    for line in existing.values():
        tx.remove(line)


def _store_links(tx: Transaction, record: Record, field: Links, ids: Sequence[int]) -> None:
    through = field.through()
    wanted = list(dict.fromkeys(int(i) for i in ids))
    rows = {
        row.__data__[field.target]: row
        for row in through.live().where(getattr(through, field.parent) == record.id)
    }
    for key, row in rows.items():
        if key not in wanted:
            tx.remove(row)
    for key in wanted:
        if key not in rows:
            tx.insert(through, **{field.parent: record.id, field.target: key})


def parse_values(
    model: type[Record], texts: Mapping[str, str], today: dt.date
) -> tuple[dict[str, Any], Problems]:
    """Typed texts by field name to values, with a problem for each text that cannot be read."""
    values: dict[str, Any] = {}
    problems = Problems()
    for name, text in texts.items():
        field = model.described()[name]
        if isinstance(field, Described):
            try:
                values[name] = field.parse(text, today)
            except KnownError as exc:
                problems.error(name, "format", exc.message)
    return values, problems
