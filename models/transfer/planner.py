"""Reading one row of a file into a plan: its record, its values, what differs and what is the matter.

Uses the same checks as the form. Knows the registers' declarations, not one topic's fields.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.core.draft import Draft
from models.core.errors import FieldError
from models.core.fields import Choice as ChoiceField
from models.core.fields import Lines, Links, Ref, tidy
from models.core.saving import clean_values, inspect
from models.core.waivers import covers
from models.transfer import bringing, line_columns
from models.transfer.cells import LostDigits, cell_text, cell_value, refuse_uncomputed, text_for
from models.transfer.formulas import Uncomputed
from models.transfer.lookup import BulkDraft, KeyIndex, Lookup, chunks, fold, identity_of
from models.transfer.mapping import Mapping as HeaderMapping
from models.transfer.plan import Candidate, Choice, Difference, RowPlan
from models.transfer.present import DraftValues, Present
from models.transfer.reading import Cell, RawTable
from models.transfer.sidecar import Mark, canonical, digest, read_mark
from models.transfer.similar import Similar
from models.transfer.targets import Target, brings

NAMES_APART = "、，,；;/\n"


class Planner:
    """Plans the rows of one table for one register; keeps what the rows share."""

    def __init__(
        self,
        table: RawTable,
        mapping: HeaderMapping,
        today: dt.date,
        effective_on: dt.date | None = None,
        fill: Mapping[str, str] | None = None,
    ) -> None:
        self.table, self.mapping, self.today, self.effective_on = table, mapping, today, effective_on
        self.register, self.model = mapping.register, mapping.register.model
        self.day = effective_on or today
        self.lookup = Lookup(self.day)
        self.columns = [(m.index, mapping.targets[m.path]) for m in mapping.matched]
        order = {path: n for n, path in enumerate(mapping.targets)}
        self.columns.sort(key=lambda c: order[c[1].path])
        self.at = {target.path: index for index, target in self.columns}
        self.fill = {p: t for p, t in (fill or {}).items() if p in mapping.targets and p not in self.at}
        self.brings = [n for n in brings(self.model) if n in self.model.described()]
        self.parties = {name: bringing.Bringer(self, name) for name in self.brings}
        self._keys: list[KeyIndex] = []
        self._suspects: list[KeyIndex] = []
        self._similar: Similar | None = None
        self._seen: dict[int, int] = {}
        self._row_keys: dict[int, dict[str, list[Any]]] = {}
        self._marks: dict[str, tuple[int, int, bool]] = {}
        self._base = self._base_columns()

    # --- before the rows ----------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Read what identifies the ledger's records, once."""
        only = self._reference_values()
        self._keys = [KeyIndex(self.model, key, self.day, only) for key in self._identity()]
        suspects = getattr(self.model, "suspects", ())
        self._suspects = [KeyIndex(self.model, key, self.day, {}) for key in suspects if self._given(key)]
        fields = self.model._meta.fields
        if self.register.creatable and "address" in fields and self.model.label_field in fields:
            label = fields[self.model.label_field]
            if not isinstance(label, Ref) and self.at.keys() & {label.name}:
                rows = self.model.live().select(self.model.id, label, fields["address"]).tuples()
                self._similar = Similar(rows)
        uids = [m.uid for m in map(read_mark, self.table.marks) if m is not None]
        for part in chunks(uids):
            query: Any = self.model.select(
                self.model.uid, self.model.id, self.model.version, self.model.removed_at
            ).where(self.model.uid.in_(part))
            self._marks |= {u: (i, v, r is not None) for u, i, v, r in query.tuples()}

    def forget(self) -> None:
        """Let go of what only finds duplicates: a commit needs the room."""
        self._similar, self._keys, self._suspects = None, [], []
        self._seen.clear()
        self.parties = {name: bringing.Bringer(self, name, self.parties[name]) for name in self.brings}
        self._row_keys.clear()

    def _identity(self) -> list[tuple[str, ...]]:
        """The keys the file gives wholly; where there is none, as much of one as holds the record's name."""
        keys = identity_of(self.model)
        whole = [k for k in keys if self._given(k)]
        parts = [tuple(path for path in k if self._given((path,))) for k in keys]
        return whole or [k for k in parts if len(k) > 1 and self.model.label_field in k][:1]

    def _given(self, key: Sequence[str]) -> bool:
        """Whether the file can give every part of a key."""
        return all(
            path in self.at or any(f"{t.lines}.{t.column}" == path for _, t in self.columns if t.lines)
            for path in key
        )

    def _reference_values(self) -> dict[str, set[Any]]:
        """The values of references and dates in the file: limits what is read of a long register."""
        found: dict[str, set[Any]] = {}
        for index, target in self.columns:
            if target.kind != "own" or target.field.kind not in ("ref", "date"):
                continue
            values: set[Any] = set()
            for cell in {row[index] for row in self.table.rows}:
                if isinstance(target.field, Ref):
                    values.update(self.lookup.candidates(target.field, self._word(target, cell), {})[:20])
                else:
                    value = self._quiet(target, cell)
                    values.update((value,) if value is not None else ())
            found[target.path] = values
        return found

    def _base_columns(self) -> dict[int, int]:
        """File column to the place of its digest, where the file is an own export."""
        manifest = self.table.manifest
        if manifest is None or manifest.register != self.register.name or not self.table.marks:
            return {}
        place = {self.register.label_of(self.register.column(p)): n for n, p in enumerate(manifest.paths)}
        return {m.index: place[m.header] for m in self.mapping.columns if m.header in place}

    # --- rows ---------------------------------------------------------------------------------------------------

    def plan(self, indexes: Sequence[int], choices: Mapping[int, Choice] | None = None) -> list[RowPlan]:
        """Plan some rows (a few hundred at a time). ``choices`` by row index overrule what is found."""
        choices = choices or {}
        self._row_keys.clear()
        plans = [RowPlan(i, self.table.numbers[i]) for i in indexes]
        marks = {p.index: self._mark(p) for p in plans}
        for p in plans:
            chosen = choices.get(p.index)
            if p.status != "wrong" and chosen is not None and chosen.record is not None:
                p.record = chosen.record or None
            elif p.status != "wrong" and p.record is None:
                self._identify(p)
        known = {p.record for p in plans if p.record is not None}
        known |= {c.id for p in plans for c in p.candidates if not c.path}
        present = Present(self, sorted(known))
        for p in plans:
            chosen = choices.get(p.index, Choice())
            if len(p.candidates) > 1 and p.record is None and chosen.record is None:
                self._settle(p, present, marks[p.index])
            if p.status == "wrong":
                pass
            elif p.record is not None:
                self._existing(p, present, marks[p.index], chosen)
            elif not (p.open and p.candidates):
                self._fresh(p, chosen)
            p.label = p.label or self._label(p)
            p.slim()
        return plans

    def _mark(self, p: RowPlan) -> Mark | None:
        text = self.table.marks[p.index] if self.table.marks else ""
        mark = read_mark(text) if text else None
        if mark is None or mark.uid not in self._marks:
            return None
        p.record, _, removed = self._marks[mark.uid]
        if removed:
            p.wrong("", "这条记录导出后已被移除；确需保留的，请先恢复该记录再导入")
        return mark

    def _identify(self, p: RowPlan) -> None:
        values = self._key_values(p.index)
        for index in self._keys:
            found = index.find(values)
            if len(found) == 1:
                p.record = found[0]
                return
            if found:
                p.candidates = [Candidate(i, "", "与本行相同的记录不止一条") for i in found[:10]]
                p.open = True
                return

    def _settle(self, p: RowPlan, present: Present, mark: Mark | None) -> None:
        """Of several same records, take the one that has no difference; else leave the choice to the user."""
        for candidate in p.candidates:
            trial = RowPlan(p.index, p.number, record=candidate.id)
            self._existing(trial, present, mark, Choice())
            if trial.status == "unchanged":
                p.record, p.candidates, p.open = candidate.id, [], False
                return
        p.candidates = [Candidate(c.id, self._record_label(c.id), c.why, c.path) for c in p.candidates]
        names = "、".join(f"“{c.label}”" for c in p.candidates[:3])
        p.doubt("", f"台账里有{len(p.candidates)}条记录与本行相同（{names}），请选定是哪一条")

    def _key_values(self, index: int) -> dict[str, list[Any]]:
        if index in self._row_keys:
            return self._row_keys[index]
        found = self._row_keys[index] = {}
        for key in {p for k in (*self._keys, *self._suspects) for p in k.paths}:
            if key in self.at:
                target = self.mapping.targets[key]
                cell = self.table.rows[index][self.at[key]]
                if isinstance(target.field, Ref):
                    ids = self.lookup.candidates(target.field, self._word(target, cell), {})
                    value: Any = ids[0] if len(ids) == 1 else None
                else:
                    value = self._quiet(target, cell)
                if value not in (None, ""):
                    found[key] = [value]
            for column, target in self.columns:
                if target.lines and f"{target.lines}.{target.column}" == key:
                    parts = line_columns.split(self.table.rows[index][column])
                    found.setdefault(key, []).extend(p for p in parts if p)
        return found

    def _quiet(self, target: Target, cell: Cell) -> Any:
        try:
            return cell_value(target.field, cell, self.today, self.mapping.values.get(target.path))
        except FieldError:
            return None

    # --- a record that is there ---------------------------------------------------------------------------------

    def _existing(self, p: RowPlan, present: Present, mark: Mark | None, chosen: Choice) -> None:
        record = present.records.get(p.record or 0)
        if record is None:
            p.wrong("", "这条记录已不在台账中")
            return
        p.label, p.version = self._label(p) or record.label(), record.version
        seen = DraftValues(self, record, p.values)
        lines: dict[str, list[tuple[Target, Cell]]] = {}
        edited: set[str] = set()
        for column, target in self.columns:
            cell = self.table.rows[p.index][column]
            old = present.text(record.id, target.path)
            conflict = self._edited(cell, target, old, column, mark)
            if conflict is None:
                continue
            edited.add(target.path)
            if target.lines:
                lines.setdefault(target.lines, []).append((target, cell))
            elif target.path.split(".")[0] not in self.brings:
                self._change(p, target, cell, old, conflict, seen, chosen)
        for name, given in lines.items():
            line_columns.change(self, p, name, given, present.lines(record.id, name))
        for name in self.brings:
            if any(e == name or e.startswith(f"{name}.") for e in edited):
                self.parties[name].change(p, present, record, chosen)
        if p.status == "wrong":
            return
        if not p.differences:
            p.status = "unchanged" if p.status != "doubtful" else "doubtful"
            return
        self._check_change(p, record, present)

    def _edited(self, cell: Cell, target: Target, old: str, column: int, mark: Mark | None) -> bool | None:
        """None where the file does not change the cell; else whether the ledger's cell changed since the export."""
        text = canonical(text_for(target.field, cell))
        if text == canonical(old):
            return None
        place = self._base.get(column) if mark is not None else None
        if mark is None or place is None or place >= len(mark.digests):
            return None if not text else False
        if digest(text) == mark.digests[place]:
            return None
        return digest(old) != mark.digests[place]

    def _change(
        self, p: RowPlan, target: Target, cell: Cell, old: str, conflict: bool, seen: Any, chosen: Choice
    ) -> None:
        value = self.value(p, target, cell, seen, chosen)
        if value is FAILED:
            return
        new = self.shown(target, value)
        if canonical(new) == canonical(old):
            return
        p.values[target.path] = value
        p.differences.append(Difference(target.path, target.label, old, new, conflict))
        if conflict:
            p.doubt(target.label, f"导出以后台账里已改为“{old}”，文件中是“{new}”，请选定用哪个")

    def _check_change(self, p: RowPlan, record: Any, present: Present) -> None:
        if not self.register.editable:
            p.wrong("", f"{self.register.title}不能在这里修改，请到所属的记录中修改")
            return
        if p.values:
            reason = record.guard("edit")
            if reason:
                p.wrong("", reason)
                return
            values = clean_values(self.model, p.values)
            draft = BulkDraft(self.lookup, self.model, values, record, self.today, self.effective_on)
            draft.values |= self.model.derive(draft)
            self._judge(p, inspect(draft), present.waived(record.id))
        if p.status == "new":
            p.status = "changed"

    # --- a new record -------------------------------------------------------------------------------------------

    def _fresh(self, p: RowPlan, chosen: Choice) -> None:
        row = self.table.rows[p.index]
        lines: dict[str, list[tuple[Target, Cell]]] = {}
        given: list[tuple[Target, Cell]] = [(t, row[column]) for column, t in self.columns]
        given += [(self.mapping.targets[path], text) for path, text in self.fill.items()]
        for target, cell in given:
            if cell is None or target.path.split(".")[0] in self.brings:
                continue
            if target.lines:
                lines.setdefault(target.lines, []).append((target, cell))
                continue
            value = self.value(p, target, cell, p.values, chosen)
            if value is not FAILED and value is not None:
                p.values[target.path] = value
        for name, cells in lines.items():
            line_columns.fresh(self, p, name, cells)
        for name in self.brings:
            self.parties[name].fresh(p, chosen)
        if not self.register.creatable:
            p.wrong("", f"{self.register.title}里没有这条记录，也不能在这里新增，请到所属的记录中登记")
            return
        draft = BulkDraft(self.lookup, self.model, clean_values(self.model, p.values), None, self.today)
        draft.values |= self.model.derive(draft)
        told = {r.label for r in p.reasons}
        problems = inspect(draft)
        if p.status == "wrong":  # what is missing because of what was told already
            told |= {self.label_of(name) for name in self.brings}
        problems.items = [
            x for x in problems.items if not (x.rule == "required" and self.label_of(x.field) in told)
        ]
        self._judge(p, problems, set())
        p.values = draft.values
        if p.status != "wrong":
            self._suspect(p, draft, chosen)

    def _suspect(self, p: RowPlan, draft: Draft, chosen: Choice) -> None:
        """Doubt a new row that repeats another row of the file, or looks like a record of the ledger."""
        values = self._key_values(p.index)
        for index in self._keys[:2]:
            if all(values.get(path) for path in index.paths):
                key = hash((index.paths, tuple(fold(values[path][0]) for path in index.paths)))
                first = self._seen.setdefault(key, p.number)
                if first != p.number:
                    p.doubt("", f"与文件第{first}行相同，疑似重复")
                    break
        if chosen.record is not None:
            return
        for index in self._suspects:
            for found in index.find(values)[:3]:
                label = self.mapping.targets.get(index.paths[0])
                why = f"{label.label if label else index.paths[0]}相同"
                p.candidates.append(Candidate(found, self._record_label(found), why))
        if self._similar is not None:
            name, place = draft[self.model.label_field] or "", draft["address"] or ""
            best = self._similar.best(name, place)
            if best is not None and best[0] > 0 and all(c.id != best[0] for c in p.candidates):
                p.candidates.append(
                    Candidate(best[0], self._record_label(best[0]), f"名称和地址相近（{best[1]}%）")
                )
            elif best is not None and best[0] < 0 and p.status != "doubtful":
                p.doubt("", f"名称和地址与文件第{-best[0]}行相近（{best[1]}%），疑似重复")
            self._similar.add(-p.number, name, place)
        for c in p.candidates:
            if not c.path:
                p.doubt("", f"疑似已登记为“{c.label}”（{c.why}），请核对是否同一户")

    # --- shared -------------------------------------------------------------------------------------------------

    def value(self, p: RowPlan, target: Target, cell: Cell, seen: Any, chosen: Choice) -> Any:
        """The value of a cell, or FAILED with the reason told to the plan."""
        try:
            refuse_uncomputed(cell)
            if isinstance(target.field, Ref):
                return self._reference(p, target, self._word(target, cell), seen, chosen)
            if isinstance(target.field, Links):
                return self._links(p, target, cell_text(cell), seen, chosen)
            return cell_value(target.field, cell, self.today, self.mapping.values.get(target.path))
        except Unknown as exc:
            p.wrong(target.label, exc.message, target.path, exc.written)
        except FieldError as exc:
            known = isinstance(target.field, ChoiceField) and not isinstance(exc, LostDigits)
            known = known and not isinstance(cell, Uncomputed)
            p.wrong(target.label, exc.message, *((target.path, tidy(cell_text(cell))) if known else ()))
        return FAILED

    def _word(self, target: Target, cell: Cell) -> str:
        """The text of a cell that names a record, in the ledger's own words where 列名对照 has them."""
        text = cell_text(cell)
        return self.mapping.values.get(target.path, {}).get(tidy(text), text)

    def _reference(self, p: RowPlan, target: Target, text: str, seen: Any, chosen: Choice) -> Any:
        if not text.strip():
            return None
        return self.one_of(p, target, text, seen, chosen)

    def one_of(self, p: RowPlan, target: Target, text: str, seen: Any, chosen: Choice) -> Any:
        """The one record called ``text``. Raises FieldError where there is none; several make the row doubtful."""
        found = self.lookup.candidates(target.field, text, seen)
        picked = [i for i in found if i in chosen.ids(target.path)]
        if len(found) == 1 or picked:
            return (picked or found)[0]
        model = target.field.rel_model if isinstance(target.field, Ref) else target.field.target_model
        if not found:
            near = self.lookup.near_labels(target.field, text)
            hint = f"（相近的有：{'、'.join(near)}）" if near else ""
            raise Unknown(f"{model.title}里没有“{text.strip()}”{hint}，请先登记或改正名称", tidy(text))
        self.lookup.load(model, found[:5])
        for key in found[:5]:
            record = self.lookup.record(model, key)
            p.candidates.append(Candidate(key, bringing.described(record), "同名", target.path))
        p.doubt(target.label, f"{model.title}里有{len(found)}个“{text.strip()}”，请选定一个")
        p.open = True
        return FAILED

    def _links(self, p: RowPlan, target: Target, text: str, seen: Any, chosen: Choice) -> Any:
        names = [text]
        for sign in NAMES_APART:
            names = [part for name in names for part in name.split(sign)]
        ids = []
        for name in filter(None, (n.strip() for n in names)):
            if self.lookup.labels(target.field.target_model).get(fold(text)) and name != text:
                name = text
            ids.append(self.one_of(p, target, self._word(target, name), seen, chosen))
        return FAILED if FAILED in ids else list(dict.fromkeys(ids))

    def shown(self, target: Target, value: Any) -> str:
        """A value as the register shows it."""
        if value is None or value == []:
            return ""
        field = target.field
        if isinstance(field, Ref):
            return str(self.lookup.record(field.rel_model, value).label())
        if isinstance(field, Links):
            return "、".join(self.lookup.record(field.target_model, i).label() for i in value)
        return str(field.format(field.clean(value)))

    def _judge(self, p: RowPlan, problems: Iterable[Any], waived: set[tuple[str, str]]) -> None:
        for problem in problems:
            label = self.label_of(problem.field)
            if problem.severity == "error":
                p.wrong(label, problem.message)
            elif not covers(waived, problem):
                p.doubt(label, problem.message)
                p.warnings.append(problem)

    def parties_problems(self, p: RowPlan, label: str, problems: Iterable[Any]) -> None:
        """Tell the plan what is the matter with a record that the row brings along."""
        for problem in problems:
            shown = f"{label}：{problem.message}"
            if problem.severity == "error":
                p.wrong("", shown)
            else:
                p.doubt("", shown)

    def warnings_of(self, key: int) -> list[Any]:
        """The warnings of a pending record, to be waived when its row is accepted."""
        return [x for b in self.parties.values() for x in b.problems(key) if x.severity == "warning"]

    def label_of(self, path: str) -> str:
        """The label of a problem's path, of a line the line's own column."""
        name, _, rest = path.partition("[")
        field = self.model.described().get(name)
        if isinstance(field, Lines) and "]." in rest:
            inner = field.child().described().get(rest.partition("].")[2])
            return f"{field.label}{inner.label}" if inner is not None else str(field.label)
        return str(getattr(field, "label", ""))

    def _label(self, p: RowPlan) -> str:
        index = self.at.get(self.model.label_field)
        return cell_text(self.table.rows[p.index][index]).strip() if index is not None else ""

    def _record_label(self, key: int) -> str:
        record = self.lookup.record(self.model, key)
        return bringing.described(record) if record is not None else ""


class Unknown(FieldError):
    """A cell names a record that is not there; ``written`` is the name."""

    def __init__(self, message: str, written: str) -> None:
        super().__init__(message)
        self.written = written


class _Failed:
    """What a cell that cannot be used comes out as; the plan has the reason."""


FAILED = _Failed()
