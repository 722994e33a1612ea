"""Time from the start of the interpreter to the first painted window: the program against a bare PySide6 window."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import Ratio

ROOT = Path(__file__).resolve().parents[2]

PAINTED = """
from PySide6.QtCore import QEvent, QObject
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWidgetType() and watched.window().isVisible():
            print("painted", flush=True)
            import os
            os._exit(0)
        return False
"""

BARE = PAINTED + """
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
app = QApplication([])
watch = Watch()
app.installEventFilter(watch)
window = QMainWindow()
window.setCentralWidget(QLabel("示例"))
window.show()
app.exec()
"""

OURS = PAINTED + """
import sys
sys.path.insert(0, sys.argv[1])
import app as program
from ui.kit import theme
made = theme.make_application
watch = []
def watched():
    app = made()
    watch.append(Watch())
    app.installEventFilter(watch[0])
    return app
theme.make_application = watched
program.main(["--data-dir", sys.argv[2]])
"""


def _seconds(script: str, folder: str) -> float:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its byte code
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", script, str(ROOT), folder], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, env=environment) as child:
        assert child.stdout is not None
        if child.stdout.readline().strip() != b"painted":
            raise SystemExit("the window did not paint")
        return time.perf_counter() - start


def window(rounds: int = 15) -> list[Ratio]:
    """The ratio of start-up times on an existing ledger, medians of several runs in turns."""
    with tempfile.TemporaryDirectory() as folder:
        _seconds(OURS, folder)
        _seconds(BARE, folder)
        pairs = [(_seconds(OURS, folder), _seconds(BARE, folder)) for _ in range(rounds)]
    return [Ratio("window start-up to first paint", statistics.median(p[0] for p in pairs),
                  statistics.median(p[1] for p in pairs), 1.5)]
