"""The command rectification as scripts meet it, on the demo."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import app


def call(*line: str | Path) -> subprocess.CompletedProcess[str]:
    """The command inside this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = app.main([str(part) for part in line])
        except SystemExit as left:
            code = int(left.code or 0)
    return subprocess.CompletedProcess(line, code, out.getvalue(), err.getvalue())


def rows_on(folder: Path, *more: str) -> list[dict[str, Any]]:
    done = call("--data-dir", folder, "rectification", "--json", *more)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_what_is_open_comes_by_due_day_with_its_arithmetic(demo_folder: Path) -> None:
    rows = rows_on(demo_folder)
    due = [row["due_on"] or "9999" for row in rows]
    assert due == sorted(due)
    today = dt.date(2024, 6, 30)
    for row in rows:
        assert {"enterprise", "number", "found_on", "due_on", "days_left", "state", "repeat"} <= set(row)
        assert row["reasons"]
        assert row["findings"]
        if row["due_on"] is None:
            assert row["days_left"] is None
            continue
        left = (dt.date.fromisoformat(row["ends_on"]) - today).days
        assert row["ends_on"] >= row["due_on"]
        assert row["days_left"] == left
        assert (row["group"] == "overdue") == (left < 0 and row["state"] != "corrected")
        assert abs(row["working_days_left"]) <= abs(left)
    numbers = {row["number"] for row in rows if row["kind"] == "notice"}
    listed = call("--data-dir", demo_folder, "list", "notices", "--json")
    wanted = {one["number"] for one in json.loads(listed.stdout) if one["state"] in ("issued", "served")}
    assert numbers == wanted


def test_any_day_can_be_asked(demo_folder: Path) -> None:
    then = rows_on(demo_folder, "--on", "2024.3.1")
    assert then
    assert all(row["found_on"] <= "2024-03-01" for row in then)
    assert {row["number"] for row in then if row["number"]}.isdisjoint(
        {row["number"] for row in rows_on(demo_folder) if row["issued_on"] and row["issued_on"] > "2024-03-01"}
    )
    assert rows_on(demo_folder, "--on", "2019-01-01") == []


def test_people_read_a_table_and_a_sum(demo_folder: Path) -> None:
    done = call("--data-dir", demo_folder, "rectification")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "2024-06-30 整改督办"
    assert lines[-1].startswith(f"未办结{len(rows_on(demo_folder))}件：已逾期")
    bad = call("--data-dir", demo_folder, "rectification", "--on", "没有这天")
    assert bad.returncode == 2
    assert "--on" in bad.stderr
    later = call("--data-dir", demo_folder, "rectification", "--on", "2024-07-01")
    assert later.returncode == 2
    assert "2024-07-01 晚于今天 2024-06-30" in later.stderr
    assert later.stdout == ""
