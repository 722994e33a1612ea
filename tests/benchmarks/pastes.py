"""Pasting 3,000 rows × 8 columns: planning and storing against a bare update of the same cells; the window's pauses."""

from __future__ import annotations

import gc
import itertools
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from measure import Ratio
from pauses import Heart

from models.core.ledger import Ledger
from models.core.register import Condition, View, register

COLUMNS = ("address", "principal", "phone", "branch", "party", "floor_area", "chain", "note")
#: What a list shows of an enterprise beside these comes from a form only.
SHOWN = COLUMNS[:5]
ROWS = 3_000
#: A window must not stand still longer.
PAUSE_S = 0.05
SIZE = (1366, 768)
VIEW = View(conditions=(Condition("category", "in", ("catering", "sale", "small_eatery")),))
_runs = itertools.count(int(time.time()) % 1_000_000)


def lines_of(rows: int, branches: Sequence[str], parties: Sequence[str]) -> list[list[str]]:
    """Cells that no earlier run has written."""
    run = next(_runs)
    return [
        [
            f"示例新路{run}号附{n}", f"示例甲{(n + run) % 40}", f"138{run % 1000:03}{n:05}",
            branches[(n + run) % len(branches)], parties[(n + run) % len(parties)], str((n + run) % 900),
            "是否"[(n + run) % 2], f"示例{run}/{n}",
        ]
        for n in range(rows)
    ]  # fmt: skip


def pastes(ledger: Ledger, rows: int = ROWS, rounds: int = 7) -> list[Ratio]:
    """The ratio of a paste and the longest pause of a window in which one is made."""
    branches = _branches(ledger)
    found = register("enterprises")
    parties = [f"示例当事人{n}" for n in range(1, 4_001)]
    keys = list(found.ids(VIEW, ledger.today))[:rows]
    _ours(ledger, keys, lines_of(rows, branches, parties), least=0)
    pairs = []
    for _ in range(rounds):
        lines = lines_of(rows, branches, parties)
        pairs.append((_ours(ledger, keys, lines), _bare(ledger.path, keys, lines_of(rows, branches, parties))))
    ours, bare = (statistics.median(p[i] for p in pairs) for i in (0, 1))
    note = f"{len(keys) * len(COLUMNS):,} cells, checked, logged, of {len(found.ids(View(), ledger.today)):,} records"
    pause, told = _pauses(ledger, lines_of(rows, branches, parties))
    return [
        Ratio(f"paste of {rows:,} rows × {len(COLUMNS)}: plan and store", ours, bare, 10.0, note),
        Ratio("  longest pause of the window meanwhile", pause, PAUSE_S, 1.0, told),
    ]


def _branches(ledger: Ledger) -> list[str]:
    from models.organization import Branch

    wanted = [f"示例分局{n}" for n in range(4)]
    with ledger.write("准备") as tx:
        for name in wanted:
            if not Branch.live().where(Branch.name == name).exists():
                tx.insert(Branch, name=name)
    return wanted


def _ours(ledger: Ledger, keys: Sequence[int], lines: list[list[str]], least: int = 7) -> float:
    """Seconds to plan and store; ``least`` cells of a row must be other than before (some may be as in an earlier run)."""
    from models.cell_plan import plan_cells, range_edits
    from models.cell_store import store_cells

    found = register("enterprises")
    gc.collect()
    start = time.perf_counter()
    edits = range_edits(found, keys, [found.column(name) for name in COLUMNS], lines)
    plan = plan_cells(found, edits, ledger.today)
    with ledger.write("粘贴") as tx:
        store_cells(tx, found, plan)
    spent = time.perf_counter() - start
    if plan.count("change") < least * len(keys):
        raise SystemExit(f"pasted {plan.count('change')} cells: {plan.listing[:2]}")
    return spent


def _bare(path: Path, keys: Sequence[int], lines: list[list[str]]) -> float:
    """The same cells of the same table by one executemany in one transaction."""
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA synchronous = FULL")
    ids = dict(conn.execute("SELECT name, id FROM branch"))
    parties = dict(conn.execute("SELECT name, id FROM party"))
    fields = register("enterprises").model._meta.fields
    sets = ", ".join(f'"{fields[name].column_name}" = ?' for name in COLUMNS)
    rows = [
        (*line[:3], ids[line[3]], parties[line[4]], line[5], line[6] == "是", line[7], key)
        for key, line in zip(keys, lines, strict=True)
    ]
    gc.collect()
    start = time.perf_counter()
    with conn:
        conn.executemany(f'UPDATE "enterprise" SET {sets} WHERE "id" = ?', rows)
    spent = time.perf_counter() - start
    conn.close()
    return spent


def _pauses(ledger: Ledger, lines: list[list[str]]) -> tuple[float, str]:
    """Paste by the key in a real list, agree, wait for the list: the longest pause and where it was."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from models.clipboard import write_range
    from ui.kit.register_page import RegisterPage
    from ui.kit.session import Session

    app = QApplication.instance() or QApplication([])
    session = Session(ledger)
    page = RegisterPage(session, register("enterprises"))
    page.resize(*SIZE)
    page.show()
    page.set_view(VIEW)
    _until(app, lambda: page.model.whole)
    _lay_out_columns(page)
    session.jobs.wait_idle(60_000)
    index = page.model.index(0, page.table.shown_columns()[0])
    page.table.setCurrentIndex(index)
    QGuiApplication.clipboard().setText(write_range([line[: len(SHOWN)] for line in lines]))
    session.jobs.wait_idle(60_000)
    hands, heart = page.hands, Heart()
    steps = {
        "planning": (lambda: QTest.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier),
                     lambda: hands.writer.dialog is not None),
        "storing and showing the list again": (lambda: hands.writer.dialog.yes.click(),
                    lambda: page.model.whole and not session.jobs.busy),
    }  # fmt: skip
    found = {name: heart.measured(*step) for name, step in steps.items()}
    page.close()
    page.deleteLater()
    session.jobs.shutdown()
    app.processEvents()
    longest = max(found, key=lambda name: found[name])
    return found[longest], f"limit 50 ms; while {longest}"


def _lay_out_columns(page: Any) -> None:
    """The pasted columns side by side, as the clerk would put them."""
    paths = [c.path for c in page.register.columns]
    header = page.table.horizontalHeader()
    for place, name in enumerate(SHOWN):
        page.table.show_column(paths.index(name), True)
        header.moveSection(header.visualIndex(paths.index(name)), place)


def _until(app: Any, ready: Callable[[], bool], most_s: float = 120) -> None:
    end = time.perf_counter() + most_s
    while not ready():
        app.processEvents()
        time.sleep(0.001)
        if time.perf_counter() > end:
            raise SystemExit("the window did not get there")
