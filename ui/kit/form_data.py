"""What a form reads and stores, as functions for the job threads; knows the model's declarations and no widget."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.core import search as pinyin
from models.core.changes import Transaction
from models.core.checks import Problem, Problems
from models.core.errors import NotFound
from models.core.fields import Choice, Lines, Links, Ref
from models.core.record import Record
from models.core.register import Column, Condition, Register, View, register_of
from models.core.saving import Draft, inspect, save, values_of
from models.core.waivers import covers, waived
from ui.kit.pick_popup import PickItem

MOST_FOUND = 30
PREPARED = "*prepared"
"""Among what follows from the values: by lines field, the values to put lines ready for, and their labels."""
PROPOSED = "*proposed"
REMARKS = "*remarks"
"""Among what follows from the values: by link field, the records a new form shows chosen until a person changes it."""
Values = Mapping[str, Any]
Narrow = Callable[[Values], Sequence[Condition]]


@dataclass
class Loaded:
    """A record as a form shows it; ``labels`` name the records it points to, by field path and id."""

    values: dict[str, Any]
    labels: dict[tuple[str, int], PickItem]
    record_id: int | None = None
    version: int | None = None
    title: str = ""
    closed: str = ""
    shown: list[tuple[str, str]] = field(default_factory=list)
    facts_from: dt.date | None = None
    remarks: dict[str, str] = field(default_factory=dict)
    initials: dict[str, str] = field(default_factory=dict)


def target_of(described: Any) -> type[Record]:
    """The table a reference or a link list chooses from."""
    model: type[Record] = described.target_model if isinstance(described, Links) else described.rel_model
    return model


def register_for(model: type[Record]) -> Register:
    """The register of a table. Raises NotFound where it has none."""
    found = register_of(model)
    if found is None:
        raise NotFound(f"“{model.title}”没有登记的台账，不能在这里选。")
    return found


def hint_columns(register: Register) -> list[Column]:
    """The columns that tell namesakes apart: places, references and codes people search by."""
    found = []
    for column in register.columns:
        described = register.field_of(column)
        plain = column.expr is None and "." not in column.path and not isinstance(described, Lines | Links)
        telling = isinstance(described, Ref) or getattr(described, "search", False)
        if plain and telling and column.path != register.model.label_field:
            found.append(column)
    return found


def pick_items(model: type[Record], ids: Sequence[int], day: dt.date) -> list[PickItem]:
    """Label and second line of some records, in the order given."""
    register = register_for(model)
    columns = [Column(model.label_field), *hint_columns(register)]
    found = []
    for row in register.rows(ids, day, columns):
        texts = [register.format(c, v) for c, v in zip(columns, row.values, strict=True)]
        label = texts[0] or model.get_by_id(row.id).label()
        found.append(PickItem(row.id, label, " · ".join([t for t in texts[1:] if t][:3])))
    return found


def search_records(
    model: type[Record], text: str, narrow: Narrow | None, values: Values, day: dt.date
) -> list[PickItem]:
    """The first records that a typed text means, within what ``narrow`` allows; names that begin with it first."""
    conditions = tuple(narrow(values)) if narrow is not None else ()
    view = View(search=text, conditions=conditions)
    ids = register_for(model).first_ids(view, day, MOST_FOUND, best_first=True)
    found, term = pick_items(model, list(ids), day), text.strip().lower()
    return sorted(found, key=lambda item: not _begins(item.text, term))


def _begins(label: str, term: str) -> bool:
    return label.lower().startswith(term) or pinyin.initials(label).startswith(term)


def labels_for(
    model: type[Record], values: Values, day: dt.date, prefix: str = ""
) -> dict[tuple[str, int], PickItem]:
    """The labels of every record that these values point to, lines included."""
    found: dict[tuple[str, int], PickItem] = {}
    for name, described in model.described().items():
        value = values.get(name)
        if not value:
            continue
        if isinstance(described, Lines):
            for line in value:
                found |= labels_for(described.child(), line, day, f"{prefix}{name}.")
        elif isinstance(described, Ref | Links) and register_of(target_of(described)) is not None:
            ids = [int(value)] if isinstance(described, Ref) else [int(i) for i in value]
            found |= {(prefix + name, item.key): item for item in pick_items(target_of(described), ids, day)}
    return found


def choice_labels(model: type[Record]) -> list[str]:
    """Every Chinese choice of a table and its lines."""
    found: list[str] = []
    for described in model.described().values():
        if isinstance(described, Choice):
            found += described.labels.values()
        elif isinstance(described, Lines):
            found += choice_labels(described.child())
    return found


def typed_forms(label: str) -> str:
    """The initials of a choice's words and then its syllables, with spaces between."""
    syllables = ["".join(filter(str.isalnum, part)) for part in pinyin.name_key(label).split()]
    return " ".join(filter(None, [pinyin.initials(label), *syllables]))


