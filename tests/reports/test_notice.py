"""The 责令改正通知书 read back from its PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdf
import pytest

from models.notice_text import NoticeText
from reports.core.errors import Cancelled, MissingGlyph
from reports.core.fonts import FontSet, Role
from reports.core.official import balanced_title
from reports.core.page import BODY_PITCH, MM, OFFICIAL
from reports.core.text import NO_START
from reports.notice import _cut, render_notices
from tests.reports.reading import Glyph, read_fonts, read_glyphs, read_pages

Make = Callable[..., NoticeText]


def lines_of(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """The glyphs line by line from the top; the boxes of one line differ by up to two points."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: -g.bottom):
        if not lines or lines[-1][0].bottom - glyph.bottom > 4:
            lines.append([])
        lines[-1].append(glyph)
    return [sorted(line, key=lambda g: g.left) for line in lines]


def words(line: list[Glyph]) -> str:
    return "".join(glyph.char for glyph in line)


def bare(text: str) -> str:
    return "".join(text.split())


def test_what_is_printed_is_what_was_written(tmp_path: Path, fonts: FontSet, make_notice: Make) -> None:
    text = make_notice()
    out = tmp_path / "n.pdf"
    assert render_notices([text], out, fonts=fonts) == 1
    printed = read_pages(out)[0]
    body = "".join((text.office, text.title, text.number, text.addressee, "：", *text.paragraphs))
    tail = "".join((*text.contact_lines, "（印章）", text.office, "2024年6月5日", text.footnote))
    assert printed.replace("—1—", "") == bare(body + tail)
    copied = pypdf.PdfReader(out).pages[0].extract_text()
    assert bare(text.paragraphs[0]) in bare(copied)


def test_sizes_and_places_are_those_of_the_form(tmp_path: Path, fonts: FontSet, make_notice: Make) -> None:
    out = tmp_path / "n.pdf"
    render_notices([make_notice()], out, fonts=fonts)
    lines = lines_of(read_glyphs(out))
    by_words = {words(line): line for line in lines}
    middle = OFFICIAL.left + OFFICIAL.text_width / 2
    for title in ("景德镇市昌江区市场监督管理局", "责令改正通知书"):
        line = next(line for line in lines if words(line) == title)
        assert {glyph.size for glyph in line} == {22.0}
        assert (line[0].left + line[-1].right) / 2 == pytest.approx(middle, abs=0.5)
    number = by_words["昌市监责改〔2024〕19号"]
    assert {glyph.size for glyph in number} == {16.0}
    assert by_words["昌江区某某中学（示例）："][0].left == pytest.approx(OFFICIAL.left, abs=0.5)
    first = next(line for line in lines if words(line).startswith("经查"))
    assert first[0].left == pytest.approx(OFFICIAL.left + 2 * BODY_PITCH, abs=0.5)
    assert all(words(line)[0] not in NO_START for line in lines if words(line) != "—1—")
    body = [glyph for line in lines for glyph in line if glyph.size == 16.0]
    assert min(glyph.left for glyph in body) >= 28 * MM - 0.5
    assert max(glyph.right for glyph in body) <= (28 + 156) * MM + 8.1


def test_signature_stands_over_the_date_four_characters_in(
    tmp_path: Path, fonts: FontSet, make_notice: Make
) -> None:
    out = tmp_path / "n.pdf"
    render_notices([make_notice()], out, fonts=fonts)
    lines = lines_of(read_glyphs(out))
    at = next(n for n, line in enumerate(lines) if words(line) == "2024年6月5日")
    day, office = lines[at], lines[at - 1]
    assert words(office) == "景德镇市昌江区市场监督管理局"
    assert day[-1].right == pytest.approx(OFFICIAL.right - 4 * BODY_PITCH, abs=0.6)
    assert (day[0].left + day[-1].right) / 2 == pytest.approx(
        (office[0].left + office[-1].right) / 2, abs=0.6
    )
    assert office[-1].right <= OFFICIAL.right + 0.5


def test_a_long_office_name_stays_inside_the_text_area(
    tmp_path: Path, fonts: FontSet, make_notice: Make
) -> None:
    name = "景德镇市昌江区市场监督管理局鲇鱼山镇丽阳镇联合市场监督管理分局"
    out = tmp_path / "n.pdf"
    render_notices([make_notice(office=name)], out, fonts=fonts)
    glyphs = read_glyphs(out)
    assert max(glyph.right for glyph in glyphs) <= OFFICIAL.right + 8.1
    assert min(glyph.left for glyph in glyphs) >= OFFICIAL.left - 0.5
    assert read_pages(out)[0].count(name) == 2


@pytest.mark.parametrize("head", [5, 6, 8])
@pytest.mark.parametrize("tail", [4, 5, 6])
def test_the_signature_is_never_alone_and_no_page_is_too_full(head: int, tail: int) -> None:
    for count in range(2, 120):
        pages = _cut(count, head, tail)
        assert [line for begin, end in pages for line in range(begin, end)] == list(range(count))
        for number, (begin, end) in enumerate(pages):
            used = end - begin + (head if number == 0 else 0) + (tail if number == len(pages) - 1 else 0)
            assert used <= 22
        assert pages[-1][1] - pages[-1][0] >= 2


