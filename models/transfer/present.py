"""What the ledger shows of the records that rows of a file stand for, read together. Knows no file."""

from __future__ import annotations

from typing import Any

from models.core.draft import Draft
from models.core.register import Column
from models.core.waivers import Waiver
from models.transfer import line_columns
from models.transfer.lookup import BulkDraft


class DraftValues:
    """The values a narrowing asks for: those of the row over those of the record."""

    def __init__(self, planner: Any, record: Any, values: dict[str, Any]) -> None:
        self._planner, self._record, self._values = planner, record, values
        self._draft: Draft | None = None

    def __getitem__(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        if self._draft is None:
            p = self._planner
            self._draft = BulkDraft(p.lookup, p.model, {}, self._record, p.today, p.effective_on)
        return self._draft[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or the default where it is empty."""
        value = self[name]
        return default if value is None else value


class Present:
    """What the ledger shows of some records in the mapped columns, their lines and their waivers, read together."""

    def __init__(self, planner: Any, ids: list[int]) -> None:
        self._planner, model = planner, planner.model
        self._texts: dict[int, dict[str, str]] = {}
        self._lines: dict[str, dict[int, list[dict[str, Any]]]] = {}
        self._waived: dict[int, set[tuple[str, str]]] = {i: set() for i in ids}
        self.records = {r.id: r for r in model.select().where(model.id.in_(ids))} if ids else {}
        if not ids:
            return
        columns = [Column(t.path) for _, t in planner.columns if not t.lines]
        for name in planner.brings:
            if all(c.path != name for c in columns):
                columns.append(Column(name))
        register = planner.register
        for row in register.rows(ids, planner.day, columns):
            self._texts[row.id] = {
                c.path: register.format(c, v) for c, v in zip(columns, row.values, strict=True)
            }
        for name in {t.lines for _, t in planner.columns if t.lines}:
            self._lines[name] = line_columns.of_records(model.described()[name], ids)
        waivers = Waiver.live().where(Waiver.table == model._meta.table_name, Waiver.row.in_(ids))
        for waiver in waivers:
            self._waived[waiver.row].add((waiver.rule, waiver.value))

    def text(self, key: int, path: str) -> str:
        """A cell as the register shows it."""
        target = self._planner.mapping.targets[path]
        if target.lines:
            return line_columns.shown(target, self.lines(key, target.lines))
        return self._texts.get(key, {}).get(path, "")

    def lines(self, key: int, name: str) -> list[dict[str, Any]]:
        """A record's lines as mappings with ``id``."""
        return self._lines.get(name, {}).get(key, [])

    def waived(self, key: int) -> set[tuple[str, str]]:
        """The warnings answered before."""
        return self._waived.get(key, set())
