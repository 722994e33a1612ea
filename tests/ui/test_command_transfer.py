"""The commands import and export as scripts meet them: processes, JSON, files, refusals; on a ledger of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter

import app
from models.opening import open_office
from models.rules.identifiers import make_uscc

ROOT = Path(__file__).resolve().parents[2]
HEAD = ["单位名称", "统一社会信用代码", "地址", "乡镇街道", "类别"]


def row(n: int, name: str = "", code: str = "") -> list[str]:
    return [
        name or f"示例{'甲乙丙丁'[n % 4] * 3}{n}店",
        code or make_uscc(n),
        f"示例{n}路{n}号",
        "西郊街道",
        "餐饮服务",
    ]


def call(*line: str | Path) -> subprocess.CompletedProcess[str]:
    """The command inside this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = app.main([str(part) for part in line])
        except SystemExit as left:
            code = int(left.code or 0)
    return subprocess.CompletedProcess(line, code, out.getvalue(), err.getvalue())


def run(*line: str | Path) -> subprocess.CompletedProcess[str]:
    """The command as a process."""
    command = [sys.executable, "app.py", *map(str, line)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120, check=False, env={**os.environ}
    )


class Desk:
    """A ledger's folder and the files beside it."""

    def __init__(self, base: Path) -> None:
        self.base, self.folder = base, base / "ledger"

    def csv(self, rows: Sequence[Sequence[str]], name: str = "名册.csv", encoding: str = "utf-8") -> Path:
        path = self.base / name
        path.write_bytes("\n".join(",".join(r) for r in rows).encode(encoding))
        return path

    def line(self, *words: str | Path) -> tuple[str | Path, ...]:
        return "--data-dir", self.folder, "--today", "2024-06-30", *words

    def load(self, path: Path, *words: str, register: str = "enterprises") -> tuple[int, dict[str, Any]]:
        done = call(*self.line("import", path, "--register", register, "--json", *words))
        return done.returncode, json.loads(done.stdout)

    def names(self) -> list[str]:
        done = call(*self.line("list", "enterprises", "--json"))
        return sorted(r["name"] for r in json.loads(done.stdout))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    open_office(made.folder).close()
    return made


def test_a_roster_comes_in_by_a_process(desk: Desk) -> None:
    """GB18030 csv; the wrong row is told and left; the exit code says that something was read."""
    path = desk.csv([HEAD, row(1), row(2), row(3, code="9.13602E+17")], encoding="gb18030")
    done = run(*desk.line("import", path, "--register", "enterprises", "--json"))
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    counts = {name: found[name] for name in ("new", "changed", "unchanged", "doubtful", "wrong")}
    assert counts == {"new": 2, "changed": 0, "unchanged": 0, "doubtful": 0, "wrong": 1}
    assert found["mapping"]["party.uscc"] == "统一社会信用代码"
    assert [(r["row"], r["status"]) for r in found["rows"]] == [(2, "new"), (3, "new"), (4, "wrong")]
    assert "后几位已丢失" in found["rows"][2]["reasons"][0]
    assert len(desk.names()) == 2


def test_people_read_the_same(desk: Desk) -> None:
    path = desk.csv([HEAD, row(1), row(3, code="9.13602E+17")])
    done = call(*desk.line("import", path, "--register", "enterprises"))
    assert done.returncode == 0
    assert "新增1行，有变化0行，无变化0行，存疑0行，有错1行" in done.stdout
    assert "后几位已丢失" in done.stdout
    assert "1行有错或存疑，没有写入" in done.stderr


def test_a_dry_run_writes_nothing_and_needs_no_lock(desk: Desk) -> None:
    path = desk.csv([HEAD, row(1)])
    window = open_office(desk.folder)
    try:
        code, found = desk.load(path, "--dry-run")
        assert (code, found["new"]) == (0, 1)
        refused = call(*desk.line("import", path, "--register", "enterprises"))
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "另一个窗口" in refused.stderr
    finally:
        window.close()
    assert desk.names() == []


