"""Whatever bytes come: a table or a refusal in Chinese words, never another error."""

from __future__ import annotations

import csv
import io
import string
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.core.ledger import Ledger
from models.core.register import register
from models.transfer.export import harmless
from models.transfer.guard import FileRefused
from models.transfer.mapping import known_headers, match_headers
from models.transfer.reading import RawTable, read_table
from models.transfer.text_tables import find_delimiter, read_text

MANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
SIGNS = st.text(st.sampled_from(string.printable + "，、；示例店甲乙\u3000\ufeff"), max_size=200)


def tried(path: Path) -> RawTable | None:
    """The table, None where it is refused; the refusal is Chinese and says what to do."""
    try:
        table = read_table(path, known={"名称", "地址"})
    except FileRefused as error:
        refused = error
    else:
        return checked(table)
    assert any("\u4e00" <= c <= "\u9fff" for c in refused.message)
    assert refused.advice
    return None


def checked(table: RawTable) -> RawTable:
    """The table, whose parts must fit each other."""
    assert len(table.rows) == len(table.numbers)
    assert {len(row) for row in table.rows} <= {len(table.headers)}
    assert table.numbers == sorted(set(table.numbers))
    return table


def book_bytes(kind: str) -> bytes:
    """A small workbook with a formula, a merged cell and a date."""
    out = io.BytesIO()
    if kind == "xlsx":
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            page = book.add_worksheet("名册")
            page.write_row(0, 0, ["名称", "地址", "备注"])
            page.write_row(1, 0, ["示例甲店", "示例路1号"])
            page.write_formula(1, 2, "=A2", None, "")
            page.merge_range(2, 0, 4, 0, "示例乙店", book.add_format({"border": 1}))
    else:
        old = xlwt.Workbook()
        page = old.add_sheet("名册")
        for r, row in enumerate((["名称", "地址"], ["示例甲店", "示例路1号"], ["示例乙店", ""])):
            for c, value in enumerate(row):
                page.write(r, c, value)
        old.save(out)
    return out.getvalue()


HEADS = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xef\xbb\xbf"]
WHOLE = {kind: book_bytes(kind) for kind in ("xlsx", "xls")}


@MANY
@given(st.binary(max_size=300), st.sampled_from(HEADS))
def test_any_bytes(tmp_path: Path, data: bytes, head: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(head + data)
    tried(path)


@MANY
@pytest.mark.parametrize("kind", WHOLE)
@given(data=st.data())
def test_a_cut_or_damaged_workbook(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    whole = bytearray(WHOLE[kind])
    path = tmp_path / f"a.{kind}"
    if data.draw(st.booleans()):
        whole = whole[: data.draw(st.integers(1, len(whole) - 1))]
    for _ in range(data.draw(st.integers(0, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole)
    tried(path)


@MANY
@given(SIGNS, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_any_text(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    tried(path)
    assert len(find_delimiter(text)) == 1


@MANY
@given(st.lists(st.text(st.sampled_from("=+-@'\t\r\"甲1 "), max_size=6), min_size=1, max_size=4))
def test_a_guarded_text_is_harmless_and_comes_back(tmp_path: Path, texts: list[str]) -> None:
    """No cell begins with what a spreadsheet takes for a formula; reading takes the guard off again."""
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerows([["首", *("列" for _ in texts), "末"]] * 3)
        out.writerow(["首", *map(harmless, texts), "末"])
    cells = read_text(path)[-1]
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert not any(c.startswith(("=", "+", "-", "@", "\t", "\r")) for c in list(csv.reader(file))[-1])
    assert [c or "" for c in cells[1:-1]] == texts


@MANY
@given(headers=st.lists(TEXT, min_size=1, max_size=12))
def test_any_headers_are_matched_once_at_most(ledger: Ledger, headers: list[str]) -> None:
    enterprises = register("enterprises")
    found = match_headers(enterprises, headers)
    paths = [m.path for m in found.matched]
    assert len(paths) == len(set(paths))
    assert [m.header for m in found.columns] == headers
    assert set(paths) <= found.targets.keys()
    assert "主体名称" in known_headers(enterprises)
