"""The papers of 包保责任 read back: officials with 1, 30 and 300 enterprises, text and geometry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from models.core.errors import NotFound
from models.core.ledger import Ledger
from models.enterprise import Enterprise
from models.handing_over import hand_over, propose_handover
from models.opening import open_office
from models.responsibility_scope import Whose, find_area, find_official, of_all, of_area, of_officials
from models.settings import change_settings
from reports.core.errors import Cancelled
from reports.core.page import LIST, MM, OFFICIAL
from reports.core.text import NO_START
from reports.responsibility_board import BOARD
from reports.responsibility_file import KINDS, write_boards, write_papers
from tests.reports.reading import read_fonts, read_glyphs, read_pages
from tests.reports.responsibility_ledger import fill_officials, place_name

TODAY = dt.date(2026, 11, 23)
COUNTS = (1, 30, 300)
HEAD = {
    "responsibility": "序号包保层级主体名称",
    "task": "序号类别督导内容",
    "oversight": "序号主体名称包保层级",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ledger, dict[int, int]]]:
    ledger = open_office(tmp_path_factory.mktemp("papers") / "office", today=TODAY)
    yield ledger, fill_officials(ledger, COUNTS)
    ledger.close()


def whose(filled: tuple[Ledger, dict[int, int]], count: int) -> Whose:
    return of_officials([filled[1][count]], TODAY)


def outline(path: Path) -> list[object]:
    def titles(items: list[object]) -> list[object]:
        return [titles(one) if isinstance(one, list) else one.title for one in items]  # type: ignore[attr-defined]

    return titles(list(pypdf.PdfReader(path).outline))


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("kind", ["responsibility", "task", "oversight"])
def test_a_list_names_every_enterprise_once_inside_the_margins(
    filled: tuple[Ledger, dict[int, int]], tmp_path: Path, kind: str, count: int
) -> None:
    out = tmp_path / "p.pdf"
    found = write_papers(kind, whose(filled, count), TODAY, out)
    pages = read_pages(out)
    text = "".join(pages)
    assert found.pages == len(pages)
    assert found.papers == 1
    for number in range(1, count + 1):
        name = place_name(f"示例干部{count}", number)
        assert text.count(name) == 1 or _wrapped(text, name), name
    assert "None" not in text
    assert "食安委发〔2022〕6号" in text
    assert f"合计：包保{count}户" in text
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页/共{len(pages)}页" in page
        if kind != "task":
            assert HEAD[kind] in page or (kind == "oversight" and number == 1)
    for page in {0, len(pages) // 2, len(pages) - 1}:
        glyphs = read_glyphs(out, page)
        assert min(glyph.left for glyph in glyphs) >= LIST.left - 0.1
        assert max(glyph.right for glyph in glyphs) <= LIST.right + 0.1
        assert max(glyph.top for glyph in glyphs) <= LIST.ceiling + 0.5
        assert min(glyph.bottom for glyph in glyphs) > LIST.floor - 12 * MM
    assert outline(out) == [f"示例干部{count}"]


def _wrapped(text: str, name: str) -> bool:
    """A long name in a narrow cell is copied in pieces between those of other cells: its tail stands there once."""
    return len(name) > 30 and text.count(name[-4:]) >= 1


def test_a_list_for_300_breaks_no_code_and_no_rule_of_punctuation(
    filled: tuple[Ledger, dict[int, int]], tmp_path: Path
) -> None:
    out = tmp_path / "p.pdf"
    write_papers("responsibility", whose(filled, 300), TODAY, out)
    pages = read_pages(out)
    text = "".join(pages)
    assert sum(page.count("序号包保层级主体名称统一社会信用代码") for page in pages) == len(pages)
    assert text.count("JY2360202") == 300 - 300 // 7
    assert text.count("2026-01-01") == 300
    glyphs = read_glyphs(out)
    for char in "景西":  # names begin with the one, addresses with the other
        left = next(
            glyph.left for glyph in glyphs if glyph.char == char and glyph.bottom < LIST.ceiling - 110
        )
        starts = [glyph.char for glyph in glyphs if abs(glyph.left - left) < 0.1]
        assert len(starts) > 3
        assert not set(starts) & NO_START


@pytest.mark.parametrize("count", COUNTS)
def test_tasks_for_many_stay_readable_and_name_them_in_an_annex(
    filled: tuple[Ledger, dict[int, int]], tmp_path: Path, count: int
) -> None:
    out = tmp_path / "p.pdf"
    assert write_papers("task", whose(filled, count), TODAY, out).papers == 1
    pages = read_pages(out)
    text = "".join(pages)
    assert HEAD["task"] in pages[0]
    assert text.count("包保干部（签字）") == 1
    assert ("名单见附表" in text) == (count == 300)
    if count == 300:
        first = next(at for at, page in enumerate(pages) if "任务清单附表" in page)
        assert "包保干部（签字）" in pages[first - 1]
        assert not any("小馆" in page for page in pages[:first])
        assert all("序号主体名称序号主体名称序号主体名称" in page for page in pages[first:])
        assert "小馆、" not in text
    found = write_papers("task", of_all(TODAY), TODAY, out)
    assert found.papers == len(COUNTS)
    assert outline(out) == ["西郊街道", ["示例干部1", "示例干部30", "示例干部300"]]


def test_fonts_are_embedded(filled: tuple[Ledger, dict[int, int]], tmp_path: Path) -> None:
    for kind in ("responsibility", "commitment", "board"):
        out = tmp_path / f"{kind}.pdf"
        write_papers(kind, whose(filled, 1), TODAY, out)
        for font in read_fonts(out):
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


@pytest.mark.parametrize("count", COUNTS)
def test_a_letter_is_signed_at_its_end_and_names_its_enterprises(
    filled: tuple[Ledger, dict[int, int]], tmp_path: Path, count: int
) -> None:
    out = tmp_path / "l.pdf"
    write_papers("commitment", whose(filled, count), TODAY, out)
    pages = read_pages(out)
    text = "".join(pages)
    assert "食品安全责任与任务承诺书（乡镇街道级）" in pages[0]
    assert f"现有{count}户" in text
    assert text.count("承诺人（签字）：") == 1
    assert "至少到每户督导一次" in text
    assert "从业人员健康证明在有效期内" in text
    assert ("附件" in text) == (count > 5)
    assert "None" not in text
    for number, page in enumerate(pages, start=1):
        assert f"—{number}—" in page
    for page in range(min(3, len(pages))):
        body = [glyph for glyph in read_glyphs(out, page) if glyph.bottom > OFFICIAL.floor - 5]
        assert min(glyph.left for glyph in body) >= OFFICIAL.left - 0.1
        assert max(glyph.right for glyph in body) <= OFFICIAL.right + 8.5  # a closing mark's blank half
    numbers = [n for n in range(1, count + 1) if n % 11]
    assert all(place_name(f"示例干部{count}", number) in text for number in numbers)


def test_missing_facts_are_lines_to_fill_in(filled: tuple[Ledger, dict[int, int]], tmp_path: Path) -> None:
    out = tmp_path / "l.pdf"
    write_papers("commitment", whose(filled, 1), TODAY, out)
    assert "现任某某镇人民政府____________，联系电话____________" in read_pages(out)[0]


@pytest.mark.parametrize("count", COUNTS)
def test_boards_have_a_page_each(filled: tuple[Ledger, dict[int, int]], tmp_path: Path, count: int) -> None:
    out = tmp_path / "b.pdf"
    found = write_papers("board", whose(filled, count), TODAY, out)
    pages = read_pages(out)
    assert found.papers == found.pages == len(pages) == count
    text = "".join(pages)
    for number in range(1, count + 1):
        assert text.count(place_name(f"示例干部{count}", number)) == 1
    assert all("食品安全包保责任公示牌" in page and "监督举报电话：12315" in page for page in pages)
    if count > 1:
        assert all("13000000001" in page for page in pages)
    for page in range(min(12, count)):
        glyphs = read_glyphs(out, page)
        assert min(glyph.left for glyph in glyphs) > BOARD.left
        assert max(glyph.right for glyph in glyphs) < BOARD.right
        assert min(glyph.bottom for glyph in glyphs) > BOARD.floor - 4


def test_an_area_and_the_district_group_their_officials(
    filled: tuple[Ledger, dict[int, int]], tmp_path: Path
) -> None:
    out = tmp_path / "a.pdf"
    for one in (of_all(TODAY), of_area(find_area("西郊街道"), TODAY)):
        found = write_papers("responsibility", one, TODAY, out)
        assert found.papers == len(COUNTS)
        town, officials, summary = outline(out)
        assert town == "西郊街道"
        assert officials == ["示例干部1", "示例干部30", "示例干部300"]
        assert summary == "汇总"
        assert "合计：包保干部3人，包保主体331户。" in read_pages(out)[-1]
    found = write_papers("commitment", one, TODAY, out)
    assert found.papers == len(COUNTS)
    assert [page[-3:] for page in read_pages(out)].count("—1—") == 3


def test_nothing_to_print_says_what_to_do(filled: tuple[Ledger, dict[int, int]], tmp_path: Path) -> None:
    out = tmp_path / "n.pdf"
    for kind in KINDS:
        with pytest.raises(NotFound, match="没有"):
            write_papers(kind, of_area(find_area("荷塘乡"), TODAY), TODAY, out)
    with pytest.raises(NotFound):
        write_papers("responsibility", whose(filled, 30), dt.date(2025, 6, 1), out)
    with pytest.raises(NotFound):
        write_boards([], TODAY, out)
    assert not out.exists()


def test_cancelling_leaves_no_file(filled: tuple[Ledger, dict[int, int]], tmp_path: Path) -> None:
    out = tmp_path / "c.pdf"
    for kind in ("responsibility", "commitment", "board"):
        with pytest.raises(Cancelled):
            write_papers(kind, whose(filled, 30), TODAY, out, progress=lambda done, total: False)
    assert not out.exists()


def test_names_that_fit_nobody_or_several_list_the_candidates(filled: tuple[Ledger, dict[int, int]]) -> None:
    assert find_official("示例干部30", TODAY) == filled[1][30]
    assert find_official("西郊街道/示例干部300", TODAY) == filled[1][300]
    with pytest.raises(NotFound, match=r"示例干部30（.*示例干部300（"):
        find_official("示例", TODAY)
    with pytest.raises(NotFound, match="西郊街道"):
        find_area("西郊")
    with pytest.raises(NotFound, match="荷塘乡"):
        find_area("没有的乡")


def test_a_handover_prints_its_sheet_and_the_basis_is_the_office_s(tmp_path: Path) -> None:
    ledger = open_office(tmp_path / "office", today=TODAY)
    ids = fill_officials(ledger, (2, 30))
    with ledger.write("交接") as tx:
        proposal = propose_handover(ids[30], TODAY)
        hand_over(tx, ids[30], TODAY, proposal.choices, reason="工作调动")
        change_settings(tx, {"assignment_basis": "示例文件〔2026〕1号"})
    out = tmp_path / "h.pdf"
    for one in (of_officials([ids[30]], TODAY), of_all(TODAY), of_area(find_area("西郊街道"), TODAY)):
        found = write_papers("handover", one, TODAY, out)
        text = "".join(read_pages(out))
        assert found.papers == 1
        assert "合计：交接30户，已落实接任干部30户，暂缺0户。" in text
        assert "交接原因：工作调动" in text
        assert "接收人示例干部2（签字）：" in text
        assert "示例文件〔2026〕1号" in text
        assert all(f"示例干部30{n:03d}号小馆" in text for n in range(1, 31) if n % 11)
    with pytest.raises(NotFound):
        write_papers("handover", of_all(TODAY), TODAY, out, until=dt.date(2026, 11, 22))
    assert Enterprise.live().count() == 32
    ledger.close()
