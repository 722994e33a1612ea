"""Taking files in for one widget: a worker with progress and 取消, one batch after another; knows no table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from models.attachment import Intake, give_up, limit, take_in
from ui.kit.attachment_files import Picture, as_source
from ui.kit.buttons import button
from ui.kit.jobs import Job, Progress
from ui.kit.palette import UNIT
from ui.kit.session import Session

AFTER_MS = 250
KILO = 1024
Given = Sequence[Path | Picture]


class IntakeBar(QWidget):
    """``take(given, done, failed)``: hidden while nothing is done or it is quick."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._queue: list[tuple[Given, Callable[[Intake], object], Callable[[Exception], object]]] = []
        self.job: Job | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        self.label = QLabel()
        self.label.setProperty("role", "muted")
        self.label.setMaximumWidth(200)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedHeight(6)
        self.cancel = button("取消", self._cancel, kind="link")
        row.addWidget(self.label)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        self.hide()
        self._soon = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._soon.timeout.connect(self.show)
        session.jobs.progressed.connect(self._progressed)

    def take(
        self, given: Given, done: Callable[[Intake], object], failed: Callable[[Exception], object]
    ) -> None:
        """Take files in on a worker; ``done`` gets what became of them, nothing where it was cancelled."""
        self._queue.append((given, done, failed))
        if self.job is None:
            self._next()

    def _next(self) -> None:
        if not self._queue:
            self.job = None
            self._soon.stop()
            self.hide()
            return
        given, done, failed = self._queue.pop(0)
        blobs = self._session.ledger.blobs

        def work(progress: Progress) -> Intake:
            def told(count: int, total: int, name: str) -> None:
                progress.check()
                progress.report(count // KILO, total // KILO + 1, name)

            return take_in(blobs, [as_source(one) for one in given], limit(), told)

        def finished(intake: Intake) -> None:
            if shiboken6.isValid(self):
                self._next()
                done(intake)
            else:  # the window went meanwhile
                self._session.jobs.write(give_up, blobs, intake.taken)

        def refused(error: Exception) -> None:
            if shiboken6.isValid(self):
                self._next()
                failed(error)

        def stopped() -> None:
            if shiboken6.isValid(self):
                self._next()

        self.label.setText("正在添加…")
        self.bar.setRange(0, 0)
        self.cancel.setEnabled(True)
        self._soon.start()
        self.job = self._session.jobs.read(
            work, done=finished, failed=refused, stopped=stopped, owner=self._session
        )

    def _progressed(self, number: int, done: int, total: int, name: str) -> None:
        if self.job is not None and number == self.job.number:
            text = self.label.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 190)
            self.label.setText(text)
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    def _cancel(self) -> None:
        self._queue.clear()
        self.cancel.setEnabled(False)
        if self.job is not None:
            self.job.cancel()