def test_many_notices_in_one_file_each_count_from_one(
    tmp_path: Path, fonts: FontSet, make_notice: Make
) -> None:
    long = make_notice(
        paragraphs=tuple(f"{n}.冷藏柜内生熟食品混放，存在交叉污染的风险；" * 2 for n in range(1, 19))
    )
    texts = [make_notice(), long, make_notice(number="昌市监责改〔2024〕20号")]
    out = tmp_path / "many.pdf"
    assert render_notices(iter(texts), out, fonts=fonts) == 5
    pages = read_pages(out)
    assert [next(n for n in "123" if f"—{n}—" in page) for page in pages] == ["1", "1", "2", "3", "1"]
    reader = pypdf.PdfReader(out)
    assert [item.title.split("　")[0] for item in reader.outline] == [text.number for text in texts]
    assert [reader.get_destination_page_number(item) for item in reader.outline] == [0, 1, 4]


def test_a_draft_says_so_and_leaves_the_date_open(tmp_path: Path, fonts: FontSet, make_notice: Make) -> None:
    out = tmp_path / "d.pdf"
    render_notices([make_notice(number="", draft=True, issued_on=None)], out, fonts=fonts)
    page = read_pages(out)[0]
    assert "草稿未编号" in page
    assert "年月日" in page
    assert "2024年6月5日" not in page


def test_a_void_notice_says_why_and_keeps_its_number(
    tmp_path: Path, fonts: FontSet, make_notice: Make
) -> None:
    out = tmp_path / "v.pdf"
    render_notices([make_notice(void_reason="当事人名称录错" * 40)], out, fonts=fonts)
    page = read_pages(out)[0]
    assert "本文书已作废。原因：当事人名称录错" in page
    assert "昌市监责改〔2024〕19号" in page
    assert not [glyph for glyph in read_glyphs(out) if glyph.size == 10.5 and glyph.bottom < OFFICIAL.ceiling]


def test_the_demo_mark_is_in_the_head_margin_only_of_demo_papers(
    tmp_path: Path, fonts: FontSet, make_notice: Make
) -> None:
    out = tmp_path / "n.pdf"
    render_notices([make_notice(demo=True)], out, fonts=fonts)
    mark = [glyph for glyph in read_glyphs(out) if glyph.char in "演示" and glyph.size == 10.5]
    assert [glyph.char for glyph in mark] == ["演", "示"]
    assert all(glyph.bottom > OFFICIAL.ceiling for glyph in mark)
    render_notices([make_notice()], out, fonts=fonts)
    assert "演示" not in read_pages(out)[0]


def test_metadata_names_the_notice_and_the_office(tmp_path: Path, fonts: FontSet, make_notice: Make) -> None:
    out = tmp_path / "n.pdf"
    render_notices([make_notice()], out, fonts=fonts)
    info = pypdf.PdfReader(out).metadata
    assert info.title == "责令改正通知书 昌市监责改〔2024〕19号"
    assert info.author == "景德镇市昌江区市场监督管理局"
    assert info.subject == "当事人：昌江区某某中学（示例）"
    assert all(
        "ShianSong" in font["/BaseFont"] or "ShianHei" in font["/BaseFont"] for font in read_fonts(out)
    )


def test_a_character_no_font_has_is_named_with_its_place(
    tmp_path: Path, fonts: FontSet, make_notice: Make
) -> None:
    with pytest.raises(MissingGlyph) as caught:
        render_notices([make_notice(addressee="昌江区\U0001f35a餐馆")], tmp_path / "n.pdf", fonts=fonts)
    assert "U+1F35A" in str(caught.value)
    assert "昌市监责改〔2024〕19号" in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_work_can_be_stopped_and_tells_how_far_it_is(
    tmp_path: Path, fonts: FontSet, make_notice: Make
) -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return done < 3

    with pytest.raises(Cancelled):
        render_notices([make_notice()] * 5, tmp_path / "n.pdf", progress, fonts)
    assert told == [(1, 5), (2, 5), (3, 5)]
    assert not list(tmp_path.iterdir())


def test_a_long_title_is_cut_into_lines_of_like_length(fonts: FontSet) -> None:
    assert balanced_title(fonts, "责令改正通知书") == ("责令改正通知书",)
    lines = balanced_title(fonts, "景德镇市昌江区市场监督管理局鲇鱼山镇市场监督管理分局（示例）")
    assert len(lines) == 2
    assert abs(len(lines[0]) - len(lines[1])) <= 2
    assert fonts.glyphs(Role.TITLE)["景"] == 1.0


def test_the_words_survive_json(make_notice: Make) -> None:
    for text in (
        make_notice(),
        make_notice(issued_on=None, draft=True, number="", void_reason="错", demo=True),
    ):
        assert NoticeText.from_json(text.to_json()) == text
    later = make_notice().to_json()[:-1] + ', "new_in_a_later_version": 1}'
    assert NoticeText.from_json(later) == make_notice()
    assert make_notice(issued_on=date(2024, 6, 5)).to_json().count("2024-06-05") == 1
    with pytest.raises(ValueError):
        NoticeText.from_json("[]")
    with pytest.raises(ValueError):
        NoticeText.from_json('{"office": "局"}')
