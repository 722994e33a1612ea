"""Runs work off the GUI thread: one writer in order, a few readers; knows no database and no widget's content.

Results come back on the GUI thread. A read with the same owner and key as an older one replaces it: the older
result is dropped. Nothing reaches an owner that Qt has destroyed.
"""

from __future__ import annotations

import inspect
import itertools
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer, Signal

from ui.kit.collector import Collector

READERS = 3
_REPORT_EVERY = 0.05
#: How long a working thread may keep the interpreter while the GUI thread waits for it. Each of a slot's many calls
#: into Qt waits once; with Python's own 5 ms a page filled beside a busy reader took half a second. It is shorter than
#: a statement or a row takes: a thread that lets go by itself within its turn and takes up again is never told to wait.
_TURN_S = 0.0001


class Cancelled(Exception):
    """Raised inside a job by `Progress.check` after the user or a newer read cancelled it."""


class Progress:
    """Handed to a job function that has a parameter `progress`; safe to use from its thread."""

    def __init__(self, number: int, tell: Callable[[int, int, int, str], None]) -> None:
        self._number = number
        self._tell = tell
        self._stop = threading.Event()
        self._last = 0.0

    @property
    def cancelled(self) -> bool:
        """Whether the job should stop."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the job to stop; it stops when it next looks."""
        self._stop.set()

    def check(self) -> None:
        """Raise Cancelled when the job should stop."""
        if self.cancelled:
            raise Cancelled

    def report(self, done: int, total: int, text: str = "") -> None:
        """Tell that `done` of `total` steps are finished (total 0: unknown); at most 20 times a second go on."""
        now = time.monotonic()
        if done >= total or now - self._last >= _REPORT_EVERY:
            self._last = now
            self._tell(self._number, done, total, text)


@dataclass
class Job:
    """The GUI thread's side of one piece of work; `cancel()` it, or just forget it."""

    number: int
    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    progress: Progress
    done: Callable[[Any], object] | None
    failed: Callable[[Exception], object] | None
    stopped: Callable[[], object] | None
    owner: QObject | None
    label: str
    writes: bool = False
    slot: tuple[int, str] | None = None
    started: float = field(default_factory=time.monotonic)

    def cancel(self) -> None:
        """Stop it as soon as it looks; a read that has not begun never begins."""
        self.progress.cancel()


