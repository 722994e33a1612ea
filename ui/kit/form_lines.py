"""The editor of lines: a small table whose cells are the child's own editors; knows fields, not what they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from models.core.checks import Problem, Problems
from models.core.errors import KnownError
from models.core.fields import Lines
from ui.kit.buttons import button
from ui.kit.form_editors import Editor, FormContext
from ui.kit.form_line_row import BUTTON_WIDTH, GAP, NUMBER_WIDTH, Labels, LineRow


class LinesEditor(Editor):
    """Rows are added by Enter at the end of the last one, Insert or the button; Ctrl+Delete takes one out.

    A new row that nobody typed in does not count. What was taken out can be put back until the form is saved.
    """

    rows_changed = Signal()

    def __init__(self, described: Lines, context: FormContext) -> None:
        super().__init__(described, context)
        self.model = described.child()
        fields = self.model.described()
        self.columns = {name: fields[name] for name in described.columns}
        self.unseen = self.model.own_fields().keys() - {*self.columns, described.parent}
        self.rows: list[LineRow] = []
        self._removed: list[tuple[int, LineRow]] = []
        self._sent: list[LineRow] = []
        self._read_only = False
        self._wanted: tuple[Any, ...] = ()
        self._labels: Labels = {}
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self._head = self._make_head()
        column.addWidget(self._head)
        self._body = QVBoxLayout()
        self._body.setSpacing(GAP)
        column.addLayout(self._body)
        foot = QHBoxLayout()
        foot.setContentsMargins(NUMBER_WIDTH + GAP, 0, 0, 0)
        self.add_button = button(f"添加{described.label}", self.add_row, "add", "normal", "Insert")
        self.restore_button = button("", self.put_back, "undo", "link")
        foot.addWidget(self.add_button)
        if described.offer is not None:
            self.offer_button = button(described.offer[0], self.fill_prepared, "check", "normal", "Alt+A")
            foot.addWidget(self.offer_button)
        foot.addWidget(self.restore_button)
        help_label = QLabel(described.help)
        help_label.setProperty("role", "hint")
        foot.addWidget(help_label)
        foot.addStretch(1)
        column.addLayout(foot)
        self._row.addLayout(column)
        self.setMinimumWidth(
            self.minimum_width()
        )  # else the cells' present widths would forbid a narrower window
        self._refresh()

    def _make_head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(NUMBER_WIDTH + GAP, 0, BUTTON_WIDTH + GAP, 0)
        row.setSpacing(GAP)
        self._titles: dict[str, QLabel] = {}
        for name, described in self.columns.items():
            title = QLabel(described.label + (" *" if described.required else ""))
            title.setProperty("role", "muted")
            title.setToolTip(described.help)
            self._titles[name] = title
            row.addWidget(title)
        row.addStretch(1)
        return head

    # --- widths --------------------------------------------------------------------------------------------------

    def least_width(self, name: str) -> int:
        """The width a column needs, in device-independent pixels."""
        described = self.columns[name]
        if described.kind == "choice":
            longest = max((len(label) for label in described.labels.values()), default=2)
            return min(62 + 14 * longest, 200)
        return {
            "date": 138,
            "time": 88,
            "bool": 70,
            "long": 200,
            "code": 150,
            "integer": 80,
            "number": 80,
        }.get(described.kind, 96 if described.width < 12 else 130)

    def _fit(self) -> None:
        least = {name: self.least_width(name) for name in self.columns}
        room = self.width() - NUMBER_WIDTH - BUTTON_WIDTH - GAP * (len(least) + 1)
        wide = {n: f.width for n, f in self.columns.items() if f.kind in ("text", "long", "code", "ref")}
        spare = max(0, room - sum(least.values()))
        for name, width in least.items():
            width += spare * wide[name] // sum(wide.values()) if name in wide else 0
            self._titles[name].setFixedWidth(width)
            for row in self.rows:
                row.cells[name].setFixedWidth(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimum_width(self) -> int:
        """The width below which columns would not fit."""
        return (
            sum(map(self.least_width, self.columns))
            + NUMBER_WIDTH
            + BUTTON_WIDTH
            + GAP * (len(self.columns) + 1)
        )

    # --- rows ----------------------------------------------------------------------------------------------------

    def _new_row(self) -> LineRow:
        row = LineRow(self)
        row.edited.connect(self.edited)
        return row

    def add_row(self, after: LineRow | None = None) -> LineRow:
        """A new line with its defaults, focused at its first cell."""
        row = self._new_row()
        place = self.rows.index(after) + 1 if after in self.rows else len(self.rows)
        row.fill({name: getattr(f, "default", None) for name, f in self.columns.items()}, {})
        self._put(row, place)
        row.cells[next(iter(row.cells))].focus_targets()[0].setFocus(Qt.FocusReason.TabFocusReason)
        self.edited.emit()
        return row

    def add_line(self, values: Mapping[str, Any]) -> LineRow:
        """A new line with these values, also of columns that are not shown; the focus stays where it is."""
        row = self._new_row()
        row.fill({name: getattr(f, "default", None) for name, f in self.columns.items()}, {})
        row.extra = {name: value for name, value in values.items() if name in self.unseen}
        for name in values.keys() & row.cells.keys():
            row.cells[name].set_value(values[name])
        self._put(row, len(self.rows))
        self.edited.emit()
        return row

    def _put(self, row: LineRow, place: int) -> None:
        self.rows.insert(place, row)
        self._body.insertWidget(place, row)
        row.show()
        self._refresh()

    def remove(self, row: LineRow) -> None:
        """Take a line out; it can be put back."""
        if self._read_only:
            return
        place = self.rows.index(row)
        next_row = (
            self.rows[place + 1] if place + 1 < len(self.rows) else self.rows[place - 1] if place else None
        )
        if next_row is not None:
            next(iter(next_row.cells.values())).focus_targets()[0].setFocus()
        else:
            self.add_button.setFocus()
        self.rows.remove(row)
        self._body.removeWidget(row)
        row.hide()
        if row.blank:
            row.deleteLater()
        else:
            self._removed.append((place, row))
        self._refresh()
        self.edited.emit()

    def drop(self, row: LineRow) -> None:
        """Take a line out for another editor; it can be put back, the focus stays where it is."""
        place = self.rows.index(row)
        self.rows.remove(row)
        self._body.removeWidget(row)
        row.hide()
        self._removed.append((place, row))
        self._refresh()
        self.edited.emit()

    def put_back(self) -> None:
        """Put the line taken out last back where it was."""
        place, row = self._removed.pop()
        self._put(row, min(place, len(self.rows)))
        next(iter(row.cells.values())).focus_targets()[0].setFocus()
        self.edited.emit()

    def _refresh(self) -> None:
        for number, row in enumerate(self.rows, 1):
            row.number.setText(str(number))
        self._head.setVisible(bool(self.rows))
        self.restore_button.setText(f"恢复去掉的行（{len(self._removed)}）")
        self.restore_button.setVisible(bool(self._removed))
        self._fit()
        self.rows_changed.emit()

    def go_on(self, row: LineRow, name: str) -> None:
        """Enter in a cell: the next cell, after the last one the next line, a new one at the end."""
        if row.cells[name].holds():
            self.check_cell(row, name)
            return
        names = list(row.cells)
        place = self.rows.index(row)
        passed = bool(row.ready) and row.blank  # Enter goes by a line put ready that nobody wants
        skip = self.field.skip
        passed = passed or (skip is not None and name == skip[0] and row.readable().get(name) in skip[1])
        if name != names[-1] and not passed:
            row.cells[names[names.index(name) + 1]].focus_targets()[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif place + 1 < len(self.rows):
            after = self.rows[place + 1]
            first = next(n for n in names if n not in after.ready)
            after.cells[first].focus_targets()[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif row.blank:
            if not row.ready:
                self.remove(row)
            self.advance.emit()
        elif row.ready:
            self.advance.emit()
        else:
            self.add_row()

    def check_cell(self, row: LineRow, name: str) -> None:
        """Show at once what the cell's own field says of it."""
        cell = row.cells[name]
        kept = [p for p in row.problems.problems() if p.field != name or p.severity == "warning"]
        found = cell.live_problem() if cell.changed else None
        if found is not None and not any(p.field == name and p.rule == found.rule for p in kept):
            kept.append(Problem(name, found.rule, found.message, found.severity, found.value))
        if kept != row.problems.problems():
            row.show_problems(kept)

    # --- the editor's face ---------------------------------------------------------------------------------------

    def set_lines(self, lines: list[dict[str, Any]], labels: Labels) -> None:
        """Show these lines; emits nothing."""
        self._clear()
        for line in lines:
            row = self._new_row()
            defaults = {name: getattr(f, "default", None) for name, f in self.columns.items()}
            row.fill(line if line.get("id") else defaults, labels)
            if not line.get("id"):  # prefilled, not stored: it must not pass for untouched
                row.extra = {n: v for n, v in line.items() if n in self.unseen and v is not None}
                for name in line.keys() & row.cells.keys():
                    row.cells[name].set_value(line[name])
            self.rows.append(row)
            self._body.addWidget(row)
        self._prepare()
        self._refresh()

    def _prepare(self) -> None:
        """Put a blank line ready for each value that has none yet."""
        if self.field.prepared is None or self._read_only:
            return
        name, wanted = self.field.prepared[0], (*self.field.prepared[1], *self._wanted)
        shown = [row.cells[name].value() for row in self.rows]
        for value in wanted:
            if value in shown:
                continue
            row = self._new_row()
            defaults = {n: getattr(f, "default", None) for n, f in self.columns.items()}
            row.fill(defaults | {name: value}, self._labels)
            row.ready = {name: value}
            row.cells[name].set_read_only(True)
            self.rows.append(row)
            self._body.addWidget(row)
            row.show()

    def prepare(self, wanted: Sequence[Any], labels: Labels) -> None:
        """Have lines ready for other values; those that somebody typed in stay."""
        if tuple(wanted) == self._wanted:
            return
        self._wanted, self._labels = tuple(wanted), labels
        for row in [row for row in self.rows if row.ready and row.blank]:
            self.rows.remove(row)
            self._body.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._prepare()
        self._refresh()

    def fill_prepared(self) -> None:
        """Enter in every line put ready, where nobody typed anything, what the declaration offers."""
        offered: Mapping[str, Any] = self.field.offer[1] if self.field.offer else {}
        rows = [row for row in self.rows if row.ready and row.blank]
        for row in rows:
            for name, value in offered.items():
                row.cells[name].set_value(value)
        if rows:
            self.edited.emit()

    def _clear(self) -> None:
        for row in [*self.rows, *(row for _, row in self._removed)]:
            self._body.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows, self._removed, self._sent = [], [], []

    def set_value(self, value: Any) -> None:
        self.set_lines(list(value or []), {})

    def filled_rows(self) -> list[LineRow]:
        """The lines that count."""
        return [row for row in self.rows if not row.blank]

    def read(self, problems: Problems) -> list[dict[str, Any]]:
        """The lines' values; what cannot be read is added to ``problems`` with its path."""
        self._sent = self.filled_rows()
        for index, row in enumerate(self._sent):
            for name, cell in row.cells.items():
                try:
                    cell.value()
                except KnownError as exc:
                    problems.error(f"{self.field.name}[{index}].{name}", "format", exc.message)
        return [row.readable() for row in self._sent]

    def value(self) -> Any:
        return [row.readable() for row in self.filled_rows()]

    def show_problems(self, problems: list[tuple[int, Problem]]) -> QWidget | None:
        """Show problems by line number; the first cell to mend, or None."""
        first: QWidget | None = None
        for index, row in enumerate(self._sent or self.filled_rows()):
            mine = [p for number, p in problems if number == index]
            row.show_problems(mine)
            if mine and first is None:
                reasons = row.problems.reason_lines()
                cell = next((row.cells[p.field] for p in mine if p.field in row.cells), None)
                only_warnings = row.problems.severity == "warning"
                first = reasons[0] if only_warnings and reasons else cell.focus_targets()[0] if cell else None
        return first

    def reasons(self) -> list[tuple[str, str]]:
        """Rule and reason of every warning shown."""
        return [found for row in self.rows for found in row.problems.reasons()]

    def apply_derived(self, lines: list[Mapping[str, Any]]) -> None:
        """Show what follows from the rest in the cells nobody touched."""
        for row, values in zip(self.filled_rows(), lines, strict=False):
            for name, value in values.items():
                cell = row.cells.get(name)
                if cell is not None and not cell.changed and row.record_id is None:
                    cell.set_value(value)
                    cell.set_baseline()

    def state(self) -> Any:
        return [row.state() for row in self.rows if not row.blank]

    def restore(self, state: Any) -> None:
        stored: dict[int | None, LineRow] = {row.record_id: row for row in self.rows if row.record_id}
        self._removed = []
        for row in self.rows:
            self._body.removeWidget(row)
            row.hide()
        self.rows = []
        for line in state:
            known = stored.pop(line["id"], None) if line["id"] else None
            row = known if known is not None else self._new_row()
            if known is None:
                row.fill({name: getattr(f, "default", None) for name, f in self.columns.items()}, {})
                row.record_id, row.extra = line["id"], dict(line.get("extra", {}))
            for name, cell_state in line["cells"].items():
                if name in row.cells:
                    row.cells[name].restore(cell_state)
            self.rows.append(row)
            self._body.addWidget(row)
            row.show()
        self._prepare()
        self._refresh()

    def set_baseline(self) -> None:
        for row in self.rows:
            for cell in row.cells.values():
                if row.record_id is not None:
                    cell.set_baseline()
        super().set_baseline()

    def focus_targets(self) -> list[QWidget]:
        targets: list[QWidget] = []
        for row in self.rows:
            for name, cell in row.cells.items():
                targets += [] if name in row.ready else cell.focus_targets()
            targets += row.problems.reason_lines()
        return [*targets, *([self.restore_button] if self._removed else []), self.add_button]

    def mark(self, severity: str) -> None:
        return

    def set_read_only(self, on: bool) -> None:
        self._read_only = on
        self.add_button.setVisible(not on)
        if self.field.offer is not None:
            self.offer_button.setVisible(not on)
        for row in [row for row in self.rows if on and row.ready and row.blank]:
            self.rows.remove(row)
            row.hide()
        for row in self.rows:
            row.remove_button.setVisible(not on)
            for cell in row.cells.values():
                cell.set_read_only(on)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
