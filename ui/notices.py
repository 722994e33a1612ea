"""责令改正: the list with the stepper of a notice's life and its steps as buttons; the dialogs are notice_dialogs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from models.core.changes import Changes
from models.core.register import register
from models.notice_desk import Desk, desk_of
from ui.enterprises import chosen
from ui.kit.buttons import PushButton, button
from ui.kit.palette import SMALL_PX, UNIT
from ui.kit.session import Session
from ui.kit.theme import colours, theme
from ui.kit.toast import show_toast
from ui.notice_dialogs import MANY, STEPS, StepDialog
from ui.register_tabs import RegisterTabs, Tab

if TYPE_CHECKING:
    from ui.kit.preview import PreviewDialog

KEYS = {"issue": "Ctrl+Shift+Q", "serve": "Ctrl+Shift+S", "reinspect": "Ctrl+Shift+F"}
"""签发, 送达, 复查 (Q, S, F as in their pinyin)."""
MOST = 200
"""Notices that one step or one preview may take together."""
STOPS = 5
WIDEST = ("已作废", "期限 08-28")
"""The longest word and the longest remark of a stop."""
CONCERNS = ("notice", "reinspection", "finding", "notice_finding")


class Stepper(QWidget):
    """草稿 → 已签发 → 已送达 → 复查 → 销号, with the day of each step; the end may be 移送 or 作废."""

    def __init__(self) -> None:
        super().__init__()
        self.desk: Desk | None = None
        self.day = dt.date.min
        font = QFont(self.font())
        font.setPixelSize(SMALL_PX)
        font.setBold(True)
        self.slot = max(QFontMetrics(font).horizontalAdvance(text) for text in WIDEST) + 4
        self.setMinimumWidth(STOPS * self.slot)
        self.setFixedHeight(58)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(560, 58)

    def show_desk(self, desk: Desk | None, day: dt.date) -> None:
        """Show a notice as it stands on a day; None empties it."""
        self.desk, self.day = desk, day
        words = "，".join(f"{name}{' ' + when if when else ''}" for name, when, done, _tone in self.stops() if done)
        self.setAccessibleName(f"办理进度：{words}" if desk else "办理进度")
        self.update()

    def stops(self) -> list[tuple[str, str, bool, str]]:
        """(word, remark below, whether it is reached, palette role)."""
        desk = self.desk
        if desk is None:
            return []
        end_word = {"referred": "已移送", "void": "已作废"}.get(desk.state, "销号")
        tone = {"closed": "success", "referred": "warning", "void": "faint"}.get(desk.state, "accent")
        due = ""
        if desk.due is not None and desk.state in ("issued", "served"):
            due = f"期限 {desk.due:%m-%d}"
        return [
            ("草稿", "", True, "accent"),
            ("签发", _short(desk.issued_on), desk.issued_on is not None, "accent"),
            ("送达", _short(desk.served_on), desk.served_on is not None, "accent"),
            ("复查", _short(desk.reinspected_on) or due, desk.reinspected_on is not None, "accent"),
            (end_word, _short(desk.ended_on), desk.ended_on is not None, tone),
        ]

    @property
    def overdue(self) -> bool:
        """Whether the notice shown is open and past its day."""
        desk = self.desk
        open_ = desk is not None and desk.state in ("issued", "served")
        return bool(open_ and desk and desk.ends_on is not None and desk.ends_on < self.day)

    def places(self) -> list[float]:
        """The middle of each stop, in device-independent pixels; half a ``slot`` of room is at either side."""
        gap = min(150.0, (self.width() - self.slot) / (STOPS - 1))
        return [self.slot / 2 + gap * index for index in range(STOPS)]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = colours()
        stops = self.stops()
        if not stops:
            painter.setPen(QColor(look.muted))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), "选中一份通知书，这里显示办理进度")
            return
        places = self.places()
        gap = places[1] - places[0]
        font = QFont(self.font())
        last = max(index for index, stop in enumerate(stops) if stop[2])
        for index, (word, remark, done, role) in enumerate(stops):
            x, y = places[index], 11.0
            if index:
                painter.setPen(QPen(QColor(look.accent if done else look.border_strong), 2))
                painter.drawLine(QPointF(x - gap + 11, y), QPointF(x - 11, y))
            colour = QColor(look.role(role) if done else look.border_strong)
            painter.setPen(QPen(colour, 2))
            painter.setBrush(colour if done else QColor(look.surface))
            painter.drawEllipse(QPointF(x, y), 7 if index == last else 5, 7 if index == last else 5)
            font.setPixelSize(SMALL_PX)
            font.setBold(index == last)
            painter.setFont(font)
            late = index == 3 and not done and self.overdue
            painter.setPen(QColor(look.danger if late else look.text if done else look.muted))
            painter.drawText(QRectF(x - self.slot / 2, 22, self.slot, 18), int(Qt.AlignmentFlag.AlignHCenter), word)
            font.setBold(False)
            painter.setFont(font)
            if not late:
                painter.setPen(QColor(look.muted))
            painter.drawText(QRectF(x - self.slot / 2, 39, self.slot, 18), int(Qt.AlignmentFlag.AlignHCenter), remark)


def _short(day: dt.date | None) -> str:
    return f"{day:%m-%d}" if day is not None else ""


class NoticeList(QWidget):
    """The register of notices under the bar of steps."""

    stepped = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        from ui.case_file import add_case
        from ui.kit.register_page import RegisterPage

        self.session = session
        self.desks: list[Desk] = []
        self.list = RegisterPage(session, register("notices"))
        self.stepper = Stepper()
        self.buttons: dict[str, PushButton] = {}
        bar = QFrame()
        bar.setObjectName("header")
        row = QHBoxLayout(bar)
        row.setContentsMargins(3 * UNIT, 6, 3 * UNIT, 6)
        row.setSpacing(6)
        row.addWidget(self.stepper, 1)
        for step, (word, icon_name, _dialog) in STEPS.items():
            kind = "primary" if step == "issue" else "quiet"
            tip = f"{word}（{KEYS[step]}）" if step in KEYS else word
            made = button(word, lambda step=step: self.ask(step), icon_name, kind, tip)  # type: ignore[misc, arg-type]
            if step in KEYS:
                made.setShortcut(KEYS[step])
            made.setEnabled(False)
            self.buttons[step] = made
            row.addWidget(made)
        tip = "通知书、送达回证、复查记录（Ctrl+Shift+P）"
        self.preview_button = button("打印文书", self.ask_papers, "print", tip=tip)
        self.preview_button.setShortcut("Ctrl+Shift+P")
        self.preview_button.setEnabled(False)
        row.addWidget(self.preview_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(bar)
        box.addWidget(self.list, 1)
        add_case(self.list)
        self.list.selection_changed.connect(self._look)
        self.list.current_changed.connect(self._look)
        session.changed.connect(self._changed)

    # -- the selection ----------------------------------------------------------------------------------

    def shown(self) -> None:
        """Called when the tab comes to the front."""
        self.list.shown()

    def _changed(self, changes: Changes) -> None:
        if changes.touches(*CONCERNS):
            self._look()

    def _look(self, *_args: object) -> None:
        ids = chosen(self.list)[:MOST]
        if not ids:
            self._show([])
            return
        self.session.read(desk_of, ids, done=self._show, owner=self, key="desks")

    def _show(self, desks: list[Desk]) -> None:
        self.desks = desks
        self.stepper.show_desk(desks[0] if len(desks) == 1 else None, self.session.today)
        common = frozenset.intersection(*(desk.steps for desk in desks)) if desks else frozenset()
        for step, made in self.buttons.items():
            able = step in common and (len(desks) == 1 or step in MANY)
            made.setEnabled(able and self.session.ledger.writable)
        self.preview_button.setEnabled(bool(desks))

    # -- steps ------------------------------------------------------------------------------------------

    def ask(self, step: str) -> StepDialog | None:
        """Open the dialog of a step for the selection."""
        if not self.desks:
            return None
        dialog = STEPS[step][2](self.session, self.window(), self._ordered())  # type: ignore[call-arg]
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.stepped.connect(self._stepped)
        dialog.open()
        return dialog

    def _ordered(self) -> list[Desk]:
        """Drafts in the order they were made, so that numbers follow it."""
        return sorted(self.desks, key=lambda desk: desk.id)

    def _stepped(self, message: str) -> None:
        show_toast(self, message)
        self.stepped.emit(message)

    def ask_papers(self) -> None:
        """Offer the papers of the selected notices in a menu."""
        from ui.visit_papers import ask_papers

        keys = [desk.id for desk in self._ordered()]
        ask_papers(self.session, self, "notices", keys, self.preview_button)

    def preview(self) -> PreviewDialog | None:
        """The selected notices as one document; returns the preview."""
        if not self.desks:
            return None
        return preview_notices(self, self.session, self._ordered())


def file_name(desks: Sequence[Desk], today: dt.date) -> str:
    """What a PDF of notices is proposed to be called: of one its number and place, of several how many and the day."""
    if len(desks) > 1:
        return f"责令改正通知书（{len(desks)}份）{today}.pdf"
    desk = desks[0]
    number = "草稿" if desk.state == "draft" else desk.label
    return f"责令改正通知书 {number} {desk.enterprise}.pdf"


def preview_notices(parent: QWidget, session: Session, desks: Sequence[Desk]) -> PreviewDialog:
    """Show some notices in one PDF, to print or save."""
    from models.notice_steps import text_of
    from ui.kit.jobs import Progress
    from ui.kit.preview import show_preview
    from ui.notice_dialogs import notice_of, render

    demo, ids = session.demo, [desk.id for desk in desks]

    def make(progress: Progress) -> bytes:
        try:
            texts = [text_of(notice_of(key), demo=demo) for key in ids]
        finally:
            session.ledger.close_thread()  # the preview's thread is not the session's
        return render(texts)

    name = "责令改正通知书" if len(ids) == 1 else f"责令改正通知书（{len(ids)}份）"
    return show_preview(parent, make, name, file_name(desks, session.today))


def notices_page(session: Session) -> RegisterTabs:
    """The page: notices, all that is open by due day, what was looked at again, talks, results to be made public."""

    def papers(name: str) -> QWidget:
        from ui.visit_papers import paper_list

        return paper_list(session, name)

    def open_ones() -> QWidget:
        from ui.rectification import RectificationPage

        return RectificationPage(session)

    def publication() -> QWidget:
        from ui.publication import PublicationPage

        return PublicationPage(session)

    return RegisterTabs(
        session,
        [
            Tab("notices", "通知书", lambda: NoticeList(session)),
            Tab("rectification", "整改督办", open_ones),
            Tab("services", "送达回证", lambda: papers("services")),
            Tab("reinspections", "复查记录", lambda: papers("reinspections")),
            Tab("finding_checks", "隐患复核", lambda: papers("finding_checks")),
            Tab("talks", "责任约谈", lambda: papers("talks")),
            Tab("publication", "结果公开", publication),
        ],
    )