class _Lane:
    """A queue and its threads; threads start with the first task and end at `close`."""

    def __init__(
        self, name: str, threads: int, run: Callable[[int], None], leave: Callable[[], None]
    ) -> None:
        self._name = name
        self._limit = threads
        self._run = run
        self._leave = leave
        self._numbers: deque[int] = deque()
        self._idle = 0
        self._closed = False
        self._ready = threading.Condition()
        self._threads: list[threading.Thread] = []

    def put(self, number: int) -> None:
        with self._ready:
            if self._closed:
                raise RuntimeError("jobs were shut down")
            self._numbers.append(number)
            if self._idle < len(self._numbers) and len(self._threads) < self._limit:
                thread = threading.Thread(
                    target=self._work, name=f"{self._name}-{len(self._threads) + 1}", daemon=True
                )
                self._threads.append(thread)
                thread.start()
            self._ready.notify()

    def close(self, wait: bool = True) -> None:
        """Finish what is queued and end the threads; without `wait` they do so by themselves."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()
        if not wait:
            return
        for thread in self._threads:
            thread.join()

    def _next(self) -> int | None:
        with self._ready:
            while not self._numbers:
                if self._closed:
                    return None
                self._idle += 1
                self._ready.wait()
                self._idle -= 1
            return self._numbers.popleft()

    def _work(self) -> None:
        try:
            while (number := self._next()) is not None:
                self._run(number)
        finally:
            self._leave()


class Jobs(QObject):
    """Background work of one window; lives in the GUI thread.

    `thread_finished_hooks` are called in each pool thread as it ends (to close its database connection).
    `on_error(owner, exception)` gets what no `failed` took; by default the error dialog.
    """

    progressed = Signal(int, int, int, str)
    started = Signal(int)
    finished = Signal(int)
    busy_changed = Signal(bool)
    _ended = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None, readers: int = READERS) -> None:
        super().__init__(parent)
        sys.setswitchinterval(_TURN_S)
        self.thread_finished_hooks: list[Callable[[], None]] = []
        self.on_error: Callable[[QObject | None, Exception], None] = _show
        self._live: dict[int, Job] = {}
        self._farewell: Callable[[], None] = lambda: None
        self._closing = False
        self.collector = Collector(self, lambda: self.busy)
        self.collector.start()
        self._latest: dict[tuple[int, str], int] = {}
        self._numbers = itertools.count(1)
        self._writer = _Lane("writer", 1, self._run, self._leave)
        self._readers = _Lane("reader", readers, self._run, self._leave)
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def read(
        self,
        fn: Callable[..., Any],
        *args: Any,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        stopped: Callable[[], object] | None = None,
        owner: QObject | None = None,
        key: str | None = None,
        label: str = "",
        **kwargs: Any,
    ) -> Job:
        """Run fn(*args, **kwargs) on a reader thread.

        `done(result)` or `failed(exception)` is called on the GUI thread, `stopped()` when it was cancelled.
        With `key`, a newer read of the same owner and key makes this one's result be dropped. A `label`
        (Chinese) lets the progress bar show the job when it takes long. fn gets `progress` if it asks for it.
        While the jobs are shut down a read asked for by a last callback never begins.
        """
        job = self._new(fn, args, kwargs, done, failed, stopped, owner, label)
        if self._closing:
            job.cancel()
            return job
        self._begin(job)
        self._replace(job, key)
        self._readers.put(job.number)
        return job

    def later(self, act: Callable[[], object], *, owner: QObject, key: str | None = None) -> Job:
        """Call `act()` in a later turn of the event loop, after what waits for the window by then.

        For work of the GUI thread that is cut into pieces: it counts as busy, and a newer read of the same owner and
        key takes its place.
        """
        job = self._new(_nothing, (), {}, lambda _: act(), None, None, owner, "")
        if self._closing:
            job.cancel()
            return job
        self._begin(job)
        self._replace(job, key)
        # A timer: what is posted meanwhile would be dealt with in the same turn.
        QTimer.singleShot(0, self, lambda: self._turn(job.number))
        return job

    def _turn(self, number: int) -> None:
        if number in self._live:  # not shut down meanwhile
            self._deliver(number, None, None)

    def write(
        self,
        fn: Callable[..., Any],
        *args: Any,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        stopped: Callable[[], object] | None = None,
        owner: QObject | None = None,
        label: str = "",
        **kwargs: Any,
    ) -> Job:
        """Run fn on the one writer thread, after all writes asked for before; callbacks as in `read`."""
        job = self._new(fn, args, kwargs, done, failed, stopped, owner, label)
        job.writes = True
        self._begin(job)
        self._writer.put(job.number)
        return job

    @property
    def writing(self) -> bool:
        """Whether a write is queued or running."""
        return any(job.writes for job in self._live.values())

    @property
    def busy(self) -> bool:
        """Whether any job is queued, running or undelivered."""
        return bool(self._live)

    def job(self, number: int) -> Job | None:
        """The live job of that number."""
        return self._live.get(number)

    def wait_idle(self, timeout_ms: int = 5000) -> bool:
        """Run the event loop until nothing is left to do; False when the time was up first."""
        if not self.busy:
            return True
        loop = QEventLoop()
        timer = QTimer(singleShot=True, interval=timeout_ms)
        timer.timeout.connect(loop.quit)
        stop = self.busy_changed.connect(lambda busy: None if busy else loop.quit())
        timer.start()
        loop.exec()
        self.busy_changed.disconnect(stop)
        return not self.busy

    def shutdown(self) -> None:
        """Cancel reads, finish every queued write, deliver the results, end the threads."""
        self._closing = True
        for job in list(self._live.values()):
            if job.fn is _nothing:
                del self._live[job.number]
            elif not job.writes:
                job.cancel()
        self._writer.close()
        self._readers.close()
        self.collector.stop()
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)

    def abandon(self, then: Callable[[], None]) -> None:
        """Let everything go without waiting: cancel all, call nobody back, and `then()` once the last has ended."""
        for job in self._live.values():
            job.cancel()
            job.done = job.stopped = job.slot = None
            job.failed = lambda error: logging.getLogger(__name__).warning("abandoned: %r", error)
        self._writer.close(wait=False)
        self._readers.close(wait=False)
        if not self._live:
            self._part(then)
            return
        _leaving.add(self)
        self._farewell = lambda: self._part(then)

    def _part(self, then: Callable[[], None]) -> None:
        self.collector.stop()
        then()

    def _new(
        self,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        done: Callable[[Any], object] | None,
        failed: Callable[[Exception], object] | None,
        stopped: Callable[[], object] | None,
        owner: QObject | None,
        label: str,
    ) -> Job:
        number = next(self._numbers)
        progress = Progress(number, self.progressed.emit)
        if _wants_progress(fn):
            kwargs = {**kwargs, "progress": progress}
        return Job(number, fn, args, kwargs, progress, done, failed, stopped, owner, label)

    def _replace(self, job: Job, key: str | None) -> None:
        """Let a job take the place of an older one of its owner and key."""
        if key is None:
            return
        job.slot = (id(job.owner), key)
        older = self._live.get(self._latest.get(job.slot, 0))
        if older is not None:
            older.cancel()
        self._latest[job.slot] = job.number

    def _begin(self, job: Job) -> None:
        self._live[job.number] = job
        if len(self._live) == 1:
            self.busy_changed.emit(True)
        self.started.emit(job.number)

    def _run(self, number: int) -> None:
        """In a pool thread. The GUI thread's `_live` keeps fn and owner alive, so that they never die here."""
        job = self._live[number]
        fn, args, kwargs, progress = job.fn, job.args, job.kwargs, job.progress
        del job
        result: Any = None
        error: BaseException | None = None
        try:
            progress.check()
            result = fn(*args, **kwargs)
        except BaseException as exc:  # noqa: BLE001 - handed on whole: the GUI thread shows it
            error = exc
        del fn, args, kwargs
        self._ended.emit(number, result, error)

    def _leave(self) -> None:
        for hook in list(self.thread_finished_hooks):
            hook()

    def _deliver(self, number: int, result: Any, error: BaseException | None) -> None:
        job = self._live.pop(number)
        current = job.slot is None or self._latest.get(job.slot) == number
        if job.slot is not None and current:
            del self._latest[job.slot]
        wanted = current and (job.owner is None or shiboken6.isValid(job.owner))
        if error is None and self._closing and not job.writes:
            error = Cancelled()  # it ended just before it was told to stop
        try:
            self.finished.emit(number)
            if wanted:
                self._call_back(job, result, error)
            elif isinstance(error, Exception) and not isinstance(error, Cancelled):
                if current:
                    self.on_error(None, error)
                else:  # nobody waits for it any more, and the newer read tells the same
                    logging.getLogger(__name__).warning("a replaced read failed", exc_info=error)
        finally:
            if not self._live:
                self.busy_changed.emit(False)
                if self in _leaving:
                    _leaving.discard(self)
                    self._farewell()

    def _call_back(self, job: Job, result: Any, error: BaseException | None) -> None:
        if isinstance(error, Cancelled):
            if job.stopped is not None:
                job.stopped()
        elif isinstance(error, Exception):
            if job.failed is not None:
                job.failed(error)
            else:
                self.on_error(job.owner, error)
        elif error is not None:
            raise error
        elif job.done is not None:
            job.done(result)


_leaving: set[Jobs] = set()
"""Abandoned ones, kept alive until their threads have handed back their last result."""


def _nothing() -> None:
    """The work of a job that only waits for its turn."""


def _wants_progress(fn: Callable[..., Any]) -> bool:
    try:
        return "progress" in inspect.signature(fn).parameters
    except (TypeError, ValueError):  # a C function without a signature
        return False


def _show(owner: QObject | None, error: Exception) -> None:
    from PySide6.QtWidgets import QWidget

    from ui.kit.errors import show_error

    show_error(owner if isinstance(owner, QWidget) else None, error)
