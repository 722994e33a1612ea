"""The command line's grammar and its printing, without a ledger."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.command_line import make_parser
from ui.command_output import clip, describe_os_error, prepare_streams, print_json, print_table, text_width


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("fly", "没有 fly，可用的有："),
        ("list", "缺少参数：台账"),
        ("list notices extra", "不认识的参数：extra"),
        ("list notices --bogus", "不认识的参数：--bogus"),
        ("list notices --search", "--search：后面要跟一个值"),
        ("list notices --json=1", "--json：不接受值 '1'"),
        ("figures --from 2024-01-01", "缺少参数：--to"),
        ("figures --fro 2024-01-01 --to 2024-06-30", "缺少参数：--from"),
        ("notice -o a.pdf", "缺少参数：文号"),
        ("notice 昌市监责改〔2024〕1号", "缺少参数：-o/--output"),
        ("--temp --data-dir x list notices", "--data-dir：不能与 --temp 同时使用"),
        ("--data-dir", "--data-dir：后面要跟一个值"),
        ("restore", "缺少参数：文件"),
    ],
)
def test_wrong_usage_is_told_in_chinese(line: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        make_parser().parse_args(line.split())
    assert left.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert message in told.err
    assert told.err.startswith("用法：app.py")
    for word in ("usage", "error", "argument", "required", "expected", "invalid"):
        assert word not in told.err


@pytest.mark.parametrize(
    "line", ["--help", "list --help", "figure --help", "notice --help", "restore --help"]
)
def test_help_is_chinese(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        make_parser().parse_args(line.split())
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert "用法：app.py" in told
    assert "选项" in told
    for word in ("usage", "options", "positional", "show this"):
        assert word not in told


def test_the_parts_of_a_command_line() -> None:
    args = make_parser().parse_args(
        ["--data-dir", "d", "--today", "6/30", "notice", "A", "B", "-o", "out/n.pdf"]
    )
    assert (str(args.data_dir), args.today, args.command, args.numbers) == ("d", "6/30", "notice", ["A", "B"])
    assert args.output.name == "n.pdf"
    assert make_parser().parse_args([]).command is None


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("食安", 4), ("〔2024〕", 8), ("é", 1), ("e\u0301", 1), ("𫟦", 2)],
)
def test_text_width(text: str, width: int) -> None:
    assert text_width(text) == width


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_clipped_text_is_one_line_of_that_width(text: str, most: int) -> None:
    cut = clip(text, most)
    assert text_width(cut) <= most
    assert not any(ord(char) < 32 or ord(char) == 127 for char in cut)


def test_a_table_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["名称", "数值"], [["检查家次", "180"], ["a\nb", "7"]], [False, True])
    assert capsys.readouterr().out.splitlines() == [
        "名称      数值",
        "--------  ----",
        "检查家次   180",
        "a b          7",
    ]


def test_the_last_column_keeps_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    rule = "期内已完成的监督检查次数，" * 8
    print_table(["名称", "口径"], [["字" * 60, rule]])
    line = capsys.readouterr().out.splitlines()[2]
    assert line.endswith(rule)
    assert line.split("  ")[0].endswith("…")


def stream(encoding: str, monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    prepare_streams()
    return raw


@pytest.mark.parametrize("encoding", ["utf-8", "cp936", "ascii", "latin-1"])
def test_json_is_read_back_from_any_encoding(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = stream(encoding, monkeypatch)
    item: dict[str, Any] = {
        "name": "示例·䶮𫟦店",
        "on": dt.date(2024, 6, 5),
        "at": dt.time(9, 30),
        "score": Decimal("8.5"),
        "points": Decimal("30.00"),
        "rate": Fraction(985, 1000),
        "none": None,
    }
    print_json([item, {}])
    sys.stdout.flush()
    found = json.loads(raw.getvalue().decode("utf-8"))
    assert found[0] == {
        "name": "示例·䶮𫟦店",
        "on": "2024-06-05",
        "at": "09:30",
        "score": 8.5,
        "points": 30,
        "rate": 0.985,
        "none": None,
    }
    assert found[1] == {}


def test_no_records_are_an_empty_array(capsys: pytest.CaptureFixture[str]) -> None:
    print_json([])
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    ("encoding", "shown"), [("cp936", "食安\\U0002b7e6"), ("ascii", "食安𫟦"), ("utf-8", "食安𫟦")]
)
def test_a_console_never_fails_on_a_character(
    encoding: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = stream(encoding, monkeypatch)
    print("食安𫟦", end="")
    sys.stdout.flush()
    assert raw.getvalue().decode("cp936" if encoding == "cp936" else "utf-8") == shown


def test_file_errors_are_named_in_chinese() -> None:
    words = describe_os_error(PermissionError(13, "Permission denied", "/示例/n.pdf"))
    assert "/示例/n.pdf" in words
    assert "没有权限" in words
    assert "denied" not in words
