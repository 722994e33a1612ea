"""Spreadsheets in and out against the bare libraries: 100,000 rows × 15 columns, each in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from measure import Ratio, Remark

ROOT = Path(__file__).resolve().parents[2]

#: Writes the roster that is read: python -c MAKE root file rows.
MAKE = """
import sys
sys.path.insert(0, sys.argv[1])
import xlsxwriter
from models.rules.identifiers import make_jy, make_uscc
heads = "名称 信用代码 许可证号 有效期至 地址 乡镇街道 业态 "
heads = (heads + "负责人 电话 状态 包保层级 开业日期 经营面积 就餐人数 备注").split()
towns = ["西郊街道", "新枫街道", "吕蒙街道", "鲇鱼山镇", "丽阳镇"]
signs = "老周香江湖春景瓷昌南河山茶米"
book = xlsxwriter.Workbook(sys.argv[2], {"constant_memory": True})
sheet, date = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
sheet.write_row(0, 0, heads)
for n in range(int(sys.argv[3])):
    name = "".join(signs[n // k % 14] for k in (1, 14, 196, 2744))
    texts = {0: f"示例{name}店{n}", 1: make_uscc(n), 2: make_jy(2, "360202", n), 4: f"示例路{n}号", 5: towns[n % 5],
             6: "餐饮服务", 7: f"张{signs[n % 14]}", 9: "在营", 10: "C", 14: "示例"}
    for i, text in texts.items():
        sheet.write_string(n + 1, i, text)
    for i, number in {8: 13979800000 + n % 9999, 12: 45.5, 13: n % 90}.items():
        sheet.write_number(n + 1, i, number)
    sheet.write_number(n + 1, 3, 46543, date)
    sheet.write_number(n + 1, 11, 43831, date)
book.close()
"""

#: Reads, previews, commits and exports: python -c OURS root file folder out.
OURS = """
import datetime as dt, json, resource, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from models.core.register import Condition, View, register
from models.opening import open_office
from models.transfer.commit import commit
from models.transfer.export import export
from models.transfer.mapping import known_headers, match_headers
from models.transfer.preview import preview
from models.transfer.reading import read_table
ledger = open_office(Path(sys.argv[3]), today=dt.date(2024, 6, 30))
enterprises = register("enterprises")
found = {}
def timed(name, fn):
    start = time.perf_counter()
    value = fn()
    found[name] = time.perf_counter() - start
    found[name + "_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return value
table = timed("read", lambda: read_table(Path(sys.argv[2]), known=known_headers(enterprises)))
plan = timed("preview", lambda: preview(ledger, enterprises, table, match_headers(enterprises, table)))
assert plan.counts["new"] == len(table.rows), plan.counts
def store():
    with ledger.write("导入") as tx:
        commit(tx, plan)
timed("commit", store)
del table, plan
kept = View(conditions=(Condition("category", "in", ("catering",)),), search="老")
timed("filter", lambda: enterprises.rows(enterprises.ids(kept, ledger.today)[:200], ledger.today))
columns = [c.path for c in enterprises.columns][:14] + ["contractor"]
timed("export", lambda: export(enterprises, View(), ledger.today, Path(sys.argv[4]), columns))
ledger.close()
print(json.dumps(found))
"""

#: The reading library alone, a bare executemany of the same rows into the same tables, and the bare writer.
BARE = """
import datetime as dt, json, sqlite3, sys, time
import python_calamine, xlsxwriter
found = {}
start = time.perf_counter()
cells = python_calamine.load_workbook(sys.argv[2]).get_sheet_by_index(0).to_python()
found["read"] = time.perf_counter() - start
ours = sqlite3.connect(sys.argv[3] + "/ledger.db")
bare = sqlite3.connect(sys.argv[3] + "/bare.db")
bare.execute("PRAGMA journal_mode = WAL")
bare.execute("PRAGMA synchronous = FULL")
schema = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'sqlite%'"
for (sql,) in ours.execute(schema).fetchall():
    bare.execute(sql)
tables = ["party", "enterprise", "enterprise_state", "permit"]
rows = {t: ours.execute(f'SELECT * FROM "{t}"').fetchall() for t in tables}
start = time.perf_counter()
with bare:
    for t in tables:
        bare.executemany(f'INSERT INTO "{t}" VALUES ({", ".join("?" * len(rows[t][0]))})', rows[t])
found["insert"] = time.perf_counter() - start
flat = rows["enterprise"]
del rows
start = time.perf_counter()
with bare:
    bare.execute("CREATE TABLE plain (" + ", ".join(f"c{i}" for i in range(15)) + ")")
    bare.executemany("INSERT INTO plain VALUES (" + ", ".join("?" * 15) + ")",
                     ([str(c) if isinstance(c, dt.date) else c for c in row] for row in cells))
found["flat"] = time.perf_counter() - start
again = python_calamine.load_workbook(sys.argv[4]).get_sheet_by_index(0).to_python()
again = [row[:15] for row in again]
start = time.perf_counter()
book = xlsxwriter.Workbook(sys.argv[4] + ".bare.xlsx", {"constant_memory": True})
sheet, date = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
epoch = dt.date(1899, 12, 30)
for r, row in enumerate(again):
    for c, value in enumerate(row):
        if isinstance(value, dt.date):
            sheet.write_number(r, c, (value - epoch).days, date)
        elif isinstance(value, str):
            sheet.write_string(r, c, value)
        else:
            sheet.write_number(r, c, value)
book.close()
found["export"] = time.perf_counter() - start
print(json.dumps(found))
"""


def _run(script: str, *arguments: str) -> dict[str, float]:
    command = [sys.executable, "-c", script, str(ROOT), *arguments]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(out) if out.strip() else {}
    return found


def _window(source: Path, folder: Path, rows: int) -> list[Ratio | Remark]:
    """The longest pause of the window in any step of an import and an export, against 50 ms; and its memory."""
    for old in folder.glob("*") if folder.exists() else ():
        old.unlink()
    command = [sys.executable, str(Path(__file__).with_name("pauses.py")), str(ROOT), str(source), str(folder)]
    out = subprocess.run([*command, str(folder.with_suffix(".xlsx"))], check=True, capture_output=True, text=True,
                         env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}).stdout
    found: dict[str, float] = json.loads(out)
    machine, memory = found.pop("bare"), found.pop("memory_mb")
    worst = max(found, key=lambda name: found[name])
    return [
        Ratio(f"  longest pause of the window, {rows:,} rows", found[worst], max(0.05, machine), 1.0,
              f"at “{worst}”; beside a bare busy thread this machine gives {machine * 1000:.0f} ms"),
        Ratio("  peak memory of the window (MB as ms)", memory / 1000, 0.5, 1.0, "limit 500 MB, without mapped pages"),
    ]


def _office(source: Path, folder: Path, read: float, filtered: float) -> list[Ratio | Remark]:
    """The same file opened and filtered by the same two columns in LibreOffice, where it is installed."""
    program = shutil.which("soffice")
    if program is None:
        return [Remark("  the same file in LibreOffice", "LibreOffice 未安装")]
    from office import open_and_filter

    opening, filtering, kept = open_and_filter(program, source, folder, (6, "餐饮服务"), (0, "老"))
    return [
        Ratio("  reading the file; bare: opening it in LibreOffice", read, opening, float("inf")),
        Ratio("  filtering by category and text; bare: LibreOffice", filtered, filtering, float("inf"),
              f"{kept:,} rows; here the first 200 of them from the ledger"),
    ]


def transfers(folder: Path, rows: int = 100_000) -> list[Ratio | Remark]:
    """Commit with change log ≤ 3 × (reading library + bare insert), export ≤ 1.5 × bare writer, memory < 500 MB.

    The bare insert stores the same rows in the same four tables with their indexes, without log and checks.
    """
    source, ledger, out = folder / f"roster-{rows}.xlsx", folder / "ledger", folder / "out.xlsx"
    if not source.exists():
        _run(MAKE, str(source), str(rows))
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm", "bare.db", "bare.db-wal", "bare.db-shm"):
        (ledger / name).unlink(missing_ok=True)
    ours = _run(OURS, str(source), str(ledger), str(out))
    bare = _run(BARE, str(source), str(ledger), str(out))
    small = bare["read"] + bare["flat"]
    return [
        Ratio(f"import of {rows:,} rows × 15: commit with log", ours["commit"], bare["read"] + bare["insert"], 3.0,
              f"four tables; against one flat table without index {ours['commit'] / small:.1f} ×"),
        Ratio("  reading against the library alone", ours["read"], bare["read"], 3.0),
        Ratio("  preview with checks, pinyin, duplicates", ours["preview"], bare["read"] + bare["insert"], float("inf"),
              f"{ours['preview'] / rows * 1000:.2f} ms a row, with progress"),
        Ratio("  peak memory of preview (MB as ms)", ours["preview_mb"] / 1000, 0.5, 1.0, "limit 500 MB"),
        Ratio("  peak memory of commit (MB as ms)", ours["commit_mb"] / 1000, 0.5, 1.0, "limit 500 MB"),
        Ratio(f"export of {rows:,} rows × 15 to xlsx", ours["export"], bare["export"], 1.5),
        *_window(source, folder / "ledger-pauses", rows),
        *_office(source, folder, ours["read"], ours["filter"]),
    ]


if __name__ == "__main__":
    import tempfile

    from measure import HEADER

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as temporary:
        print(HEADER)
        for ratio in transfers(Path(temporary), count):
            print(ratio.line())
