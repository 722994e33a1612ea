"""The seed of legal bases: complete, dated, and citing only what is in force."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from models.enterprise import CATEGORIES
from models.rules.legal import (
    GROUPS,
    LegalBasis,
    bases_for,
    cited_titles,
    groups_of,
    load_laws,
    load_legal_bases,
    outdated_citations,
)

ROWS, LAWS = load_legal_bases(), load_laws()


def test_codes_are_unique_and_rows_complete() -> None:
    assert len({row.code for row in ROWS}) == len(ROWS) >= 40
    for row in ROWS:
        assert row.topic
        assert row.wording
        assert row.source_note
        assert row.applies_to
        assert row.applies_to <= GROUPS
        assert row.valid_to is None or row.valid_to > row.valid_from
        assert not row.wording.endswith("。")
        assert row.consequence or row.source_note.startswith("待核") or "待核" in row.source_note


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_every_citation_is_a_listed_law_in_force_while_the_row_is(row: LegalBasis) -> None:
    text = row.violates + row.basis + row.consequence
    assert set(cited_titles(text)) <= {law.title for law in LAWS}
    for day in (row.valid_from, row.valid_to or date(2026, 12, 31)):
        assert outdated_citations(text, day, LAWS) == []


def test_a_verified_row_names_its_articles() -> None:
    for row in ROWS:
        if not row.needs_checking:
            assert re.search(r"第[一二三四五六七八九十百零]+条", row.violates), row.code
            assert re.search(r"第[一二三四五六七八九十百零]+条", row.basis), row.code


def test_order_60_ends_where_its_successors_begin() -> None:
    before = {row.code for row in bases_for(ROWS, date(2025, 4, 14), "catering")}
    after = {row.code for row in bases_for(ROWS, date(2025, 4, 15), "catering")}
    assert "risk_control_order60" in before - after
    assert "risk_control_2025" in after - before
    message = outdated_citations("《企业落实食品安全主体责任监督管理规定》第十条", date(2025, 4, 15), LAWS)
    assert message == [
        "《企业落实食品安全主体责任监督管理规定》在2025年4月15日不是有效的依据：请改引当时有效的规定"
    ]


def test_every_category_of_the_ledger_has_bases() -> None:
    for category, _ in CATEGORIES:
        assert groups_of(category), category
        assert len(bases_for(ROWS, date(2024, 6, 5), category)) >= 10, category


def test_categories_see_their_own() -> None:
    rice = {row.code for row in bases_for(ROWS, date(2024, 6, 5), "production")}
    canteen = {row.code for row in bases_for(ROWS, date(2024, 6, 5), "school_canteen")}
    assert {"product_test", "release_record", "material_record"} <= rice
    assert {"sample_retention", "tableware", "health_certificate"} <= canteen
    assert "sample_retention" not in rice
    assert "product_test" not in canteen
    assert {row.code for row in bases_for(ROWS, date(2024, 6, 5))} >= rice | canteen


def test_small_operators_get_no_penalty_of_the_national_law() -> None:
    rows = bases_for(ROWS, date(2024, 6, 5), "small_eatery")
    assert {"tableware", "health_certificate", "small_operator"} <= {row.code for row in rows}
    assert not {"permit_missing", "permit_display_2023"} & {row.code for row in rows}
    for row in rows:
        assert row.basis == "《中华人民共和国行政处罚法》第二十八条第一款"
        assert row.consequence == ""
        assert row.needs_checking


def test_before_the_penalty_law_of_2021_nothing_is_offered() -> None:
    assert bases_for(ROWS, date(2021, 7, 15) - timedelta(days=1)) == ()


def test_an_office_file_is_read_the_same_way(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(
        "\ufeffcode,topic,applies_to,wording,violates,basis,consequence,valid_from,valid_to,source_note\n"
        "x,公示,sale catering,未公示,《甲》第一条,《乙》第二条,,2024-01-01,2024-12-31,自拟\n",
        encoding="utf-8",
    )
    (row,) = load_legal_bases(own)
    assert row.applies_to == {"sale", "catering"}
    assert bases_for([row], date(2025, 1, 1)) == ()
    own.write_text(own.read_text(encoding="utf-8").replace("2024-01-01", ""), encoding="utf-8")
    with pytest.raises(ValueError, match="起始日期"):
        load_legal_bases(own)
