"""指派 of one official to many enterprises; the rules are models/assigning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from models.assigning import Candidate, Wanted, assign, wanted
from models.core.changes import Transaction
from models.core.fields import Date, Text
from ui.kit.ask import AskDialog
from ui.kit.icons import icon
from ui.kit.session import Session

ID = Qt.ItemDataRole.UserRole


class AssignDialog(AskDialog):
    """指派: choose the official and the day for the selected enterprises.

    Where an official suits some of them only, those alone are assigned unless the clerk wants all.
    `assigned(count, ids left)` after it is stored.
    """

    assigned = Signal(int, object)

    def __init__(self, session: Session, parent: QWidget | None, asked: Wanted) -> None:
        count = len(asked.places)
        head = asked.places[0][1] if count == 1 else f"{count} 户主体"
        super().__init__(parent, "指派包保干部", f"指派包保干部：{head}", session.today, "指派")
        self.session, self.asked = session, asked
        self.may_waive = True
        had = [f"{name}：{names}" for _key, name, names in asked.places if names]
        self.text.setText(self._present(had))
        self.text.setHidden(not had)
        self.search = QLineEdit(placeholderText="按姓名、单位、属地查找", clearButtonEnabled=True)
        self.search.addAction(icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setMinimumHeight(220)
        self.list.setIconSize(QSize(16, 16))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setAccessibleName("包保干部")
        self.list.itemDoubleClicked.connect(lambda _item: self.submit())
        self.list.itemSelectionChanged.connect(self._chosen)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.words = QLabel("", wordWrap=True)
        self.words.setProperty("role", "muted")
        self.only = QCheckBox("")
        self.only.setChecked(True)
        frame = QFrame()
        frame.setProperty("role", "card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(4, 4, 4, 4)
        inside.addWidget(self.list)
        picker = QWidget()
        box = QVBoxLayout(picker)
        box.setContentsMargins(0, 0, 0, 0)
        for each in (self.search, frame, self.words, self.only):
            box.addWidget(each)
        self.form.add_row("包保干部 *", picker)
        self.form.add("valid_from", Date("包保起", required=True), session.today)
        self.form.add("reason", Text("调整原因", max_length=100))
        self.replace = QCheckBox("同时结束这些主体现有的包保关系（到前一天为止）")
        self.replace.setChecked(bool(had))
        if not had:
            self.replace.hide()
        self.form.add_row("", self.replace)
        self.setMinimumWidth(640)
        self.on_submit = self._assign
        self._narrow("")

    @staticmethod
    def _present(had: Sequence[str]) -> str:
        more = f" 等 {len(had)} 户" if len(had) > 3 else ""
        return "现有包保：" + "；".join(had[:3]) + more if had else ""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.search.setFocus()

    def _narrow(self, text: str) -> None:
        kept = self.official()
        self.list.clear()
        words = text.split()
        for one in self.asked.candidates:
            line = f"{one.name} {one.post} {one.level}"
            if all(word in line for word in words):
                self._add(one)
        rows = range(self.list.count())
        row = next((r for r in rows if self.list.item(r).data(ID) == kept), 0)
        if self.list.count():
            self.list.setCurrentRow(row)
        self._chosen()

    def _add(self, one: Candidate) -> None:
        some, count = len(one.fits), len(self.asked.places)
        suits = f"　相符 {some}/{count} 户" if some and count > 1 else ""
        item = QListWidgetItem(f"{one.name}　{one.post}　现包保 {one.load} 户{suits}")
        item.setSizeHint(QSize(0, 30))
        item.setData(ID, one.id)
        item.setIcon(icon("check-circle" if one.fits else "officials", "success" if one.fits else "faint"))
        item.setToolTip("层级和属地符合" if one.fits else "层级或属地与所选主体不完全相符")
        self.list.addItem(item)

    def official(self) -> int | None:
        """The id chosen."""
        item = self.list.currentItem() if hasattr(self, "list") else None
        return int(item.data(ID)) if item is not None else None

    def _chosen(self) -> None:
        one = next((c for c in self.asked.candidates if c.id == self.official()), None)
        some, count = len(one.fits) if one is not None else 0, len(self.asked.places)
        partly = 0 < some < count
        if one is None:
            words = "没有这样的包保干部，请换一个词。"
        elif some == count:
            words = f"{one.name}的层级和属地相符。"
        elif partly:
            words = f"{count} 户的层级或属地不同：{one.name}与其中 {some} 户相符，其余 {count - some} 户随后另行指派。"
        else:
            words = f"{one.name}的层级或属地不符；仍要指派的，请在提示时写明理由。"
        self.words.setText(words)
        self.only.setVisible(partly)
        self.only.setText(f"只指派相符的 {some} 户")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.form.fields["valid_from"].editor.setFocus()
                return True
        return super().eventFilter(watched, event)

    def _assign(self, values: dict[str, Any]) -> None:
        chosen = self.official()
        if chosen is None or values["valid_from"] is None:
            self.yes.setEnabled(True)
            if chosen is None:
                self.banner.tell("请选择包保干部。", "danger", closable=False)
                self.search.setFocus()
            else:
                self.form.fields["valid_from"].show_problem("请填写包保起")
            return
        every = [key for key, _name, _had in self.asked.places]
        fits = next(one.fits for one in self.asked.candidates if one.id == chosen)
        ids = [key for key in every if key in fits] if self.only.isVisible() and self.only.isChecked() else every
        left = [key for key in every if key not in ids]
        replace = self.replace.isChecked()

        def work(tx: Transaction) -> int:
            made = assign(
                tx, ids, chosen, values["valid_from"], replace=replace, reason=values["reason"], waivers=self.waivers
            )
            return len(made)

        def done(count: int) -> None:
            self.accept()
            self.assigned.emit(count, left)

        self.session.write(
            f"指派包保干部 {len(ids)} 户", work, done=done, failed=self.fail, owner=self
        )


def ask_assign(session: Session, parent: QWidget, enterprise_ids: Sequence[int]) -> None:
    """Read what the dialog needs, then ask; a toast tells the outcome."""
    from ui.kit.dialogs import confirm
    from ui.kit.toast import show_toast

    if not enterprise_ids:
        show_toast(parent, "请先选择要指派的主体。", state="warning")
        return

    def told(count: int, left: list[int]) -> None:
        if left:
            show_toast(
                parent, f"已指派 {count} 户，还有 {len(left)} 户待指派", "继续指派",
                lambda: ask_assign(session, parent, left), stay_ms=20_000,
            )  # fmt: skip
        else:
            show_toast(parent, f"已指派 {count} 户", "撤销", session.undo)

    def show(asked: Wanted) -> None:
        if not asked.candidates:
            if confirm(parent.window(), "还没有登记包保干部。", "先登记在任的包保干部，再来指派。", "登记包保干部"):
                session.edit_record.emit("officials", None, None)
            return
        dialog = AssignDialog(session, parent.window(), asked)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.assigned.connect(told)
        dialog.open()

    session.read(wanted, list(enterprise_ids), session.today, done=show, owner=parent, key="wanted")
