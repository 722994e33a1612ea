"""The dialogs of 整改督办: one re-inspection of all that is open at a place, and the steps of single findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from models import rectifying
from models.core.changes import Transaction
from models.core.fields import Date, LongText, Text
from models.inspection import Finding
from models.notice import OUTCOMES
from models.rectification import Item, Matter
from ui.kit.ask import AskDialog
from ui.kit.buttons import button
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.notice_dialogs import FINAL, OfficerPicker

Officers = Sequence[tuple[int, str]]


class OutcomeBox(QComboBox):
    """The outcome of one finding: 1 已改正, 2 部分改正, 3 未改正, and on to the next."""

    def __init__(self, item: Item) -> None:
        super().__init__()
        for number, (code, label) in enumerate(OUTCOMES, 1):
            self.addItem(f"{number} {label}", code)
        self.setCurrentIndex(self.findData("not"))
        self.setAccessibleName(f"{item.wording} 的复查结果")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = event.key() - Qt.Key.Key_1
        if 0 <= place < len(OUTCOMES) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.setCurrentIndex(place)
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


class RecheckDialog(AskDialog):
    """复查 of a place: its open findings by notice, two officers or more; `stepped(message)` when it is stored."""

    stepped = Signal(str)

    def __init__(
        self, session: Session, parent: QWidget | None, matters: Sequence[Matter], officers: Officers,
        chosen: Sequence[int],
    ) -> None:  # fmt: skip
        count = sum(len(one.open_items) for one in matters)
        super().__init__(
            parent, "登记复查", f"登记复查：{matters[0].enterprise_name}", session.today, "登记复查",
            f"未改正的 {count} 处隐患已列出，逐项按 1 已改正、2 部分改正、3 未改正。",
        )  # fmt: skip
        self.session, self.matters = session, list(matters)
        self.day = self.form.add("inspected_on", Date("复查日期", required=True), session.today)
        self.officers = OfficerPicker()
        self.officers.fill(officers, chosen)
        self.form.add_row("复查人员", self._make_officers())
        self.outcomes: dict[int, OutcomeBox] = {}
        self.notes: dict[int, QLineEdit] = {}
        self.form.add_row("逐项结果", self._make_items())
        self.form.add("note", LongText("复查情况"))
        self.close_too = QCheckBox("全部改正的通知书同时销号")
        able = any(one.kind == "notice" and one.state != "issued" for one in matters)
        self.close_too.setEnabled(able)
        self.close_too.setToolTip("" if able else "登记送达以后才能销号")
        self.close_too.toggled.connect(self._tell_final)
        self.form.add_row("", self.close_too)
        self.setMinimumWidth(780)
        self.on_submit = self._store

    def _make_officers(self) -> QWidget:
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFixedHeight(2 * 32)
        area.setWidget(self.officers)
        self.told = QLabel("")
        self.told.setProperty("role", "muted")
        self.officers.changed.connect(self._tell_officers)
        box = QWidget()
        inner = QVBoxLayout(box)
        inner.setContentsMargins(0, UNIT, 0, 0)
        inner.addWidget(area)
        inner.addWidget(self.told)
        self._tell_officers()
        return box

    def _tell_officers(self) -> None:
        count = len(self.officers.chosen())
        self.told.setText(f"已选 {count} 人" if count >= 2 else f"已选 {count} 人，请选两名以上")

    def _make_items(self) -> QWidget:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(2 * UNIT, 12, 2 * UNIT, 12)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(2, 2)
        row = 0
        for one in self.matters:
            moved = f"（顺延至 {one.ends_on}）" if one.moved else ""
            head = QLabel(f"{one.number or '没有开具通知书'}　期限 {one.due_on or '—'}{moved}　{one.label}")
            head.setProperty("role", "muted")
            grid.addWidget(head, row, 0, 1, 3)
            row += 1
            for item in one.items:
                self._add_item(grid, row, item)
                row += 1
        grid.setRowStretch(row, 1)
        area = QScrollArea(widgetResizable=True)
        area.setProperty("role", "card")
        area.setWidget(inside)
        area.setFixedHeight(min(280, inside.sizeHint().height() + 4))
        everything = button("全部已改正", self._all_corrected, "check", kind="quiet")
        box = QWidget()
        inner = QVBoxLayout(box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(area)
        line = QHBoxLayout()
        line.addWidget(everything)
        line.addStretch(1)
        inner.addLayout(line)
        return box

    def _add_item(self, grid: QGridLayout, row: int, item: Item) -> None:
        words = QLabel(item.wording, wordWrap=True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        grid.addWidget(words, row, 0)
        if not item.open:
            done = QLabel(f"{item.resolved_on} 已改正")
            done.setProperty("role", "success")
            grid.addWidget(done, row, 1, 1, 2)
            return
        self.outcomes[item.id], self.notes[item.id] = OutcomeBox(item), QLineEdit()
        seen = item.checked
        hint = f"上次 {seen.day:%m-%d} {dict(OUTCOMES)[seen.outcome]}：{seen.note}".rstrip("：") if seen else "说明"
        self.notes[item.id].setPlaceholderText(hint)
        self.notes[item.id].setAccessibleName(f"{item.wording} 的说明")
        grid.addWidget(self.outcomes[item.id], row, 1)
        grid.addWidget(self.notes[item.id], row, 2)

    def _all_corrected(self) -> None:
        for choice in self.outcomes.values():
            choice.setCurrentIndex(choice.findData("corrected"))

    def _tell_final(self, on: bool) -> None:
        self.set_final(on)
        self.caution.setText(FINAL.format(step="销号") if on else "")

    def _store(self, values: dict[str, Any]) -> None:
        outcomes = {key: (box.currentData(), self.notes[key].text().strip()) for key, box in self.outcomes.items()}
        officers, close = self.officers.chosen(), self.close_too.isChecked()

        def work(tx: Transaction) -> list[str]:
            return rectifying.recheck(tx, values["inspected_on"], officers, outcomes, values["note"], close=close)

        def done(told: list[str]) -> None:
            self.accept()
            self.stepped.emit("；".join(told[:3]) + (f" 等 {len(told)} 项" if len(told) > 3 else ""))

        self.session.write(
            f"复查：{self.matters[0].enterprise_name}"[:60], work, done=done, failed=self.fail, owner=self, final=close
        )


class FindingDialog(AskDialog):
    """A step of one finding that stands on no notice; `stepped(message)` when it is stored."""

    stepped = Signal(str)

    def __init__(
        self, session: Session, parent: QWidget | None, matter: Matter, step: str, done: str, text: str = "",
        final: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(
            parent, step, f"{step}：{matter.enterprise_name}", session.today, step, text or matter.facts,
            FINAL.format(step=step) if final else "",
        )  # fmt: skip
        self.session, self.matter, self.step, self.done_words = session, matter, step, done

    def run(self, work: Callable[[Transaction, Finding], Any]) -> None:
        """Do the step; stay open with the reason where it is refused."""

        def done(_result: Any) -> None:
            self.accept()
            self.stepped.emit(self.done_words)

        key = self.matter.id
        self.session.write(
            f"{self.step}：{self.matter.enterprise_name}"[:60], lambda tx: work(tx, Finding.get_by_id(key)),
            done=done, failed=self.fail, owner=self, final=self.final,
        )  # fmt: skip


class ExtendFindingDialog(FindingDialog):
    """延期: once, with who approved it and why."""

    def __init__(self, session: Session, parent: QWidget | None, matter: Matter) -> None:
        text = f"{matter.facts}\n原期限 {matter.due_on}，只能延期一次。"
        super().__init__(session, parent, matter, "延期", "已登记延期", text)
        self.form.add("extended_to", Date("延期至", required=True))
        self.form.add("extended_by", Text("批准人", required=True, max_length=40))
        self.form.add("extension_reason", LongText("批准理由", required=True))
        self.on_submit = lambda values: self.run(
            lambda tx, finding: rectifying.extend_finding(
                tx, finding, values["extended_to"], values["extension_reason"], values["extended_by"]
            )
        )


class ReferFindingDialog(FindingDialog):
    """移送: the day and where to."""

    def __init__(self, session: Session, parent: QWidget | None, matter: Matter) -> None:
        super().__init__(session, parent, matter, "移送", "已登记移送")
        self.form.add("referred_on", Date("移送日期", required=True), session.today)
        words = "移送到哪里、因为什么，如：校外摊点占道，移送城管部门"
        self.form.add("referral", LongText("移送说明", required=True, help=words))
        self.on_submit = lambda values: self.run(
            lambda tx, finding: rectifying.refer_finding(tx, finding, values["referred_on"], values["referral"])
        )


class SpotDialog(FindingDialog):
    """当场整改: the measure taken on the day it was found."""

    def __init__(self, session: Session, parent: QWidget | None, matter: Matter) -> None:
        text = f"{matter.facts}\n发现当日（{matter.found_on}）已当场改正的，补记整改措施。"
        super().__init__(session, parent, matter, "当场整改", "已登记当场整改", text, final=False)
        self.form.add("measure", Text("整改措施", required=True))
        self.on_submit = lambda values: self.run(
            lambda tx, finding: rectifying.correct_on_spot(tx, finding, values["measure"])
        )
