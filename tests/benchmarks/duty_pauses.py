"""How long the window stands still on the screens of 包保责任 over a district: the longest gap between two beats.

Usage, in a process of its own: duty_pauses.py ROOT FOLDER. Prints the longest pause of each step in seconds.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any


def pauses(folder: Path) -> dict[str, float]:
    """Open each screen, filter, propose for all, store and undo: the longest pause of each step."""
    from pauses import Heart, keep_busy
    from PySide6.QtWidgets import QApplication

    from models.opening import open_office
    from ui.kit.session import Session
    from ui.kit.theme import apply_theme
    from ui.main_window import MainWindow
    from ui.proposing import ProposalDialog, TierDialog

    app = QApplication([])
    apply_theme(app, "light")
    session = Session(open_office(folder, today=dt.date(2024, 6, 30)))
    window = MainWindow(session)
    window.resize(1366, 768)
    window.show()
    heart, found = Heart(), {}
    heart.measured(lambda: None, lambda: not session.jobs.busy and session.jobs.collector.settled)  # as a clerk waits

    def idle() -> bool:
        return not session.jobs.busy

    def step(name: str, act: Callable[[], Any], ready: Callable[[], bool] = idle) -> None:
        found[name] = heart.measured(act, ready)

    busy = threading.Thread(target=keep_busy, daemon=True)
    step("bare", busy.start, lambda: not busy.is_alive())
    window.show_page("responsibility")
    session.jobs.wait_idle()
    page: Any = window.page("responsibility")
    for key in ("officials", "commitments", "visits", "problems", "coverage"):
        step(key, lambda key=key: page.show_tab(key))  # type: ignore[misc]
    due, problems = page.tab("visits").due, page.tab("problems")
    step("problems of a kind", lambda: problems.show_kind("gap"))
    dialogs: list[Any] = []
    for kind in (TierDialog, ProposalDialog):
        step(f"open {kind.__name__}", lambda kind=kind: dialogs.append(kind(session, window)))  # type: ignore[misc]
        dialog = dialogs[-1]
        dialog.show()
        step(f"tick {kind.__name__}", lambda: dialogs[-1]._tick_all(False))
        dialogs[-1]._tick_all(True)
        step(f"store {kind.__name__}", dialog.store, lambda: idle() and not dialogs[-1].isVisible())
    page.show_tab("visits")
    session.jobs.wait_idle()
    step("due list", due.refresh)
    step("due of a state", lambda: due.show_state("due"))
    step("due of a level", lambda: due.level.setCurrentIndex(2))
    step("undo", session.undo)
    window.close()
    return found


if __name__ == "__main__":
    sys.path[:0] = [sys.argv[1], str(Path(__file__).resolve().parent)]
    print(json.dumps(pauses(Path(sys.argv[2]))))
