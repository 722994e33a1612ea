"""The items of a checklist as a list one answers by keys; knows plain items and answers, no ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from models.checklist_desk import Desk, DeskItem
from ui.kit.form_editors import ENTER
from ui.kit.palette import SMALL_PX, UNIT
from ui.kit.theme import colours, theme

Index = QModelIndex | QPersistentModelIndex
WORDS = {"yes": "是", "no": "否", "skip": "合理缺项"}
TONES = {"yes": "success", "no": "danger", "skip": "muted"}
ANSWER_KEYS = {Qt.Key.Key_1: "yes", Qt.Key.Key_2: "no", Qt.Key.Key_3: "skip"}
NUMBER_WIDTH, ANSWER_WIDTH, HEAD = 58, 84, 30


class Items(QAbstractListModel):
    """The items with their answers and notes by number."""

    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[DeskItem, ...] = ()
        self.answers: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        #: How many files each item has, by its id.
        self.files: dict[int, int] = {}

    def show(self, desk: Desk, answers: Mapping[str, str], notes: Mapping[str, str]) -> None:
        """Show a form."""
        self.beginResetModel()
        self.items, self.answers, self.notes = desk.items, dict(answers), dict(notes)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.items)

    def first_of_group(self, row: int) -> bool:
        """Whether a group begins at the row."""
        return row == 0 or self.items[row].topic != self.items[row - 1].topic

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{item.marked} {item.content}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            answer = WORDS.get(self.answers.get(item.number, ""), "未答")
            return f"{item.marked} {item.content}：{answer}" + ("，上次不符合" if item.again else "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{item.content}\n{item.legal_basis}".strip()
        return None

    def remark(self, item: DeskItem) -> str:
        """What stands below an item in small type; '' for nothing."""
        note, files = self.notes.get(item.number, ""), self.files.get(item.id, 0)
        words = ["上次不符合，本次必查"] if item.again else []
        words += [f"照片 {files} 张"] if files else []
        return "　".join([*words, *([f"备注：{note}"] if note else [])])

    def put(self, row: int, answer: str) -> None:
        """Answer an item; '' takes the answer back."""
        number = self.items[row].number
        if answer:
            self.answers[number] = answer
        else:
            self.answers.pop(number, None)
        self.told(row)

    def told(self, row: int) -> None:
        """A row looks different now."""
        index = self.index(row)
        self.dataChanged.emit(index, index)


class Delegate(QStyledItemDelegate):
    """Paints number, content, note and answer; above the first item of a group its name with the counts."""

    def _rects(self, rect: QRect, head: bool) -> tuple[QRect, QRect, QRect]:
        top = rect.top() + (HEAD if head else 0)
        body = QRect(rect.left(), top, rect.width(), rect.bottom() - top)
        text = body.adjusted(NUMBER_WIDTH + UNIT, 7, -ANSWER_WIDTH - UNIT, -7)
        return body, text, QRect(body.right() - ANSWER_WIDTH, body.top(), ANSWER_WIDTH - UNIT, body.height())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model: Items = index.model()  # type: ignore[assignment]
        item = model.items[index.row()]
        view = self.parent()
        assert isinstance(view, QListView)
        width = view.viewport().width() - NUMBER_WIDTH - ANSWER_WIDTH - 2 * UNIT
        flags = Qt.TextFlag.TextWordWrap.value
        metrics = option.fontMetrics
        height = metrics.boundingRect(QRect(0, 0, max(width, 80), 10_000), flags, item.content).height()
        if model.remark(item):
            height += metrics.lineSpacing()
        return QSize(0, max(height + 16, 36) + (HEAD if model.first_of_group(index.row()) else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model: Items = index.model()  # type: ignore[assignment]
        item, look = model.items[index.row()], colours()
        rect: QRect = option.rect
        head = model.first_of_group(index.row())
        body, text, answer = self._rects(rect, head)
        painter.save()
        if head:
            self._group(painter, QRect(rect.left(), rect.top(), rect.width(), HEAD), model, item.topic)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(body, QColor(look.selection))
            painter.fillRect(QRect(body.left(), body.top(), 3, body.height()), QColor(look.accent))
        painter.setPen(QColor(look.border))
        painter.drawLine(body.bottomLeft(), body.bottomRight())
        font = QFont(option.font)
        font.setBold(item.is_key)
        painter.setFont(font)
        painter.setPen(QColor(look.accent if item.is_key else look.muted))
        place = QRect(body.left() + UNIT, text.top(), NUMBER_WIDTH, text.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, item.marked)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(look.text))
        painter.drawText(text, Qt.TextFlag.TextWordWrap.value, item.content)
        self._remark(painter, text, font, item.again, model.remark(item))
        self._answer(painter, answer, font, model.answers.get(item.number, ""))
        painter.restore()

    @staticmethod
    def _group(painter: QPainter, rect: QRect, model: Items, topic: str) -> None:
        look = colours()
        painter.fillRect(rect, QColor(look.sunken))
        mine = [i for i in model.items if i.topic == topic]
        done = sum(i.number in model.answers for i in mine)
        place = rect.adjusted(UNIT, 0, -UNIT, 0)
        painter.setPen(QColor(look.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, topic)
        painter.setPen(QColor(look.success if done == len(mine) else look.muted))
        painter.drawText(
            place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"已答 {done} / {len(mine)} 项"
        )

    @staticmethod
    def _remark(painter: QPainter, text: QRect, font: QFont, again: bool, words: str) -> None:
        if words:
            small = QFont(font)
            small.setPixelSize(SMALL_PX)
            painter.setFont(small)
            painter.setPen(QColor(colours().warning if again else colours().muted))
            words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, text.width())
            painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, words)
            painter.setFont(font)

    @staticmethod
    def _answer(painter: QPainter, rect: QRect, font: QFont, answer: str) -> None:
        look = colours()
        pill = QRectF(0, 0, ANSWER_WIDTH - UNIT, 24)
        pill.moveCenter(QRectF(rect).center())
        if not answer:
            painter.setPen(QColor(look.faint))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, "未答")
            return
        soft = {"yes": look.success_soft, "no": look.danger_soft, "skip": look.sunken}[answer]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(soft))
        painter.drawRoundedRect(pill, 6, 6)
        painter.setPen(QColor(look.role(TONES[answer])))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, WORDS[answer])


class ItemList(QListView):
    """1 是, 2 否, 3 合理缺项, 0 or Delete takes back; A answers all others 是; Page keys go by groups.

    ``answered(row, answer)`` after a key; ``asked(what)`` is note, wording, photo, paste, find or rest.
    """

    answered = Signal(int, str)
    asked = Signal(str)
    moved = Signal(int)
    ASKS = {Qt.Key.Key_A: "rest", Qt.Key.Key_N: "note", Qt.Key.Key_P: "photo", Qt.Key.Key_Slash: "find"}

    def __init__(self) -> None:
        super().__init__()
        self.items = Items()
        self.setModel(self.items)
        self.setItemDelegate(Delegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("检查项目")
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.selectionModel().currentChanged.connect(lambda now, _old: self.moved.emit(now.row()))
        theme().changed.connect(self.viewport().update)

    @property
    def row(self) -> int:
        """The row the keys are for, -1 in an empty list."""
        return self.currentIndex().row()

    def go_to(self, row: int) -> None:
        """Put the mark on a row and show it."""
        if 0 <= row < len(self.items.items):
            self.setCurrentIndex(self.items.index(row))
            self.scrollTo(self.items.index(row))

    def step_group(self, by: int) -> None:
        """Go to the first item of the next group or of this or the one before."""
        starts = [row for row in range(len(self.items.items)) if self.items.first_of_group(row)]
        later = [row for row in starts if row > self.row]
        before = [row for row in starts if row < self.row]
        if by > 0 and later:
            self.go_to(later[0])
        elif by < 0 and before:
            self.go_to(before[-1])

    def next_open(self, start: int) -> int:
        """The first row from ``start`` on without an answer, -1 where there is none."""
        rows = range(max(start, 0), len(self.items.items))
        return next((r for r in rows if self.items.items[r].number not in self.items.answers), -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.Paste):
            self.asked.emit("paste")
            return
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if not plain or not self.items.items:
            super().keyPressEvent(event)
        elif key in ANSWER_KEYS:
            self.answered.emit(self.row, ANSWER_KEYS[key])
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.answered.emit(self.row, "")
        elif key in self.ASKS:
            self.asked.emit(self.ASKS[key])
        elif key in ENTER:
            self.asked.emit("wording")
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.step_group(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Escape,):
            event.ignore()
        elif event.text().isalnum():
            event.accept()  # no other letter does anything: Qt's own search by letters would jump about
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
