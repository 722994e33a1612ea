"""The written file: fonts, copied text, geometry, chunks, metadata."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pypdf
import pytest

from reports.core.book import About, Book
from reports.core.embed import to_unicode
from reports.core.errors import DocumentError, MissingGlyph
from reports.core.fonts import BUNDLED, FontSet, Role, choose_fonts
from reports.core.official import BODY, page_number
from reports.core.page import BODY_PITCH, LIST, MM, OFFICIAL
from reports.core.text import Style, break_lines
from tests.reports.reading import read_fonts, read_glyphs, read_pages

ABOUT = About("测试文书", "昌江区局", "测试", created=datetime(2024, 6, 30, 9, 0))


def write_pages(path: Path, fonts: FontSet, count: int, chunk: int = 200) -> Path:
    with Book(
        path,
        ABOUT,
        fonts,
        chunk=chunk,
        last_words=lambda pen, n, all_: pen.text(50, 20, f"第{n}页共{all_}页", Style(Role.SONG, 9)),
    ) as book:
        for number in range(1, count + 1):
            pen = book.page(OFFICIAL)
            book.bookmark(f"第{number}章", 0 if number % 2 else 1)
            pen.text(OFFICIAL.left, OFFICIAL.baseline(0, 16), f"正文{number}堃𠮷", Style(Role.KAI, 16))
    return path


def test_every_font_is_embedded_a_subset_and_shared_by_all_chunks(tmp_path: Path, fonts: FontSet) -> None:
    small = write_pages(tmp_path / "small.pdf", fonts, 2)
    large = write_pages(tmp_path / "large.pdf", fonts, 40, chunk=3)
    for path in (small, large):
        found = read_fonts(path)
        assert len(found) == 2
        for font in found:
            assert font["/Subtype"] == "/Type0"
            inner = font["/DescendantFonts"][0].get_object()
            assert inner["/FontDescriptor"]["/FontFile2"].get_object().get_data()[:4] == b"\0\1\0\0"
            assert font["/BaseFont"][7] == "+"
    assert b"Helvetica" not in large.read_bytes()
    assert large.stat().st_size < small.stat().st_size + 40 * 700


def test_chunks_join_in_order_with_page_totals_outline_and_metadata(tmp_path: Path, fonts: FontSet) -> None:
    path = write_pages(tmp_path / "book.pdf", fonts, 10, chunk=3)
    texts = read_pages(path)
    assert texts == [f"正文{n}堃𠮷第{n}页共10页" for n in range(1, 11)]
    reader = pypdf.PdfReader(path)
    assert (reader.metadata.title, reader.metadata.author, reader.metadata.subject) == (
        "测试文书",
        "昌江区局",
        "测试",
    )
    assert reader.metadata.creation_date.replace(tzinfo=None) == datetime(2024, 6, 30, 9, 0)
    assert reader.xmp_metadata.dc_title["x-default"] == "测试文书"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    top = [item for item in reader.outline if not isinstance(item, list)]
    assert [item.title for item in top] == [f"第{n}章" for n in (1, 3, 5, 7, 9)]
    assert reader.get_destination_page_number(top[3]) == 6


def test_characters_above_the_bmp_are_copied_right_by_two_readers(tmp_path: Path, fonts: FontSet) -> None:
    path = write_pages(tmp_path / "a.pdf", fonts, 1)
    assert "正文1堃𠮷" in read_pages(path)[0]
    assert "正文1堃𠮷" in pypdf.PdfReader(path).pages[0].extract_text()
    assert b"<0001> <D842DFB7>" in to_unicode(["𠮷"])


def test_the_map_to_unicode_has_at_most_100_lines_a_block() -> None:
    cmap = to_unicode([chr(0x4E00 + n) for n in range(250)]).decode()
    assert [line.split()[0] for line in cmap.splitlines() if line.endswith("beginbfchar")] == [
        "100",
        "100",
        "50",
    ]
    assert "<00FA> <4EF9>" in cmap


def test_the_official_grid_is_that_of_the_standard(tmp_path: Path, fonts: FontSet) -> None:
    lines = break_lines("食" * 28 * 22, fonts.glyphs(Role.BODY), BODY, OFFICIAL.text_width)
    with Book(tmp_path / "grid.pdf", ABOUT, fonts) as book:
        pen = book.page(OFFICIAL)
        for row, line in enumerate(lines):
            pen.line(OFFICIAL.left, OFFICIAL.baseline(row, 16), line, BODY)
        page_number(pen, OFFICIAL, 1)
    page = pypdf.PdfReader(tmp_path / "grid.pdf").pages[0]
    assert [float(v) for v in page.mediabox[2:]] == pytest.approx([210 * MM, 297 * MM], abs=0.1)
    glyphs = [glyph for glyph in read_glyphs(tmp_path / "grid.pdf") if glyph.char == "食"]
    assert {glyph.size for glyph in glyphs} == {16.0}
    lefts, bottoms = sorted({round(g.left, 1) for g in glyphs}), sorted({round(g.bottom, 1) for g in glyphs})
    assert (len(lefts), len(bottoms)) == (28, 22)
    assert lefts[0] == pytest.approx(28 * MM, abs=0.2)
    assert lefts[27] + BODY_PITCH == pytest.approx((28 + 156) * MM, abs=0.3)
    assert (bottoms[-1] - bottoms[0]) / 21 == pytest.approx(225 * MM / 22, abs=0.05)
    em_top = OFFICIAL.baseline(0, 16) + 0.88 * 16
    em_bottom = OFFICIAL.baseline(21, 16) - 0.12 * 16
    assert (297 - 37) * MM - em_top == pytest.approx(em_bottom - 35 * MM, abs=0.01)
    assert 0 < (297 - 37) * MM - em_top < 7


@pytest.mark.parametrize(("number", "side"), [(1, "right"), (2, "left"), (13, "right")])
def test_the_page_number_is_outside_and_7_mm_below(
    tmp_path: Path, fonts: FontSet, number: int, side: str
) -> None:
    with Book(tmp_path / "n.pdf", ABOUT, fonts) as book:
        page_number(book.page(OFFICIAL), OFFICIAL, number)
    glyphs = read_glyphs(tmp_path / "n.pdf")
    assert "".join(glyph.char for glyph in glyphs) == f"—{number}—"
    assert {glyph.size for glyph in glyphs} == {14.0}
    if side == "right":
        assert glyphs[-1].right == pytest.approx(OFFICIAL.right - 14, abs=0.3)
    else:
        assert glyphs[0].left == pytest.approx(OFFICIAL.left + 14, abs=0.3)
    baseline = OFFICIAL.floor - 7 * MM - 0.38 * 14
    assert glyphs[0].bottom < baseline < glyphs[0].top


def test_a_broken_run_leaves_the_old_file_and_no_scraps(tmp_path: Path, fonts: FontSet) -> None:
    out = write_pages(tmp_path / "a.pdf", fonts, 1)
    before = out.read_bytes()
    with pytest.raises(MissingGlyph), Book(out, ABOUT, fonts) as book:
        book.page(LIST).text(10, 10, "好\U0001f600", BODY)
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def test_a_folder_that_is_not_there_and_a_book_without_pages_are_said_in_chinese(
    tmp_path: Path, fonts: FontSet
) -> None:
    with pytest.raises(DocumentError, match="写不进"), Book(tmp_path / "no" / "a.pdf", ABOUT, fonts) as book:
        book.page(LIST)
    with pytest.raises(DocumentError, match="没有可以打印的内容"), Book(tmp_path / "b.pdf", ABOUT, fonts):
        pass


def test_documents_may_be_made_at_the_same_time_in_several_threads(tmp_path: Path, fonts: FontSet) -> None:
    alone = write_pages(tmp_path / "alone.pdf", fonts, 6).read_bytes()
    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(lambda n: write_pages(tmp_path / f"{n}.pdf", fonts, 6), range(8)))
    assert {path.read_bytes() for path in paths} == {alone}


def test_an_office_font_is_embedded_and_names_itself(tmp_path: Path) -> None:
    (tmp_path / "simfang.ttf").write_bytes((BUNDLED / "ShianKai-Regular.ttf").read_bytes())
    fonts = choose_fonts([tmp_path])
    with Book(tmp_path / "o.pdf", ABOUT, fonts) as book:
        book.page(OFFICIAL).text(100, 100, "欧阳犇", BODY)
    names = {font["/BaseFont"][8:] for font in read_fonts(tmp_path / "o.pdf")}
    assert names == {"ShianKai-Regular", "ShianSong-Regular"}
    assert read_pages(tmp_path / "o.pdf") == ["欧阳犇"]


def test_the_same_words_give_the_same_bytes(tmp_path: Path, fonts: FontSet) -> None:
    one = write_pages(tmp_path / "1.pdf", fonts, 5, chunk=2).read_bytes()
    assert write_pages(tmp_path / "2.pdf", fonts, 5, chunk=2).read_bytes() == one


FULL_DISK = """
import resource, sys
from pathlib import Path
from reports.core.book import About, Book
from reports.core.errors import DocumentError
from reports.core.fonts import choose_fonts
from reports.core.official import BODY
from reports.core.page import OFFICIAL
try:
    with Book(Path(sys.argv[1]), About("测试文书"), choose_fonts([])) as book:
        book.page(OFFICIAL).text(100, 100, "昌江区食品安全责令改正通知书", BODY)
        resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, 6_000))
except DocumentError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file")
def test_a_full_disk_is_said_and_does_not_end_the_process(tmp_path: Path) -> None:
    """Of its own process: an error thrown through the PDF library would end it."""
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "a.pdf")],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"写不进 {tmp_path / 'a.pdf'}：超过了允许的文件大小。请清理磁盘空间")
    assert list(tmp_path.iterdir()) == []
