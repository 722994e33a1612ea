"""The dialogs of a notice's steps: 签发, 送达, 复查, 延期, 销号, 移送, 作废; the rules are in models."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from models import notice_steps
from models.core.changes import Transaction
from models.core.fields import Code, Date, LongText, Text
from models.notice import OUTCOMES
from models.notice_desk import Desk, officers_on, planned_number
from models.notice_text import NoticeText
from models.settings import settings
from ui.kit.paper import PaperPane
from ui.kit.session import Session
from ui.serve_dialog import ServeDialog
from ui.step_dialog import FINAL, OfficerPicker, StepDialog, notice_of


def render(texts: Sequence[NoticeText]) -> bytes:
    """Notices as the bytes of one PDF."""
    from reports.notice import render_notices

    with TemporaryDirectory() as folder:
        target = Path(folder) / "notice.pdf"
        render_notices(texts, target)
        return target.read_bytes()


class IssueDialog(StepDialog):
    """签发: the day, with the number it will get and the paper beside it; several drafts in their order."""

    def __init__(self, session: Session, parent: QWidget | None, desks: Sequence[Desk]) -> None:
        super().__init__(session, parent, desks, "签发")
        self.typed = settings().numbering == "platform"
        self.day = self.form.add("issued_on", Date("签发日期", required=True), session.today)
        self.numbers: dict[int, str] = {}
        if self.typed:
            for index, desk in enumerate(desks):
                name = "number" if index == 0 else f"number{index}"
                label = "文号" if len(desks) == 1 else f"{desk.enterprise[:8]} 文号"
                self.form.add(name, Code(label, required=True, max_length=80, help="照录省平台给出的文号"), "")
        self.number = QLabel("")
        self.number.setProperty("role", "heading")
        self.number.setMinimumHeight(36)
        if not self.typed:
            self.form.add_row("将得文号", self.number)
        self.form.changed.connect(self._foresee)
        self.paper = PaperPane()
        self.add_side(self.paper)
        self.resize(1040, 680)
        self.on_submit = self._issue
        self.finished.connect(lambda _result: self.paper.leave())
        self._foresee()

    def _foresee(self) -> None:
        try:
            day = self.day.value()
        except ValueError:
            return
        if day is None:
            return
        desk, demo = self.desks[0], self.session.demo
        typed = self.form.fields["number"].text() if self.typed else ""

        def foresee() -> tuple[str, NoticeText]:
            number = typed or planned_number(desk.id, day)
            return number, notice_steps.text_if_issued(desk.id, day, number, demo=demo)

        self.session.read(foresee, done=self._foreseen, owner=self, key="foresee", failed=self._unforeseen)

    def _foreseen(self, found: tuple[str, NoticeText]) -> None:
        number, text = found
        self.number.setText(number if len(self.desks) == 1 else f"{number} 起，共 {len(self.desks)} 个号")
        self.paper.show_paper(lambda: render([text]))

    def _unforeseen(self, error: Exception) -> None:
        self.fail(error)

    def _issue(self, values: dict[str, Any]) -> None:
        day, demo = values["issued_on"], self.session.demo
        if day is None:
            self.yes.setEnabled(True)
            self.day.show_problem("请填写签发日期")
            return
        typed = [values.get("number" if i == 0 else f"number{i}", "") for i in range(len(self.desks))]

        def work(tx: Transaction) -> list[str]:
            return [
                notice_steps.issue(tx, notice_of(desk.id), day, number or "", demo=demo).number
                for desk, number in zip(self.desks, typed, strict=True)
            ]

        def done(numbers: list[str]) -> None:
            self.accept()
            first = numbers[0]
            self.stepped.emit(f"已签发 {first}" + (f" 等 {len(numbers)} 份" if len(numbers) > 1 else ""))

        self.session.write(
            f"签发：{self.desks[0].enterprise}"[:60], work, done=done, failed=self.fail, owner=self, final=True
        )


class ReinspectDialog(StepDialog):
    """复查: the outcome of each finding, two officers or more; 全部改正并销号 closes at once."""

    def __init__(self, session: Session, parent: QWidget | None, desks: Sequence[Desk]) -> None:
        super().__init__(session, parent, desks[:1], "登记复查", final=False)
        desk = desks[0]
        self.form.add("inspected_on", Date("复查日期", required=True), session.today)
        self.officers = OfficerPicker()
        self.officers.fill(officers_on(session.today), desk.officers)
        box, self.officers_words = self.officers.framed("请选两名以上")
        self.form.add_row("复查人员", box)
        self.officers.changed.connect(self._tell_officers)
        self.outcomes: dict[int, QComboBox] = {}
        self.notes: dict[int, QLineEdit] = {}
        self.form.add_row("逐项结果", self._make_items(desk))
        self.form.add("note", LongText("复查情况"))
        self.close_too = QCheckBox("全部改正并销号")
        self.close_too.setEnabled(desk.state == "served")
        self.close_too.setToolTip("" if desk.state == "served" else "登记送达以后才能销号")
        self.form.add_row("", self.close_too)
        self.close_too.toggled.connect(self._all_corrected)
        self.setMinimumWidth(720)
        self.on_submit = self._reinspect
        self._tell_officers()

    def _make_items(self, desk: Desk) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "card")
        grid = QGridLayout(frame)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(2, 2)
        for row, (key, wording, resolved) in enumerate(desk.findings):
            words = QLabel(wording, wordWrap=True)
            words.setTextFormat(Qt.TextFormat.PlainText)
            choice = QComboBox()
            for code, label in OUTCOMES:
                choice.addItem(label, code)
            choice.setCurrentIndex(0 if resolved else choice.findData("not"))
            choice.setAccessibleName(f"{wording} 的复查结果")
            choice.currentIndexChanged.connect(self._outcome_changed)
            note = QLineEdit(placeholderText="说明")
            grid.addWidget(words, row, 0)
            grid.addWidget(choice, row, 1)
            grid.addWidget(note, row, 2)
            self.outcomes[key], self.notes[key] = choice, note
        return frame

    def _tell_officers(self) -> None:
        count = len(self.officers.chosen())
        self.officers_words.setText(f"已选 {count} 人" if count >= 2 else f"已选 {count} 人，请选两名以上")

    def _all_corrected(self, on: bool) -> None:
        if on:
            for choice in self.outcomes.values():
                choice.blockSignals(True)  # else the first one changed would untick the box for the others
                choice.setCurrentIndex(choice.findData("corrected"))
                choice.blockSignals(False)
        self.set_final(on)
        self.caution.setText(FINAL.format(step="销号") if on else "")

    def _outcome_changed(self) -> None:
        if any(choice.currentData() != "corrected" for choice in self.outcomes.values()):
            self.close_too.setChecked(False)

    def _reinspect(self, values: dict[str, Any]) -> None:
        items = [
            {"finding": key, "outcome": choice.currentData(), "note": self.notes[key].text().strip()}
            for key, choice in self.outcomes.items()
        ]
        officers = self.officers.chosen()
        if len(officers) < 2:
            self.yes.setEnabled(True)
            self.banner.tell("复查人员不得少于2人，请再选一名。", "danger", closable=False)
            next(iter(self.officers.boxes.values()), self.yes).setFocus()
            return
        desk, close = self.desks[0], self.close_too.isChecked()
        record = {**values, "officers": officers, "items": items}
        self.run(
            lambda tx: notice_steps.reinspect(tx, notice_of(desk.id), record, close=close),
            f"{desk.label}已销号" if close else f"已登记复查 {desk.label}",
        )


class ExtendDialog(StepDialog):
    """延期: once, with the reason."""

    def __init__(self, session: Session, parent: QWidget | None, desks: Sequence[Desk]) -> None:
        super().__init__(
            session, parent, desks[:1], "延期", text=f"原期限 {desks[0].due_on}，只能延期一次。"
        )
        self.form.add("extended_to", Date("延期至", required=True))
        self.form.add("extended_by", Text("批准人", required=True, max_length=40))
        self.form.add("extension_reason", LongText("批准理由", required=True))
        self.on_submit = lambda values: self.run(
            lambda tx: notice_steps.extend(
                tx, notice_of(self.desks[0].id),
                values["extended_to"], values["extension_reason"], values["extended_by"],
            ),
            f"{self.desks[0].label}已延期",
        )


class CloseDialog(StepDialog):
    """销号: the day."""

    def __init__(self, session: Session, parent: QWidget | None, desks: Sequence[Desk]) -> None:
        super().__init__(
            session, parent, desks[:1], "销号", text=f"{desks[0].party}　所列 {len(desks[0].findings)} 处隐患均已改正。"
        )
        self.form.add("closed_on", Date("销号日期", required=True), desks[0].reinspected_on or session.today)
        self.on_submit = self._close

    def _close(self, values: dict[str, Any]) -> None:
        day = values["closed_on"]
        if day is None:
            self.yes.setEnabled(True)
            self.form.fields["closed_on"].show_problem("请填写销号日期")
            return
        self.run(
            lambda tx: notice_steps.close_notice(tx, notice_of(self.desks[0].id), day), f"{self.desks[0].label}已销号"
        )


class ReferDialog(StepDialog):
    """移送立案: day and where to."""

    def __init__(self, session: Session, parent: QWidget | None, desks: Sequence[Desk]) -> None:
        super().__init__(session, parent, desks[:1], "移送立案")
        self.form.add("referred_on", Date("移送日期", required=True), session.today)
        self.form.add("referral", LongText("移送说明", required=True, help="移送到哪里、因为什么"))
        self.on_submit = self._refer

    def _refer(self, values: dict[str, Any]) -> None:
        day: dt.date | None = values["referred_on"]
        if day is None:
            self.yes.setEnabled(True)
            self.form.fields["referred_on"].show_problem("请填写移送日期")
            return
        self.run(
            lambda tx: notice_steps.refer(tx, notice_of(self.desks[0].id), day, values["referral"]),
            f"{self.desks[0].label}已移送",
        )


class VoidDialog(StepDialog):
    """作废: the reason; the number stays used."""

    def __init__(self, session: Session, parent: QWidget | None, desks: Sequence[Desk]) -> None:
        super().__init__(
            session, parent, desks[:1], "作废", danger=True,
            text=f"{desks[0].party}　作废后文号不再使用，需要的另行开具。",
        )  # fmt: skip
        self.form.add("void_reason", LongText("作废理由", required=True))
        self.on_submit = lambda values: self.run(
            lambda tx: notice_steps.void(tx, notice_of(self.desks[0].id), values["void_reason"]),
            f"{self.desks[0].label}已作废",
        )


STEPS: dict[str, tuple[str, str, type[StepDialog]]] = {
    "issue": ("签发", "issue", IssueDialog),
    "serve": ("送达", "send", ServeDialog),
    "reinspect": ("复查", "reinspect", ReinspectDialog),
    "extend": ("延期", "clock", ExtendDialog),
    "close": ("销号", "check-circle", CloseDialog),
    "refer": ("移送", "external", ReferDialog),
    "void": ("作废", "void", VoidDialog),
}
"""Step → its word, its icon and its dialog, in the order of the work."""
MANY = frozenset({"issue", "serve"})
"""Steps that several selected notices may take together."""
