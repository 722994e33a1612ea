"""A register's printed list read back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdf
import pytest

from reports.core.errors import Cancelled, MissingGlyph
from reports.core.fonts import FontSet
from reports.core.page import LIST, MM
from reports.core.text import NO_START
from reports.register_list import ListColumn, ListData, render_list
from tests.reports.reading import read_glyphs, read_pages

COLUMNS = [
    ListColumn("序号", align="right"),
    ListColumn("名称", 2),
    ListColumn("统一社会信用代码"),
    ListColumn("地址", 2),
    ListColumn("负责人"),
]


def rows(count: int) -> Iterator[tuple[str, ...]]:
    for n in range(1, count + 1):
        yield (str(n), f"老街面馆{n}（示例）", f"91360202MA{n:08d}", f"景德镇市昌江区瓷都大道{n}号", "李喆")


def make(count: int, **changes: object) -> ListData:
    values: dict[str, object] = {
        "title": "主体名册", "office": "景德镇市昌江区市场监督管理局", "columns": COLUMNS, "rows": list(rows(count)),
        "filter_words": "业态：餐饮服务；状态：正常",
        "totals": (f"合计：{count} 户。",), "printed_on": date(2024, 6, 30),
    }  # fmt: skip
    return ListData(**(values | changes))  # type: ignore[arg-type]


def test_header_and_page_of_pages_stand_on_every_page(tmp_path: Path, fonts: FontSet) -> None:
    out = tmp_path / "l.pdf"
    pages = render_list(make(120), out, fonts=fonts)
    texts = read_pages(out)
    assert len(texts) == pages >= 4
    for number, text in enumerate(texts, start=1):
        assert "序号名称统一社会信用代码地址负责人" in text
        assert f"第{number}页/共{pages}页" in text
        assert "打印日期：2024年6月30日" in text
    assert texts[0].startswith("主体名册筛选：业态：餐饮服务；状态：正常共120条")
    assert "合计：120户。" in texts[-1]
    joined = "".join(texts)
    assert all(f"91360202MA{n:08d}" in joined for n in range(1, 121))


def test_the_page_lies_and_everything_is_inside_the_margins(tmp_path: Path, fonts: FontSet) -> None:
    out = tmp_path / "l.pdf"
    render_list(make(60), out, fonts=fonts)
    box = pypdf.PdfReader(out).pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((297 * MM, 210 * MM), abs=0.1)
    glyphs = read_glyphs(out, 1)
    assert min(glyph.left for glyph in glyphs) >= LIST.left
    assert max(glyph.right for glyph in glyphs) <= LIST.right + 0.1
    assert min(glyph.bottom for glyph in glyphs) > 5 * MM


def test_long_cells_wrap_and_codes_stay_whole(tmp_path: Path, fonts: FontSet) -> None:
    name = "景德镇市昌江区鲇鱼山镇某某某某（集团）餐饮管理有限责任公司，第一、第二、第三分店" * 4
    out = tmp_path / "l.pdf"
    render_list(make(1, rows=[("1", name, "91360202MA00000001", "瓷都大道", "欧阳犇")]), out, fonts=fonts)
    glyphs = read_glyphs(out)
    code = [glyph for glyph in glyphs if glyph.char in "9M"]
    assert len({round(glyph.bottom, 1) for glyph in code}) == 1
    edge = next(glyph.left for glyph in glyphs if glyph.char == "景" and glyph.bottom < LIST.ceiling - 70)
    starts = [glyph.char for glyph in glyphs if abs(glyph.left - edge) < 0.1]
    assert len(starts) > 2
    assert not set(starts) & NO_START


def test_a_cell_higher_than_a_page_goes_on_over_pages(tmp_path: Path, fonts: FontSet) -> None:
    note = "".join(f"第{n}次记录：食品处理区三防设施未能完全到位。" for n in range(1, 400))
    out = tmp_path / "l.pdf"
    columns = [ListColumn("序号"), ListColumn("名称", min_width=500), ListColumn("备注")]
    pages = render_list(
        make(1, columns=columns, rows=[("1", "面馆", note), ("2", "面馆", "完")]), out, fonts=fonts
    )
    joined = "".join(read_pages(out))
    assert pages > 1
    assert all(f"第{n}次记录" in joined or len(str(n)) == 3 for n in range(1, 400, 50))
    assert joined.count("。") >= 399
    assert "完" in joined


def test_an_empty_list_says_so(tmp_path: Path, fonts: FontSet) -> None:
    out = tmp_path / "l.pdf"
    assert render_list(make(0, filter_words=""), out, fonts=fonts) == 1
    assert "没有符合条件的记录。" in read_pages(out)[0]
    assert "范围：全部" in read_pages(out)[0]


def test_rows_may_stream_in_many_and_be_stopped(tmp_path: Path, fonts: FontSet) -> None:
    out = tmp_path / "l.pdf"
    told: list[int] = []
    pages = render_list(make(0, rows=rows(3000)), out, lambda done, _: bool(told.append(done)) or True, fonts)
    texts = read_pages(out)
    assert told == [*range(200, 3001, 200), 3000]
    assert f"第{pages}页/共{pages}页" in texts[-1]
    assert "老街面馆3000（示例）" in texts[-1]
    out.unlink()
    with pytest.raises(Cancelled):
        render_list(make(500), out, lambda done, _: done < 400, fonts)
    assert not list(tmp_path.iterdir())


def test_a_missing_glyph_names_the_column(tmp_path: Path, fonts: FontSet) -> None:
    with pytest.raises(MissingGlyph, match="“负责人”一栏"):
        render_list(
            make(1, rows=[("1", "面馆", "9136", "路", "张\U0001f35a")]), tmp_path / "l.pdf", fonts=fonts
        )
