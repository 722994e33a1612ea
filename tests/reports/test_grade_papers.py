"""The papers of grading read back: the determination form, the yearly form, the posted card, on the demo."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from models.annual_rating import AnnualRating
from models.annual_round import annual_round, apply_annual
from models.core.errors import NotFound
from models.core.ledger import Ledger
from models.grade_condition import AdjustmentRule
from models.rating import HygieneRating, RiskAssessment
from reports.grade_file import write_grade_papers
from tests.reports.reading import read_pages


def test_a_form_says_scores_grades_and_the_conditions_met(demo_reader: Ledger, tmp_path: Path) -> None:
    kept = RiskAssessment.live().where(RiskAssessment.detail != "", RiskAssessment.grade > RiskAssessment.base_grade)
    typed = RiskAssessment.live().where(RiskAssessment.detail == "").first()
    one = kept.first()
    out = tmp_path / "form.pdf"
    assert write_grade_papers("risk", [one.id, typed.id], out) == 2
    first, second = read_pages(out)
    for words in ("食品生产经营者风险等级确定表", one.enterprise.name, one.enterprise.party.uscc, f"{one.grade}级"):
        assert words in first
    assert f"{one.static_score + one.dynamic_score:g}" in first
    for rule in AdjustmentRule.live():
        assert rule.name[:12] in first
    assert "上调一级" in first
    assert "None" not in first + second
    assert typed.enterprise.name in second


def test_cards_show_the_face_of_each_rating_and_none_for_the_unrated(demo: Ledger, tmp_path: Path) -> None:
    with_year = HygieneRating.enterprise.in_(AnnualRating.select(AnnualRating.enterprise))
    graded, new = HygieneRating.live().where(with_year).first(), HygieneRating.live().where(~with_year)
    ids = [new.where(HygieneRating.rating == code).first().id for code in ("excellent", "good", "fair")]
    out = tmp_path / "card.pdf"
    assert write_grade_papers("card", ids, out) == 3
    for text, rating, face in zip(read_pages(out), ("优秀", "良好", "一般"), ("大笑", "微笑", "平脸"), strict=True):
        assert rating in text
        assert face in text
        assert "尚未评定" in text
    assert write_grade_papers("card", [graded.id], out) == 1
    assert "级（2023年度）" in read_pages(out)[0]
    with demo.write("改") as tx:
        tx.update(HygieneRating.get_by_id(ids[0]), rating="none")
    with pytest.raises(NotFound, match="不评级"):
        write_grade_papers("card", ids[:1], out)


def test_the_yearly_form_lists_every_rating(demo: Ledger, tmp_path: Path) -> None:
    rows = annual_round(2024, demo.today)
    with demo.write("评定") as tx:
        assert apply_annual(tx, 2024, rows, demo.today) == len(rows)
        assert apply_annual(tx, 2024, annual_round(2024, demo.today), demo.today) == 0
    one = AnnualRating.live().where(AnnualRating.year == 2024).first()
    out = tmp_path / "year.pdf"
    assert write_grade_papers("annual", [one.id], out) == 1
    [text] = read_pages(out)
    scores = HygieneRating.live().where(
        HygieneRating.enterprise == one.enterprise_id, HygieneRating.rated_on >= dt.date(2024, 1, 1)
    )
    for rating in scores:
        assert f"2024年{rating.rated_on.month}月{rating.rated_on.day}日" in text
    assert f"{one.grade}级" in text


def test_nothing_chosen_is_told(demo_reader: Ledger, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="没有选中"):
        write_grade_papers("risk", [], tmp_path / "none.pdf")
