"""A pane that shows a small PDF beside a form and renders it again on demand; knows a maker of bytes, no document."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from ui.kit.jobs import Jobs
from ui.kit.palette import UNIT
from ui.kit.pdf_source import PdfSource
from ui.kit.pdf_view import PdfView

WAIT_MS = 250


class PaperPane(QWidget):
    """Pages of the newest `make()`; `loaded()` once they can be seen. `leave()` before the pane is dropped."""

    loaded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setMinimumWidth(420)
        self._jobs = Jobs(readers=1)
        self._source: PdfSource | None = None
        self._make: Callable[[], bytes] | None = None
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._start)
        self.view = PdfView(self._jobs)
        self.view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._words = QLabel("正在排版…", alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._words.setProperty("role", "muted")
        self._words.setMargin(3 * UNIT)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self._pile = QStackedLayout()
        self._pile.addWidget(self._words)
        self._pile.addWidget(self.view)
        box.addLayout(self._pile)

    def show_paper(self, make: Callable[[], bytes], at_once: bool = False) -> None:
        """Make and show a document off the GUI thread; of several requests in a row the last one counts."""
        self._make = make
        self._timer.start(0 if at_once else WAIT_MS)

    def _start(self) -> None:
        make = self._make
        if make is None:
            return
        self._jobs.read(
            lambda: PdfSource(make()), owner=self, key="paper", done=self._show, failed=self._not_made
        )

    def _show(self, source: PdfSource) -> None:
        old, self._source = self._source, source
        self.view.show_source(source)
        self.view.set_fit("width")
        self._pile.setCurrentWidget(self.view)
        if old is not None:
            old.close()
        self.loaded.emit()

    def _not_made(self, error: Exception) -> None:
        self._words.setText(str(error))
        self._pile.setCurrentWidget(self._words)

    def text(self) -> str:
        """What the pane says when there is no paper to show."""
        return self._words.text() if self._pile.currentWidget() is self._words else ""

    def leave(self) -> None:
        """Stop working and close the document; the pane shows nothing any more."""
        self._timer.stop()
        source, self._source = self._source, None
        self.view.clear()
        self._jobs.abandon(source.close if source is not None else lambda: None)
