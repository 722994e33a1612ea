"""Take the pictures of the README from the demo ledger in a real window: every page and the chief dialogs.

Usage: python scripts/screenshots.py [--size 1366x768] [--out docs/screenshots]. Needs a display (make screenshots
gives it a virtual one).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


class Photographer:
    """Goes through the program and takes a picture of each stop."""

    def __init__(self, window: Any, out: Path) -> None:
        self.window, self.out = window, out
        self.jobs = window.session.jobs

    def settle(self, more_ms: int = 250) -> None:
        """Let background work and painting end."""
        from PySide6.QtTest import QTest

        for _ in range(3):
            self.jobs.wait_idle(20_000)
            QTest.qWait(more_ms)

    def take(self, name: str) -> None:
        """A picture of the window with whatever stands before it."""
        self.settle()
        corner = self.window.frameGeometry()
        picture = self.window.screen().grabWindow(0, corner.x(), corner.y(), corner.width(), corner.height())
        self.out.mkdir(parents=True, exist_ok=True)
        if not picture.save(str(self.out / f"{name}.png")):
            raise SystemExit(f"cannot write {self.out / name}.png")
        print(name)

    def dialog(self, name: str, opened: Callable[[], Any]) -> None:
        """Open a dialog, take it, close it without a question."""
        from PySide6.QtWidgets import QApplication, QDialog

        opened()
        self.settle(500)
        self.take(name)
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.done(0)
        self.settle()

    def current(self) -> Any:
        """The list in front."""
        return self.window._stack.currentWidget().current_list()

    def select_first(self, register: str, view: Any = None) -> None:
        """Show a register's list and its first record beside it."""
        from models.core.register import View

        self.window.open_register(register, view or View())
        self.settle()
        ids = self.current().model.ids
        if len(ids):
            self.current().select_id(ids[0])
        self.settle()


def stops(camera: Photographer) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every stop: the picture's name and how to get there and take it."""
    from models.core.register import View, register
    from models.registers import all_registers

    window = camera.window

    def page(key: str) -> Callable[[], None]:
        return lambda: (window.show_page(key), camera.take(key))[1]

    def listed(name: str, shown: str, view: View | None = None) -> Callable[[], None]:
        return lambda: (camera.select_first(name, view), camera.take(shown))[1]

    def form(name: str, shown: str, new: bool = False) -> Callable[[], None]:
        def take() -> None:
            camera.select_first(name)
            key = None if new else camera.current().current_id()
            camera.dialog(shown, lambda: window.edit_record(name, key, None))

        return take

    def step(shown: str, preset: str, name: str) -> Callable[[], None]:
        def take() -> None:
            camera.select_first("notices", View(presets=(preset,)))
            notices = window.page("notices").tab("notices")
            camera.dialog(shown, (lambda: notices.preview()) if name == "preview" else (lambda: notices.ask(name)))

        return take

    def coverage() -> None:
        window.show_page("responsibility")
        window.page("responsibility").show_tab("coverage")
        camera.take("coverage")

    yield "overview", page("overview")
    yield "enterprises", listed("enterprises", "enterprises")
    yield "inspections", listed("inspections", "inspections", View(presets=("problems",)))
    yield "notices", listed("notices", "notices", View(presets=("overdue",)))
    yield "assignments", listed("assignments", "assignments")
    yield "coverage", coverage
    for name in ("enterprises", "inspections", "officials", "outreach"):
        yield f"form-{name}", form(name, f"form-{name}")
    yield "form-new", form("enterprises", "form-new", new=True)
    for shown, preset, name in (("issue", "draft", "issue"), ("serve", "unserved", "serve"), ("void", "overdue", "void"),
                                ("reinspect", "overdue", "reinspect"), ("extend", "overdue", "extend"),
                                ("notice-preview", "overdue", "preview")):
        yield shown, step(shown, preset, name)
    for found in all_registers():
        if found.name not in ("enterprises", "inspections", "notices", "assignments"):
            yield f"list-{found.name}", listed(found.name, f"list-{register(found.name).name}")
    yield "report", page("report")
    yield "report-preview", lambda: camera.dialog("report-preview", window.page("report").make_report)
    yield "settings", page("settings")
    yield "keys", lambda: camera.dialog("keys", window.show_keys)


def main() -> int:
    """Make the demo, open it, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1366x768")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--theme", default="light", choices=["light", "dark"])
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    width, height = (int(n) for n in arguments.size.split("x"))

    from PySide6.QtWidgets import QApplication

    from models.demo import fill_demo
    from models.opening import open_office
    from ui.kit.language import speak_chinese
    from ui.kit.session import Session
    from ui.kit.theme import apply_theme
    from ui.main_window import MainWindow

    app = QApplication([])
    apply_theme(app, arguments.theme)
    speak_chinese(app)
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_office(Path(folder))
        fill_demo(ledger)
        ledger.close()
        window = MainWindow(Session(open_office(Path(folder))))
        window.setGeometry(0, 0, width, height)
        window.show()
        camera = Photographer(window, arguments.out)
        camera.settle(1500)
        for name, take in stops(camera):
            if not arguments.names or name in arguments.names:
                take()
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
