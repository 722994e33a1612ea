"""The command grade as scripts meet it, on the demo."""

from __future__ import annotations

import io
import json
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

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


def graded(folder: Path, *more: str) -> list[dict[str, Any]]:
    done = call("--data-dir", folder, "grade", "--year", "2024", "--json", *more)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_every_enterprise_has_its_scores_its_grade_and_the_reasons(demo_folder: Path) -> None:
    rows = graded(demo_folder)
    assert {row["grade"] for row in rows} >= {"A", "B", "C", None}
    for row in rows:
        if row["grade"] is None:
            assert row["score"] is None
            assert row["missing"]
            continue
        assert row["missing"] == []
        assert row["score"] == row["static_score"] + row["dynamic_score"]
        assert 0 <= row["static_score"] <= 40
        assert 0 <= row["dynamic_score"] <= 60
        expected = next((g for g, upper in (("A", 30), ("B", 45), ("C", 60)) if row["score"] <= upper), "D")
        assert row["base_grade"] == expected
        assert any(f"为{expected}级" in reason for reason in row["reasons"])
    moved = [row for row in rows if row["grade"] not in (None, row["base_grade"])]
    assert any("上调一级" in row["reasons"][-1] for row in moved)


def test_apply_stores_what_can_be_graded_once(demo_copy: Path) -> None:
    before = graded(demo_copy)
    wanted = [row for row in before if row["grade"] and not row["assessed_grade"]]
    assert wanted
    told = call("--data-dir", demo_copy, "grade", "--year", "2024", "--apply")
    assert f"已写入{len(wanted)}户" in told.stdout
    after = {row["enterprise_id"]: row for row in graded(demo_copy)}
    assert all(after[row["enterprise_id"]]["assessed_grade"] == row["grade"] for row in wanted)
    untouched = [row for row in before if row["assessed_grade"]]
    assert all(after[row["enterprise_id"]]["assessed_grade"] == row["assessed_grade"] for row in untouched)
    assert "已写入0户" in call("--data-dir", demo_copy, "grade", "--year", "2024", "--apply").stdout
    with_open = open_office(demo_copy)
    try:
        with_open.undo()
        assert len(register("risk_assessments").ids(View(), with_open.today)) == len(
            [row for row in before if row["assessed_grade"]]
        ) + assessed_elsewhere(before)
    finally:
        with_open.close()


def assessed_elsewhere(rows: list[dict[str, Any]]) -> int:
    """The demo's assessments of other years and of places that are closed by now."""
    from models.rating import RiskAssessment

    here = [row["enterprise_id"] for row in rows]
    return int(
        RiskAssessment.live().where((RiskAssessment.year != 2024) | RiskAssessment.enterprise.not_in(here)).count()
    )


def test_a_bad_year_is_told(demo_folder: Path) -> None:
    to_come = call("--data-dir", demo_folder, "grade", "--year", "2025")
    assert to_come.returncode == 1
    assert "2025年还没有到" in to_come.stderr
    assert call("--data-dir", demo_folder, "grade", "--year", "24").returncode == 2
    assert call("--data-dir", demo_folder, "grade").returncode == 2
