"""The window around a form: heading, scroll area, summary line, buttons, keys and size; saves and loads nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from PySide6.QtCore import QPoint, QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.kit.buttons import button, restyle
from ui.kit.form import Form
from ui.kit.form_facts import FactsBar
from ui.kit.form_field import FieldBox
from ui.kit.form_lines import LineRow, LinesEditor
from ui.kit.ime import ImeGuard
from ui.kit.palette import UNIT
from ui.kit.toast import Banner

WIDTH, WIDTH_WITH_LINES = 1000, 1160
"""The width of a form's first window, in device-independent pixels."""


class FormWindow(QDialog):
    """Ctrl+S and Ctrl+Enter call ``save``, Ctrl+Shift+S ``save_and_new``; the size is remembered by ``size_key``."""

    def __init__(self, make_form: Callable[[QWidget], Form], size_key: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._size_key = f"form/{size_key}/size"
        self._sized = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._build(make_form)
        self._make_shortcuts()
        self._take_size()

    def save(self) -> None:
        """Save and close."""
        raise NotImplementedError

    def save_and_new(self) -> None:
        """Save and go on to the next new record."""
        raise NotImplementedError

    def tell(self, text: str, tone: str = "danger") -> None:
        """Show a sentence beside the buttons; ``tone`` is danger, warning or muted."""
        restyle(self.summary, role=tone)
        self.summary.setText(text)

    def keep_size(self) -> None:
        """Remember the size, if a person changed it."""
        if self._sized:
            QSettings("shian-desk", "shian-desk").setValue(self._size_key, self.size())

    def _build(self, make_form: Callable[[QWidget], Form]) -> None:
        self.area = QScrollArea(self, widgetResizable=True)
        page = self.page = QWidget(self.area)
        inner = QVBoxLayout(page)
        inner.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        inner.setSpacing(UNIT + 4)
        self.banner = Banner()
        inner.addWidget(self.banner)
        # Made where it stays: every move to another parent would have the style worked out anew for all below.
        self.form = make_form(page)
        inner.addWidget(self.form)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidget(page)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._make_head())
        outer.addWidget(self.area, 1)
        outer.addWidget(self._make_foot())
        self.form.finished.connect(self.save_button.setFocus)
        self.form.order_changed.connect(self._order)
        self.form.appeared.connect(lambda strip: QTimer.singleShot(0, strip, lambda: self._show_whole(strip)))

    def _make_head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("formhead")
        row = QHBoxLayout(head)
        row.setContentsMargins(3 * UNIT, UNIT + 2, 3 * UNIT, UNIT + 2)
        row.setSpacing(2 * UNIT)
        self.heading = QLabel()
        self.heading.setProperty("role", "heading")
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self.heading)
        self.shown = QLabel()
        self.shown.setProperty("role", "hint")
        self.shown.setTextFormat(Qt.TextFormat.PlainText)
        self.shown.setWordWrap(True)
        self.shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self.shown, 1)
        keys = QLabel("回车到下一项　Ctrl+S 保存　Esc 退出")
        keys.setProperty("role", "hint")
        row.addWidget(keys)
        return head

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(3 * UNIT, UNIT + 2, 2 * UNIT, UNIT + 2)
        row.setSpacing(UNIT)
        self.summary = QLabel(wordWrap=True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setProperty("role", "danger")
        row.addWidget(self.summary, 1)
        self.cancel_button = button("取消", self.reject, tip="Esc")
        self.next_button = button("保存并新增", self.save_and_new, tip="Ctrl+Shift+S")
        self.save_button = button("保存", self.save, "save", "primary", tip="Ctrl+S")
        for each in (self.cancel_button, self.next_button, self.save_button):
            row.addWidget(each)
        return foot

    def _make_shortcuts(self) -> None:
        for keys, action in (
            ("Ctrl+S", self.save),
            ("Ctrl+Return", self.save),
            ("Ctrl+Enter", self.save),
            ("Ctrl+Shift+S", self.save_and_new),
            ("Alt+R", self._banner_action),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(action)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if app.findChild(ImeGuard) is None:
            ImeGuard(app)
        app.focusChanged.connect(self._keep_in_sight)
        self.area.verticalScrollBar().rangeChanged.connect(
            lambda: self._keep_in_sight(None, self.focusWidget())
        )

    def _banner_action(self) -> None:
        if self.banner.isVisible() and self.banner.action.isVisible():
            self.banner.action.click()

    def _keep_in_sight(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.form.isAncestorOf(now):
            # After the layout: a line just added has no place yet.
            QTimer.singleShot(0, now, lambda: self._show_whole(now))

    def _show_whole(self, widget: QWidget) -> None:
        """Scroll so that the whole line or field around a widget is seen, not only the text cursor in it."""
        page = self.page
        if (layout := page.layout()) is not None:
            layout.activate()
        place: QWidget | None = widget
        while place is not None and not isinstance(place, LineRow | FieldBox | FactsBar):
            place = place.parentWidget()
        room = self.area.viewport().height()
        if place is None or place.height() + 2 * UNIT > room:
            place = widget
        top = place.mapTo(page, QPoint(0, 0)).y() - UNIT
        bottom = top + place.height() + 2 * UNIT
        bar = self.area.verticalScrollBar()
        if top < bar.value() or bottom - top > room:
            bar.setValue(top)
        elif bottom > bar.value() + room:
            bar.setValue(bottom - room)

    def _take_size(self) -> None:
        lines = [b.editor for b in self.form.boxes.values() if isinstance(b.editor, LinesEditor)]
        screen = self.screen().availableGeometry().size()
        width = max([WIDTH_WITH_LINES if lines else WIDTH, *(e.minimum_width() + 90 for e in lines)])
        height = self.form.sizeHint().height() + 150
        stored = QSettings("shian-desk", "shian-desk").value(self._size_key)
        wanted = stored if isinstance(stored, QSize) else QSize(width, max(height, 420))
        least = max([820, *(e.minimum_width() + 90 for e in lines)])
        self.setMinimumSize(min(least, screen.width() - 40), min(400, screen.height() - 80))
        self.resize(wanted.boundedTo(QSize(screen.width() - 40, screen.height() - 60)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sized = event.oldSize().isValid() and self.isVisible()

    def _order(self) -> None:
        """Let Tab follow the eye."""
        targets = [*self.form.targets(), self.save_button, self.next_button, self.cancel_button]
        for before, after in itertools.pairwise(targets):
            QWidget.setTabOrder(before, after)
