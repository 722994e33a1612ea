"""Views of a list kept by name (视图): what is searched, filtered, sorted and shown. Knows registers, no topic."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import peewee

from models.core.changes import Transaction
from models.core.errors import KnownError
from models.core.record import Record
from models.core.register import Column, Condition, Register, View


class SavedView(Record):
    """One named view of one register; ``content`` is JSON."""

    title = "视图"
    register = peewee.CharField(max_length=60)
    name = peewee.CharField(max_length=40)
    content = peewee.TextField(default="{}")
    live_indexes = ((("register", "name"), True),)


@dataclass(frozen=True)
class NamedView:
    """A kept view as the list can take it: ``columns`` are the paths shown, left to right (none: as they are);
    ``missing`` names in Chinese what the register has no more."""

    id: int
    name: str
    view: View
    columns: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def saved_views(register: Register) -> list[NamedView]:
    """The views kept for a register, by name."""
    rows = SavedView.live().where(SavedView.register == register.name).order_by(SavedView.name)
    return [_read(register, row.id, row.name, row.content) for row in rows]


def save_view(tx: Transaction, register: Register, name: str, view: View, columns: tuple[str, ...]) -> Any:
    """Keep a view under a name; one of the same name is replaced. Raises KnownError without a name."""
    name = _named(name)
    content = view_text(register, view, columns)
    row = SavedView.live().where(SavedView.register == register.name, SavedView.name == name).first()
    if row is not None:
        return tx.update(row, content=content)
    return tx.insert(SavedView, register=register.name, name=name, content=content)


def rename_view(tx: Transaction, key: int, name: str) -> None:
    """Give a view another name. Raises KnownError where that is taken or the view is gone."""
    name, row = _named(name), _row(key)
    taken = SavedView.live().where(SavedView.register == row.register, SavedView.name == name).first()
    if taken is not None and taken.id != row.id:
        raise KnownError(f"已有名为“{name}”的视图。", "请换一个名称。")
    tx.update(row, name=name)


def delete_view(tx: Transaction, key: int) -> None:
    """Take a view away; undo brings it back. Raises KnownError where it is gone."""
    tx.remove(_row(key))


def _row(key: int) -> SavedView:
    row: SavedView | None = SavedView.live().where(SavedView.id == key).first()
    if row is None:
        raise KnownError("这个视图已不在。", "请重新打开视图菜单。")
    return row


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise KnownError("请填写视图名称。")
    if len(name) > 40:
        raise KnownError("视图名称最多40字。", "请缩短名称。")
    return name


# --- writing and reading -----------------------------------------------------------------------------------------


def view_text(register: Register, view: View, columns: tuple[str, ...] = ()) -> str:
    """A view as text that ``view_of`` reads again."""
    return json.dumps(_written(register, view, columns), ensure_ascii=False)


def view_of(register: Register, text: str, name: str = "") -> NamedView:
    """The view of a text of ``view_text`` as far as the register still knows its parts; no record's, so its id is 0."""
    return _read(register, 0, name, text)


def _label(register: Register, path: str) -> str:
    return register.label_of(register.column(path))


def _written(register: Register, view: View, columns: tuple[str, ...]) -> dict[str, Any]:
    labels = {path: _label(register, path) for path in columns}
    labels |= {c.path: _label(register, c.path) for c in view.conditions}
    labels |= {path: _label(register, path) for path, _ in view.order}
    labels |= {name: register.preset(name).label for name in view.presets}
    return {
        "search": view.search,
        "conditions": [[c.path, c.op, _value_out(c.value)] for c in view.conditions],
        "presets": list(view.presets),
        "order": [list(key) for key in view.order],
        "columns": list(columns),
        "labels": labels,
    }


def _value_out(value: Any) -> Any:
    if isinstance(value, dt.date | dt.time):
        return {"day" if isinstance(value, dt.date) else "time": value.isoformat()}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return [_value_out(one) for one in value] if isinstance(value, tuple | list) else value


def _value_in(value: Any) -> Any:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        reader = {"day": dt.date.fromisoformat, "time": dt.time.fromisoformat, "number": Decimal}[kind]
        return reader(text)
    return tuple(_value_in(one) for one in value) if isinstance(value, list) else value


def _read(register: Register, key: int, name: str, text: str) -> NamedView:
    kept: dict[str, Any] = json.loads(text)
    labels: dict[str, str] = kept.get("labels", {})
    missing: list[str] = []

    def there(path: str) -> bool:
        known = path in own or _field(register, path)
        if not known:
            missing.append(labels.get(path, path))
        return known

    own = {column.path for column in register.columns}
    ready = {preset.name for preset in register.presets}
    missing += [labels.get(name, name) for name in kept.get("presets", []) if name not in ready]
    view = View(
        search=str(kept.get("search", "")),
        conditions=tuple(
            Condition(path, op, _value_in(value))
            for path, op, value in kept.get("conditions", [])
            if there(path)
        ),
        presets=tuple(name for name in kept.get("presets", []) if name in ready),
        order=tuple((path, bool(down)) for path, down in kept.get("order", []) if there(path)),
    )
    columns = tuple(path for path in kept.get("columns", []) if path in own or (there(path) and path in own))
    return NamedView(key, name, view, columns, tuple(dict.fromkeys(missing)))


def _field(register: Register, path: str) -> bool:
    """Whether a path that is no column leads to a field all the same, as filters of other pages do."""
    try:
        register.field_of(Column(path))
    except (KeyError, AttributeError):
        return False
    return True
