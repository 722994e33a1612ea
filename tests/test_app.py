"""The command line as scripts meet it: processes, exit codes, JSON, messages, files; on the demo ledger."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

import app
from tests.reports.reading import read_pages

ROOT = Path(__file__).resolve().parents[1]
H1 = ("--from", "2024-01-01", "--to", "2024-06-30")
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
#: What the office published for the first half of 2024.
PUBLISHED = {
    "campus.inspections": (180, "家次", "count"),
    "campus.findings": (71, "处", "count"),
    "campus.notices": (19, "份", "count"),
    "rice.enterprises": (4, "家", "count"),
    "rice.notices": (1, "份", "count"),
    "catering.enterprises": (786, "户", "count"),
    "catering.graded_rate": (1, "%", "ratio"),
    "catering.dynamic_rate": (1, "%", "ratio"),
    "outreach.copies": (600, "份", "sum"),
}


def run(*line: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "app.py", *map(str, line)]
    return subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, **env},
    )


def call(*line: str | Path) -> subprocess.CompletedProcess[str]:
    """The same inside this process: no start-up to wait for."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = app.main([str(part) for part in line])
        except SystemExit as left:
            code = int(left.code or 0)
    return subprocess.CompletedProcess(line, code, out.getvalue(), err.getvalue())


def objects(*line: str | Path) -> list[dict[str, Any]]:
    done = call(*line)
    assert (done.returncode, done.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """The demo ledger, the folder of its documents, what was printed."""
    base = tmp_path_factory.mktemp("demo")
    done = run("--data-dir", base / "ledger", "demo", "--out", base / "out")
    assert (done.returncode, done.stderr) == (0, "")
    return base / "ledger", base / "out", done.stdout


@pytest.fixture(scope="module")
def ledger(made: tuple[Path, Path, str]) -> Path:
    return made[0]


@pytest.fixture
def copy(ledger: Path, tmp_path: Path) -> Path:
    """A ledger of its own, to be damaged."""
    folder = tmp_path / "copy"
    shutil.copytree(ledger, folder)
    return folder


@pytest.fixture
def held(copy: Path) -> Iterator[Path]:
    """A ledger that a window has open for writing."""
    with FileLock(copy / "ledger.lock", timeout=0):
        yield copy


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "ledger.db")) as db:
        for statement in statements:
            assert db.execute(statement).rowcount != 0
        db.commit()


# --- the demo ----------------------------------------------------------------------------------------------------


def test_the_demo_prints_its_figures_and_writes_its_documents(made: tuple[Path, Path, str]) -> None:
    _, out, printed = made
    rows = {line.split()[0]: line.split() for line in printed.splitlines() if "." in line.split()[0]}
    for name, (value, unit, kind) in PUBLISHED.items():
        shown = "100" if kind == "ratio" else str(value)
        assert rows[name][2:4] == [shown, unit]
    names = {path.name for path in out.iterdir()}
    assert {"责令改正通知书2024.pdf", "主体名册.pdf", "监督检查.pdf", "责令改正.pdf"} <= names
    assert {"食品生产经营者风险等级确定表.pdf", "餐饮服务食品安全等级公示.pdf"} <= names


def test_a_second_demo_is_refused_and_changes_nothing(copy: Path) -> None:
    before = objects("--data-dir", copy, "figures", *H1, "--json")
    done = run("--data-dir", copy, "demo")
    assert done.returncode == 1
    assert "已有" in done.stderr or "空" in done.stderr
    assert objects("--data-dir", copy, "figures", *H1, "--json") == before


def test_the_report_of_the_demo_has_the_published_numbers(made: tuple[Path, Path, str]) -> None:
    pages = read_pages(made[1] / "昌江区2024年上半年本地区食品生产经营监督检查情况.pdf")
    text = "".join(page.replace("演示", "").replace(f"—{n}—", "") for n, page in enumerate(pages, 1))
    text = text[: text.index("附件1主要指标")]
    campus = text[text.index("校园及周边食品安全。") :]
    assert "检查180家次" in campus
    assert "排查隐患71处" in campus
    assert "下达责令改正通知书19份" in campus[: campus.index("食品生产企业监管")]
    rice = text[text.index("对4家大米生产企业") :]
    assert "下达责令改正通知书1份" in rice[:80]
    assert "餐饮食品经营户786户" in text
    assert text.count("评定率100%") == 2
    assert "发放倡议书600份" in text


