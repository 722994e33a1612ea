"""Opening a register to its first painted rows against a bare QTableView over the same rows by raw sqlite3."""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import Ratio

from models.core.ledger import Ledger

#: The rows of each list by hand: all ids in order, and the first window's shown columns.
BARE = {
    "enterprises": (
        "SELECT id FROM enterprise WHERE removed_at IS NULL ORDER BY name_key, id",
        "SELECT e.id, e.name, s.category, s.status, a.name, v.name, e.address, e.principal, e.phone, "
        "(SELECT MIN(number) FROM permit p WHERE p.enterprise_id = e.id AND p.removed_at IS NULL), "
        "(SELECT MAX(valid_until) FROM permit p WHERE p.enterprise_id = e.id AND p.removed_at IS NULL), "
        "s.tier, s.key_area, y.name, y.uscc FROM enterprise e "
        "LEFT JOIN enterprise_state s ON s.enterprise_id = e.id AND s.removed_at IS NULL AND s.valid_from <= '2024-06-30' "
        "AND (s.valid_to IS NULL OR s.valid_to >= '2024-06-30') LEFT JOIN area a ON a.id = s.area_id "
        "LEFT JOIN area v ON v.id = s.village_id LEFT JOIN party y ON y.id = e.party_id WHERE e.id IN ({ids})",
    ),
    "inspections": (
        "SELECT id FROM inspection WHERE removed_at IS NULL ORDER BY inspected_on DESC, id DESC",
        "SELECT i.id, i.inspected_on, e.name, s.category, i.kind, "
        "(SELECT GROUP_CONCAT(o.name) FROM inspection_officer x JOIN officer o ON o.id = x.officer_id "
        "WHERE x.inspection_id = i.id AND x.removed_at IS NULL), "
        "(SELECT GROUP_CONCAT(c.name) FROM inspection_campaign x JOIN campaign c ON c.id = x.campaign_id "
        "WHERE x.inspection_id = i.id AND x.removed_at IS NULL), "
        "(SELECT COUNT(*) FROM finding f WHERE f.inspection_id = i.id AND f.removed_at IS NULL), i.result, i.state, a.name "
        "FROM inspection i JOIN enterprise e ON e.id = i.enterprise_id "
        "LEFT JOIN enterprise_state s ON s.enterprise_id = e.id AND s.removed_at IS NULL AND s.valid_from <= '2024-06-30' "
        "AND (s.valid_to IS NULL OR s.valid_to >= '2024-06-30') LEFT JOIN area a ON a.id = s.area_id WHERE i.id IN ({ids})",
    ),
}
WINDOW = 200
SIZE = (1366, 768)


def _painted(app: Any, widget: Any, ready: Callable[[], bool]) -> None:
    """Turn the event loop until the rows are there, then paint them."""
    while not ready():
        app.processEvents()
    widget.grab()


def _ours(app: Any, ledger: Ledger, name: str) -> tuple[float, float, int]:
    """Seconds to the first painted rows, the longest pause of the event loop until the list is whole, its length."""
    from models.core.register import register
    from ui.kit.register_page import RegisterPage
    from ui.kit.session import Session

    session = Session(ledger)
    shown: list[bool] = []
    start = time.perf_counter()
    page = RegisterPage(session, register(name))
    page.model.first_shown.connect(lambda: shown.append(True))
    page.resize(*SIZE)
    page.show()
    page.shown()
    _painted(app, page.table, lambda: bool(shown))
    spent = time.perf_counter() - start
    longest, last = 0.0, time.perf_counter()
    while not page.model.whole:
        app.processEvents()
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    count = len(page.model.ids)
    session.jobs.wait_idle(20_000)
    page.close()
    page.deleteLater()
    session.jobs.shutdown()
    app.processEvents()
    return spent, longest, count


def _bare(app: Any, path: Path, name: str) -> tuple[float, int]:
    from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
    from PySide6.QtWidgets import QTableView

    ids_sql, rows_sql = BARE[name]

    class Rows(QAbstractTableModel):
        """All ids and the first window, fetched in place."""

        def __init__(self) -> None:
            super().__init__()
            conn = sqlite3.connect(path)
            conn.execute("PRAGMA mmap_size = 268435456")
            self.ids = [row[0] for row in conn.execute(ids_sql)]
            head = self.ids[:WINDOW]
            found = {row[0]: row[1:] for row in conn.execute(rows_sql.format(ids=",".join(map(str, head))))}
            self.rows = [found[i] for i in head]
            conn.close()

        def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
            return len(self.ids)

        def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
            return len(self.rows[0])

        def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
            if role == Qt.ItemDataRole.DisplayRole and index.row() < WINDOW:
                return self.rows[index.row()][index.column()]
            return None

    start = time.perf_counter()
    model = Rows()
    view = QTableView()
    view.setModel(model)
    view.resize(*SIZE)
    view.show()
    view.grab()
    spent = time.perf_counter() - start
    count = len(model.ids)
    view.close()
    return spent, count


def opening(ledger: Ledger, rounds: int = 5) -> list[Ratio]:
    """The ratios of the roster and of the inspections, with the longest pause of the GUI thread beside them."""
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication([])
    found = []
    for name in BARE:
        _ours(app, ledger, name)
        runs = [(_ours(app, ledger, name), _bare(app, ledger.path, name)) for _ in range(rounds)]
        ours, pauses, counts = zip(*(run[0] for run in runs))
        bare, bare_counts = zip(*(run[1] for run in runs))
        if set(counts) != set(bare_counts):
            raise SystemExit(f"{name}: {counts} {bare_counts}")
        note = f"{counts[0]:,} rows; longest pause {max(pauses) * 1000:.0f} ms"
        found.append(Ratio(f"first painted rows, {name}", statistics.median(ours), statistics.median(bare), 3.0, note))
    return found
