"""The page that says which column of a file fills which field, and asks where it is not clear; knows no topic."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from models.core.errors import FieldError
from models.core.fields import Choice
from models.rules.dates import parse_date
from models.transfer.cells import cell_text
from models.transfer.mapping import Mapping, Match
from models.transfer.reading import RawTable
from models.transfer.targets import Target
from ui.kit.palette import UNIT
from ui.kit.theme import colours

NONE = "（不导入）"
_HOW = {
    "label": "列名相同",
    "alias": "以前指定过",
    "usual": "常用的列名",
    "similar": "列名相近，请核对",
    "user": "由您指定，以后照此",
    "export": "本程序导出的列",
    "read_only": "只供查看",
    "ignored": "不导入",
    "ambiguous": "有几个相近的栏目，请选择",
    "unmatched": "没有认出来，请选择",
}
_SAMPLES = 3
_SLICE_S = 0.015


class CalmCombo(QComboBox):
    """A combo whose value the wheel does not change while the page is scrolled; typing narrows the list."""

    def __init__(self) -> None:
        super().__init__()
        self._paths: list[str] = [""]
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(16)
        completer, line = self.completer(), self.lineEdit()
        assert completer is not None
        assert line is not None
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        line.editingFinished.connect(self._settle)

    def offer(self, labels: dict[str, str]) -> None:
        """Offer fields: path to label."""
        self._paths = list(labels)
        self.addItems(list(labels.values()))

    def place(self, path: str) -> int:
        """Where a field stands; 0 (nothing) for one that is not offered."""
        return self._paths.index(path) if path in self._paths else 0

    def path(self) -> str:
        """The field chosen, '' for none."""
        return self._paths[self.currentIndex()]

    def _settle(self) -> None:
        """A text that is no field goes back to the one chosen."""
        if self.findText(self.currentText()) < 0:
            self.setEditText(self.itemText(self.currentIndex()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class MappingPage(QWidget):
    """One row for each column of the file; ``sheet_asked(name)`` asks for another sheet of the workbook."""

    sheet_asked = Signal(str)
    changed = Signal()

    def __init__(self, today: dt.date, parent: QWidget) -> None:
        super().__init__(parent)
        self.mapping: Mapping | None = None
        self._filling = False
        self.combos: list[CalmCombo] = []
        self.fills: dict[str, QComboBox | QLineEdit] = {}
        self._hows: list[QTableWidgetItem] = []
        self._rows: Iterator[tuple[int, Match]] = iter(())
        self._labels: dict[str, str] = {}
        self.words = QLabel("", wordWrap=True)
        self.sheets = QComboBox()
        self.sheet_label = QLabel("工作表")
        self.sheets.activated.connect(lambda at: self.sheet_asked.emit(self.sheets.itemText(at)))
        self._today = today
        self.day = QLineEdit(today.isoformat())
        self.day.setFixedWidth(130)
        self.day.setToolTip("台账里已有的记录，类别、状态等有变化的从这一天起算；可写2024.6.5、6/5、今天")
        self.day_label = QLabel("有变更的，自何日起")
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        top.addWidget(self.words, 1)
        for each in (self.day_label, self.day, self.sheet_label, self.sheets):
            top.addWidget(each)
        self.table = QTableWidget(0, 4)
        self._look()
        self.missing = QWidget()
        self.form = QFormLayout(self.missing)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setHorizontalSpacing(2 * UNIT)
        self.open = QLabel("", wordWrap=True)
        self.open.setProperty("role", "warning")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.table, 1)
        box.addWidget(self.open)
        box.addWidget(self.missing)

    def _look(self) -> None:
        table = self.table
        table.setHorizontalHeaderLabels(["文件里的列", "内容举例", "填入台账的栏目", "依据"])
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setShowGrid(False)
        table.setStyleSheet("QTableView::item { padding: 0 10px; }")
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(44)
        table.setWordWrap(False)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for at, width in ((0, 240), (2, 290), (3, 220)):
            table.setColumnWidth(at, width)

    def show_file(self, table: RawTable, mapping: Mapping) -> None:
        """Show a file that was read."""
        self._table = table
        self.words.setText(f"“{table.path.name}”共{len(table.rows)}行，请核对每一列填入哪个栏目。")
        several = len(table.sheets) > 1
        self.sheet_label.setVisible(several)
        self.sheets.setVisible(several)
        self.sheets.clear()
        self.sheets.addItems(table.sheets)
        self.sheets.setCurrentText(table.sheet)
        facts = bool(mapping.register.model.fact_names())
        self.day_label.setVisible(facts)
        self.day.setVisible(facts)
        self.combos, self._hows = [], []
        self.table.setRowCount(0)
        self.table.setRowCount(len(mapping.columns))
        self._labels = {path: target.label for path, target in mapping.targets.items()}
        self._rows = enumerate(mapping.columns)
        self._take(mapping)
        self._add_rows()

    def _add_rows(self) -> None:
        """Add rows for a few milliseconds, then let the window breathe: each combo takes a while to be styled."""
        until = time.perf_counter() + _SLICE_S
        for at, m in self._rows:
            self._add_row(at, m)
            if time.perf_counter() > until:
                QTimer.singleShot(0, self, self._add_rows)
                return

    def _add_row(self, at: int, m: Match) -> None:
        head = QTableWidgetItem(m.header)
        head.setToolTip(m.header)
        self.table.setItem(at, 0, head)
        texts = dict.fromkeys(t for row in self._table.rows[:60] if (t := cell_text(row[m.index]).strip()))
        sample = QTableWidgetItem("、".join(list(texts)[:_SAMPLES]).replace("\n", " "))
        sample.setForeground(colours_of("muted"))
        self.table.setItem(at, 1, sample)
        combo = CalmCombo()
        combo.offer({"": NONE} | {path: self._labels[path] for path in m.options} | self._labels)
        combo.setAccessibleName(f"{m.header}填入的栏目")
        combo.currentIndexChanged.connect(lambda _i, header=m.header, c=combo: self._chosen(header, c))
        self.combos.append(combo)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(4, 3, 12, 3)
        row.addWidget(combo)
        self.table.setCellWidget(at, 2, holder)
        how = QTableWidgetItem("")
        self.table.setItem(at, 3, how)
        self._hows.append(how)
        self._tell_row(at)

    def choose(self, header: str, path: str) -> None:
        """Let a column fill a field ('' for none), as its combo does."""
        assert self.mapping is not None
        at = next(i for i, m in enumerate(self.mapping.columns) if m.header == header)
        self.combos[at].setCurrentIndex(self.combos[at].place(path))

    def _chosen(self, header: str, combo: CalmCombo) -> None:
        if not self._filling and self.mapping is not None:
            self._take(self.mapping.with_(header, combo.path()))

    def _take(self, mapping: Mapping) -> None:
        self.mapping = mapping
        for at in range(len(self.combos)):
            self._tell_row(at)
        count = len(mapping.open)
        self.open.setText(f"还有{count}列没有对应的栏目，不选就不导入。" if count else "")
        self.open.setVisible(count > 0)
        self._ask_missing(mapping.missing)
        self.changed.emit()

    def _tell_row(self, at: int) -> None:
        assert self.mapping is not None
        m, combo, item = self.mapping.columns[at], self.combos[at], self._hows[at]
        self._filling = True
        combo.setCurrentIndex(combo.place(m.path))
        self._filling = False
        asked = m.how in ("unmatched", "ambiguous")
        item.setText(_HOW[m.how])
        item.setForeground(colours_of("warning" if asked or m.how == "similar" else "muted"))

    def _ask_missing(self, missing: list[Target]) -> None:
        if list(self.fills) == [t.path for t in missing]:
            return
        kept = self.fill()
        while self.form.rowCount():
            self.form.removeRow(0)
        self.fills = {}
        for target in missing:
            editor: QComboBox | QLineEdit
            if isinstance(target.field, Choice):
                editor = QComboBox()
                editor.addItems(["", *target.field.labels.values()])
                editor.setCurrentText(kept.get(target.path, ""))
            else:
                editor = QLineEdit(kept.get(target.path, ""))
                editor.setPlaceholderText("不填的话，缺这一项的行会列为有错")
            editor.setMaximumWidth(360)
            self.form.addRow(f"文件里没有“{target.label}”，新增的都填", editor)
            self.fills[target.path] = editor
        self.missing.setVisible(bool(missing))

    def fill(self) -> dict[str, str]:
        """The texts for fields that no column fills."""
        found: dict[str, str] = {}
        for path, editor in self.fills.items():
            text = editor.currentText() if isinstance(editor, QComboBox) else editor.text()
            if text.strip():
                found[path] = text.strip()
        return found

    def effective_on(self) -> dt.date | None:
        """The first day of changed facts. Raises FieldError for a text that is no day."""
        if self.day.isHidden() or not self.day.text().strip():
            return None
        try:
            return parse_date(self.day.text(), self._today)
        except ValueError as error:
            raise FieldError(f"有变更的，自何日起：{error}") from None


def colours_of(role: str) -> QColor:
    """A theme's colour for an item."""
    return QColor(colours().role(role))
