"""The program's start: a locked, newer or corrupt ledger, looking only, the demo beside it, the day's backup."""

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from models.core.ledger import FILE_NAME, Ledger
from models.enterprise import Enterprise
from models.opening import open_office
from tests.ui.window_hands import TODAY, Opener, click, settle
from ui.kit.dialogs import MessageDialog
from ui.kit.theme import apply_theme
from ui.main_window import MainWindow, Opening

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from models.opening import open_office
ledger = open_office(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
ledger.close()
"""
Start = Callable[[Path], tuple[MainWindow, Opening]]


@pytest.fixture
def start(qapp: QApplication) -> Iterator[Start]:
    """Starts the window as the program does: the frame first, the ledger beside it."""
    apply_theme(qapp, "light")
    made: list[tuple[MainWindow, Opening]] = []

    def one(folder: Path) -> tuple[MainWindow, Opening]:
        window = MainWindow(folder=folder)
        opening = Opening(window, folder, TODAY)
        made.append((window, opening))
        window.show()
        opening.start()
        return window, opening

    yield one
    for window, opening in made:
        if window.session is not None:
            settle(window)
        window.close()
        opening.end()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    """The folder of a ledger that another process has open for writing."""
    folder = tmp_path / "office"
    open_office(folder, today=TODAY).close()
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline().strip() == "open"
        yield folder
        other.stdin.close()
        other.wait(30)


def press(answer: str, seen: list[str]) -> QTimer:
    """Press a button of the next question and note its words."""
    timer = QTimer(interval=20)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, MessageDialog):
            return
        timer.stop()
        seen.append(f"{dialog.headline.text()}|{dialog.text.text()}")
        click(next(b for b in dialog.findChildren(QPushButton) if b.text() == answer))

    timer.timeout.connect(look)
    timer.start()
    return timer


def test_a_ledger_in_use_is_offered_to_look_at(held: Path, start: Start, qtbot: QtBot) -> None:
    seen: list[str] = []
    timer = press("只看不改", seen)
    window, _opening = start(held)
    qtbot.waitUntil(lambda: window.session is not None, timeout=20_000)
    assert not timer.isActive()
    assert "窗口" in seen[0]
    assert "不能改动" in seen[0]
    settle(window)
    assert "只能查看" in window.windowTitle()
    window.show_page("enterprises")
    settle(window)
    shown: Any = window.page("enterprises")
    actions = shown.current_list().commands
    for action in (actions.new, actions.edit, actions.remove):
        assert not action.isEnabled()
        assert "只能查看" in action.toolTip()
    assert not window.undo.isEnabled()
    welcome: Any = window.page("overview")
    assert not welcome.welcome.save_button.isEnabled()
    assert not welcome.welcome.start_button.isEnabled()
    window.show_page("settings")
    settings: Any = window.page("settings")
    assert settings.field("office_name").editor.isReadOnly()


def test_a_ledger_in_use_may_be_left_alone(held: Path, start: Start, qtbot: QtBot) -> None:
    seen: list[str] = []
    timer = press("退出", seen)
    window, opening = start(held)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert not timer.isActive()
    assert (len(seen), opening.code, window.session) == (1, 1, None)


@pytest.mark.parametrize("trouble", ["newer", "corrupt"])
def test_a_ledger_that_cannot_be_read_is_left_untouched(
    trouble: str, tmp_path: Path, start: Start, qtbot: QtBot
) -> None:
    folder = tmp_path / "office"
    open_office(folder, today=TODAY).close()
    file = folder / FILE_NAME
    if trouble == "newer":
        make_newer(file)
    else:
        file.write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    before = file.read_bytes()
    seen: list[str] = []
    timer = press("知道了", seen)
    window, opening = start(folder)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert not timer.isActive()
    assert opening.code == 1
    assert {"newer": "更新", "corrupt": "损坏"}[trouble] in seen[0]
    assert file.read_bytes() == before


def make_newer(file: Path) -> None:
    """As a later version of the program leaves it: with a migration that this one does not know."""
    database = sqlite3.connect(file)
    (table,) = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE name LIKE '%migration%'")
                if "index" not in row[0]][:1]  # fmt: skip
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    last = dict(zip(columns, database.execute(f"SELECT * FROM {table} ORDER BY 1 DESC").fetchone(), strict=True))
    for name, value in last.items():
        if isinstance(value, int):
            last[name] = value + 1000
        elif name in ("name", "migration"):
            last[name] = "9999_future"
    marks = ", ".join("?" for _ in columns)
    database.execute(f"INSERT INTO {table} VALUES ({marks})", list(last.values()))
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def test_the_day_is_backed_up_once(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    backups = small_ledger.folder / "backups"
    window = open_window(small_ledger)
    window._backup_soon.start(0)
    qtbot.waitUntil(lambda: bool(list(backups.glob("*.db"))), timeout=10_000)
    settle(window)
    made = list(backups.glob("*.db"))
    assert len(made) == 1
    assert f"上次备份 {dt.datetime.now():%Y-%m-%d}" in window._backup.text()
    with sqlite3.connect(made[0]) as copy:
        assert copy.execute("SELECT count(*) FROM enterprise").fetchone() == (Enterprise.live().count(),)
    copy.close()
    window.backup()
    settle(window)
    assert list(backups.glob("*.db")) == made


def test_the_demo_opens_in_a_window_of_its_own(
    tmp_path: Path, open_window: Opener, qtbot: QtBot, demo_folder: Path
) -> None:
    """The clerk's ledger stays empty; the demo lies beside it and a second process shows it."""
    window = open_window(open_office(tmp_path / "office", today=TODAY))
    home: Any = window.page("overview")
    welcome = home.welcome
    with qtbot.waitSignal(welcome.demo.opened, timeout=120_000):
        click(welcome.demo_button)
        assert not welcome.demo_button.isEnabled()
        assert welcome.demo.busy
    pid = welcome.demo.pid
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        assert command[1:4] == [str(ROOT / "app.py").encode(), b"--data-dir", str(tmp_path / "office-demo").encode()]
    finally:
        os.kill(pid, signal.SIGTERM)
    assert "另一个窗口" in welcome.demo_words.text()
    with sqlite3.connect(tmp_path / "office-demo" / FILE_NAME) as demo:
        assert demo.execute("SELECT count(*) > 1000 FROM enterprise").fetchone() == (1,)
    demo.close()
    assert Enterprise.live().count() == 0


def test_what_is_loaded_beside_the_first_look_is_light_and_makes_nothing() -> None:
    script = (
        "import sys, threading\n"
        "from importlib import import_module\n"
        "from ui.main_window import WARM\n"
        "failed = []\n"
        "threading.excepthook = lambda args: failed.append(args.exc_value)\n"
        "thread = threading.Thread(target=lambda: [import_module(name) for name in WARM])\n"
        "thread.start()\n"
        "thread.join()\n"
        "from PySide6.QtWidgets import QApplication\n"
        "heavy = {'pyqtgraph', 'reportlab', 'pypinyin', 'pypdfium2', 'rapidfuzz', 'PIL'} & sys.modules.keys()\n"
        "print(failed, sorted(heavy), QApplication.instance())\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["[]", "[]", "None"], done.stdout + done.stderr
