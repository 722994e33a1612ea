"""Collects cyclic garbage on the GUI thread, and on no other; knows no page.

Python collects in whatever thread happens to make the next object. A forgotten dialog or timer that ends there is
destroyed by Qt beside its own thread, and the program falls. So while a window has threads, only this one collects.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from models.core import collecting

_EVERY_MS = 200
_YOUNG = 2_000
"""New objects before a look at them is worth its time."""
_STEPS = 10
"""Looks at one generation before the next is looked at: as Python itself has it."""
_SHARE = 100
"""A look at everything may take one hundredth of the time."""


class Collector(QObject):
    """While it works, from `start` to `stop`, cyclic garbage goes on the thread that made the collector."""

    def __init__(self, parent: QObject, busy: Callable[[], bool]) -> None:
        super().__init__(parent)
        self._busy = busy
        self._working = False
        self.settled = False  #: whether `settle` has set aside what the window starts with
        self._full_after = 0.0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """From now on no other thread collects."""
        if not self._working:
            self._working = True
            collecting.hold()
            self._timer.start()

    def stop(self) -> None:
        """Python collects by itself again, unless another collector works."""
        if self._working:
            self._working = False
            self._timer.stop()
            if self.settled:
                gc.unfreeze()
            collecting.release()

    def settle(self) -> None:
        """What is there by now stays as long as the window: later looks pass it by."""
        if self._working and not collecting.amid_rows():
            gc.collect()
            gc.freeze()
            self.settled = True

    def _look(self) -> None:
        if collecting.amid_rows():
            return
        young, middle, old = gc.get_count()
        if young < _YOUNG:
            return
        if middle < _STEPS:
            gc.collect(0)
        elif old < _STEPS or self._busy() or time.monotonic() < self._full_after:
            gc.collect(1)
        else:
            began = time.monotonic()
            gc.collect()
            ended = time.monotonic()
            self._full_after = ended + _SHARE * (ended - began)
