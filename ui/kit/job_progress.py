"""The bar that shows a long job with its remaining time and 取消; knows Jobs, not what they do."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from ui.kit.buttons import button
from ui.kit.jobs import Job, Jobs
from ui.kit.palette import UNIT
from ui.kit.toast import Corner

AFTER_MS = 400


class JobBar(QFrame):
    """One job's line: what is done, how far, how long still, 取消."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.setObjectName("job")
        self.setFixedWidth(360)
        self._job = job
        box = QVBoxLayout(self)
        box.setContentsMargins(2 * UNIT, UNIT, UNIT, 12)
        box.setSpacing(4)
        row = QHBoxLayout()
        self.label = QLabel(job.label)
        row.addWidget(self.label, 1)
        self.cancel = button("取消", self._cancel, kind="quiet")
        row.addWidget(self.cancel)
        box.addLayout(row)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, 0)
        box.addWidget(self.bar)
        self.rest = QLabel("正在进行…")
        self.rest.setProperty("role", "muted")
        box.addWidget(self.rest)

    def show_progress(self, done: int, total: int, text: str) -> None:
        """`done` of `total` steps (total 0: unknown) and what is being done now."""
        if text:
            self.label.setText(f"{self._job.label}：{text}" if self._job.label else text)
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        if not self._job.progress.cancelled:
            self.rest.setText(remaining(done, total, time.monotonic() - self._job.started))

    def _cancel(self) -> None:
        self._job.cancel()
        self.cancel.setEnabled(False)
        self.rest.setText("正在取消…")


def remaining(done: int, total: int, seconds: float) -> str:
    """«12 / 200，约剩 1 分 5 秒» from what is done after `seconds`; without the time while it is a guess."""
    if total <= 0:
        return f"已处理 {done}" if done else "正在进行…"
    if done <= 0 or seconds < 1:
        return f"{done} / {total}"
    left = round(seconds / done * (total - done))
    words = f"{left // 60} 分 {left % 60} 秒" if left >= 60 else f"{left} 秒"
    return f"{done} / {total}，约剩 {words}"


class JobProgress(QObject):  # an object of the GUI thread, so that reports from other threads are queued
    """Shows each labelled job of `jobs` at the lower right of `window` once it takes more than 400 ms."""

    def __init__(self, jobs: Jobs, window: QWidget, after_ms: int = AFTER_MS) -> None:
        super().__init__(window)
        self._jobs = jobs
        self._window = window
        self._after = after_ms
        self.bars: dict[int, JobBar] = {}
        self._last: dict[int, tuple[int, int, str]] = {}
        jobs.started.connect(self._started)
        jobs.progressed.connect(self._progressed)
        jobs.finished.connect(self._finished)

    def _started(self, number: int) -> None:
        job = self._jobs.job(number)
        if job is not None and job.label:
            QTimer.singleShot(self._after, self._window, lambda: self._show(number))

    def _show(self, number: int) -> None:
        job = self._jobs.job(number)
        if job is None:
            return
        bar = self.bars[number] = JobBar(job)
        if number in self._last:
            bar.show_progress(*self._last[number])
        Corner.of(self._window).add(bar)

    def _progressed(self, number: int, done: int, total: int, text: str) -> None:
        if self._jobs.job(number) is None:
            return
        self._last[number] = (done, total, text)
        if number in self.bars:
            self.bars[number].show_progress(done, total, text)

    def _finished(self, number: int) -> None:
        self._last.pop(number, None)
        bar = self.bars.pop(number, None)
        if bar is not None:
            Corner.of(self._window).remove(bar)
