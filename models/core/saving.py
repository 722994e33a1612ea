"""Storing a record as a person filled it in: checks, waivers, dated facts, lines and links. Knows no topic table."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from typing import Any

import peewee

from models.core.changes import Transaction
from models.core.checks import CheckFailed, Problem, Problems
from models.core.clashes import violated
from models.core.dated import inspect_start, set_facts, store_facts, stretches
from models.core.draft import Draft, line_values, lines_of, linked_ids, values_of
from models.core.errors import Conflict, KnownError, Refused
from models.core.fields import Described, Lines, Links, Ref
from models.core.record import TABLES, Record
from models.core.search import search_columns
from models.core.waivers import Waiver, covers, waived

__all__ = [
    "Draft",
    "clean_values",
    "duplicate_of",
    "inspect",
    "line_values",
    "lines_of",
    "linked_ids",
    "parse_values",
    "save",
    "search_columns",
    "set_facts",
    "values_of",
]


def inspect(draft: Draft) -> Problems:
    """All problems of a draft: required fields, each field's own check, the table's cross-field rules, its lines."""
    problems = Problems()
    values, sound = draft.values, draft.sound
    for name, field, always in _inspected(draft.model):
        fresh = name in values or draft.record is None
        if not (always or fresh):
            continue
        if sound is not None and not fresh and field.kind in _VALUES:
            _inspect_kept(draft, name, field, problems, sound)
        elif field.kind == "lines" and not fresh and not field.least and not draft.has_lines(field):
            continue
        elif field.kind == "lines":
            _inspect_least(draft[name], field, problems)
            _inspect_lines(draft, field, problems)
        elif field.kind == "links":
            _inspect_least(list(dict.fromkeys(draft[name] or [])), field, problems)
            _inspect_links(draft, field, problems)
        else:
            _inspect_value(draft, name, field, problems)
    inspect_start(draft, problems)
    draft.model.check(draft, problems)
    return problems


@functools.cache
def _inspected(model: type[Record]) -> list[tuple[str, Any, bool]]:
    """The fields in order, and whether one has to be looked at even where it stays as it is."""
    return [
        (name, field, isinstance(field, Lines | Links | Ref) or field.required or field.check is not None)
        for name, field in model.described().items()
    ]


#: Kinds of field whose stored value is found sound or not by itself.
_VALUES = frozenset({"text", "long", "code", "choice", "integer", "number", "date", "time", "bool", "ref"})


def _inspect_kept(
    draft: Draft, name: str, field: Any, problems: Problems, sound: set[tuple[str, Any]]
) -> None:
    """A value that stays as it is; the same one of another record need not be looked at again."""
    mark = (name, draft[name])
    if mark in sound:
        return
    found = len(problems.items)
    _inspect_value(draft, name, field, problems)
    if len(problems.items) == found and not (field.kind == "ref" and field.rel_model is draft.model):
        sound.add(mark)


def _inspect_least(value: Sequence[Any] | None, field: Lines | Links, problems: Problems) -> None:
    if len(value or []) < field.least:
        text = getattr(field, "least_message", "") or f"至少要有{field.least}项，请添加"
        problems.error(field.name, "required", text)


def _inspect_value(draft: Draft, name: str, field: Any, problems: Problems) -> None:
    value = draft[name]
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        if field.required:
            problems.error(name, "required", f"请填写{field.label}")
        return
    may_be_new = draft.record is None or name in draft.values
    if may_be_new and (refusal := field.refuse(value)) and draft.changed(name):
        problems.error(name, "value", refusal)
    elif field.check is not None and (found := field.check(value)) is not None:
        severity, rule, message = found
        problems.items.append(
            Problem(name, rule, message, severity, str(value) if severity == "warning" else "")
        )
    if isinstance(field, Ref):
        _inspect_reference(draft, name, field, problems)


def _inspect_links(draft: Draft, field: Links, problems: Problems) -> None:
    """Newly chosen records must be there and live."""
    if field.name not in draft.values:
        return
    new = set(draft[field.name] or []) - set(draft.stored(field.name))
    found = {row.id: row for row in draft.records(field.target_model, new)}
    for key in sorted(new):
        if key not in found:
            problems.error(field.name, "reference", f"所选的{field.label}不存在，请重新选择")
        elif found[key].removed_at is not None:
            problems.error(field.name, "removed", f"“{found[key].label()}”已移除，请选择在册的")


def _inspect_reference(draft: Draft, name: str, field: Ref, problems: Problems) -> None:
    target = draft.ref(name)
    if target is None:
        problems.error(name, "reference", f"{field.label}不存在，请重新选择")
    elif target.removed_at is not None and draft.changed(name):
        problems.error(name, "removed", f"{field.label}“{target.label()}”已移除，请选择在册的")


def _inspect_lines(draft: Draft, field: Lines, problems: Problems) -> None:
    child = field.child()
    present = {line.id: line for line in draft.line_records(field)}
    for index, line in enumerate(draft[field.name] or []):
        record = present.get(line["id"]) if line.get("id") else None
        if line.get("id") and record is None:
            problems.error(f"{field.name}[{index}]", "gone", f"这一项{field.label}已被别处移除，请刷新后再改")
            continue
        values = {k: v for k, v in line.items() if k != "id"}
        values.setdefault(field.parent, draft.record.id if draft.record else None)
        line_draft = draft.of_line(child, values, record)
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
        refuse_change(record, version)
    draft = Draft(model, clean_values(model, values), record, tx.today, effective_on)
    return save_draft(tx, draft, waived(model._meta.table_name, record.id if record else None), waivers)


def refuse_change(record: Record, version: int | None) -> None:
    """Raise Refused where the record may not be changed, Conflict where it is no longer the one of ``version``."""
    if record.removed_at is not None:
        raise Refused(f"“{record.label()}”已移除，不能修改。", "请先恢复，再修改。")
    if version is not None and record.version != version:
        raise Conflict(
            f"“{record.label()}”在您填写时被改过。", "请核对新内容后再保存；您填写的内容还在。"
        )
    reason = record.guard("edit")
    if reason:
        raise Refused(reason)


def save_draft(
    tx: Transaction, draft: Draft, accepted: set[tuple[str, str]], waivers: Mapping[str, str] | None = None
) -> Any:
    """Check a draft of clean values and store it; ``accepted`` are the record's waivers as ``waived`` gives them.

    Raises CheckFailed with every problem. Nothing is written then.
    """
    model = draft.model
    draft.values |= model.derive(draft)
    problems = inspect(draft)
    waivers = waivers or {}
    open_ones = [
        p
        for p in problems
        if p.severity == "error" or not (covers(accepted, p) or waivers.get(p.rule, "").strip())
    ]
    if open_ones:
        raise CheckFailed(Problems(open_ones), model.labels())
    record = store_draft(tx, draft)
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


def clean_values(model: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the fields keep them: texts without outer blanks, codes in their own form, lines likewise."""
    fields, found = model.described(), {}
    for name, value in values.items():
        field = fields.get(name)
        if isinstance(field, Lines) and value is not None:
            value = [clean_values(field.child(), line) for line in value]
        elif isinstance(field, Described):
            value = field.clean(value)
        found[name] = value
    return found


