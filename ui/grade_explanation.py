"""How a grade comes about, as a panel beside a list or a window of its own; knows an Explanation, no rule."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from models.enterprise import CATEGORIES
from models.grade_explaining import Explanation, value_text
from models.rating import RiskAssessment
from models.rules.scoring import ScoreLine, points_text
from models.score_item import PARTS
from ui.kit.buttons import button
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.theme import colours, theme

TONES = {"A": "success", "B": "accent", "C": "warning", "D": "danger"}
"""The colour of a grade; B is neither good nor bad."""


def grade_colour(grade: str) -> str:
    """The theme's colour of a grade."""
    tone = TONES.get(grade, "")
    return colours().accent if tone == "accent" else colours().role(tone) if tone else colours().muted


class ExplanationView(QTextBrowser):
    """The arithmetic of one grade, line by line, in the theme's colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("计分说明")
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(2 * UNIT)
        self._told: tuple[Explanation | None, str] = (None, "")
        theme().changed.connect(self._dress)

    def _dress(self) -> None:
        self.show_explanation(*self._told)

    def show_explanation(self, told: Explanation | None, remark: str = "") -> None:
        """Show one (None: nothing is chosen); ``remark`` is a sentence above the arithmetic."""
        self._told = (told, remark)
        if told is None:
            words = "选中一户，这里说明分值和等级怎么来。"
            self.setHtml(f'<p style="color:{colours().muted}">{words}</p>')
            return
        self.setHtml(explanation_html(told, remark))


def explanation_html(told: Explanation, remark: str = "") -> str:
    """The text of an explanation."""
    look, row = colours(), told.row
    muted = f'style="color:{look.muted}"'
    kind = dict(CATEGORIES).get(row.category, "")
    parts = [f"<h3>{escape(row.name)}</h3>", f"<p {muted}>{kind}　{told.year}年度　按{told.day}的资料和标准计分</p>"]
    if row.grade:
        badge = f'<span style="font-size:26px;font-weight:600;color:{grade_colour(row.grade)}">{row.grade}级</span>'
        last = f"　<span {muted}>上年度 {row.previous}级</span>" if row.previous else ""
        parts.append(f"<p>{badge}{last}</p>")
    if remark:
        parts.append(f'<p style="color:{look.role("warning")}">{escape(remark)}</p>')
    if told.missing:
        items = "".join(f"<li>{escape(one)}</li>" for one in told.missing)
        parts.append(f'<p style="color:{look.role("warning")}"><b>缺少资料，暂不能评定</b></p><ul>{items}</ul>')
    if told.lines:
        parts.append(_table(told.lines, muted))
    if row.score is not None:
        dynamic = "" if row.dynamic is None else f" ＋ 动态 {points_text(row.dynamic)}"
        parts.append(f"<p>静态 {points_text(row.static)}{dynamic} ＝ <b>{points_text(row.score)} 分</b></p>")
    told_lines = [one for one in told.reasons if not one.startswith("静态分值")]
    parts += [f"<p>{escape(one)}</p>" for one in told_lines]
    if told.evidence:
        items = "".join(f"<li>{escape(one)}</li>" for one in told.evidence)
        parts.append(f"<p {muted}>证据</p><ul>{items}</ul>")
    return "".join(parts)


def _table(lines: Sequence[ScoreLine], muted: str) -> str:
    rows, part = [], ""
    for line in lines:
        if line.part != part:
            part = line.part
            rows.append(f'<tr><td colspan="3" {muted}><b>{dict(PARTS)[part]}</b></td></tr>')
        value = value_text(line)
        rows.append(
            f'<tr><td>{escape(line.name)}</td><td align="right" {muted}>{escape(value)}</td>'
            f'<td align="right">{points_text(line.points)}</td></tr>'
        )
    head = f'<tr><td {muted}>评分项</td><td align="right" {muted}>情况</td><td align="right" {muted}>分</td></tr>'
    return f'<table width="100%" cellspacing="0" cellpadding="3">{head}{"".join(rows)}</table>'


class ExplanationDialog(QDialog):
    """The kept arithmetic of one stored assessment."""

    def __init__(self, session: Session, parent: QWidget | None, assessment: int) -> None:
        super().__init__(parent)
        self.setWindowTitle("计分说明")
        self.resize(560, 640)
        self.view = ExplanationView()
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button("关闭", self.reject, kind="primary", tip="Esc", parent=self))
        box = QVBoxLayout(self)
        box.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        box.addWidget(self.view, 1)
        box.addLayout(foot)
        session.read(kept_explanation, assessment, done=self.view.show_explanation, owner=self, key="explain")


def kept_explanation(assessment: int) -> Explanation:
    """How a stored assessment came about; on a reader thread."""
    from models.grade_explaining import explain_stored

    return explain_stored(RiskAssessment.get_by_id(assessment))


def show_explanation(session: Session, parent: QWidget, assessment: int) -> ExplanationDialog:
    """Open the window of one assessment; it deletes itself when closed."""
    dialog = ExplanationDialog(session, parent, assessment)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
