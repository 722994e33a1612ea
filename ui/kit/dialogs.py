"""Short questions in Chinese: confirm, reason, date, message; knows no record and no page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.kit.buttons import IconLabel, button
from ui.kit.icons import icon
from ui.kit.palette import UNIT
from ui.kit.theme import colours

Tone = Literal["info", "warning", "danger", "success"]
_ICONS = {"info": "info", "warning": "warning", "danger": "error", "success": "check-circle"}


class MessageDialog(QDialog):
    """Icon, headline, text, and a row of buttons; Esc is always the harmless way out."""

    def __init__(
        self, parent: QWidget | None, title: str, headline: str, text: str = "", tone: Tone = "info"
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(440)
        self.setMaximumWidth(640)
        self.body = QVBoxLayout()
        self.body.setSpacing(UNIT)
        self.headline = QLabel(headline, wordWrap=True)
        self.headline.setProperty("role", "heading")
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.body.addWidget(self.headline)
        self.text = QLabel(text, wordWrap=True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self.text)
        row = QHBoxLayout()
        row.setSpacing(2 * UNIT)
        row.addWidget(
            IconLabel(_ICONS[tone], "accent" if tone == "info" else tone, 28), 0, Qt.AlignmentFlag.AlignTop
        )
        row.addLayout(self.body, 1)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(UNIT)
        self.foot.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        outer.setSpacing(3 * UNIT)
        outer.addLayout(row)
        outer.addLayout(self.foot)
        self.text.setHidden(not text)

    def add_button(
        self,
        text: str,
        clicked: Callable[[], object],
        kind: Literal["normal", "primary", "quiet", "danger"] = "normal",
        default: bool = False,
    ) -> QWidget:
        """Add a button on the right; the default one answers Enter and has the focus."""
        made = button(text, clicked, kind=kind, parent=self)
        self.foot.addWidget(made)
        if default:
            made.setAutoDefault(True)
            made.setDefault(True)
            made.setFocus()
        return made


def show_message(parent: QWidget | None, headline: str, text: str = "", tone: Tone = "info") -> None:
    """Tell something and wait for 知道了."""
    dialog = MessageDialog(parent, "食安台账", headline, text, tone)
    dialog.add_button("知道了", dialog.accept, "primary", default=True)
    dialog.exec()
    dialog.deleteLater()


def confirm(
    parent: QWidget | None,
    headline: str,
    text: str = "",
    yes: str = "确定",
    no: str = "取消",
    danger: bool = False,
) -> bool:
    """Ask before something happens. Enter means yes, but for a dangerous act it means no; Esc is always no."""
    dialog = MessageDialog(parent, "请确认", headline, text, "warning" if danger else "info")
    dialog.add_button(no, dialog.reject, default=danger)
    dialog.add_button(yes, dialog.accept, "danger" if danger else "primary", default=not danger)
    answer = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return answer


class ReasonDialog(MessageDialog):
    """Asks for a text that may not be empty; Ctrl+Enter is 确定."""

    def __init__(
        self,
        parent: QWidget | None,
        headline: str,
        text: str = "",
        hint: str = "请写明理由",
        yes: str = "确定",
        danger: bool = False,
        least: int = 2,
    ) -> None:
        super().__init__(parent, "请填写理由", headline, text, "warning" if danger else "info")
        self._least = least
        self.edit = QPlainTextEdit()
        self.edit.setPlaceholderText(hint)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(12 * UNIT)
        self.problem = QLabel("")
        self.problem.setProperty("role", "danger")
        self.body.addWidget(self.edit)
        self.body.addWidget(self.problem)
        self.add_button("取消", self.reject)
        self.yes = self.add_button(yes, self.accept, "danger" if danger else "primary")
        self.edit.textChanged.connect(lambda: self.problem.setText(""))
        self.edit.setFocus()

    def reason(self) -> str:
        """The text without outer blanks."""
        return self.edit.toPlainText().strip()

    def accept(self) -> None:
        if len(self.reason()) < self._least:
            self.problem.setText(f"请写明理由（至少 {self._least} 个字）。")
            self.edit.setFocus()
            return
        super().accept()


def ask_reason(
    parent: QWidget | None,
    headline: str,
    text: str = "",
    hint: str = "请写明理由",
    yes: str = "确定",
    danger: bool = False,
) -> str | None:
    """The reason typed, or None when cancelled."""
    dialog = ReasonDialog(parent, headline, text, hint, yes, danger)
    answer = dialog.reason() if dialog.exec() == QDialog.DialogCode.Accepted else None
    dialog.deleteLater()
    return answer


class DateDialog(MessageDialog):
    """A calendar with a lower and an upper bound; the chosen day is written out below it."""

    def __init__(
        self,
        parent: QWidget | None,
        headline: str,
        text: str = "",
        start: date | None = None,
        earliest: date | None = None,
        latest: date | None = None,
        yes: str = "确定",
    ) -> None:
        super().__init__(parent, "请选择日期", headline, text, "info")
        frame = QFrame()
        frame.setProperty("role", "card")
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(1, 1, 1, 1)
        self.calendar = QCalendarWidget()
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setMinimumHeight(32 * UNIT)
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        plain = QTextCharFormat()
        plain.setForeground(QColor(colours().muted))  # Qt's red weekends would look overdue
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(weekend, plain)
        for name, picture in (
            ("qt_calendar_prevmonth", "chevron-left"),
            ("qt_calendar_nextmonth", "chevron-right"),
        ):
            arrow = self.calendar.findChild(QToolButton, name)
            if arrow is not None:
                arrow.setIcon(icon(picture))
        if earliest is not None:
            self.calendar.setMinimumDate(QDate(earliest.year, earliest.month, earliest.day))
        if latest is not None:
            self.calendar.setMaximumDate(QDate(latest.year, latest.month, latest.day))
        if start is not None:
            self.calendar.setSelectedDate(QDate(start.year, start.month, start.day))
        inner.addWidget(self.calendar)
        self.shown = QLabel()
        self.shown.setProperty("role", "muted")
        self.body.addWidget(frame)
        self.body.addWidget(self.shown)
        self.add_button("取消", self.reject)
        self.add_button(yes, self.accept, "primary", default=True)
        self.calendar.selectionChanged.connect(self._tell)
        self.calendar.activated.connect(lambda _day: self.accept())
        self.calendar.setFocus()
        self._tell()

    def day(self) -> date:
        """The chosen day."""
        chosen = self.calendar.selectedDate()
        return date(chosen.year(), chosen.month(), chosen.day())

    def _tell(self) -> None:
        day = self.day()
        self.shown.setText(f"已选：{day.isoformat()}　星期{'一二三四五六日'[day.weekday()]}")


def ask_date(
    parent: QWidget | None,
    headline: str,
    text: str = "",
    start: date | None = None,
    earliest: date | None = None,
    latest: date | None = None,
    yes: str = "确定",
) -> date | None:
    """The day chosen, or None when cancelled."""
    dialog = DateDialog(parent, headline, text, start, earliest, latest, yes)
    answer = dialog.day() if dialog.exec() == QDialog.DialogCode.Accepted else None
    dialog.deleteLater()
    return answer


def button_box(
    standard: QDialogButtonBox.StandardButton,
    accepted: Callable[[], object],
    rejected: Callable[[], object],
) -> QDialogButtonBox:
    """A standard button box with Chinese words, the first accepting button dressed as the primary one."""
    from ui.kit.language import chinese_buttons

    box = QDialogButtonBox(standard)
    chinese_buttons(box)
    for each in box.buttons():
        if box.buttonRole(each) == QDialogButtonBox.ButtonRole.AcceptRole:
            each.setProperty("kind", "primary")
    box.accepted.connect(accepted)
    box.rejected.connect(rejected)
    return box
