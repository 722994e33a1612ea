"""Document numbers and their series."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import numbering
from models.rules.numbering import DocumentNumber, NumberSeries, format_number, parse_number

SERIES = NumberSeries("昌市监责改", 2024, 19)


def test_printed_form() -> None:
    assert format_number("昌市监责改", 2024, 19) == "昌市监责改〔2024〕19号"
    assert str(DocumentNumber("昌市监责改", 2024, 9)) == "昌市监责改〔2024〕9号"


@pytest.mark.parametrize(
    "text",
    [
        "昌市监责改〔2024〕19号", "昌市监责改[2024]19号", "昌市监责改（2024）19号", "昌市监责改【2024】第19号",
        "昌市监责改［２０２４］１９号", " 昌市监责改 (2024) 019 号", "昌市监责改〔2024〕19",
    ],
)  # fmt: skip
def test_numbers_are_read_with_any_bracket(text: str) -> None:
    assert parse_number(text) == ("昌市监责改", 2024, 19)


def test_a_branch_in_the_prefix_keeps_its_own_brackets() -> None:
    found = parse_number("昌市监（新枫）责改〔2024〕3号")
    assert found == ("昌市监（新枫）责改", 2024, 3)
    assert numbering.series_key(found.prefix) == numbering.series_key("昌市监(新枫) 责改")


@pytest.mark.parametrize(
    "text", ["", "19号", "昌市监责改2024年19号", "〔2024〕19号", "昌市监责改〔24〕19号", "昌市监责改〔2024〕0号",
             "昌市监责改〔2024〕1234567号"],
)  # fmt: skip
def test_unreadable_numbers_are_refused_in_chinese(text: str) -> None:
    with pytest.raises(ValueError, match="文号"):
        parse_number(text)


@given(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=8),
    st.integers(1990, 2100),
    st.integers(1, numbering.MAX_SERIAL),
)
def test_what_is_printed_is_read_back(prefix: str, year: int, serial: int) -> None:
    assert parse_number(format_number(prefix, year, serial)) == (prefix, year, serial)


@given(st.text(alphabet="昌市监〔〕[]()0123456789号第 ", max_size=16))
def test_any_text_is_a_number_or_a_message(text: str) -> None:
    try:
        printed = str(parse_number(text))
    except ValueError as error:
        printed = str(error)
    assert printed.startswith("文号“") or str(parse_number(printed)) == printed


@given(st.lists(st.tuples(st.sampled_from([2024, 2025, 2026]), st.sampled_from(["allot", "void"])), max_size=60))
def test_no_gap_and_no_duplicate_whatever_is_allotted_and_voided(steps: list[tuple[int, str]]) -> None:
    used: dict[int, list[int]] = {}
    void: set[tuple[int, int]] = set()
    for year, step in steps:
        serials = used.setdefault(year, [])
        if step == "allot":
            serials.append(SERIES.next_number(year, serials).serial)
        elif serials:
            void.add((year, serials[-1]))
    for year, serials in used.items():
        first = 19 if year == 2024 else 1
        assert serials == list(range(first, first + len(serials)))
        assert SERIES.audit(year, serials) == []
        assert all(serial in used[voided_year] for voided_year, serial in void)


def test_the_first_serial_holds_in_the_first_year_only() -> None:
    assert str(SERIES.next_number(2024, [])) == "昌市监责改〔2024〕19号"
    assert str(SERIES.next_number(2025, [])) == "昌市监责改〔2025〕1号"
    with pytest.raises(ValueError, match="自2024年起"):
        SERIES.next_number(2023, [])


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(1, 10))
def test_gaps_duplicates_and_next(used: list[int], first: int) -> None:
    missing = numbering.gaps(used, first)
    assert not set(missing) & set(used)
    if used and max(used) >= first:
        assert set(missing) | set(used) >= set(range(first, max(used) + 1))
    assert all(used.count(serial) > 1 for serial in numbering.duplicates(used))
    following = numbering.next_serial(used, first)
    assert following >= first
    assert all(following > serial for serial in used)


def test_the_audit_names_gaps_and_duplicates() -> None:
    found = SERIES.audit(2025, [1, 2, 2, 4, 8])
    assert [(remark.severity, remark.rule) for remark in found] == [
        ("error", "number_gap"), ("error", "number_duplicate"),
    ]  # fmt: skip
    assert "昌市监责改〔2025〕缺3、5—7号" in found[0].message
    assert "2号重复" in found[1].message


def test_a_series_that_cannot_be_is_refused() -> None:
    for prefix, serial in (("", 1), ("昌市监责改〔2024〕", 1), ("昌市监责改", 0)):
        with pytest.raises(ValueError, match=r"机关代字|起始顺序号"):
            NumberSeries(prefix, 2024, serial)
    with pytest.raises(ValueError, match="已用到"):
        SERIES.next_number(2025, [numbering.MAX_SERIAL])
