"""Line breaking: no forbidden mark at a line's ends, no word cut, nothing lost, nothing over the measure."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.core.fonts import FontSet, Role, bundled_fonts
from reports.core.official import BODY, INDENT
from reports.core.page import BODY_PITCH, OFFICIAL
from reports.core.text import NO_END, NO_START, Line, Style, break_lines, clean, text_width

MEASURE = OFFICIAL.text_width
LIST_STYLE = Style(Role.SONG, 9.0)

han = st.text("食品安全监督管理局责令改正通知书经查你单位违反第条规定的年月日", min_size=2, max_size=12)
words = st.sampled_from(["2024", "100%", "JY33602020000190", "0798-8330000", "3.5", "A", "Excel", "12315"])
closing = st.sampled_from(
    ["，", "。", "、", "；", "：", "）", "》", "”", "。”", "）。", "……", "”，", ")", "％"]
)
opening = st.sampled_from(["（", "《", "“", "〔", "‘", "("])
pieces = st.tuples(
    han, st.one_of(st.just(""), words), st.one_of(st.just(""), closing), st.one_of(st.just(""), opening)
)
paragraphs = st.lists(pieces, min_size=1, max_size=25).map(
    lambda parts: "".join("".join(p) for p in parts) + "局"
)


def body(text: str, first: float = INDENT) -> list[Line]:
    return break_lines(text, bundled_fonts().glyphs(Role.BODY), BODY, MEASURE, first)


@settings(max_examples=300, deadline=None)
@given(paragraphs)
def test_forbidden_marks_never_stand_at_the_ends_of_a_line(text: str) -> None:
    lines = body(text)
    assert "".join(line.text for line in lines) == text
    for line in lines[1:]:
        assert line.text[0] not in NO_START
    for line in lines[:-1]:
        assert line.text[-1] not in NO_END


@settings(max_examples=200, deadline=None)
@given(paragraphs)
def test_words_and_numbers_are_not_cut_and_lines_keep_the_measure(text: str) -> None:
    glyphs = bundled_fonts().glyphs(Role.BODY)
    lines = body(text)
    for before, after in pairwise(lines):
        pair = before.text[-1] + after.text[0]
        assert not (pair.isascii() and pair.isalnum()), pair
    for line in lines:
        kerns = line.kerns or {}
        set_width = sum(16 * glyphs[char] + line.tracking for char in line.text) - sum(kerns.values())
        assert line.x + set_width <= MEASURE + 8 + 0.05  # a closing mark's blank half may stand outside


@settings(max_examples=150, deadline=None)
@given(paragraphs, st.integers(40, 200))
def test_narrow_table_cells_obey_too(text: str, measure: int) -> None:
    glyphs = bundled_fonts().glyphs(Role.SONG)
    lines = break_lines(text, glyphs, LIST_STYLE, measure, justify=False)
    assert "".join(line.text for line in lines) == text
    for line in lines:
        assert line.kerns is None
        assert text_width(line.text, glyphs, LIST_STYLE) <= measure + 0.05


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("，。（“”）—…A9 \u3000中"), min_size=1, max_size=120))
def test_any_heap_of_marks_ends_and_loses_no_ink(text: str) -> None:
    lines = body(text)
    joined = "".join(line.text for line in lines)
    assert joined.replace(" ", "").replace("\u3000", "") == text.replace(" ", "").replace("\u3000", "")


def test_a_line_of_chinese_holds_28_characters_and_a_first_line_26() -> None:
    lines = body("食" * 100)
    assert [len(line.text) for line in lines] == [26, 28, 28, 18]
    assert lines[0].x == pytest.approx(2 * BODY_PITCH)
    assert lines[1].tracking == pytest.approx(BODY.tracking)


def test_a_comma_after_a_full_line_is_drawn_in_by_squeezing() -> None:
    text = "食" * 10 + "，" + "品" * 17 + "，" + "安" * 10
    first, second = body(text, 0.0)
    assert first.text.endswith("品，")
    assert len(first.text) == 29
    assert first.kerns == {10: pytest.approx(16 * 0.5, abs=0.5)}
    assert second.text == "安" * 10


def test_without_room_the_character_before_the_comma_goes_down_with_it() -> None:
    first, second = body("食" * 28 + "，" + "安" * 10, 0.0)
    assert first.text == "食" * 27
    assert second.text == "食，" + "安" * 10
    assert first.tracking == pytest.approx(BODY.tracking + BODY_PITCH / 26)


def test_an_opening_bracket_does_not_end_a_line() -> None:
    first, second = body("食" * 27 + "（" + "安" * 5 + "）", 0.0)
    assert first.text == "食" * 27
    assert second.text == "（安安安安安）"


def test_digits_of_a_spread_line_stay_together() -> None:
    text = "经查你单位于2024年6月18日在食堂从事食品经营活动许可证" + "JY33602020000190"
    line = body(text)[0]
    assert line.kerns
    digits = [at for at in range(len(line.text) - 1) if line.text[at : at + 2].isdigit()]
    assert digits
    assert not set(digits) & set(line.kerns)


def test_a_word_longer_than_the_line_is_cut_and_dashes_stay_in_pairs() -> None:
    assert "".join(line.text for line in body("A" * 200)) == "A" * 200
    for lead in range(20, 30):
        for line in body("食" * lead + "——" + "安" * 20, 0.0):
            assert line.text.count("—") in (0, 2)


def test_a_lead_in_another_face_counts_with_its_own_widths(fonts: FontSet) -> None:
    lines = break_lines(
        "以文明餐饮为导向。",
        fonts.glyphs(Role.BODY),
        BODY,
        MEASURE,
        INDENT,
        lead="（一）开展整治。",
        lead_glyphs=fonts.glyphs(Role.KAI),
    )
    assert [line.text for line in lines] == ["（一）开展整治。以文明餐饮为导向。"]


def test_pasted_marks_without_ink_go_and_odd_blanks_become_blanks() -> None:
    assert clean("\ufeff昌江\u200b区\u00a0A\tB\u00ad\ufe0f") == "昌江区 A B"
    assert clean("昌江区　第一") == "昌江区　第一"