def load(model: type[Record], record_id: int | None, given: Values, day: dt.date) -> Loaded:
    """A stored record, or the defaults of a new one, overlaid by ``given``. Raises NotFound where it is gone."""
    if record_id is None:
        values = {name: Draft(model, {}, None, day)[name] for name in model.described()}
        values |= {n: day for n, f in model.described().items() if getattr(f, "default_today", False)}
        values |= given
        loaded = Loaded(values, labels_for(model, values, day))
    else:
        record = model.get_or_none(model.id == record_id)
        if record is None:
            raise NotFound(f"没有找到这条{model.title}，可能已被移除。", "请刷新列表后再打开。")
        values = values_of(record, day) | dict(given)
        fact = record.fact(day)
        loaded = Loaded(values, labels_for(model, values, day), record_id, record.version, record.label())
        loaded.closed = "这条记录已移除，恢复后才能修改。" if record.removed_at else record.guard("edit")
        loaded.shown = shown_texts(model, loaded)
        loaded.facts_from = fact.valid_from if fact is not None else None
        loaded.remarks = model.remark(Draft(model, dict(given), record, day))
    loaded.initials = {label: typed_forms(label) for label in choice_labels(model)}
    return loaded


def shown_texts(model: type[Record], loaded: Loaded) -> list[tuple[str, str]]:
    """Label and text of the filled fields that nobody edits by hand."""
    found = []
    for name, described in model.described().items():
        value = loaded.values.get(name)
        if described.editable or described.kind == "json" or value in (None, "", []):
            continue
        if isinstance(described, Ref):
            item = loaded.labels.get((name, value))
            text = item.text if item is not None else ""
        else:
            text = described.format(value)
        if text:
            found.append((described.label, text))
    return found


def derived(model: type[Record], values: Values, record_id: int | None, day: dt.date) -> dict[str, Any]:
    """What follows from the values: by name, and for lines a list of such mappings."""
    record = model.get_by_id(record_id) if record_id is not None else None
    draft = Draft(model, values, record, day)
    found = dict(model.derive(draft))
    if record_id is None and (prepared := model.prepare(draft)):
        found[PREPARED] = {
            name: (wanted, _prepared_labels(model, name, wanted, day)) for name, wanted in prepared.items()
        }
    if remarks := model.remark(draft):
        found[REMARKS] = remarks
    if record_id is None and (proposed := _proposed(model, values, day)):
        found[PROPOSED] = proposed
    for name, described in model.described().items():
        if isinstance(described, Lines) and name in values:
            child = described.child()
            found[name] = [
                child.derive(
                    Draft(
                        child,
                        {k: v for k, v in line.items() if k != "id"},
                        child.get_by_id(line["id"]) if line.get("id") else None,
                        day,
                        parent=draft,
                    )
                )
                for line in values[name]
            ]
    return found


def _proposed(model: type[Record], values: Values, day: dt.date) -> dict[str, list[PickItem]]:
    return {
        name: pick_items(target_of(described), described.propose(values), day)
        for name, described in model.described().items()
        if isinstance(described, Links) and described.propose is not None
    }


def _prepared_labels(
    model: type[Record], name: str, wanted: Sequence[Any], day: dt.date
) -> dict[tuple[str, int], PickItem]:
    column = model.described()[name].prepared[0]
    return labels_for(model, {name: [{column: value} for value in wanted]}, day)


def derives(model: type[Record]) -> bool:
    """Whether any value of a table or its lines follows from others."""
    if any(isinstance(d, Links) and d.propose is not None for d in model.described().values()):
        return True
    lines = [d.child() for d in model.described().values() if isinstance(d, Lines)]
    return any(m.derive.__func__ is not Record.derive.__func__ for m in (model, *lines))  # type: ignore[attr-defined]


def problems_of(
    model: type[Record], values: Values, record_id: int | None, day: dt.date, effective_on: dt.date | None
) -> list[Problem]:
    """What saving these values would complain about, waived warnings left out."""
    record = model.get_by_id(record_id) if record_id is not None else None
    draft = Draft(model, values, record, day, effective_on)
    draft.values |= model.derive(draft)
    accepted = waived(model._meta.table_name, record_id)
    found: Problems = inspect(draft)
    return [p for p in found if not covers(accepted, p)]


def store(
    tx: Transaction,
    model: type[Record],
    values: Values,
    record_id: int | None,
    version: int | None,
    effective_on: dt.date | None,
    waivers: Mapping[str, str],
) -> tuple[int, str]:
    """Save inside a transaction; the record's id and label. Raises what ``saving.save`` raises."""
    record = model.get_by_id(record_id) if record_id is not None else None
    saved = save(tx, model, values, record, version=version, effective_on=effective_on, waivers=waivers)
    return saved.id, saved.label()