def test_the_notices_of_the_demo_are_all_in_one_file(made: tuple[Path, Path, str]) -> None:
    folder, out, _ = made
    text = "".join(read_pages(out / "责令改正通知书2024.pdf"))
    notices = objects("--data-dir", folder, "list", "notices", "--json")
    issued = [n for n in notices if n["issued_on"] and n["issued_on"].startswith("2024")]
    assert len(issued) > 80
    assert [n["number"] for n in issued if n["number"] not in text] == []


# --- reading -----------------------------------------------------------------------------------------------------


def test_figures_as_json(ledger: Path) -> None:
    found = {f["name"]: f for f in objects("--data-dir", ledger, "figures", *H1, "--json")}
    for name, expected in PUBLISHED.items():
        one = found[name]
        assert (one["value"], one["unit"], one["kind"]) == expected
        assert one["label"]
        assert one["rule"].endswith("。")
    assert 0 < found["inspections.resolved_rate"]["value"] < 1


def test_a_figures_value_is_the_aggregate_of_its_records(ledger: Path) -> None:
    records = objects("--data-dir", ledger, "figure", "campus.findings", *H1, "--records", "--json")
    assert len({r["id"] for r in records}) == 71
    assert all("2024-01-01" <= r["found_on"] <= "2024-06-30" for r in records)
    handed = objects("--data-dir", ledger, "figure", "outreach.copies", *H1, "--records", "--json")
    assert sum(r["copies"] for r in handed) == 600
    rate = objects("--data-dir", ledger, "figure", "assignment.rate", *H1, "--records", "--json")
    value = objects("--data-dir", ledger, "figure", "assignment.rate", *H1, "--json")[0]["value"]
    assert sum(r["counted"] for r in rate) / len(rate) == pytest.approx(value)
    assert 0 < value < 1


def test_a_figure_in_words(ledger: Path) -> None:
    done = call("--data-dir", ledger, "figure", "catering.graded_rate", *H1)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "风险等级评定率：100%"
    table = call("--data-dir", ledger, "figure", "assignment.rate", *H1, "--records").stdout.splitlines()
    assert table[2].startswith("计入")
    assert {line[0] for line in table[4:]} == {"是", "否"}


def test_lists_as_json(ledger: Path) -> None:
    notices = objects("--data-dir", ledger, "list", "notices", "--json")
    closed = next(n for n in notices if n["state"] == "closed" and n["mode"] == "deadline")
    assert closed["number"].endswith("号")
    assert closed["due_on"][:2] == "20"
    assert closed["closed_on"] >= closed["issued_on"]
    assert "printed" not in closed
    people = objects("--data-dir", ledger, "list", "parties", "--json")
    assert all("****" in p["id_number"] for p in people if p["id_number"])


@pytest.mark.parametrize(
    "register", ["enterprises", "officials", "assignments", "inspections", "findings", "notices"]
)
def test_the_named_registers_are_there(ledger: Path, register: str) -> None:
    done = call("--data-dir", ledger, "list", register)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[-1] == f"共{len(lines) - 3}{lines[-1].lstrip('共0123456789')}"


def test_a_list_is_searched(ledger: Path) -> None:
    every = objects("--data-dir", ledger, "list", "enterprises", "--json")
    one = every[5]
    found = objects("--data-dir", ledger, "list", "enterprises", "--search", one["name"], "--json")
    assert one["id"] in {e["id"] for e in found}
    assert len(found) < len(every)
    assert objects("--data-dir", ledger, "list", "enterprises", "--search", "查无此户", "--json") == []


@pytest.mark.parametrize(
    ("line", "known"),
    [(("list", "shops"), "enterprises"), (("figure", "campus.visits", *H1), "campus.inspections")],
)
def test_unknown_names_are_answered_with_the_names_there_are(
    ledger: Path, line: tuple[str, ...], known: str
) -> None:
    done = run("--data-dir", ledger, *line)
    assert (done.returncode, done.stdout) == (1, "")
    assert line[1] in done.stderr
    assert known in done.stderr


# --- dates and usage ---------------------------------------------------------------------------------------------


