"""Files of every sort and of no sort: what is read, and what is refused with which words."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from models.core.errors import FieldError
from models.core.fields import Choice, Date, Number, Text
from models.transfer import guard
from models.transfer.cells import cell_value
from models.transfer.formulas import Uncomputed
from models.transfer.guard import FileRefused
from models.transfer.reading import read_table

ROWS = [
    ["名称", "信用代码", "电话"],
    ["示例甲店", "91360202MA00000000", "0798-8331234"],
    ["示例乙店", "", "13979801234"],
]


def text_of(rows: list[list[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_csv_in_any_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(text_of(ROWS, delimiter).encode(encoding))
    table = read_table(path)
    assert table.headers == ("名称", "信用代码", "电话")
    assert table.rows[0] == ("示例甲店", "91360202MA00000000", "0798-8331234")
    assert table.rows[1][1] is None
    assert table.numbers == [2, 3]


def test_old_xls(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("名册")
    for r, row in enumerate(ROWS):
        for c, value in enumerate(row):
            page.write(r, c, value)
    page.write(3, 0, "示例丙店")
    page.write(3, 2, 13979801235)
    book.save(str(tmp_path / "名册.xls"))
    table = read_table(tmp_path / "名册.xls")
    assert table.headers == ("名称", "信用代码", "电话")
    assert table.rows[2] == ("示例丙店", None, 13979801235)


def test_title_two_row_header_blank_columns_and_total(sheet: Any) -> None:
    path = sheet(
        [
            [],
            [],
            [None, "", "编号", "有效期至", None, None],
            [None, "示例甲店", "JY1", "2027.6.5", None, "张三"],
            [],
            [None, "示例乙店", "JY2", None, None, "李四"],
            [None, "合 计", 2],
            [None, "制表：王五"],
        ],
        merge=[
            (0, 1, 0, 5, "某区食品经营单位名册"),
            (1, 1, 2, 1, "名称"),
            (1, 2, 1, 3, "许可证"),
            (1, 5, 2, 5, "负责人"),
        ],
    )
    table = read_table(path)
    assert table.headers == ("名称", "许可证/编号", "许可证/有效期至", "负责人")
    assert [row[0] for row in table.rows] == ["示例甲店", "示例乙店"]
    assert table.numbers == [4, 6]
    assert any("合计" in note for note in table.notes)


def test_two_row_header_of_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "名称,许可证,,负责人\n,编号,有效期至,\n示例甲店,JY1,2027.6.5,张三\n示例乙店,JY2,,李四\n", "utf-8"
    )
    table = read_table(path, known={"名称", "编号", "有效期至", "负责人"})
    assert table.headers == ("名称", "许可证/编号", "许可证/有效期至", "负责人")
    assert len(table.rows) == 2


def test_a_row_of_data_is_no_second_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("名称,地址,备注\n示例甲店,示例路1号,\n示例乙店,,新\n", "utf-8")
    assert len(read_table(path).rows) == 2


def test_the_total_in_the_middle_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("名称,地址\n合计,1\n示例甲店,示例路1号\n", "utf-8")
    assert [row[0] for row in read_table(path).rows] == ["合计", "示例甲店"]


def test_formulas_are_text(sheet: Any, tmp_path: Path) -> None:
    path = sheet([["名称", "备注"], ["示例甲店", "=cmd|' /C calc'!A0"]])
    assert read_table(path).rows[0][1] == "=cmd|' /C calc'!A0"
    other = tmp_path / "b.csv"
    other.write_text('名称,备注\n示例甲店,\'=1+1\n示例乙店,"=""0123"""\n', "utf-8")
    assert [row[1] for row in read_table(other).rows] == ["=1+1", "0123"]


def test_a_named_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("空")
        book.add_worksheet("一").write_row(0, 0, ["名称", "地址"])
        second = book.add_worksheet("二")
        second.write_row(0, 0, ["单位", "电话"])
        second.write_row(1, 0, ["示例", "1"])
    assert read_table(path).sheet == "一"
    assert read_table(path, "二").headers == ("单位", "电话")
    with pytest.raises(FileRefused, match="没有工作表“三”"):
        read_table(path, "三")


def test_a_merged_cell_is_said_of_all_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 1, ["名称", "乡镇街道", "备注"])
        for n in range(1, 4):
            page.write(n, 1, f"示例{n}店")
        page.merge_range(1, 2, 2, 2, "新枫街道", book.add_format({"border": 1}))
        page.merge_range(3, 1, 3, 3, "示例3店", book.add_format({"border": 1}))
    table = read_table(path)
    assert [row[1] for row in table.rows] == ["新枫街道", "新枫街道", None]
    assert table.rows[2] == ("示例3店", None, None)