def duplicate_of(record: Record, day: dt.date) -> str:
    """What makes a record the same as another live one, in Chinese; '' where nothing does."""
    draft, problems = Draft(type(record), {}, record, day), Problems()
    type(record).check(draft, problems)
    return next((p.message for p in problems.errors if p.rule == "duplicate"), "")


def store_draft(tx: Transaction, draft: Draft) -> Record:
    """Store a draft that was inspected, with all that belongs to it. Raises KnownError where the ledger refuses."""
    model = draft.model
    facts = model.fact_names()
    own = {
        n: filled(model, n, v) for n, v in draft.values.items() if n in model._meta.fields and n not in facts
    }
    try:
        record = tx.insert(model, **own) if draft.record is None else tx.update(draft.record, **own)
        if model.facts is not None and _facts_due(draft, record):
            store_facts(tx, record, {n: filled(model.fact_table(), n, draft[n]) for n in facts}, draft)
        for name, field in model.described().items():
            if name not in draft.values:
                continue
            if isinstance(field, Lines):
                _store_lines(tx, record, field, draft.values[name] or [], draft)
            elif isinstance(field, Links):
                _store_links(tx, record, field, draft.values[name] or [], draft)
    except peewee.IntegrityError as exc:
        raise not_saved(model, exc) from exc
    if tx.owner_changed(record):
        tx.touch(record)
    record.after_save(tx, draft)
    if tx.owner_changed(record):
        tx.touch(record)
    return record


def not_saved(model: type[Record], exc: Exception) -> KnownError:
    """What a database's constraint error means for a record that was to be stored."""
    return KnownError(f"“{model.title}”没有保存：{clash_text(exc)}。", "请核对后再保存。")


def _facts_due(draft: Draft, record: Record) -> bool:
    """Whether the dated facts may have to change with the record."""
    names = draft.values.keys()
    model = draft.model
    if draft.record is None or not model.fact_names().isdisjoint(names) or model.facts_start in names:
        return True
    return not stretches(record)


def clash_text(exc: Exception) -> str:
    """A database's constraint error in the words of the fields it names."""
    kind, names = violated(exc)
    labels = []
    for table, column in names:
        model = next((m for m in TABLES if m._meta.table_name == table), None)
        field = model._meta.columns.get(column) if model is not None else None
        labels.append(getattr(field, "label", "") or column)
    shown = "、".join(dict.fromkeys(labels))
    if kind == "unique" and shown:
        return f"{shown}与已有的记录重复"
    if kind == "null" and shown:
        return f"缺少{shown}"
    return "所指的记录不存在，或有重复、缺失的数据"


def filled(model: type[Record], name: str, value: Any) -> Any:
    """The value to store: an empty one of a column that is never NULL is its default."""
    field = model._meta.fields[name]
    return field.default if value is None and not field.null and not callable(field.default) else value


def _store_lines(
    tx: Transaction, record: Record, field: Lines, lines: Sequence[Mapping[str, Any]], parent: Draft
) -> None:
    child = field.child()
    existing = {line.id: line for line in lines_of(record, field)}
    for line in lines:
        values = dict(line)
        key = values.pop("id", None)
        values[field.parent] = record.id
        draft = Draft(child, values, existing.pop(key) if key else None, tx.today, parent=parent)
        draft.values |= child.derive(draft)
        store_draft(tx, draft)
    for line in existing.values():
        tx.remove(line)


def _store_links(
    tx: Transaction, record: Record, field: Links, ids: Sequence[int], draft: Draft
) -> None:
    through = field.through()
    wanted = list(dict.fromkeys(int(i) for i in ids))
    rows = {row.__data__[field.target]: row for row in draft.link_rows(field)}
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
