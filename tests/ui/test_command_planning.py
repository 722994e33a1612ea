"""The commands plan and draw as scripts meet them, on the demo."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import subprocess
from collections import Counter
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

import app
from models.core.ledger import open_ledger
from models.core.saving import save
from models.enterprise import EnterpriseState
from models.holiday import Holiday
from models.inspection_plan import PlannedVisit
from models.organization import Officer


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


def test_the_plan_of_next_year_by_grade_days_and_officers(demo_folder: Path) -> None:
    rows = objects(demo_folder, "plan", "--year", "2025")
    by_grade = {"A": 1, "B": 1, "C": 2, "D": 3, None: 0}
    assert {row["grade"] for row in rows} >= {"A", "B", "C", None}
    officers: Counter[tuple[str, str]] = Counter()
    for row in rows:
        assert row["visits"] >= by_grade[row["grade"]]
        assert row["visits"] == by_grade[row["grade"]] or row["full"] or row["key_target"], row
        assert len(row["planned"]) == row["visits"] == len(row["planned_dates"])
        assert row["reasons"] or not row["visits"]
        for visit in row["planned"]:
            day = dt.date.fromisoformat(visit["date"])
            assert day.year == 2025
            assert day.month == visit["month"]
            assert len(set(visit["officers"])) == 2
            officers.update((name, visit["date"]) for name in visit["officers"])
    assert max(officers.values()) <= 4
    rest = {dt.date(2025, 1, 1), dt.date(2025, 1, 28), dt.date(2025, 10, 1)}
    assert not rest & {dt.date.fromisoformat(day) for _name, day in officers}
    months = Counter(day[:7] for _name, day in officers)
    assert len(months) == 12


def test_apply_stores_the_plan_and_the_command_then_reads_it(demo_copy: Path) -> None:
    before = objects(demo_copy, "plan", "--year", "2025")
    told = call("--data-dir", demo_copy, "plan", "--year", "2025", "--apply")
    assert "已写入" in told.stdout
    after = objects(demo_copy, "plan", "--year", "2025")
    assert [row["stored"] for row in after[:3]] == [True] * 3
    assert [row["planned"] for row in after] == [row["planned"] for row in before]
    assert objects(demo_copy, "list", "inspection_plans")[0]["year"] == 2025
    assert "台账中的计划" in call("--data-dir", demo_copy, "plan", "--year", "2025").stdout


def test_cancelled_visits_are_left_out_and_places_gone_are_not(demo_copy: Path) -> None:
    rows = objects(demo_copy, "plan", "--year", "2024")
    place = next(row for row in rows if len(row["planned"]) == 1 and row["planned"][0]["state"] == "open")
    closed = next(row for row in rows if row is not place and row["planned"] and row["planned"][0]["state"] == "open")
    with closing(open_ledger(demo_copy, today=dt.date(2024, 6, 30))) as ledger, ledger.write("调整") as tx:
        (visit,) = PlannedVisit.live().where(PlannedVisit.enterprise == place["enterprise_id"])
        save(tx, PlannedVisit, {"state": "cancelled", "note": "停业"}, visit, waivers=None)
        state = EnterpriseState
        (fact,) = state.live().where(state.enterprise == closed["enterprise_id"], state.as_of(tx.today))
        tx.update(fact, status="closed")
    after = {row["enterprise_id"]: row for row in objects(demo_copy, "plan", "--year", "2024")}
    assert after[place["enterprise_id"]]["planned"] == []
    gone = after[closed["enterprise_id"]]
    assert (gone["planned"], gone["visits"]) == (closed["planned"], 0)
    assert "已不在营" in gone["reasons"][0]
    told = call("--data-dir", demo_copy, "plan", "--year", "2024").stdout.splitlines()[-1]
    assert f"{sum(len(row['planned']) for row in after.values())}家次" in told


def test_officers_without_a_certificate_are_told_of(demo_copy: Path) -> None:
    line = ("draw", "--seed", "1", "--enterprises", "2", "--officers", "2")
    assert call("--data-dir", demo_copy, *line).stderr == ""
    before = objects(demo_copy, *line)[0]["officer_candidates"]
    with closing(open_ledger(demo_copy, today=dt.date(2024, 6, 30))) as ledger, ledger.write("调整") as tx:
        one = Officer.get(Officer.position == "officer", Officer.certificate != "")
        tx.update(one, certificate="")
    done = call("--data-dir", demo_copy, *line, "--json")
    assert json.loads(done.stdout)[0]["officer_candidates"] == before - 1
    for told in (done, call("--data-dir", demo_copy, "plan", "--year", "2025")):
        assert f"另有1名执法人员未列入：1人没有登记执法证号（{one.name}）" in told.stderr


def test_a_year_without_holidays_is_told_of(demo_copy: Path) -> None:
    with closing(open_ledger(demo_copy, today=dt.date(2024, 6, 30))) as ledger, ledger.write("移除") as tx:
        for row in list(Holiday.live().where(Holiday.day >= dt.date(2025, 1, 1))):
            tx.remove(row)
    done = call("--data-dir", demo_copy, "plan", "--year", "2025", "--json")
    assert "2025年的放假调休安排还没有登记" in done.stderr
    days = {day for row in json.loads(done.stdout) for day in row["planned_dates"]}
    assert not days & {"2025-01-01", "2025-05-01", "2025-05-02", "2025-10-01", "2025-10-02", "2025-10-03"}


def test_lots_are_the_same_for_everyone_with_the_same_seed(demo_folder: Path) -> None:
    line = ("draw", "--seed", "20240630", "--enterprises", "6", "--officers", "5")
    (once,), (again,) = objects(demo_folder, *line), objects(demo_folder, *line)
    assert once == again
    assert once != objects(demo_folder, "draw", "--seed", "1", "--enterprises", "6", "--officers", "5")[0]
    lots = sorted(
        (hashlib.sha256(f"20240630-E-{n}".encode()).hexdigest(), n) for n in range(1, once["candidates"] + 1)
    )
    assert [(one["lot"], one["number"]) for one in once["enterprises"]] == lots[:6]
    assert len({one["officer_id"] for one in once["officers"]}) == 5
    assert all(len(one["officers"]) >= 2 for one in once["enterprises"])


def test_a_draw_within_a_category_and_township_is_kept(demo_copy: Path) -> None:
    line = ("draw", "--seed", "甲7", "--enterprises", "2", "--officers", "2", "--category", "餐饮服务")
    told = call("--data-dir", demo_copy, *line, "--area", "新枫街道", "--apply", "--name", "示例抽取")
    assert "餐饮服务，新枫街道在营主体" in told.stdout
    assert "已留存" in told.stdout
    (kept,) = objects(demo_copy, "list", "draws", "--search", "示例抽取")
    assert kept["seed"] == "甲7"
    assert [kept[name].count("、") for name in ("enterprises", "officers")] == [1, 1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("plan", "--year", "25"), "不是年度"),
        (("plan", "--year", "2030"), "只能制定到2025年度"),
        (("draw", "--seed", "1", "--enterprises", "0", "--officers", "2"), "抽取户数"),
        (("draw", "--seed", "1", "--enterprises", "1", "--officers", "1"), "不得少于2人"),
        (("draw", "--seed", "1", "--enterprises", "1", "--officers", "2", "--category", "书店"), "没有“书店”"),
        (("draw", "--seed", "1", "--enterprises", "1", "--officers", "2", "--area", "某镇"), "没有“某镇”"),
        (("draw", "--seed", "1", "--enterprises", "1", "--officers", "2", "--on", "2030-01-01"), "晚于今天"),
    ],
)
def test_what_cannot_be_meant_is_told(demo_folder: Path, line: tuple[str, ...], words: str) -> None:
    done = call("--data-dir", demo_folder, *line)
    assert done.returncode != 0
    assert words in done.stderr
