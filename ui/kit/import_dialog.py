"""Bringing a spreadsheet into a register: read, match, preview, write, with a way back each time; knows no topic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from models.core.changes import Transaction
from models.core.errors import FieldError, KnownError
from models.core.register import Register
from models.transfer.commit import commit
from models.transfer.mapping import Mapping, known_headers, learn, learn_value, match_headers
from models.transfer.preview import Preview, preview
from models.transfer.progress import Cancelled as Stopped
from models.transfer.reading import RawTable, read_table
from models.transfer.wrong_rows import wrong_rows_xlsx
from ui.kit.buttons import button
from ui.kit.errors import show_error
from ui.kit.files import ask_open, ask_save
from ui.kit.import_mapping import MappingPage
from ui.kit.import_preview import PreviewPage
from ui.kit.import_rows import accepted_numbers
from ui.kit.import_steps import ResultPage, Teller, WaitingPage
from ui.kit.jobs import Cancelled, Progress
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.theme import colours
from ui.kit.toast import show_toast

if TYPE_CHECKING:
    from models.transfer.plan import Choice

ENDINGS = (".xlsx", ".xlsm", ".xls", ".csv", ".txt", ".tsv")


class ImportDialog(QDialog):
    """The window of one import; it begins to read at once. Nothing is written before 写入."""

    def __init__(
        self, session: Session, register: Register, path: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session, self.register, self.path = session, register, path
        self.table: RawTable | None = None
        self.preview: Preview | None = None
        self._teller: Teller | None = None
        self._back: QWidget | None = None
        self._action: Any = None
        self.setWindowTitle(f"导入{register.title}")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setModal(True)
        self.resize(1180, 680)
        self.waiting = WaitingPage(self)
        self._lay_out()
        self._connect()
        self.read()

    def _lay_out(self) -> None:
        self.steps = QLabel("")
        self.steps.setTextFormat(Qt.TextFormat.RichText)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.waiting)
        self.back = button("上一步", self._go_back, parent=self)
        self.leave = button("取消", self.reject, parent=self)
        self.next = button("下一步：预览", self._go_on, kind="primary", parent=self)
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        foot.addWidget(self.words, 1)
        for each in (self.back, self.leave, self.next):
            foot.addWidget(each)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(2 * UNIT)
        box.addWidget(self.steps)
        box.addWidget(self.stack, 1)
        box.addLayout(foot)

    def _connect(self) -> None:
        self.waiting.cancelled.connect(self._cancel)

    @cached_property
    def mapping_page(self) -> MappingPage:
        """The first step, made when the file has been read."""
        page = MappingPage(self.session.today, self)
        page.sheet_asked.connect(self.read)
        page.changed.connect(self._tell_mapped)
        self.stack.addWidget(page)
        return page

    @cached_property
    def preview_page(self) -> PreviewPage:
        """The second step, made when it is wanted: a dialog built at once would hold the window."""
        page = PreviewPage(self.session, self)
        page.accepted_changed.connect(self._tell_accepted)
        page.save_asked.connect(self.ask_save_wrong)
        page.correct_asked.connect(self.correct)
        self.stack.addWidget(page)
        return page

    @cached_property
    def last_page(self) -> ResultPage:
        """The third step."""
        page = ResultPage(self)
        page.save_asked.connect(self.ask_save_wrong)
        page.undo_asked.connect(self.undo)
        self.stack.addWidget(page)
        return page

    # --- the steps -----------------------------------------------------------------------------------------------

    def read(self, sheet: str = "") -> None:
        """Read the file, then show the mapping."""
        register, path = self.register, self.path

        def work() -> tuple[RawTable, Mapping]:
            table = read_table(path, sheet, known_headers(register))
            return table, match_headers(register, table)

        def done(found: tuple[RawTable, Mapping]) -> None:
            self.table, mapping = found
            self.mapping_page.show_file(self.table, mapping)
            self._show(self.mapping_page)
            self.next.setFocus()

        def refused(error: Exception) -> None:
            show_error(self.parentWidget() or self, error)
            if self.table is None:
                super(ImportDialog, self).reject()
            else:
                self._show(self.mapping_page)

        self._begin(f"正在读取“{path.name}”", self.mapping_page if self.table is not None else None)
        self._read_job(lambda _tell: work(), done, refused)

    def show_rows(self, marks: bytes | None = None, choices: dict[int, Choice] | None = None) -> None:
        """Work out what would be written and show it; earlier marks and choices are kept where they are given."""
        table, mapping, page = self.table, self.mapping_page.mapping, self.mapping_page
        assert table is not None
        assert mapping is not None
        ledger, register = self.session.ledger, self.register
        try:
            day: dt.date | None = page.effective_on()
        except FieldError as error:
            show_error(self, error)
            return
        fill = page.fill()

        def work(tell: Callable[[int, int], bool]) -> Preview:
            found = preview(ledger, register, table, mapping, tell, effective_on=day, fill=fill)
            for index, choice in (choices or {}).items():
                found.choose(found.rows[index].number, choice.record, choice.cells)
            return found

        def done(found: Preview) -> None:
            self.preview = found
            self.preview_page.show_preview(found, marks)
            self._show(self.preview_page)

        self._begin("正在与台账核对", self.mapping_page)
        self._read_job(work, done, self._refused)

    def write(self) -> None:
        """Store the accepted rows: one transaction, one undo."""
        found, tell = self.preview, self._begin("正在写入", self.preview_page)
        assert found is not None
        marks, removed = self.preview_page.model.marks(), self.preview_page.removed_ids()
        taught = [(m.header, m.path) for m in found.mapping.columns if m.how == "user" and m.path]
        words = [(p, w, v) for p, told in found.mapping.corrected.items() for w, v in told.items()]

        def work(tx: Transaction) -> tuple[dict[str, int], Any]:
            for header, path in taught:
                learn(tx, self.register, header, path)
            for path, written, label in words:
                learn_value(tx, self.register, path, written, label)
            accepted = accepted_numbers(found, marks)
            return commit(tx, found, accepted, removed=removed, progress=tell), tx.action

        def done(outcome: tuple[dict[str, int], Any]) -> None:
            counts, self._action = outcome
            self._teller = None
            self.last_page.show_result(counts, found.counts["wrong"], self.register.unit)
            self._show(self.last_page)
            self.next.setFocus()

        def failed(error: Exception) -> None:
            self._teller = None
            choices = dict(found.choices)
            if not isinstance(error, Stopped):
                show_error(self, error)
            self.show_rows(marks, choices)  # a plan serves once: what was given up has to be worked out anew
            show_toast(self, "没有写入，台账没有改动。", state="info")

        self.session.write(f"导入{self.register.title}", work, done=done, failed=failed, owner=self)

    def correct(self, path: str, written: str, label: str) -> None:
        """Let a text of the file mean a value, in every row at once."""
        found, page = self.preview, self.preview_page
        assert found is not None

        def done(indexes: list[int]) -> None:
            page.show_corrected(indexes)
            self._show(page)
            page.table.setFocus()

        self._begin("正在改正", page)
        self._read_job(lambda tell: found.correct(path, written, label, tell), done, self._refused)

    def undo(self) -> None:
        """Take the whole import back."""
        ledger, action = self.session.ledger, self._action
        self.last_page.undo.setEnabled(False)

        def failed(error: Exception) -> None:
            self.last_page.undo.setEnabled(True)
            show_error(self, error)

        self.session.undo_one(
            lambda: ledger.undo_action(action), done=lambda _none: self.last_page.show_undone(), failed=failed
        )

    def ask_save_wrong(self) -> None:
        """Ask where to save the rows that could not be imported."""
        proposed = f"{self.path.stem}（待改正）.xlsx"
        target, _kind = ask_save(self, "另存待改正的行", proposed, ["Excel 工作簿 (*.xlsx)"])
        if target is not None:
            self.save_wrong_to(target)

    def save_wrong_to(self, target: Path) -> None:
        """Write the wrong rows with their reasons to an xlsx."""
        found = self.preview
        assert found is not None
        target = target if target.suffix.lower() == ".xlsx" else target.with_name(target.name + ".xlsx")

        def done(count: int) -> None:
            show_toast(self, f"已把{count}行存到“{target.name}”")

        def failed(error: Exception) -> None:
            show_error(self, error)

        statuses, model = self.preview_page.statuses_to_save(), self.preview_page.model
        written = model.accepted if self._action is not None else set()
        self.session.read(
            lambda: wrong_rows_xlsx(found, target, statuses, written), done=done, failed=failed, owner=self
        )

    # --- waiting -------------------------------------------------------------------------------------------------

    def _begin(self, words: str, back: QWidget | None) -> Teller:
        """Show the waiting page; ``back`` is the page that a cancelled step returns to (None: the window closes)."""
        self._teller, self._back = Teller(self), back
        self._teller.told.connect(self.waiting.tell)
        self._show(self.waiting)
        self.waiting.begin(words)
        return self._teller

    def _read_job(
        self, work: Callable[..., Any], done: Callable[[Any], None], failed: Callable[[Exception], None]
    ) -> None:
        teller = self._teller
        assert teller is not None

        def whole(progress: Progress) -> Any:
            def tell(at: int, total: int) -> bool:
                return teller(at, total) and not progress.cancelled

            try:
                found = work(tell)
            except Stopped:
                raise Cancelled from None
            if teller.cancelled:
                raise Cancelled
            return found

        def ended(call: Callable[[Any], None]) -> Callable[[Any], None]:
            def inner(value: Any) -> None:
                self._teller = None
                call(value)

            return inner

        self.session.jobs.read(
            whole,
            done=ended(done),
            failed=ended(failed),
            stopped=lambda: ended(self._stopped)(None),
            owner=self,
        )

    def _cancel(self) -> None:
        if self._teller is not None:
            self._teller.cancel()

    def _stopped(self, _none: object) -> None:
        if self._back is None:
            super().reject()
        else:
            self._show(self._back)

    def _refused(self, error: Exception) -> None:
        show_error(self, error)
        self._show(self._back or self.mapping_page)

    # --- what the window shows -----------------------------------------------------------------------------------

    def _show(self, page: QWidget) -> None:
        self.stack.setCurrentWidget(page)
        busy, last = page is self.waiting, isinstance(page, ResultPage)
        self.back.setVisible(isinstance(page, PreviewPage))
        self.leave.setVisible(not busy and not last)
        self.next.setVisible(not busy)
        self.next.setText("完成" if last else "写入" if isinstance(page, PreviewPage) else "下一步：预览")
        self.next.setEnabled(True)
        self.words.setText("")
        names = (("① 选择栏目", MappingPage), ("② 核对", PreviewPage), ("③ 完成", ResultPage))
        at = type(self._back if busy else page)
        shade = colours()
        parts = [
            (shade.accent if p is at else shade.muted, f"<b>{n}</b>" if p is at else n) for n, p in names
        ]
        self.steps.setText(("&nbsp;" * 5).join(f"<span style='color:{ink}'>{n}</span>" for ink, n in parts))
        if isinstance(page, PreviewPage):
            self._tell_accepted()
        elif isinstance(page, MappingPage):
            self._tell_mapped()

    def _tell_mapped(self) -> None:
        mapping = self.mapping_page.mapping
        if mapping is not None and self.stack.currentWidget() is self.mapping_page:
            self.next.setEnabled(bool(mapping.matched))

    def _tell_accepted(self) -> None:
        if not isinstance(self.stack.currentWidget(), PreviewPage):
            return
        count, gone = self.preview_page.model.count, len(self.preview_page.removed_ids())
        self.next.setText(f"写入{count}行" if count or not gone else "写入")
        self.next.setEnabled(count + gone > 0)
        self.words.setText("勾选的行会一次写入，可以一次撤销；没有勾选的不动。")

    def _go_on(self) -> None:
        page = self.stack.currentWidget()
        if isinstance(page, MappingPage):
            self.show_rows()
        elif isinstance(page, PreviewPage):
            self.write()
        else:
            self.accept()

    def _go_back(self) -> None:
        self._show(self.mapping_page)

    def reject(self) -> None:
        """Esc and 取消: a running step is stopped first."""
        if self._teller is not None:
            self.waiting.stop.click()
        elif isinstance(self.stack.currentWidget(), ResultPage):
            self.accept()
        else:
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter in an editor settles it and goes no further.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and self._teller is None and self.next.isEnabled():
                self._go_on()
            return
        super().keyPressEvent(event)


def ask_import(session: Session, register: Register, parent: QWidget) -> ImportDialog | None:
    """Ask for a file and open its import; None when cancelled."""
    kinds = " ".join(f"*{ending}" for ending in ENDINGS)
    path = ask_open(parent, f"导入{register.title}", [f"表格 ({kinds})"])
    return open_import(session, register, path, parent) if path is not None else None


def open_import(session: Session, register: Register, path: Path, parent: QWidget) -> ImportDialog:
    """Open the import of a file; the window deletes itself when closed. Raises KnownError in a ledger only read."""
    if not session.ledger.writable:
        raise KnownError("台账正在另一个窗口中使用，这里只能查看。", "请在那个窗口里导入。")
    dialog = ImportDialog(session, register, path, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    return dialog
