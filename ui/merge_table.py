"""Two records side by side with what is kept of each; keys and mouse choose a side. Knows a merge plan, no topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from models.merging import BOTH, MINE, OTHER, MergePlan
from ui.kit.theme import colours

Index = QModelIndex | QPersistentModelIndex
_SIDES = {1: MINE, 2: OTHER}
_MARK = {True: "●", False: "○"}
_EMPTY = "（空）"
_AFTER = "合并后"
_ROW_PX = 36


@dataclass(frozen=True)
class Line:
    """One row: a heading (without texts), something to choose (with choices), or something only told."""

    key: str
    label: str
    mine: str = ""
    other: str = ""
    after: str = ""
    words: tuple[tuple[str, str], ...] = ()
    first: str = MINE
    heading: bool = False
    same: bool = False


def lines_of_plan(plan: MergePlan) -> list[Line]:
    """The rows of a plan: what needs a decision first, then the fields by section, then what comes together."""
    found: list[Line] = []
    if plan.clashes:
        found.append(Line("", "两户都有，请核对怎样处理", heading=True))
    for clash in plan.clashes:
        words = tuple(clash.words.items())
        found.append(Line(clash.key, clash.label, clash.mine, clash.other, "", words, clash.chosen))
    section = ""
    for row in plan.fields:
        if row.section != section:
            section = row.section
            found.append(Line("", section, heading=True, same=True))
        texts = {MINE: row.mine, OTHER: row.other, BOTH: f"{row.mine}；{row.other}"}
        words = () if row.same else tuple((choice, texts[choice]) for choice in row.choices)
        found.append(
            Line(row.name, row.label, row.mine, row.other, row.mine, words, row.chosen, same=row.same)
        )
    found.append(Line("", "随之归到一起", heading=True, same=True))
    found += [Line("", c.label, c.mine, c.other, c.after, same=c.same) for c in plan.counts]
    return found


class MergeModel(QAbstractTableModel):
    """The rows of a plan with what is chosen; ``only_different`` leaves out where there is nothing to choose."""

    chosen = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.all: list[Line] = []
        self.lines: list[Line] = []
        self.choices: dict[str, str] = {}
        self.names = ("", "")
        self.only_different = True

    def show_plan(self, plan: MergePlan) -> None:
        """Show another plan with its own first choices."""
        self.all, self.names = lines_of_plan(plan), plan.names
        self.choices = {line.key: line.first for line in self.all if line.words}
        self.show_lines()

    def show_lines(self) -> None:
        """Lay the rows out again; a heading stays where a row stands under it."""
        self.beginResetModel()
        wanted = [x for x in self.all if x.heading or not (self.only_different and x.same)]
        below = [*wanted[1:], Line("", "", heading=True)]
        self.lines = [x for x, y in zip(wanted, below, strict=True) if not (x.heading and y.heading)]
        self.endResetModel()

    def choose(self, row: int, choice: str) -> None:
        """Choose a side of a row, where it has that."""
        line = self.lines[row]
        if choice in dict(line.words) and self.choices[line.key] != choice:
            self.choices[line.key] = choice
            self.dataChanged.emit(self.index(row, 0), self.index(row, 3))
            self.chosen.emit()

    def turn(self, row: int) -> None:
        """Choose the next one of a row."""
        line = self.lines[row]
        if line.words:
            codes = [code for code, _ in line.words]
            self.choose(row, codes[(codes.index(self.choices[line.key]) + 1) % len(codes)])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self.lines[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(line, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(line, column)
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._ground(line, column)
        if role == Qt.ItemDataRole.FontRole and (line.heading or column == 3):
            font = QFont()
            font.setBold(line.heading)
            font.setWeight(QFont.Weight.DemiBold)
            return font
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if column == 0 and not line.heading
                else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, line: Line, column: int) -> str:
        if line.heading or column == 0:
            return line.label if column == 0 else ""
        if column == 3:
            return dict(line.words)[self.choices[line.key]] or _EMPTY if line.words else line.after
        text = line.mine if column == 1 else line.other
        if not line.words:
            return text or ("" if line.same else "—")
        return f"{_MARK[self.choices[line.key] in (_SIDES[column], BOTH)]} {text or _EMPTY}"

    def _ink(self, line: Line, column: int) -> QColor | None:
        palette = colours()
        if line.heading:
            return QColor(palette.accent)
        if column == 0:
            return QColor(palette.muted)
        if line.words and column in _SIDES:
            taken = self.choices[line.key] in (_SIDES[column], BOTH)
            return QColor(palette.accent if taken else palette.faint)
        return None

    def _ground(self, line: Line, column: int) -> QColor | None:
        if line.words and column in _SIDES and self.choices[line.key] in (_SIDES[column], BOTH):
            return QColor(colours().accent_soft)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return ("", f"保留：{self.names[0]}", f"并入：{self.names[1]}", _AFTER)[section]
        return None


class MergeTable(QTableView):
    """↑↓ between the rows, ← and → take a side, the space bar the next choice; a click takes the side clicked."""

    def __init__(self, model: MergeModel) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setAccessibleName("逐项对照")
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionsClickable(False)
        model.modelReset.connect(self._lay_out)
        model.dataChanged.connect(lambda first, _last: self._fit_row(first.row()))

    def _lay_out(self) -> None:
        self.clearSpans()
        for row, line in enumerate(self._model.lines):
            if line.heading:
                self.setSpan(row, 0, 1, 4)
        self._fit()
        first = next((i for i, line in enumerate(self._model.lines) if line.words), 0)
        self.setCurrentIndex(self._model.index(first, 0))

    def _fit(self) -> None:
        width = self.viewport().width()
        label = min(170, width // 5)
        side = (width - label) // 3
        for section, wide in enumerate((label, side, side, width - label - 2 * side)):
            self.horizontalHeader().resizeSection(section, wide)
        for row in range(self._model.rowCount()):
            self._fit_row(row)

    def _fit_row(self, row: int) -> None:
        self.setRowHeight(row, max(_ROW_PX, self.sizeHintForRow(row)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        sides = {Qt.Key.Key_Left: MINE, Qt.Key.Key_Right: OTHER}
        key = Qt.Key(event.key())
        if row >= 0 and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if key in sides:
                self._model.choose(row, sides[key])
                return
            if key == Qt.Key.Key_Space:
                self._model.turn(row)
                return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            if index.column() in _SIDES:
                self._model.choose(index.row(), _SIDES[index.column()])
            elif index.column() == 3:
                self._model.turn(index.row())
