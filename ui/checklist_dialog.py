"""检查要点: the items of a checklist answered by keys, what a failed item becomes, the result with its arithmetic.

It writes nothing: ``answered`` tells each change at once to the form it stands over, which keeps and saves it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from models.checklist_answer import part_of
from models.checklist_desk import Desk, DeskItem
from models.core.errors import FieldError
from models.inspection import Finding
from ui.checklist_list import ItemList
from ui.checklist_photos import ItemPhotos
from ui.kit.attachment_section import AttachmentSection
from ui.kit.buttons import button, restyle
from ui.kit.file_drop import AnyDrop
from ui.kit.form_editors import Editor, FieldLine, FormContext, LongEditor
from ui.kit.form_field import make_editor
from ui.kit.icons import icon
from ui.kit.palette import UNIT

FINDING = ("wording", "legal_basis", "measure", "due_on", "corrected_on_spot")
LEVEL_TONES = {"passed": "success", "basic": "warning", "failed": "danger"}


class _Search(QLineEdit):
    """Esc goes back to the list."""

    back = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.back.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.back.emit()
        else:
            super().keyPressEvent(event)


class ChecklistDialog(QDialog):
    """``answered(answers, notes)`` after each change, ``failed(item, on)`` when an item gets or loses its finding,
    ``written(item, values)`` when the finding's words change, ``form_wanted(id)`` for another form. Photos go to
    ``files``, the section of the inspection's attachments.
    """

    answered = Signal(object, object)
    failed = Signal(object, bool)
    written = Signal(object, object)
    form_wanted = Signal(int)

    def __init__(
        self, context: FormContext, finding_of: Callable[[DeskItem], Mapping[str, Any]], files: AttachmentSection,
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle("检查要点")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.context, self._finding_of = context, finding_of
        self.desk: Desk | None = None
        self._shown: DeskItem | None = None
        self.photos = ItemPhotos(files)
        self.photos.counted.connect(self._count_photos)
        AnyDrop(self, self.photos.wanted, self.photos.take, self.photos.show_over)
        self.list = ItemList()
        self.list.answered.connect(self.answer)
        self.list.asked.connect(self._asked)
        self.list.moved.connect(self._show_item)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._make_head())
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(self._make_side())
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        outer.addWidget(split, 1)
        outer.addWidget(self._make_foot())
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.finish)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.search.setFocus)
        room = self.screen().availableGeometry().size()
        self.resize(QSize(1180, 700).boundedTo(QSize(room.width() - 40, room.height() - 60)))
        self.setMinimumSize(820, 460)

    # --- building ------------------------------------------------------------------------------------------------

    def _make_head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("formhead")
        lines = QVBoxLayout(head)
        lines.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        lines.setSpacing(6)
        row, below = QHBoxLayout(), QHBoxLayout()
        for line in (row, below):
            line.setSpacing(UNIT)
            lines.addLayout(line)
        self.forms = QComboBox()
        self.forms.setMinimumWidth(260)
        self.forms.setAccessibleName("要点表")
        self.forms.activated.connect(lambda at: self.form_wanted.emit(self.forms.itemData(at)))
        row.addWidget(self.forms)
        self.search = _Search(placeholderText="按序号、内容或首字母找（/）", clearButtonEnabled=True)
        self.search.addAction(icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setFixedWidth(230)
        self.search.returnPressed.connect(self.find_item)
        self.search.back.connect(self.list.setFocus)
        row.addWidget(self.search)
        self.sample = QLabel("示例，非官方文本")
        self.sample.setProperty("role", "warning")
        self.sample.setToolTip("在“更多 → 检查要点表”用“官方表”导入本局使用的官方要点表后，这里就用官方表")
        below.addWidget(self.sample)
        self.last = QLabel("")
        self.last.setProperty("role", "muted")
        self.last.setTextFormat(Qt.TextFormat.PlainText)
        self.last.setWordWrap(True)
        below.addWidget(self.last, 1)
        row.addStretch(1)
        keys = QLabel("1 是　2 否　3 合理缺项　0 取消　A 其余全部为是　N 备注　P、Ctrl+V 照片")
        keys.setProperty("role", "hint")
        row.addWidget(keys)
        return head

    def _make_side(self) -> QScrollArea:
        self.side = QScrollArea(widgetResizable=True)
        self.side.setFrameShape(QFrame.Shape.NoFrame)
        self.side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side = QFrame()
        column = QVBoxLayout(side)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, UNIT)
        column.setSpacing(UNIT)
        self.number, self.content = QLabel(""), QLabel("", wordWrap=True)
        self.basis = QLabel("", wordWrap=True)
        self.number.setProperty("role", "heading")
        self.basis.setProperty("role", "muted")
        for label in (self.number, self.content, self.basis):
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        self.note = FieldLine()
        self.note.setPlaceholderText("备注（N）")
        self.note.setAccessibleName("备注")
        self.note.setAcceptDrops(False)  # what is dropped is a photo, not its path
        self.note.textEdited.connect(self._note_typed)
        self.note.entered.connect(self._go_on)
        column.addWidget(self.note)
        self.finding = QFrame()
        box = QVBoxLayout(self.finding)
        box.setContentsMargins(0, UNIT, 0, 0)
        box.setSpacing(4)
        title = QLabel("登记为隐患（回车修改，F4 选常用说法）")
        title.setProperty("role", "heading")
        box.addWidget(title)
        self.editors: dict[str, Editor] = {}
        for name in FINDING:
            self._add_editor(name, box)
        column.addWidget(self.finding)
        column.addWidget(self.photos)
        column.addStretch(1)
        self.side.setWidget(side)
        return self.side

    def _add_editor(self, name: str, box: QVBoxLayout) -> None:
        described = copy.copy(Finding.described()[name])
        if name == "wording":
            described.suggest = lambda _values, _parent, _today: self._shown.wordings if self._shown else ()
        editor = make_editor(described, self.context, cell=True)
        label = QLabel(described.label)
        label.setProperty("role", "muted")
        box.addWidget(label)
        box.addWidget(editor)
        editor.edited.connect(lambda: self._written(name))
        editor.advance.connect(self._go_on)
        if isinstance(editor, LongEditor):
            editor.filled.connect(self._fill)
        for target in editor.focus_targets():
            target.setAccessibleName(described.label)
            target.setAcceptDrops(False)
        self.editors[name] = editor

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        row.setSpacing(UNIT)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.verdict = QLabel("")
        self.verdict.setProperty("role", "heading")
        self.arithmetic = QLabel("", wordWrap=True)
        self.arithmetic.setProperty("role", "muted")
        for label in (self.verdict, self.arithmetic):
            label.setTextFormat(Qt.TextFormat.PlainText)
            words.addWidget(label)
        row.addLayout(words, 1)
        self.rest_button = button("其余全部为是", self.answer_rest, "check", tip="A")
        self.done_button = button("完成", self.finish, "save", "primary", tip="Ctrl+Enter")
        for each in (self.rest_button, self.done_button):
            each.setAutoDefault(False)
            row.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
        return foot

    # --- showing -------------------------------------------------------------------------------------------------

    def show_desk(self, desk: Desk, answers: Mapping[str, str], notes: Mapping[str, str]) -> None:
        """Show a form with what was answered already; the mark goes to the first item without an answer."""
        self.desk = desk
        self.forms.clear()
        for key, name in desk.forms:
            self.forms.addItem(name, key)
        self.forms.setCurrentIndex(self.forms.findData(desk.form_id))
        self.last.setText(desk.last)
        self.sample.setVisible(not desk.official)
        self.list.items.show(desk, answers, notes)
        self._count_photos()
        self.list.go_to(max(self.list.next_open(0), 0))
        self.list.setFocus()
        self._tell()

    def _show_item(self, row: int) -> None:
        if self.desk is None or not 0 <= row < len(self.desk.items):
            return
        item = self._shown = self.desk.items[row]
        self.side.verticalScrollBar().setValue(0)
        self.number.setText(f"{item.marked}　{item.topic}" + ("　重点项" if item.is_key else ""))
        self.content.setText(item.content)
        self.basis.setText(f"依据：{item.legal_basis}" if item.legal_basis else "没有登记依据条款")
        self.note.setText(self.list.items.notes.get(item.number, ""))
        self.photos.show_item(item)
        self._show_finding()

    def _show_finding(self) -> None:
        item = self._shown
        on = item is not None and self.list.items.answers.get(item.number) == "no"
        self.finding.setVisible(on)
        if item is not None and on:
            values = self._finding_of(item)
            for name, editor in self.editors.items():
                editor.set_value(values.get(name))

    def _count_photos(self) -> None:
        """How many photos each item has, in the list."""
        if self.desk is None:
            return
        counts = self.photos.counts()
        now = {item.id: counts[part_of(item.id)] for item in self.desk.items if part_of(item.id) in counts}
        if now != self.list.items.files:
            self.list.items.files = now
            self.list.scheduleDelayedItemsLayout()

    def _tell(self) -> None:
        """The result so far, with its arithmetic."""
        assert self.desk is not None
        answers = self.list.items.answers
        if not answers:
            self.verdict.setText(f"共{len(self.desk.items)}项，还没有作答")
            self.arithmetic.setText("")
            return
        found, due = self.desk.foreseen(answers), self.desk.due(answers)
        head = f"{found.word} → {found.handling}"
        if due:
            head = f"还有{len(due)}项要答；若都为是，结果为{found.word}"
        self.verdict.setText(head)
        self.arithmetic.setText("；".join(found.reasons))
        restyle(self.arithmetic, role=LEVEL_TONES[found.level] if found.level != "passed" else "muted")

    # --- answering -----------------------------------------------------------------------------------------------

    def answer(self, row: int, answer: str) -> None:
        """Answer an item; 是 and 合理缺项 go on to the next one, 否 stays to show its finding."""
        if self.desk is None or not 0 <= row < len(self.desk.items):
            return
        item = self.desk.items[row]
        before = self.list.items.answers.get(item.number, "")
        self.list.items.put(row, answer)
        if (before == "no") != (answer == "no"):
            self.failed.emit(item, answer == "no")
        self._changed()
        if answer in ("yes", "skip"):
            self.list.go_to(row + 1)
        self._show_finding()

    def answer_rest(self) -> None:
        """All items without an answer are 是; those of last time have to be answered one by one."""
        if self.desk is None:
            return
        kept = []
        for row, item in enumerate(self.desk.items):
            if item.number in self.list.items.answers:
                continue
            if item.again:
                kept.append(row)
            else:
                self.list.items.put(row, "yes")
        self._changed()
        if kept:
            self.list.go_to(kept[0])
            restyle(self.arithmetic, role="warning")
            self.arithmetic.setText("上次不符合的项目要逐项作答，已停在第一项")

    def _changed(self) -> None:
        self.answered.emit(dict(self.list.items.answers), dict(self.list.items.notes))
        self.list.viewport().update()
        self._tell()

    def _note_typed(self, text: str) -> None:
        if self._shown is None:
            return
        had = bool(self.list.items.notes.get(self._shown.number))
        self.list.items.notes[self._shown.number] = text
        if had != bool(text):
            self.list.scheduleDelayedItemsLayout()
        self._changed()

    def _written(self, name: str) -> None:
        if self._shown is None:
            return
        try:
            self.written.emit(self._shown, {name: self.editors[name].value()})
        except FieldError as exc:
            restyle(self.arithmetic, role="danger")
            self.arithmetic.setText(exc.message)

    def _fill(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if name in self.editors and value:
                self.editors[name].set_value(value)
        if self._shown is not None:
            self.written.emit(self._shown, {n: v for n, v in values.items() if v})
        self.list.setFocus()

    # --- going about ---------------------------------------------------------------------------------------------

    def _asked(self, what: str) -> None:
        if what == "rest":
            self.answer_rest()
        elif what == "note":
            self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif what == "find":
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()
        elif what == "photo":
            self.photos.choose()
        elif what == "paste":
            self.photos.paste()
        elif what == "wording":
            if self.finding.isVisible():
                self.editors["wording"].focus_targets()[0].setFocus(Qt.FocusReason.TabFocusReason)
            else:
                self.list.go_to(self.list.row + 1)

    def _go_on(self) -> None:
        """Enter in a field at the side: back to the list, on to the next item."""
        self.list.setFocus()
        self.list.go_to(self.list.row + 1)

    def find_item(self) -> None:
        """Go to the next item that the typed number or words mean."""
        text = self.search.text().strip().lower().replace("。", ".").lstrip("*")
        if not text or self.desk is None:
            return
        items = self.desk.items
        exact = [r for r, i in enumerate(items) if i.number.lower() == text]
        near = [r for r, i in enumerate(items) if text in i.key.lower()]
        found = exact or [r for r in near if r > self.list.row] or near
        if found:
            self.list.go_to(found[0])
            self.list.setFocus()
            self.search.clear()
        else:
            self.search.selectAll()

    def finish(self) -> None:
        """Close when all that must be answered is; else go to the first that is missing."""
        if self.desk is None:
            return
        if due := self.desk.due(self.list.items.answers):
            self.list.go_to(self.desk.items.index(due[0]))
            self.list.setFocus()
            words = f"还有{len(due)}项没有作答，已停在第{due[0].number}项；按 A 可将其余全部记为是，Esc 可留到以后再填"
            restyle(self.arithmetic, role="danger")
            self.arithmetic.setText(words)
            return
        QTimer.singleShot(0, self, self.accept)
