"""The form: sections of fields in two columns, made from a table's declarations; knows no topic and saves nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from models.core.checks import Problem, Problems
from models.core.errors import KnownError
from models.core.record import Record
from ui.kit.cards import Card
from ui.kit.form_data import PREPARED, PROPOSED, REMARKS, Loaded
from ui.kit.form_editors import FormContext, LongEditor
from ui.kit.form_facts import FactsBar
from ui.kit.form_field import FieldBox, FieldLabel
from ui.kit.form_lines import LinesEditor
from ui.kit.form_links import LinksEditor
from ui.kit.palette import UNIT
from ui.kit.ref_picker import RefEditor

WIDE = ("long", "lines")
"""Kinds that take both columns."""


class Form(QWidget):
    """All fields of a table that a person fills in, in its sections.

    ``edited`` follows every change, ``finished`` Enter in the last field, ``order_changed`` another Tab order,
    ``appeared`` a strip that a change brought and that must be seen.
    """

    edited = Signal()
    finished = Signal()
    order_changed = Signal()
    appeared = Signal(QWidget)

    def __init__(self, model: type[Record], context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model, self.context = model, context
        context.values = self.readable
        context.editor_of = lambda name: self.boxes[name].editor if name in self.boxes else None
        self.record_id: int | None = None
        self.boxes: dict[str, FieldBox] = {}
        self.labels: dict[str, FieldLabel] = {}
        self.facts: FactsBar | None = None
        self._facts_after = ""
        self._auto: set[str] = set()
        self._grids: list[QGridLayout] = []
        # A grid's even rows are the fields'; the odd ones wait for the strip of the changed facts.
        self._places: dict[str, tuple[QGridLayout, int]] = {}
        self._second: set[str] = set()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * UNIT)
        for title, names in model.sections:
            column.addWidget(self._section(title, names))
        column.addStretch(1)
        self._align()

    # --- building ------------------------------------------------------------------------------------------------

    def _section(self, title: str, names: Iterable[str]) -> Card:
        described = self.model.described()
        names = [name for name in names if described[name].editable]
        card = Card(title if len(self.model.sections) > 1 else "", parent=self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(UNIT)
        grid.setVerticalSpacing(UNIT + 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(4, 1)
        grid.setColumnMinimumWidth(2, UNIT)
        grid.addWidget(
            QWidget(), 0, 2
        )  # a column without a widget would lose its spacing, but not in every section
        row, second = 0, False
        for name in names:
            box = self._box(name, described[name], card)
            wide = described[name].kind in WIDE
            if wide and second:
                row, second = row + 1, False
            if described[name].kind == "lines":
                row = self._lines(grid, row, box, alone=len(names) == 1)
                continue
            label = self._label(name, box, card)
            first = 3 if second else 0
            if second:
                self._second.add(name)
            grid.addWidget(label, 2 * row, first, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(box, 2 * row, first + 1, 1, 4 if wide else 1, Qt.AlignmentFlag.AlignTop)
            self._places[name] = (grid, row)
            row, second = (row, True) if not wide and not second else (row + 1, False)
        card.body.addLayout(grid)
        if not all(described[name].kind == "lines" for name in names):
            self._grids.append(grid)
            if not any(name in self._second for name in names):
                for column in (3, 4):  # an empty column would lose its spacing and break the alignment
                    grid.addWidget(QWidget(), 2 * row + 2, column)
        if self.facts is None and set(names) & self.model.fact_names():
            self.facts = FactsBar(self.context)
            self.facts.edited.connect(self._facts_edited)
            self.facts.advance.connect(lambda: self._focus_next(self._facts_after))
            grid.addWidget(self.facts, 1, 0, 1, 5)
        return card

    def _box(self, name: str, described: Any, card: Card) -> FieldBox:
        box = FieldBox(name, described, self.context, card)
        box.edited.connect(self._edited)
        box.advance.connect(self.focus_after)
        for target in box.editor.focus_targets()[:1]:
            target.setAccessibleName(described.label)
        if isinstance(box.editor, LinesEditor):
            box.editor.rows_changed.connect(self.order_changed)
        elif isinstance(box.editor, LongEditor):
            box.editor.filled.connect(self.fill)
        self.boxes[name] = box
        return box

    def _label(self, name: str, box: FieldBox, card: Card) -> FieldLabel:
        label = FieldLabel(box.field, card)
        targets = box.editor.focus_targets()
        if targets:
            label.setBuddy(targets[0])
        self.labels[name] = label
        return label

    def _lines(self, grid: QGridLayout, row: int, box: FieldBox, alone: bool) -> int:
        if not alone:
            caption = QLabel(box.field.label)
            caption.setProperty("role", "muted")
            grid.addWidget(caption, 2 * row, 0, 1, 5)
            row += 1
        grid.addWidget(box, 2 * row, 0, 1, 5)
        return row + 1

    def _align(self) -> None:
        """Make the labels of each side as wide as the widest of that side."""
        for second in (False, True):
            mine = [label for name, label in self.labels.items() if (name in self._second) is second]
            width = min(max((label.wanted_width() for label in mine), default=0), 152)
            for label in mine:
                label.setFixedWidth(width)
            for grid in self._grids:
                grid.setColumnMinimumWidth(3 if second else 0, width)

    # --- values --------------------------------------------------------------------------------------------------

    def show_record(self, loaded: Loaded) -> None:
        """Show what was loaded and take it for unchanged."""
        self.record_id = loaded.record_id
        self.context.initials.update(loaded.initials)
        self._auto.clear()
        for box in self.boxes.values():
            self._show_value(box, loaded)
            box.editor.set_baseline()
            box.show_problems([])
        if self.facts is not None:
            self.facts.start(loaded)
        self._mark_required()
        self.order_changed.emit()

    def _show_value(self, box: FieldBox, loaded: Loaded) -> None:
        value, editor = loaded.values.get(box.name), box.editor
        if isinstance(editor, LinesEditor):
            editor.set_lines(list(value or []), loaded.labels)
        elif isinstance(editor, LinksEditor):
            editor.show_items(
                [loaded.labels[box.name, i] for i in value or [] if (box.name, i) in loaded.labels]
            )
        elif isinstance(editor, RefEditor):
            editor.show_item(loaded.labels.get((box.name, value)) if value is not None else None)
        else:
            editor.set_value(value)

    def take_over(self, loaded: Loaded, names: Iterable[str]) -> None:
        """Show the loaded value of some fields that nobody typed in."""
        for name in names:
            self._show_value(self.boxes[name], loaded)
            self.boxes[name].editor.set_baseline()

    def readable(self) -> dict[str, Any]:
        """Every value that can be read now."""
        found = {}
        for name, box in self.boxes.items():
            try:
                found[name] = box.editor.value()
            except KnownError:
                continue
        return found

    def kept(self, names: Iterable[str]) -> dict[str, Any]:
        """The values of some fields for the next record of a series; what was only proposed for this one is left."""
        editors = {name: self.boxes[name].editor for name in names if name in self.boxes}
        found = {name: value for name, value in self.readable().items() if name in editors}
        return found | {n: e.own_ids() for n, e in editors.items() if isinstance(e, LinksEditor) and n in found}

    def read(self) -> tuple[dict[str, Any], Problems]:
        """The values to store (of a stored record the changed ones), and a problem for each unreadable text."""
        values: dict[str, Any] = {}
        problems = Problems()
        for name, box in self.boxes.items():
            editor = box.editor
            if (self.record_id is not None and not editor.changed) or (
                name in self._auto and not editor.changed
            ):
                continue
            if isinstance(editor, LinesEditor):
                found: Any = editor.read(problems)
            else:
                try:
                    found = editor.value()
                except KnownError as exc:
                    problems.error(name, "format", exc.message)
                    continue
            if self.record_id is not None or editor.changed or found not in (None, "", []):
                values[name] = found
        return values, problems

    def fill(self, values: Mapping[str, Any]) -> None:
        """Take values over as if they had been typed."""
        for name, value in values.items():
            if name in self.boxes:
                self.boxes[name].editor.set_value(value)
                self._edited(name)

    def apply_derived(self, values: Mapping[str, Any]) -> None:
        """Show what follows from the rest in the fields nobody touched."""
        for name, (wanted, labels) in values.get(PREPARED, {}).items():
            editor = self.boxes[name].editor
            if isinstance(editor, LinesEditor):
                editor.prepare(wanted, labels)
                self.order_changed.emit()
        for name, text in values.get(REMARKS, {}).items():
            self.boxes[name].tell(text)
        for name, items in values.get(PROPOSED, {}).items():
            editor = self.boxes[name].editor
            if isinstance(editor, LinksEditor):
                editor.propose(items)
        for name, value in values.items():
            box = self.boxes.get(name)
            if box is None:
                continue
            if isinstance(box.editor, LinesEditor):
                box.editor.apply_derived(value)
            elif not box.editor.changed:
                box.editor.set_value(value)
                box.editor.set_baseline()
                self._auto.add(name)

    @property
    def changed(self) -> bool:
        """Whether a person changed anything."""
        return any(box.editor.changed for box in self.boxes.values())

    def changed_names(self) -> list[str]:
        """The fields a person changed."""
        return [name for name, box in self.boxes.items() if box.editor.changed]

    def state(self, also: Collection[str] = ()) -> dict[str, Any]:
        """The texts of the changed fields and of those named, as JSON can hold them."""
        return {n: box.editor.state() for n, box in self.boxes.items() if n in also or box.editor.changed}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Type again what ``state`` gave."""
        for name, value in state.items():
            if name in self.boxes:
                self.boxes[name].editor.restore(value)
        self._facts_edited()
        self.order_changed.emit()
        self.edited.emit()

    def set_read_only(self, on: bool) -> None:
        """Show only."""
        for box in self.boxes.values():
            box.editor.set_read_only(on)

    # --- changes -------------------------------------------------------------------------------------------------

    def _edited(self, name: str) -> None:
        for other in self.boxes.values():
            narrowed = bool(name) and name in getattr(other.field, "narrowed_by", ())
            if narrowed and isinstance(other.editor, RefEditor) and other.editor.state()["text"]:
                other.editor.show_item(None)
                other.show_problems([])
        self._auto.discard(name)
        self._mark_required()
        if name in self.model.fact_names():
            self._facts_edited()
        self.order_changed.emit()
        self.edited.emit()

    def _mark_required(self) -> None:
        """Mark what the value of another field makes necessary."""
        for name, label in self.labels.items():
            when = getattr(self.boxes[name].field, "required_when", None)
            if when is not None and when[0] in self.boxes:
                other = self.boxes[when[0]]
                label.set_required(self._is_readable(other) and other.editor.value() == when[1])

    def _facts_edited(self) -> None:
        if self.facts is None or self.record_id is None:
            return
        changes = {}
        for name, box in self.boxes.items():
            editor = box.editor
            if name in self.model.fact_names() and editor.changed and self._is_readable(box):
                changes[name] = (editor.field.label, _words(editor._baseline), _words(editor.state()))
        was_shown = self.facts.isVisibleTo(self)
        if changes and not was_shown:
            self._place_facts(next(iter(changes)))
        self.facts.show_changes(list(changes.values()))
        if was_shown != bool(changes):
            self.order_changed.emit()
            if changes:
                self.appeared.emit(self.facts)

    def _place_facts(self, name: str) -> None:
        """Put the strip under the row of the field that was changed first; it stays there while it is shown."""
        assert self.facts is not None
        grid, row = self._places[name]
        self._facts_after = [n for n, place in self._places.items() if place == (grid, row)][-1]
        grid.addWidget(self.facts, 2 * row + 1, 0, 1, 5)

    @staticmethod
    def _is_readable(box: FieldBox) -> bool:
        try:
            box.editor.value()
        except KnownError:
            return False
        return True

    # --- problems ------------------------------------------------------------------------------------------------

    def show_problems(self, problems: Iterable[Problem]) -> tuple[QWidget | FieldBox | None, list[Problem]]:
        """Put each problem at its field; what to focus first, and the problems that belong to no field shown here.

        Warnings that already have their reason typed stay.
        """
        own: dict[str, list[Problem]] = {name: [] for name in self.boxes}
        lines: dict[str, list[tuple[int, Problem]]] = {}
        rest: list[Problem] = []
        for problem in problems:
            name, _, path = problem.field.partition("[")
            if name in self.boxes and path:
                number, _, column = path.partition("].")
                moved = Problem(column, problem.rule, problem.message, problem.severity, problem.value)
                lines.setdefault(name, []).append((int(number), moved))
            elif name in self.boxes:
                own[name].append(problem)
            else:
                rest.append(problem)
        first: QWidget | FieldBox | None = None
        for name, box in self.boxes.items():
            answered = {rule for rule, reason in box.problems.reasons() if reason}
            kept = [
                p
                for p in box.problems.problems()
                if p.rule in answered and p.rule not in {q.rule for q in own[name]}
            ]
            box.show_problems(own[name] + kept)
            found: QWidget | FieldBox | None = box if own[name] else None
            if isinstance(box.editor, LinesEditor):
                found = box.editor.show_problems(lines.get(name, [])) or found
            first = first or found
        self.order_changed.emit()
        return first, rest

    def reasons(self) -> dict[str, str]:
        """The reasons typed, by rule; a rule counts only when every warning of it has its reason."""
        found: dict[str, list[str]] = {}
        for box in self.boxes.values():
            for rule, reason in box.problems.reasons():
                found.setdefault(rule, []).append(reason)
            if isinstance(box.editor, LinesEditor):
                for rule, reason in box.editor.reasons():
                    found.setdefault(rule, []).append(reason)
        return {rule: "；".join(dict.fromkeys(texts)) for rule, texts in found.items() if all(texts)}

    # --- focus ---------------------------------------------------------------------------------------------------

    def targets(self) -> list[QWidget]:
        """Everything Tab visits, in the order of the eye."""
        found: list[QWidget] = []
        for name, box in self.boxes.items():
            found += box.targets()
            if self._facts_follow(name):
                found += self.facts.targets()  # type: ignore[union-attr]
        return found

    def _facts_follow(self, name: str) -> bool:
        return self.facts is not None and name == self._facts_after and self.facts.isVisibleTo(self)

    def focus_after(self, name: str) -> None:
        """Go on to the field after ``name``, or to the day of the changed facts below it."""
        if self._facts_follow(name):
            self.facts.focus()  # type: ignore[union-attr]
        else:
            self._focus_next(name)

    def _focus_next(self, name: str) -> None:
        place = list(self.boxes).index(name)
        later = [b for b in list(self.boxes.values())[place + 1 :] if not getattr(b.field, "face", "")]
        if later:  # what has a face of its own is opened by its own key and would hold Enter up
            later[0].focus()
        else:
            self.finished.emit()

    def focus_first(self) -> None:
        """Put the cursor into the first field that is empty and required, else into the first."""
        empty = [b for b in self.boxes.values() if b.field.required and self._is_empty(b)]
        for box in [*empty, *self.boxes.values()]:
            if box.editor.focus_targets():
                box.focus()
                return

    @staticmethod
    def _is_empty(box: FieldBox) -> bool:
        try:
            return box.editor.value() in (None, "", [])
        except KnownError:
            return False


def _words(state: Any) -> str:
    """An editor's state as a person reads it."""
    if isinstance(state, Mapping):
        return str(state.get("text", ""))
    return {True: "是", False: "否"}[state] if isinstance(state, bool) else str(state or "")
