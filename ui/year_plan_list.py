"""The visits of the year's plan as a list that can be dragged onto the grid; knows rows, not where they come from."""

from __future__ import annotations

import json

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication

from models.enterprise import CATEGORIES
from models.plan_desk import ALL_OFFICERS, STATES, Board, PlanRow
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.year_plan_matrix import MIME

HEADS = (
    Head("计划日期", 112), Head("主体"), Head("类别", 88), Head("乡镇（街道）", 118), Head("地址", 190),
    Head("检查人员", 128), Head("要求", 116), Head("状态", 132),
)  # fmt: skip
WEEKDAYS = "一二三四五六日"
LABELS = dict(CATEGORIES)


def row_of(row: PlanRow, state: str, board: Board) -> TableRow:
    """A visit as the list shows it."""
    word, tone = STATES[state]
    if state == "done" and row.done_on is not None:
        word = f"{word} {row.done_on:%m-%d}"
    elif state == "overdue":
        word = f"{word} {(board.today - row.due_on).days} 天"
    day = f"{row.day:%m-%d} 周{WEEKDAYS[row.day.weekday()]}" if row.day else f"{row.month}月 待安排"
    needs = [f"第{row.turn}次", *(["全项"] if row.full else []), *(["重点"] if row.key_target else [])]
    people = "、".join(board.officers.get(key, "") for key in row.officers)
    texts = (
        day, row.name, LABELS.get(row.category, ""), row.township, row.address, people, " ".join(needs), word
    )  # fmt: skip
    return TableRow(row.id, texts, {0: "danger" if state == "overdue" else "", 7: tone})


class VisitList(RowsTable):
    """The list; chosen rows are dragged with the mouse. ``officer`` is the one whose visits are shown."""

    def __init__(self) -> None:
        super().__init__(HEADS, "计划检查")
        self.officer = ALL_OFFICERS
        self._pressed: QPoint | None = None

    def mime(self) -> QMimeData:
        """What a drag of the chosen rows carries."""
        data = QMimeData()
        data.setData(MIME, json.dumps({"ids": self.chosen(), "officer": self.officer}).encode())
        data.setText("\n".join(self.list.rows[row].texts[1] for row in self.chosen_rows()))
        return data

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        self._pressed = event.position().toPoint() if plain and index.isValid() else None
        rows = self.chosen_rows()
        if self._pressed is None or len(rows) < 2 or index.row() not in rows:  # several chosen rows stay chosen
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        way = event.position().toPoint() - self._pressed
        if way.manhattanLength() >= QApplication.startDragDistance() and self.chosen():
            self._pressed = None
            drag = QDrag(self)
            drag.setMimeData(self.mime())
            drag.exec(Qt.DropAction.MoveAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and len(self.chosen_rows()) > 1:
            index = self.indexAt(event.position().toPoint())
            if index.isValid():
                self._make_current(index.row())
        self._pressed = None
        super().mouseReleaseEvent(event)
