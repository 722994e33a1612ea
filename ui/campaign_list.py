"""The list of campaigns with a bar each: name and state above, coverage and what is left below; counts nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from models.campaign_progress import STATES, Progress
from ui.kit.palette import UNIT
from ui.kit.theme import colours
from ui.overview import percent

CAMPAIGN = Qt.ItemDataRole.UserRole
ROW_HEIGHT = 58
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def spoken(told: Progress) -> str:
    """A campaign in one line, for screen readers and the tool tip."""
    rate = "未定对象" if not told.ready else "—" if told.rate is None else percent(told.rate)
    overdue = f"，逾期 {told.overdue:,} 户" if told.overdue else ""
    return f"{told.name}，{STATES[told.state]}，覆盖率 {rate}，未检查 {told.remaining:,} 户{overdue}"


class CampaignDelegate(QStyledItemDelegate):
    """Paints one campaign; the bar is red-free: only what is overdue is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # type: ignore[override]
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        told: Progress = index.data(CAMPAIGN)
        look = colours()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(look.accent_soft if chosen else look.hover))
        room = option.rect.adjusted(12, 7, -12, -8)
        upper = QRect(room.left(), room.top(), room.width(), room.height() // 2)
        lower = QRect(room.left(), upper.bottom() + 2, room.width(), room.height() // 2)
        self._words(painter, option, told, upper)
        self._bar(painter, told, lower)
        painter.restore()

    @staticmethod
    def _words(painter: QPainter, option: QStyleOptionViewItem, told: Progress, room: QRect) -> None:
        look, font = colours(), QFont(option.font)
        small = QFont(option.font)
        small.setPixelSize(12)
        painter.setFont(small)
        state = STATES[told.state]
        wide = painter.fontMetrics().horizontalAdvance(state)
        painter.setPen(QColor(look.role("success" if told.state == "running" else "muted")))
        painter.drawText(room, RIGHT, state)
        painter.setFont(font)
        painter.setPen(QColor(look.text))
        left = room.adjusted(0, 0, -wide - UNIT, 0)
        painter.drawText(
            left, LEFT, painter.fontMetrics().elidedText(told.name, Qt.TextElideMode.ElideRight, left.width())
        )

    @staticmethod
    def _bar(painter: QPainter, told: Progress, room: QRect) -> None:
        look, font = colours(), QFont(painter.font())
        font.setPixelSize(12)
        painter.setFont(font)
        words = "还没有对象" if not told.ready else f"未检查 {told.remaining:,}"
        if told.overdue:
            words = f"逾期 {told.overdue:,}　{words}"
        painter.setPen(QColor(look.danger if told.overdue else look.muted))
        painter.drawText(room, RIGHT, words if told.remaining or not told.ready else "已查完")
        rate = told.rate
        if rate is None:
            return
        bar = QRect(room.left(), room.center().y() - 3, 84, 7)
        painter.setPen(QColor(look.muted))
        painter.drawText(room.adjusted(bar.width() + UNIT, 0, 0, 0), LEFT, percent(rate))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.sunken))
        painter.drawRoundedRect(bar, 3.5, 3.5)
        if rate > 0:
            painter.setBrush(QColor(look.accent if rate >= 1 else look.series[1]))
            painter.drawRoundedRect(bar.left(), bar.top(), max(7, round(bar.width() * rate)), bar.height(), 3.5, 3.5)


class CampaignList(QListWidget):
    """The campaigns; Enter goes on to the targets of the one chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("专项进度")
        self.setItemDelegate(CampaignDelegate(self))
        self.setMouseTracking(True)
        self.setMinimumWidth(260)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)

    def show_campaigns(self, found: Sequence[Progress]) -> None:
        """Show these campaigns, none chosen."""
        self.clear()
        for told in found:
            item = QListWidgetItem()
            item.setData(CAMPAIGN, told)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken(told))
            item.setToolTip(f"{spoken(told)}\n{told.starts_on} 至 {told.ends_on or '（未定）'}")
            self.addItem(item)
