"""评定年度等级 and 从检查评定: what a caterer's year, and each of its inspections, is rated; knows no rule."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from models.annual_rating import ANNUAL_GRADES
from models.annual_round import AnnualProposal, annual_round, apply_annual
from models.core.changes import Transaction
from models.rating_round import RatingProposal, apply_ratings, rating_proposals
from models.rules.scoring import number_text
from ui.kit.rows_table import Head, TableRow
from ui.kit.session import Session
from ui.year_dialog import YearDialog

LABELS = dict(ANNUAL_GRADES)
TONES = {"A": "success", "C": "warning", "none": "danger", "excellent": "success", "fair": "warning"}


class AnnualRoundDialog(YearDialog[AnnualProposal]):
    """The yearly grades of the caterers in business."""

    title = "评定年度等级"
    heads = (
        *(Head("主体"), Head("评定次数", 90, True), Head("年度平均得分", 120, True)),
        *(Head("年度等级", 90), Head("说明", 320)),
    )

    def reckoned(self, year: int) -> list[AnnualProposal]:
        return annual_round(year, self.session.today)

    def row_of(self, number: int, one: AnnualProposal) -> TableRow:
        grade = one.stored or one.grade
        words = f"已评定{LABELS[one.stored]}" if one.stored else one.why
        mean = "" if one.mean is None else number_text(one.mean)
        texts = (one.name, str(one.times), mean, LABELS.get(grade, ""), words)
        tone = "success" if one.stored else "" if one.grade else "muted"
        return TableRow(number, texts, {3: TONES.get(grade, ""), 4: tone}, bool(one.grade and not one.stored))

    def told(self, found: list[AnnualProposal]) -> str:
        done = sum(1 for one in found if one.stored)
        without = sum(1 for one in found if not one.grade and not one.stored)
        return f"在营餐饮 {len(found):,} 户，已评定 {done:,} 户，本年度没有得分 {without:,} 户"

    def write(self, tx: Transaction, year: int, rows: list[AnnualProposal]) -> int:
        return apply_annual(tx, year, rows, self.session.today)


class RatingRoundDialog(YearDialog[RatingProposal]):
    """The ratings of the year's inspections with an answered checklist."""

    title = "从检查评定"
    unit = "户次"
    heads = (
        *(Head("主体", 220), Head("检查日期", 110), Head("得分", 60, True), Head("关键项", 70, True)),
        *(Head("动态等级", 90), Head("怎么来")),
    )

    def reckoned(self, year: int) -> list[RatingProposal]:
        return rating_proposals(year, self.session.today)

    def row_of(self, number: int, one: RatingProposal) -> TableRow:
        texts = (one.name, one.day.isoformat(), number_text(one.score), str(one.key_failures), one.word, one.reason)
        return TableRow(number, texts, {4: TONES.get(one.rating, "")})

    def told(self, found: list[RatingProposal]) -> str:
        if not found:
            return "没有待评定的检查：餐饮服务的检查填了要点表、当天还没有动态评定的，列在这里"
        return f"填了要点表、还没有动态评定的检查 {len(found):,} 户次；得分＝符合项÷检查项×10，合理缺项不计"

    def write(self, tx: Transaction, year: int, rows: list[RatingProposal]) -> int:
        return apply_ratings(tx, rows)


def ask_annual_round(session: Session, parent: QWidget) -> AnnualRoundDialog:
    """Open the window of the yearly grades; it deletes itself when closed."""
    dialog = AnnualRoundDialog(session, parent)
    dialog.open()
    return dialog


def ask_rating_round(session: Session, parent: QWidget) -> RatingRoundDialog:
    """Open the window of the ratings from inspections; it deletes itself when closed."""
    dialog = RatingRoundDialog(session, parent)
    dialog.open()
    return dialog
