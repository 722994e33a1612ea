"""开具: the dialog that makes a draft notice from findings; what goes into it is models/notice_steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout, QWidget

from models import notice_steps
from models.core.changes import Transaction
from models.core.fields import Choice, Date, LongText
from models.core.saving import save
from models.notice import MODES, Notice
from models.notice_desk import Start
from ui.kit.ask import AskDialog
from ui.kit.session import Session


class MakeDialog(AskDialog):
    """开具: which findings, to whom, how and until when; `made(id, left)` of the new draft.

    ``left`` are the findings that were not ticked and are to be written into another notice next.
    """

    made = Signal(int, list)

    def __init__(self, session: Session, parent: QWidget | None, start: Start) -> None:
        super().__init__(
            parent, "开具责令改正通知书", f"开具责令改正通知书：{start.enterprise}", session.today, "生成草稿",
            "内容从所选隐患带出，生成后可以在表单里修改；签发时才给文号。",
        )  # fmt: skip
        self.session, self.start = session, start
        self.boxes: dict[int, QCheckBox] = {}
        self.form.add_row("所列隐患", self._make_findings(start))
        parties = tuple((str(key), name) for key, name in start.parties)
        one = parties[0][0] if len(parties) == 1 else None
        words = "" if one else "食堂委托承包经营，请按实际责任选择"
        self.form.add("party", Choice("当事人", parties, required=True, help=words), one, radio=True)
        self.form.add("mode", Choice("改正方式", MODES, required=True), "deadline").changed.connect(self._mode)
        self.form.add(
            "due_on", Date("整改期限", help="当日改正仍为按期"), session.today + dt.timedelta(days=15)
        )
        self._add_grounds()
        self.others = QCheckBox("")
        self.others.setChecked(True)
        self.form.add_row("", self.others)
        self._tell_left()
        self.setMinimumWidth(640)
        self.may_waive = True
        self.on_submit = self._make

    def _make_findings(self, start: Start) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "card")
        box = QVBoxLayout(frame)
        for key, wording in start.findings:
            tick = QCheckBox(wording)
            tick.setChecked(True)
            tick.toggled.connect(self._show_grounds)
            tick.toggled.connect(self._tell_left)
            self.boxes[key] = tick
            box.addWidget(tick)
        return frame

    def _add_grounds(self) -> None:
        """The legal grounds are asked for where a finding does not bring them along."""
        self._proposed = {"violates": "", "basis": ""}
        if any(not violates for violates, _basis in self.start.grounds.values()):
            self.form.add("violates", LongText("违反规定", required=True))
            self.form.add("basis", LongText("责令依据", required=True))
            self._show_grounds()

    def _chosen(self) -> list[int]:
        return [key for key, box in self.boxes.items() if box.isChecked()]

    def _left(self) -> list[int]:
        return [key for key, box in self.boxes.items() if not box.isChecked()]

    def _tell_left(self) -> None:
        """Findings not ticked may go into a notice of their own right after this one."""
        left = len(self._left())
        self.others.setText(f"没有勾选的 {left} 处接着另开一份")
        self.others.setVisible(bool(left) and left < len(self.boxes))

    def lacking(self) -> list[str]:
        """The chosen findings of which nobody knows what they violate."""
        return [words for key, words in self.start.findings if key in self._chosen() and not self.start.grounds[key][0]]

    def _show_grounds(self) -> None:
        if "violates" not in self.form.fields:
            return
        lacking = self.lacking()
        for place, name in enumerate(self._proposed):
            field = self.form.fields[name]
            known = [part for key in self._chosen() for part in self.start.grounds[key][place].split("、") if part]
            text = "、".join(dict.fromkeys(known))
            if field.text() == self._proposed[name]:  # what the clerk wrote stays
                field.set_text(text)
            self._proposed[name] = text
            field.set_shown(bool(lacking))
        if lacking:
            which = "、".join(f"“{words}”" for words in lacking)
            self.form.fields["violates"].set_help(f"{which}没有违反条款，请在此填写")

    def _mode(self) -> None:
        field = self.form.fields["due_on"]
        field.set_shown(self.form.fields["mode"].text() == "deadline")

    def _make(self, values: dict[str, Any]) -> None:
        chosen = self._chosen()
        refused = self._refusal(chosen, values)
        if refused:
            self.yes.setEnabled(True)
            return
        today, lacking = self.session.today, self.lacking()

        def work(tx: Transaction) -> int:
            draft = notice_steps.notice_values(chosen, today)
            draft |= {"party": int(values["party"]), "mode": values["mode"]}
            if lacking:
                draft |= {"violates": values["violates"], "basis": values["basis"]}
            draft["due_on"] = values["due_on"] if values["mode"] == "deadline" else None
            return int(save(tx, Notice, draft, waivers=self.waivers).id)

        left = self._left() if self.others.isChecked() else []

        def done(key: int) -> None:
            self.accept()
            self.made.emit(key, left)

        self.session.write(
            f"开具通知书草稿：{self.start.enterprise}"[:60], work, done=done, failed=self.fail, owner=self
        )

    def _refusal(self, chosen: list[int], values: dict[str, Any]) -> bool:
        """Show what is missing; whether anything is."""
        wrong = False
        if not chosen:
            self.banner.tell("请至少选一处隐患。", "danger", closable=False)
            wrong = True
        for name, missing in (
            ("party", not values["party"]),
            ("due_on", values["mode"] == "deadline" and values["due_on"] is None),
        ):
            if missing:
                field = self.form.fields[name]
                field.show_problem(f"请填写{field.field.label}" if name == "due_on" else "请选择当事人")
                field.editor.setFocus()
                wrong = True
        return self._no_grounds(values) or wrong

    def _no_grounds(self, values: dict[str, Any]) -> bool:
        lacking = self.lacking()
        for name in ("violates", "basis") if lacking else ():
            if not values[name]:
                field = self.form.fields[name]
                whose = f"“{lacking[0]}”没有违反条款，" if name == "violates" else ""
                field.show_problem(f"{whose}请填写{field.field.label}")
                field.editor.setFocus()
                return True
        return False
