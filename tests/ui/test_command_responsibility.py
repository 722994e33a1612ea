"""The commands coverage, assignments and propose-assignments as scripts meet them, on the demo."""

from __future__ import annotations

import io
import json
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

import app
from models.core.register import View, register
from models.opening import open_office


def call(*line: str | Path) -> subprocess.CompletedProcess[str]:
    """The command inside this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = app.main([str(part) for part in line])
        except SystemExit as left:
            code = int(left.code or 0)
    return subprocess.CompletedProcess(line, code, out.getvalue(), err.getvalue())


def objects(folder: Path, *line: str) -> list[dict[str, Any]]:
    done = call("--data-dir", folder, *line, "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_coverage_adds_up_to_the_figures(demo_folder: Path) -> None:
    rows = objects(demo_folder, "coverage", "--on", "2024-06-30")
    assert {tuple(row) for row in rows} == {("level", "area", "enterprises", "assigned", "rate", "committed")}
    assert {row["level"] for row in rows} == {"district", "township", "village", "city"}
    span = ("--from", "2024-01-01", "--to", "2024-06-30")
    figures = {f["name"]: f["value"] for f in objects(demo_folder, "figures", *span)}
    mine = [row for row in rows if row["level"] != "city"]
    assert sum(row["enterprises"] for row in mine) == figures["assignment.enterprises"]
    assert sum(row["assigned"] for row in mine) == figures["assignment.assigned"]
    for row in mine:
        assert row["committed"] <= row["assigned"] <= row["enterprises"]
        assert row["rate"] == pytest.approx(row["assigned"] / row["enterprises"])
    assert all(row["rate"] is None for row in rows if row["level"] == "city")
    told = call("--data-dir", demo_folder, "coverage")
    assert f"应包保{figures['assignment.enterprises']}户" in told.stdout
    assert "乡镇（街道）级" in told.stdout


def test_assignments_are_those_of_the_day(demo_folder: Path) -> None:
    now = objects(demo_folder, "assignments", "--on", "2024-06-30")
    before = objects(demo_folder, "assignments", "--on", "2023-06-30")
    assert len(now) != len(before)
    for day, rows in (("2024-06-30", now), ("2023-06-30", before)):
        assert all(row["valid_from"] <= day for row in rows)
        assert all(row["valid_to"] is None or row["valid_to"] >= day for row in rows)
    told = call("--data-dir", demo_folder, "assignments", "--on", "2024-06-30")
    assert f"共{len(now)}条" in told.stdout


def test_a_proposal_is_shown_and_stored_only_when_asked(demo_copy: Path) -> None:
    rows = objects(demo_copy, "propose-assignments")
    lines = [row for row in rows if row["official"]]
    assert lines
    assert all(row["reason"] for row in rows)
    assert objects(demo_copy, "propose-assignments") == rows
    before = len(objects(demo_copy, "assignments", "--on", "2024-06-30"))
    assert objects(demo_copy, "propose-assignments", "--apply") == rows
    ended = sum(len(row["ends"]) for row in lines)
    assert len(objects(demo_copy, "assignments", "--on", "2024-06-30")) == before + len(lines) - ended
    assert [row for row in objects(demo_copy, "propose-assignments") if row["official"]] == []
    ledger = open_office(demo_copy)
    ledger.undo()
    assert register("assignments").count(View(presets=("current",)), ledger.today) == before
    ledger.close()
    told = call("--data-dir", demo_copy, "propose-assignments", "--apply")
    assert f"已指派{len(lines)}户" in told.stdout


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("assignments", "缺少参数：--on"),
        ("assignments --on 昨日黄花", "--on："),
        ("coverage --on 2024-02-30", "--on："),
        ("propose-assignments --on x", "--on："),
    ],
)
def test_a_wrong_day_is_told(demo_folder: Path, line: str, message: str) -> None:
    told = call("--data-dir", demo_folder, *line.split())
    assert told.returncode == 2
    assert message in told.stderr
    assert not told.stdout
