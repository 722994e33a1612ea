"""Official papers of blocks, read back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdf
import pytest

from reports.core.document import (
    Appendix,
    Block,
    Closing,
    Heading,
    OfficialText,
    Paragraph,
    Table,
    official_bytes,
    render_official,
)
from reports.core.fonts import FontSet
from reports.core.page import BODY_PITCH, MM, OFFICIAL
from reports.core.tables import Column
from tests.reports.reading import read_glyphs, read_pages

TITLE = ("昌江区2024年上半年食品生产经营", "监督检查情况")
LONG = "按照“包保企业全覆盖，主体责任全落实”的工作目标，建立了区、乡镇（街道）、村（社区）三级包保体系。" * 3


def make(blocks: list[Block], *appendices: Appendix) -> OfficialText:
    return OfficialText(TITLE, blocks, "昌江区市场监督管理局", "半年报告", appendices)


def test_title_headings_and_text_stand_in_their_sizes_and_faces(tmp_path: Path, fonts: FontSet) -> None:
    out = tmp_path / "r.pdf"
    blocks: list[Block] = [
        Paragraph(LONG), Heading(1, "一、落实责任"), Heading(2, "（一）整治堃"), Paragraph("正文一。"),
        Paragraph("已检查180家次。", "（二）开展提升行动。"), Heading(3, "1.三级"), Heading(4, "（1）四级"),
        Paragraph("特此报告。"),
    ]  # fmt: skip
    assert render_official(make(blocks), out, fonts) == 1
    page = read_pages(out)[0]
    words = "".join(
        (
            *TITLE,
            LONG,
            "一、落实责任（一）整治堃正文一。（二）开展提升行动。已检查180家次。1.三级（1）四级特此报告。",
        )
    )
    assert page == words + "—1—"
    glyphs = read_glyphs(out)
    title = glyphs[: len(TITLE[0])]
    assert {glyph.size for glyph in title} == {22.0}
    assert (title[0].left + title[-1].right) / 2 == pytest.approx(
        OFFICIAL.left + OFFICIAL.text_width / 2, abs=0.6
    )
    heading = next(n for n, g in enumerate(glyphs) if g.char == "一" and glyphs[n + 1].char == "、")
    assert glyphs[heading].left == pytest.approx(OFFICIAL.left + 2 * BODY_PITCH, abs=0.5)
    used = {font["/BaseFont"][8:] for font in pypdf.PdfReader(out).pages[0]["/Resources"]["/Font"].values()}
    assert used == {"ShianSong-Regular", "ShianSong-Bold", "ShianHei-Regular", "ShianKai-Regular"}
    outline = pypdf.PdfReader(out).outline
    assert outline[0].title == "一、落实责任"
    assert [item.title for item in outline[1]] == ["（一）整治堃", "（二）开展提升行动"]


def test_a_heading_never_ends_a_page_and_a_closing_is_never_alone(tmp_path: Path, fonts: FontSet) -> None:
    out = tmp_path / "r.pdf"
    for count in range(10, 22):
        blocks: list[Block] = [Paragraph("短。")] * count
        render_official(make([*blocks, Heading(1, "一、标题"), Paragraph("下文。")]), out, fonts)
        last = read_pages(out)[-1]
        assert "标题下文。" in last
        closing = Closing("昌江区市场监督管理局", date(2024, 7, 5))
        render_official(make([*blocks, Paragraph(LONG), closing]), out, fonts)
        last = read_pages(out)[-1]
        assert "2024年7月5日" in last
        assert len(last.split("（印章）")[0]) > 28


def test_tables_lie_in_the_appendix_with_a_repeated_header(tmp_path: Path, fonts: FontSet) -> None:
    columns = [
        Column("序号", align="centre"),
        Column("指标"),
        Column("数值", align="right"),
        Column("口径", 2),
    ]
    rule = "统计期内已完成（非草稿）的监督检查，对象为学校、幼儿园食堂及重点区域为“校园周边”的经营者；按检查日期计。"
    table = Table(columns, [(str(n), "检查家次", f"{n * 100}", rule) for n in range(1, 41)], "数据口径表")
    text = make([Paragraph("正文。"), table], Appendix("附件1", ("数据口径表",), [table], landscape=True))
    out = tmp_path / "r.pdf"
    pages = render_official(text, out, fonts)
    texts = read_pages(out)
    sizes = [float(page.mediabox.width) > float(page.mediabox.height) for page in pypdf.PdfReader(out).pages]
    assert True in sizes
    assert sizes == sorted(sizes)
    assert all("序号指标数值口径" in page for page in texts)
    assert all(f"—{n}—" in page for n, page in enumerate(texts, start=1))
    assert pages == len(texts)
    for wide in (False, True):
        part = "".join(page for page, lies in zip(texts, sizes) if lies is wide)
        assert part.count("检查家次") == 40
    lying = read_glyphs(out, sizes.index(True))
    assert max(glyph.right for glyph in lying) <= (35 + 225) * MM + 1
    assert min(glyph.left for glyph in lying) >= 35 * MM - 1
    assert "附件1数据口径表" in texts[sizes.index(True)]


def test_the_bytes_of_a_preview_are_a_pdf(fonts: FontSet) -> None:
    assert official_bytes(make([Paragraph("正文。")]), fonts).startswith(b"%PDF-")
