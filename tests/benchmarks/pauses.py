"""How long the window stands still while a spreadsheet goes in and out: the longest gap between beats of a timer.

Usage, in a process of its own: pauses.py ROOT FILE FOLDER OUT. Prints the longest pause of each step in seconds, and
the most memory held.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

BEAT_MS = 5
FEW_MS = 400


class Heart:
    """A timer of the GUI thread that notes the longest time between two beats."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.longest, self._last = 0.0, time.perf_counter()
        self._timer = QTimer(interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now

    def measured(self, act: Callable[[], Any], ready: Callable[[], bool]) -> float:
        """The longest gap from an action until ``ready`` and all its painting is over."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        self.longest, self._last = 0.0, time.perf_counter()
        watch = QTimer(interval=20)

        def look() -> None:
            if ready():
                watch.stop()
                QTimer.singleShot(FEW_MS, loop.quit)

        watch.timeout.connect(look)
        QTimer.singleShot(0, act)
        watch.start()
        loop.exec()
        self._beat()
        return self.longest


class Memory:
    """The most memory the process held of its own: without the ledger's pages that the system maps beside its cache."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self.most_mb = 0.0
        self._timer = QTimer(interval=100)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        held = next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
        self.most_mb = max(self.most_mb, held / 1024)


def pauses(source: Path, folder: Path, out: Path) -> dict[str, float]:
    """Import a file through the dialog, mark, filter, write, and export the list: the longest pause of each step."""
    from PySide6.QtWidgets import QApplication

    from models.core.register import register
    from models.opening import open_office
    from ui.kit.file_export import export_to
    from ui.kit.import_dialog import open_import
    from ui.kit.register_page import RegisterPage
    from ui.kit.session import Session
    from ui.kit.theme import apply_theme

    app = QApplication([])
    apply_theme(app, "light")
    session = Session(open_office(folder, today=dt.date(2024, 6, 30)))
    page = RegisterPage(session, register("enterprises"))
    page.resize(1300, 700)
    page.show()
    session.jobs.wait_idle()
    heart, found = Heart(), {}

    def idle() -> bool:
        return not session.jobs.busy

    def step(name: str, act: Callable[[], Any], ready: Callable[[], bool] = idle) -> None:
        found[name] = heart.measured(act, ready)

    opened: list[Any] = []
    memory = Memory()
    busy = threading.Thread(target=keep_busy, daemon=True)
    step("bare", busy.start, lambda: not busy.is_alive())
    step("read", lambda: opened.append(open_import(session, page.register, source, page)))
    dialog = opened[0]
    shown = dialog.preview_page
    step("preview", dialog.show_rows, lambda: idle() and dialog.stack.currentWidget() is shown)
    step("filter", lambda: shown.filter("new"))
    step("mark none", lambda: shown.model.accept_shown(False))
    step("mark all", lambda: shown.model.accept_shown(True))
    step("mark one", lambda: shown.model.accept(3, False))
    step("scroll", shown.table.scrollToBottom)
    step("write", dialog.write, lambda: idle() and dialog.stack.currentWidget() is dialog.last_page)
    step("close", dialog.accept)
    step("export", lambda: export_to(page, out))
    session.close()
    return {**found, "memory_mb": memory.most_mb}


def keep_busy() -> None:
    """Work in Python alone, to see how long this machine lets a window wait beside any work."""
    until = time.perf_counter() + 3
    while time.perf_counter() < until:
        sum(len(str(n)) for n in range(200))


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    print(json.dumps(pauses(*map(Path, sys.argv[2:5]))))