def test_a_column_is_named_by_hand(desk: Desk) -> None:
    path = desk.csv([["招牌上写的", *HEAD[1:]], row(1)])
    assert "name" not in desk.load(path, "--dry-run")[1]["mapping"]
    for field in ("name", "主体名称"):
        code, found = desk.load(path, "--dry-run", "--map", f"{field}=招牌上写的")
        assert (code, found["new"], found["mapping"]["name"]) == (0, 1, "招牌上写的")


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("名称", "不是“栏目=列名”的写法"),
        ("天气=地址", "没有“天气”这个栏目"),
        ("name=天气", "没有“天气”这一列"),
    ],
)
def test_a_wrong_map_is_wrong_usage(desk: Desk, pair: str, message: str) -> None:
    done = call(*desk.line("import", desk.csv([HEAD, row(1)]), "--register", "enterprises", "--map", pair))
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("空.csv", b"", "是空的"),
        ("坏.xlsx", b"PK\x03\x04 broken", "坏.xlsx"),
        ("图.png", b"\x89PNG\r\n\x1a\n", "图.png"),
    ],
)
def test_what_is_no_table_is_refused(desk: Desk, name: str, data: bytes, message: str) -> None:
    path = desk.base / name
    path.write_bytes(data)
    done = call(*desk.line("import", path, "--register", "enterprises", "--json"))
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr
    assert "程序内部出错" not in done.stderr


def test_a_missing_file_and_an_unknown_register(desk: Desk) -> None:
    for words in (("没有.csv", "enterprises"), (str(desk.csv([HEAD, row(1)])), "weather")):
        done = call(*desk.line("import", words[0], "--register", words[1]))
        assert done.returncode == 1
        assert "程序内部出错" not in done.stderr


def test_nothing_but_wrong_rows_is_a_failure(desk: Desk) -> None:
    code, found = desk.load(desk.csv([HEAD, row(3, code="9.13602E+17")]))
    assert (code, found["wrong"]) == (1, 1)


def test_a_round_trip_shows_only_the_differences_and_the_conflict(desk: Desk) -> None:
    desk.load(desk.csv([HEAD, row(1), row(2), row(3)]))
    out = desk.base / "out" / "名册.xlsx"
    done = call(*desk.line("export", "enterprises", "-o", out))
    assert (done.returncode, done.stderr) == (0, "")
    assert "3户" in done.stdout
    cells = python_calamine.load_workbook(str(out)).get_sheet_by_index(0).to_python()
    book = python_calamine.load_workbook(str(out))
    sheets = [book.get_sheet_by_name(n).to_python() for n in book.sheet_names]
    at = cells[0].index("经营地址")
    names = [r[0] for r in cells[1:]]
    sheets[0][1][at] = "改了的地址1号"
    sheets[0][2][at] = "改了的地址2号"
    del sheets[0][3]
    edited = desk.base / "改过.xlsx"
    with xlsxwriter.Workbook(str(edited)) as made:
        for name, rows in zip(book.sheet_names, sheets, strict=True):
            page = made.add_worksheet(name)
            for r, values in enumerate(rows):
                for c, value in enumerate(values):
                    page.write_string(r, c, str(value))
    from models.core.saving import save
    from models.enterprise import Enterprise

    ledger = open_office(desk.folder)
    with ledger.write("改地址") as tx:
        record = Enterprise.get(Enterprise.name == names[0])
        save(tx, Enterprise, {"address": "别处改的地址"}, record, version=record.version)
    ledger.close()
    code, found = desk.load(edited)
    assert code == 0
    by_name = {r["label"]: r for r in found["rows"]}
    clash, plain = by_name[names[0]], by_name[names[1]]
    assert (clash["status"], plain["status"]) == ("doubtful", "changed")
    assert [(d["field"], d["new"], d["conflict"]) for d in clash["differences"]] == [
        ("address", "改了的地址1号", True)
    ]
    assert [(d["field"], d["new"], d["conflict"]) for d in plain["differences"]] == [
        ("address", "改了的地址2号", False)
    ]
    assert [r["label"] for r in found["removed"]] == [names[2]]
    assert len(desk.names()) == 3


def test_csv_of_what_was_searched(desk: Desk) -> None:
    desk.load(desk.csv([HEAD, row(1), row(2)]))
    out = desk.base / "名册.csv"
    out.write_text("旧")
    assert call(*desk.line("export", "enterprises", "--search", row(2)[0], "-o", out)).returncode == 0
    lines = out.read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert row(2)[0] in lines[1]


def test_another_ending_is_wrong_usage(desk: Desk) -> None:
    done = call(*desk.line("export", "enterprises", "-o", desk.base / "a.pdf"))
    assert done.returncode == 2
    assert "要以 .xlsx 或 .csv 结尾" in done.stderr