def test_formulas_without_a_result_are_no_values(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("别的").write_formula(1, 1, "=1+1", None, "")
        page = book.add_worksheet("名册")
        page.write_row(0, 1, ["名称", "地址", "电话"])
        page.write_formula(1, 1, '=A1&"<店>"', None, "")
        page.write_formula(2, 2, "=1/0", None, "#DIV/0!")
        page.write_formula(2, 1, '="甲"', None, "甲")
        page.write(2, 3, "x")
        page.write(1, 3, "y")
    rows = read_table(path, "名册").rows
    assert [row[:2] for row in rows] == [("公式", None), ("甲", "#DIV/0!")]
    assert isinstance(rows[0][0], Uncomputed)
    assert not isinstance(rows[1][0], Uncomputed)
    for cell, words in ((rows[0][0], "没有算出的结果"), (rows[1][1], "#DIV/0!")):
        for field in (Text("名称"), Date("日期"), Choice("类别", (("a", "公式"),)), Number("面积")):
            with pytest.raises(FieldError, match=words):
                cell_value(field, cell, dt.date(2024, 6, 30))


@pytest.mark.parametrize("ending", [".xls", ".xlsx", ".csv", ".txt", ""])
@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_the_content_counts_not_the_ending(tmp_path: Path, ending: str, kind: str) -> None:
    path = tmp_path / f"名册{ending}"
    if kind == "xlsx":
        with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as made:
            page = made.add_worksheet()
            for r, row in enumerate(ROWS):
                page.write_row(r, 0, row)
        (tmp_path / "a.xlsx").replace(path)
    elif kind == "xls":
        book = xlwt.Workbook()
        old = book.add_sheet("名册")
        for r, row in enumerate(ROWS):
            for c, value in enumerate(row):
                old.write(r, c, value)
        book.save(str(path))
    else:
        path.write_bytes(text_of(ROWS, ";").encode("gb18030"))
    assert [row[0] for row in read_table(path).rows] == ["示例甲店", "示例乙店"]


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return path


def bomb(path: Path) -> Path:
    """A small file that unpacks to more than is allowed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(guard.MAX_UNPACKED // 2**23 + 1):
                part.write(b" " * 2**23)
    return path


def far_cell(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write(0, 0, "名称")
        page.write(1_048_575, 16_383, "x")
    return path


def encrypted(path: Path) -> Path:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le")
    )
    return path


def cut(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet().write_row(0, 0, ["名称"] * 50)
    path.write_bytes(path.read_bytes()[:-700])
    return path


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def empty_book(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet()
    return path


BAD = {
    "empty": (lambda p: written(p / "a.csv", b""), "是空的"),
    "blank": (lambda p: written(p / "a.csv", b"\r\n \r\n"), "是空的"),
    "empty workbook": (lambda p: empty_book(p / "a.xlsx"), "没有数据"),
    "encrypted": (lambda p: encrypted(p / "a.xlsx"), "打开密码"),
    "cut": (lambda p: cut(p / "a.xlsx"), "已损坏"),
    "word": (lambda p: zipped(p / "a.docx", word__document_xml=b"<x/>"), "不是 Excel 表格"),
    "broken xml": (lambda p: zipped(p / "a.xlsx", xl__workbook_xml=b"<workbook"), "已损坏"),
    "bomb": (lambda p: bomb(p / "a.xlsx"), "展开后过大"),
    "far cell": (lambda p: far_cell(p / "a.xlsx"), "使用范围"),
    "pdf": (lambda p: written(p / "a.xls", b"%PDF-1.7 ..."), "不是表格文件"),
    "html": (lambda p: written(p / "a.xls", b"<html><table></table></html>"), "网页格式"),
    "binary": (lambda p: written(p / "a.csv", bytes(range(256)) * 40), "不是表格文件"),
    "broken xls": (
        lambda p: written(p / "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 2000),
        "已损坏",
    ),
    "folder": (lambda p: p, "是文件夹"),
    "missing": (lambda p: p / "none.xlsx", "不能读取"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_in_words(tmp_path: Path, case: str) -> None:
    make, words = BAD[case]
    with pytest.raises(FileRefused) as refused:
        read_table(make(tmp_path))
    assert words in refused.value.message
    assert refused.value.advice


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(guard.MAX_BYTES + 1)
    with pytest.raises(FileRefused, match="超过100MB"):
        read_table(path)
