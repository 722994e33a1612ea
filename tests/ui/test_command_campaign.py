"""The command campaign as scripts meet it, on the demo; its sheet read back."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from models.campaign_progress import campaign_detail, progress_of
from models.core.ledger import Ledger
from tests.ui.test_command_grading import call

NAME = "校园食品安全专项提升行动"


def told(folder: Path, *more: str) -> Any:
    done = call("--data-dir", folder, "campaign", *more, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def words_of(path: Path) -> str:
    return "".join(page.extract_text() for page in PdfReader(path).pages).replace("\n", "")


def test_every_campaign_with_its_numbers(demo_folder: Path) -> None:
    rows = told(demo_folder)
    assert {"大米专项", NAME, "野生蘑菇中毒防控专项", "排查“生鲜灯”专项整治行动"} <= {row["name"] for row in rows}
    assert [row["state"] for row in rows] == sorted((r["state"] for r in rows), key=["running", "ended"].index)
    for row in rows:
        assert row["covered"] + row["remaining"] == row["targets"] > 0
        assert row["rate"] == row["covered"] / row["targets"]
        assert row["overdue"] <= row["remaining"]
    plain = call("--data-dir", demo_folder, "campaign").stdout
    assert "2024-06-30 专项20项，进行中11项" in plain
    assert re.search(r"大米专项 +已结束 +2024-03-04 +2024-06-28 +4 +4 +100.0%", plain)


def test_one_campaign_in_full_as_of_any_day(demo_folder: Path) -> None:
    now, before = told(demo_folder, NAME), told(demo_folder, NAME, "--on", "2024-04-30")
    assert now["on"] == "2024-06-30"
    assert before["targets"] == now["targets"] == 261  # frozen at the start
    assert 0 < before["covered"] < now["covered"]
    assert before["overdue"] == 0 < now["overdue"]
    assert (now["came"] > 0, now["left"] > 0, now["scope"]) == (True, True, "在营的校园及周边")
    for key, name in (("townships", "area"), ("categories", "category")):
        shares = now[key]
        assert sum(s["targets"] for s in shares) == now["targets"], name
        assert sum(s["covered"] for s in shares) == now["covered"]
        assert len({s[name] for s in shares}) == len(shares)
    assert sum(s["goal_places"] for s in now["townships"]) == now["targets"]
    assert sum(s["visits"] for s in now["townships"]) == now["visits"]
    left = now["remaining_targets"]
    assert len(left) == now["remaining"]
    assert sum(row["overdue"] for row in left) == now["overdue"]
    future = told(demo_folder, NAME, "--on", "2024-01-01")
    assert (future["state"], future["targets"]) == ("future", 0)


def test_the_plain_words_name_what_is_left(demo_folder: Path) -> None:
    done = call("--data-dir", demo_folder, "campaign", "校园食品安全专项提升")
    assert "对象261户，已检查155户，覆盖率59.3%，未检查106户，其中逾期20户" in done.stdout
    assert "尚未处理" in done.stdout
    assert done.stdout.count("逾期未检查") == 20
    assert re.search(r"西郊街道 +53 +35 +66.0%", done.stdout)


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (("校园",), 1, "不止一项专项"),
        (("山茶",), 1, "山茶油专项整治行动/2024、2023年山茶油专项整治行动/2023"),
        (("没有这项",), 1, "没有“没有这项”这项专项"),
        ((NAME, "--on", "6月31日"), 2, "--on"),
        (("-o", "x.pdf"), 2, "请写明是哪一项专项"),
        ((NAME, "-o", "x.pdf", "--json"), 2, "不能与 --json 同时使用"),
    ],
)
def test_what_cannot_be_meant_is_told(demo_folder: Path, line: tuple[str, ...], code: int, words: str) -> None:
    done = call("--data-dir", demo_folder, "campaign", *line)
    assert done.returncode == code
    assert words in done.stderr


def test_the_sheet_holds_the_numbers_with_unit_and_rule(demo_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "sheet.pdf"
    done = call("--data-dir", demo_folder, "campaign", NAME, "-o", out)
    assert done.returncode == 0, done.stderr
    now, text = told(demo_folder, NAME), words_of(out)
    pages = len(PdfReader(out).pages)
    assert f"情况汇总表，{pages}页" in done.stdout
    assert f"{NAME}专项整治情况汇总表" in text
    assert (
        f"截至6月30日，确定检查对象{now['targets']}户，已检查{now['covered']}户、覆盖率59.3%。"
        f"共开展检查{now['visits']}家次，发现隐患{now['findings']}处，已整改{now['resolved']}处、整改率94.2%，"
        f"下达责令改正通知书{now['notices']}份。任务400家次，完成44.5%。"
        f"尚有{now['remaining']}户未检查，其中{now['overdue']}户已过检查期限"
    ) in text
    assert "在营的校园及周边（在营；校园及周边）" in text
    assert "期内这项专项的检查所发现的隐患数，按检查日期计。" in text
    for row in now["remaining_targets"]:
        assert row["enterprise"][:9] in text  # a long name is wrapped
    for share in now["townships"]:
        assert share["area"] in text
    assert PdfReader(out).metadata.title == f"{NAME}专项整治情况汇总表"  # type: ignore[union-attr]


def test_sheets_of_long_names_ended_and_future_campaigns(demo_folder: Path, tmp_path: Path) -> None:
    for name, day, words in (
        ("打击野生动物违法违规交易和长江禁捕打非断链专项", "2024-06-30", "尚有41户未检查。"),
        ("大米专项/2024", "2024-06-30", "任务4家次，完成100%。"),
        ("特医食品专项", "2024-05-06", "均未检查。尚未开展检查。"),
        ("大米专项/2024", "2024-01-01", "未开始"),
    ):
        out = tmp_path / "one.pdf"
        done = call("--data-dir", demo_folder, "campaign", name, "--on", day, "-o", out)
        assert done.returncode == 0, done.stderr
        assert words in words_of(out), (name, day)


def test_the_figure_of_one_campaign_by_its_name(demo_folder: Path) -> None:
    period = ("--from", "2024-01-01", "--to", "2024-06-30")
    name = f"campaign.remaining:{NAME}"
    assert "106户" in call("--data-dir", demo_folder, "figure", name, *period).stdout.replace(" ", "")
    found = json.loads(call("--data-dir", demo_folder, "figure", name, *period, "--records", "--json").stdout)
    assert len(found) == 106
    assert {one["campaign"] for one in found} == {NAME}


def test_progress_and_detail_agree(demo_reader: Ledger) -> None:
    for day in (dt.date(2023, 5, 1), dt.date(2024, 4, 30), dt.date(2024, 6, 30)):
        for one in progress_of(day):
            detail = campaign_detail(one.id, day)
            assert detail is not None
            assert detail.progress == one
            assert sum(row.state == "covered" for row in detail.rows) == one.covered
            assert sum(row.state == "overdue" for row in detail.rows) == one.overdue
            assert sum(share.visits for share in detail.townships) == one.visits
