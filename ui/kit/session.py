"""The open ledger as the window sees it: reads and writes off the GUI thread, and who hears of changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal

from models.core.changes import Changes
from models.core.ledger import Ledger
from models.core.register import View
from ui.kit.jobs import Job, Jobs, Progress

SETTINGS_FILE = "window.ini"
"""Beside the ledger: how this seat likes its window and lists."""


class Session(QObject):
    """One window's ledger.

    ``changed(Changes)`` follows every committed action, also undo and redo: each view decides whether it concerns
    it. ``open_register(name, View)`` asks the window for a list, ``open_record(name, id)`` for one record beside
    its list, ``edit_record(name, id or None, values)`` for its form, ``edit_field(name, id, field)`` for its form
    with the cursor in a field.
    """

    changed = Signal(object)
    open_register = Signal(str, object)
    open_record = Signal(str, int)
    edit_record = Signal(str, object, object)
    edit_field = Signal(str, int, str)

    def __init__(self, ledger: Ledger, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ledger = ledger
        self.jobs = Jobs(self)
        self.jobs.thread_finished_hooks.append(ledger.close_thread)

    @property
    def today(self) -> dt.date:
        """The day that rules reckon with."""
        return self.ledger.today

    @property
    def demo(self) -> bool:
        """Whether the ledger is the demo."""
        return self.ledger.own_today is not None

    def read(
        self,
        fn: Callable[..., Any],
        *args: Any,
        done: Callable[[Any], object],
        owner: QObject,
        key: str | None = None,
        failed: Callable[[Exception], object] | None = None,
        label: str = "",
    ) -> Job:
        """Read on a reader thread; ``done(result)`` on the GUI thread, a newer read of the same key replaces it."""
        return self.jobs.read(fn, *args, done=done, failed=failed, owner=owner, key=key, label=label)

    def later(self, act: Callable[[], object], *, owner: QObject, key: str | None = None) -> Job:
        """Go on in a later turn of the event loop; a newer read or ``later`` of the same key replaces it."""
        return self.jobs.later(act, owner=owner, key=key)

    def write(
        self,
        kind: str,
        fn: Callable[..., Any],
        *,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        owner: QObject | None = None,
        final: bool = False,
        label: str = "",
        stopped: Callable[[], object] | None = None,
    ) -> Job:
        """One user action as one transaction on the writer thread; ``done(fn's result)`` after the commit.

        ``kind`` is the action's Chinese name; ``final`` for what leaves the office. Long work has a ``label`` for the
        progress bar and an ``fn(tx, progress)``: cancelled, it writes nothing and calls ``stopped``.
        """

        def work() -> tuple[Any, Changes]:
            with self.ledger.write(kind, final=final) as tx:
                result = fn(tx)
            return result, tx.changes

        def long_work(progress: Progress) -> tuple[Any, Changes]:
            with self.ledger.write(kind, final=final) as tx:
                result = fn(tx, progress)
            return result, tx.changes

        return self._write(long_work if label else work, done, failed, owner, label, stopped)

    def undo(
        self, done: Callable[[Any], object] | None = None, failed: Callable[[Exception], object] | None = None
    ) -> Job:
        """Undo this seat's newest action."""
        return self._write(lambda: (None, self.ledger.undo()), done, failed, None)

    def redo(
        self, done: Callable[[Any], object] | None = None, failed: Callable[[Exception], object] | None = None
    ) -> Job:
        """Take back the newest undo."""
        return self._write(lambda: (None, self.ledger.redo()), done, failed, None)

    def undo_one(
        self,
        act: Callable[[], Changes],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Job:
        """Undo one chosen action: ``act`` does it on the writer thread and returns its changes."""
        return self._write(lambda: (None, act()), done, failed, None)

    def _write(
        self,
        work: Callable[..., tuple[Any, Changes]],
        done: Callable[[Any], object] | None,
        failed: Callable[[Exception], object] | None,
        owner: QObject | None,
        label: str = "",
        stopped: Callable[[], object] | None = None,
    ) -> Job:
        def alive() -> bool:
            return owner is None or shiboken6.isValid(owner)

        def finished(outcome: tuple[Any, Changes]) -> None:
            result, changes = outcome
            if done is not None and alive():
                done(result)
            self.changed.emit(changes)

        def refused(error: Exception) -> None:
            if failed is not None and alive():
                failed(error)
            else:
                self.jobs.on_error(None, error)

        # The session owns the job: a change is announced even when the widget that asked for it is gone.
        return self.jobs.write(
            work, done=finished, failed=refused, owner=self, label=label,
            stopped=lambda: stopped() if stopped is not None and alive() else None,
        )  # fmt: skip

    def show_list(self, register: str, view: View | None = None) -> None:
        """Ask the window to show a list."""
        self.open_register.emit(register, view or View())

    def close(self) -> None:
        """Finish queued writes and close the ledger."""
        self.jobs.shutdown()
        self.ledger.close()