def test_today_is_the_demos_own_unless_given(ledger: Path) -> None:
    short = ("figure", "inspections.total", "--from", "1/1", "--to", "今天", "--json")
    assert objects("--data-dir", ledger, *short)[0]["to"] == "2024-06-30"
    assert objects("--data-dir", ledger, "--today", "2024.3.31", *short)[0]["to"] == "2024-03-31"
    assert objects("--temp", "--today", "2023年5月6日", *short)[0]["from"] == "2023-01-01"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("--today", "2024年6月31日", "figures", *H1), "--today：2024年6月31日不存在"),
        (("figures", "--from", "昨儿", "--to", "6/30"), "--from：“昨儿”不是日期"),
        (("figures", "--from", "2024-06-30", "--to", "2024-01-01"), "早于开始日期"),
        (("figures",), "缺少参数"),
    ],
)
def test_wrong_usage_ends_with_2(line: tuple[str, ...], words: str) -> None:
    done = run("--temp", *line)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_help_loads_nothing_slow() -> None:
    code = (
        "import sys, app\ntry:\n    app.main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "argparse" in loaded
    assert not {"peewee", "sqlite3", "PySide6", "reportlab", "pypinyin", "platformdirs"} & loaded


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_without_a_screen_the_window_says_so() -> None:
    env = {name: value for name, value in os.environ.items() if name not in SCREENS}
    done = subprocess.run(
        [sys.executable, "app.py", "--temp"], cwd=ROOT, env=env, capture_output=True, encoding="utf-8", timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "没有显示器" in done.stderr


def test_a_temporary_ledger_leaves_nothing(tmp_path: Path) -> None:
    done = run("--temp", "list", "areas", TMPDIR=str(tmp_path), TEMP=str(tmp_path), TMP=str(tmp_path))
    assert done.returncode == 0
    assert "昌江区" in done.stdout
    assert list(tmp_path.iterdir()) == []


# --- documents ---------------------------------------------------------------------------------------------------


def test_notices_by_number_in_any_brackets(ledger: Path, tmp_path: Path) -> None:
    numbers = [n["number"] for n in objects("--data-dir", ledger, "list", "notices", "--json") if n["number"]]
    first, second = numbers[:2]
    typed = first.replace("〔", "[").replace("〕", "]")
    out = tmp_path / "new folder" / "notices.pdf"
    done = call("--data-dir", ledger, "notice", typed, second, first, "-o", out)
    assert (done.returncode, done.stderr) == (0, "")
    text = "".join(read_pages(out))
    assert text.count(first) == 1
    assert text.count(second) == 1


def test_missing_notices_are_named_and_nothing_is_written(ledger: Path, tmp_path: Path) -> None:
    number = next(
        n["number"] for n in objects("--data-dir", ledger, "list", "notices", "--json") if n["number"]
    )
    out = tmp_path / "notices.pdf"
    done = call("--data-dir", ledger, "notice", number, "昌市监责改〔1999〕7号", "第8号", "-o", out)
    assert (done.returncode, done.stdout) == (1, "")
    assert "昌市监责改〔1999〕7号" in done.stderr
    assert "第8号" in done.stderr
    assert number not in done.stderr
    assert not out.exists()


def test_a_place_that_cannot_be_written_is_told_in_chinese(ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = call("--data-dir", ledger, "report", *H1, "-o", tmp_path / "file" / "report.pdf")
    assert done.returncode == 1
    assert "操作失败" in done.stderr
    assert "Error" not in done.stderr


# --- upkeep ------------------------------------------------------------------------------------------------------


def test_a_sound_ledger_passes_the_check(ledger: Path) -> None:
    done = call("--data-dir", ledger, "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "未发现问题\n", "")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE notice SET serial = serial + 5000 WHERE serial = (SELECT max(serial) FROM notice)", "号：请查明去向"),
        ("UPDATE notice SET number = '补7号' WHERE number = '昌市监责改〔2024〕7号'", "文号“补7号”：请核对原件"),
        ("UPDATE inspection SET enterprise_id = 987654 WHERE id = 1", "记录不存在"),
        ("DROP INDEX inspection_live_1", "缺少索引 inspection_live_1"),
        ("ALTER TABLE campaign ADD COLUMN extra TEXT", "表 campaign 的结构与程序不一致"),
        ("CREATE TABLE stray (id INTEGER)", "多出表 stray"),
    ],
)
def test_the_check_finds(copy: Path, statement: str, words: str) -> None:
    change(copy, statement)
    done = call("--data-dir", copy, "check")
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr


def test_while_a_window_is_open_reading_and_backup_work_and_writing_is_refused(
    held: Path, tmp_path: Path
) -> None:
    assert objects("--data-dir", held, "figure", "campus.inspections", *H1, "--json")[0]["value"] == 180
    assert run("--data-dir", held, "check").returncode == 0
    backup = tmp_path / "backup.db"
    assert run("--data-dir", held, "backup", "-o", backup).returncode == 0
    assert run("--data-dir", held, "report", *H1, "-o", tmp_path / "r.pdf").returncode == 0
    before = (held / "ledger.db").read_bytes()
    for line in (("demo",), ("restore", str(backup))):
        done = run("--data-dir", held, *line)
        assert (done.returncode, done.stdout) == (1, "")
        assert "另一个窗口" in done.stderr
    assert (held / "ledger.db").read_bytes() == before


def test_backup_and_restore(copy: Path, tmp_path: Path) -> None:
    backup = tmp_path / "far" / "backup.db"
    assert call("--data-dir", copy, "backup", "-o", backup).returncode == 0
    change(copy, "DELETE FROM finding")
    done = call("--data-dir", copy, "restore", backup)
    assert (done.returncode, done.stderr) == (0, "")
    assert objects("--data-dir", copy, "figure", "campus.findings", *H1, "--json")[0]["value"] == 71
    kept = next((copy / "backups").glob("before-restore-*.db"))
    assert str(kept) in done.stdout
    with closing(sqlite3.connect(kept)) as db:
        assert db.execute("SELECT count(*) FROM finding").fetchone() == (0,)
    elsewhere = tmp_path / "elsewhere"
    assert call("--data-dir", elsewhere, "restore", backup).returncode == 0
    assert objects("--data-dir", elsewhere, "figure", "campus.findings", *H1, "--json")[0]["value"] == 71


def test_a_restore_of_something_else_is_refused(copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE t (x)")
        db.commit()
    text = tmp_path / "letter.txt"
    text.write_text("不是台账", encoding="utf-8")
    before = (copy / "ledger.db").read_bytes()
    for file in (other, text, tmp_path / "none.db", copy / "ledger.db"):
        done = call("--data-dir", copy, "restore", file)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.strip()
    assert call("--data-dir", copy, "backup", "-o", copy / "ledger.db").returncode == 1
    assert (copy / "ledger.db").read_bytes() == before


def test_what_is_no_ledger_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"not a database at all" * 100)
    before = (tmp_path / "ledger.db").read_bytes()
    for line in (("list", "notices"), ("check",), ("backup", "-o", str(tmp_path / "b.db")), ("demo",)):
        done = call("--data-dir", tmp_path, *line)
        assert (done.returncode, done.stdout) == (1, "")
        assert "台账" in done.stderr
    assert (tmp_path / "ledger.db").read_bytes() == before
    assert not (tmp_path / "b.db").exists()


def test_a_newer_ledger_is_refused(copy: Path) -> None:
    change(
        copy,
        "UPDATE schema_migration SET name = '9999_future' WHERE name = (SELECT max(name) FROM schema_migration)",
    )
    for line in (("list", "notices"), ("check",)):
        done = call("--data-dir", copy, *line)
        assert done.returncode == 1
        assert "更新版本的程序" in done.stderr


def test_where_there_is_no_ledger(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    for line in (("check",), ("backup", "-o", str(tmp_path / "b.db"))):
        done = call("--data-dir", folder, *line)
        assert done.returncode == 1
        assert str(folder) in done.stderr
        assert not folder.exists()
    done = call("--data-dir", folder, "list", "notices", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert "已新建一个空的" in done.stderr


def test_a_fault_of_the_program_is_logged_and_told(copy: Path) -> None:
    change(copy, "ALTER TABLE campaign RENAME COLUMN basis TO foundation")
    done = call("--data-dir", copy, "list", "campaigns")
    assert (done.returncode, done.stdout) == (1, "")
    assert "程序内部出错" in done.stderr
    assert str(copy / "app.log") in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in (copy / "app.log").read_text(encoding="utf-8")


# --- streams -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX pipe")
def test_a_reader_that_leaves_early_is_no_error(ledger: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "app.py", "--data-dir", str(ledger), "list", "enterprises"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()
    assert (process.returncode, told) == (0, b"")


@pytest.mark.parametrize(
    ("env", "encoding"),
    [
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "utf-8"),
        ({"PYTHONIOENCODING": "cp936"}, "cp936"),
        ({"PYTHONIOENCODING": "latin-1"}, "utf-8"),
    ],
    ids=["C locale", "cp936", "latin-1"],
)
def test_any_console_shows_chinese(ledger: Path, env: dict[str, str], encoding: str) -> None:
    command = [sys.executable, "app.py", "--data-dir", str(ledger), "list"]
    done = subprocess.run(
        [*command, "areas"], cwd=ROOT, env={**os.environ, **env}, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0
    assert "鲇鱼山镇" in done.stdout.decode(encoding)
    failed = subprocess.run(
        [*command, "shops"], cwd=ROOT, env={**os.environ, **env}, capture_output=True, timeout=60, check=False
    )
    assert failed.returncode == 1
    assert "没有“shops”这个台账" in failed.stderr.decode(encoding)
