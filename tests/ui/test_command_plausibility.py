"""The command plausibility as scripts meet it."""

import json
from pathlib import Path
from typing import Any

from models.core.saving import save
from models.inspection import Inspection
from models.opening import open_office
from models.plausibility import open_doubts, usual_span, waive
from tests.ui.test_command_grading import call


def listed(folder: Path, *more: str) -> list[dict[str, Any]]:
    done = call("--data-dir", folder, "plausibility", "--json", *more)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_the_demo_year_is_listed(demo_folder: Path) -> None:
    found = listed(demo_folder)
    assert {one["rule"] for one in found} >= {"two_places", "rest_day"}
    assert all(one["open"] and one["reason"] is None for one in found)
    assert all("2024-01-01" <= one["date"] <= "2024-12-31" for one in found)
    may = listed(demo_folder, "--from", "2024.5.1", "--to", "2024.5.31")
    assert may == [one for one in found if "2024-05-01" <= one["date"] <= "2024-05-31"]
    told = call("--data-dir", demo_folder, "plausibility")
    assert told.returncode == 0
    assert f"待核{len(found)}条" in told.stdout
    assert "怎样改正" in told.stdout
    assert listed(demo_folder, "--from", "2023-01-01")[-1]["date"] < "2024"


def test_a_reason_is_told_and_no_longer_open(demo_copy: Path) -> None:
    ledger = open_office(demo_copy)
    [first, *_rest] = open_doubts(*usual_span(ledger.today), ledger.today)
    with ledger.write("说明") as tx:
        waive(tx, [first], "已核对")
    ledger.close()
    [kept] = [one for one in listed(demo_copy) if not one["open"]]
    assert (kept["rule"], kept["id"], kept["reason"]) == (first.code, first.record, "已核对")
    assert "已说明理由1条" in call("--data-dir", demo_copy, "plausibility").stdout


def test_what_is_no_period_is_refused(demo_folder: Path) -> None:
    for more, words in (
        (("--from", "六月"), "--from"),
        (("--to", "2024-02-30"), "--to"),
        (("--from", "2024-06-01", "--to", "2024-05-01"), "止日不能早于起日"),
    ):
        done = call("--data-dir", demo_folder, "plausibility", *more)
        assert done.returncode == 2
        assert words in done.stderr


def test_a_report_says_that_something_is_open(demo_copy: Path, tmp_path: Path) -> None:
    line = ("report", "--from", "2024-04-01", "--to", "2024-06-30", "-o", tmp_path / "报告.pdf")
    done = call("--data-dir", demo_copy, *line)
    assert done.returncode == 0
    assert "存疑" in done.stderr
    assert "plausibility" in done.stderr
    ledger = open_office(demo_copy)
    found = open_doubts(*usual_span(ledger.today), ledger.today)
    with ledger.write("说明") as tx:
        waive(tx, found, "已核对")
        keep = Inspection.get_by_id(next(one.record for one in found if one.register == "inspections"))
        save(tx, Inspection, {"situation": "补记"}, keep)
    ledger.close()
    assert "存疑" not in call("--data-dir", demo_copy, *line).stderr
