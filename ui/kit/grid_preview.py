"""What a paste or a fill would change, cell by cell, before it is written; knows a plan of cells, no register."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from models.cells import CellPlan, Plan
from ui.kit.buttons import button
from ui.kit.palette import UNIT
from ui.kit.theme import colours

Index = QModelIndex | QPersistentModelIndex
_HEADERS = ("记录", "栏", "原值", "新值", "说明")
_WIDTHS = (170, 100)
_PLAIN_WIDTH = 90
_WORDS = {"wrong": "不能写入", "doubtful": "有疑问", "change": "将修改", "same": "不变"}
_TONES = {"wrong": "danger", "doubtful": "warning", "same": "faint"}


class PlanModel(QAbstractTableModel):
    """The cells of a plan that are not the same as before, the wrong ones first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cells: list[CellPlan] = []

    def show_plan(self, plan: Plan) -> None:
        """Show another plan."""
        self.beginResetModel()
        self.cells = plan.listing
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.cells)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADERS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.cells[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            words = _WORDS[cell.state] + (f"：{cell.reason}" if cell.reason else "")
            texts = (cell.record_label, cell.label, cell.old or "（空）", cell.new or "（空）", words)
            return texts[index.column()].replace("\n", " ")
        if role == Qt.ItemDataRole.ForegroundRole and index.column() >= 3 and cell.state in _TONES:
            return QColor(colours().role(_TONES[cell.state]))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _HEADERS[section]
        return None


class PlanList(QWidget):
    """The table of a plan, and the line for the reason where something is doubtful; ``edited`` when it is typed."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.model = PlanModel(self)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setTabKeyNavigation(False)
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(32)
        header = self.view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for section, width in enumerate(_WIDTHS):
            header.resizeSection(section, width)
        for section in (2, 3, 4):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.Stretch)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("有疑问的也要修改，请在这里写明理由；不写就跳过有疑问的行")
        self.reason.setAccessibleName("有疑问的也修改的理由")
        self.reason.textEdited.connect(lambda _text: self.edited.emit())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(UNIT)
        box.addWidget(self.view, 1)
        box.addWidget(self.reason)
        self.reason.hide()

    def show_plan(self, plan: Plan) -> None:
        """Show a plan; the reason typed stays."""
        self.model.show_plan(plan)
        header, modes = self.view.horizontalHeader(), QHeaderView.ResizeMode
        header.setSectionResizeMode(4, modes.Stretch if plan.count("wrong", "doubtful") else modes.Fixed)
        header.resizeSection(4, _PLAIN_WIDTH)  # the room is the texts' where there is nothing to explain
        self.reason.setVisible(bool(plan.doubts))

    def reason_text(self) -> str:
        """The reason for what is doubtful, '' where none is wanted."""
        return self.reason.text().strip() if not self.reason.isHidden() else ""


class PlanDialog(QDialog):
    """Asks before many cells are written: how many change, how many cannot and why."""

    def __init__(self, parent: QWidget, title: str, plan: Plan, unit: str, note: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(880, 500)
        self.plan, self._unit, self._note = plan, unit, note
        self.headline = QLabel(wordWrap=True)
        self.headline.setProperty("role", "heading")
        self.note = QLabel(note, wordWrap=True)
        self.note.setProperty("role", "muted")
        self.note.setVisible(bool(note))
        self.list = PlanList()
        self.list.show_plan(plan)
        self.list.edited.connect(self._tell)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button("取消", self.reject, parent=self))
        self.yes = button("修改", self.accept, kind="primary", parent=self)
        self.yes.setAutoDefault(True)
        self.yes.setDefault(True)
        foot.addWidget(self.yes)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        box.addWidget(self.headline)
        box.addWidget(self.note)
        box.addWidget(self.list, 1)
        box.addLayout(foot)
        self._tell()
        self.yes.setFocus()

    @property
    def reason(self) -> str:
        """The reason for the doubtful rows."""
        return self.list.reason_text()

    def _tell(self) -> None:
        records, cells = self.plan.changed(bool(self.reason))
        self.headline.setText(plan_words(self.plan, self._unit, bool(self.reason)))
        self.yes.setText(f"修改{cells}格" if records else "没有可修改的")
        self.yes.setEnabled(records > 0)


def plan_words(plan: Plan, unit: str, with_doubts: bool) -> str:
    """A plan in one sentence."""
    records, cells = plan.changed(with_doubts)
    words = [f"将修改{records}{unit}的{cells}格" if records else "没有可以修改的"]
    if wrong := plan.count("wrong"):
        words.append(f"{wrong}格不能写入")
    if (doubts := plan.count("doubtful")) and not with_doubts:
        words.append(f"{doubts}格有疑问")
    if same := plan.count("same"):
        words.append(f"{same}格不变")
    return "；".join(words) + "。"
