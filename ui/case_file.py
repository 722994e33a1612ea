"""案卷: what goes into the case of an enterprise, a visit or a notice, to tick, preview and save; knows no page."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from models.case_file import CaseScope
from models.case_finding import scope_of_inspection, scope_of_notice
from models.core.errors import KnownError
from models.core.fields import Date
from ui.enterprises import chosen
from ui.kit.buttons import button
from ui.kit.date_edit import DateEditor
from ui.kit.errors import show_error
from ui.kit.files import ask_save
from ui.kit.form_editors import FormContext
from ui.kit.job_progress import JobProgress
from ui.kit.jobs import Job, Progress
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import Banner, show_toast

if TYPE_CHECKING:
    from reports.case_contents import Contents, Item
    from reports.case_file import Made
    from ui.kit.preview import PreviewDialog
    from ui.kit.register_page import RegisterPage

KEY = "Ctrl+Shift+A"
WAIT_MS = 400
MOST_TOLD = 3
HEADS = (
    Head("文书、附件"),
    Head("文号（编号）", 200),
    Head("日期", 100),
    Head("归入", 220),
    Head("说明", 220),
)
SCOPES: dict[str, Callable[[int], CaseScope]] = {
    "enterprises": CaseScope,
    "inspections": scope_of_inspection,
    "notices": scope_of_notice,
}
"""The lists that have cases, and whose case a row of theirs is."""


def kind_words(item: Item) -> str:
    """What an item is and what is wrong with it."""
    from models.core.blobs import in_words
    from reports.case_contents import FILE, KINDS, PAPER

    if item.kind == PAPER:
        return item.remark or KINDS[PAPER]
    words = f"{KINDS[item.kind]}，{in_words(item.size)}"
    if item.kind == FILE:
        words += "，只列清单"
    return item.fault or (f"{words}；{item.remark}" if item.remark else words)


def row_of(item: Item) -> TableRow:
    """An item as a row of the table."""
    day = item.day.isoformat() if item.day else ""
    plain = not item.file_name or item.name in (item.stem, item.file_name)
    name = item.name if plain else f"{item.name}（{item.file_name}）"
    tones = {4: "danger" if item.fault else "warning" if item.remark else "muted"}
    return TableRow(item.key, (name, item.number, day, item.part, kind_words(item)), tones)


class CaseDialog(QDialog):
    """The items in the order of filing, each with a box. ``listed()`` after each reading, ``saved(path)``."""

    listed = Signal()
    saved = Signal(str)

    def __init__(
        self, session: Session, parent: QWidget | None, scope_of: Callable[[], CaseScope], whole: bool
    ) -> None:
        super().__init__(parent)
        self.session, self._scope_of, self.whole = session, scope_of, whole
        self.found: Contents | None = None
        self._known: set[str] = set()
        self._job: Job | None = None
        self.setWindowTitle("案卷")
        self.resize(1150, 640)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.headline = QLabel("案卷")
        self.headline.setProperty("role", "heading")
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        context = FormContext(session, session.today)
        self.start, self.end = (DateEditor(Date(label), context) for label in ("自", "至"))
        self.banner = Banner()
        self.words = QLabel("正在读取…", wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.table = RowsTable(HEADS, "案卷里放什么", ticks=True)
        self.yes = button("预览", self.preview, "eye", "primary", tip="Ctrl+Enter", parent=self)
        self.save_button = button("另存为 PDF", self.save, "save", tip="Ctrl+S", parent=self)
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self.refresh)
        self._lay_out()
        self._progress = JobProgress(session.jobs, self)
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        top.addWidget(self.headline, 1)
        self.period = QWidget()
        row = QHBoxLayout(self.period)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        for label, editor in (("检查、文书日期自", self.start), ("至", self.end)):
            name = QLabel(label)
            name.setProperty("role", "muted")
            editor.setFixedWidth(editor.edit.maximumWidth())
            row.addWidget(name)
            row.addWidget(editor)
        self.period.setVisible(self.whole)
        top.addWidget(self.period)
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        hint = QLabel("空格选取或去掉选中的行；缺失、打不开的附件会在目录里注明")
        hint.setProperty("role", "muted")
        foot.addWidget(hint, 1)
        foot.addWidget(button("取消", self.reject, tip="Esc", parent=self))
        foot.addWidget(self.save_button)
        foot.addWidget(self.yes)
        middle = QHBoxLayout()
        middle.setSpacing(UNIT)
        middle.addWidget(self.words, 1)
        middle.addWidget(button("全选", lambda: self._tick_all(True), parent=self))
        middle.addWidget(button("全不选", lambda: self._tick_all(False), parent=self))
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.banner)
        box.addLayout(middle)
        box.addWidget(self.table, 1)
        box.addLayout(foot)

    def _connect(self) -> None:
        for editor in (self.start, self.end):
            editor.edited.connect(self._wait.start)
        self.table.list.ticked_changed.connect(self._count)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.preview)
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)
        QShortcut(QKeySequence("F5"), self, self.refresh)

    # --- reading -----------------------------------------------------------------------------------------------------

    def _days(self) -> tuple[dt.date | None, dt.date | None] | None:
        """The period typed; None where it cannot be read, which is said."""
        found: list[dt.date | None] = []
        for editor in (self.start, self.end):
            try:
                found.append(editor.value())
                editor.mark("")
            except KnownError as error:
                editor.mark("error")
                self.banner.tell(error.message, "danger", closable=False)
                return None
        if found[0] and found[1] and found[1] < found[0]:
            self.end.mark("error")
            self.banner.tell(f"最后一天{found[1]}早于第一天{found[0]}，请改正其一。", "danger", closable=False)
            return None
        return found[0], found[1]

    def refresh(self) -> None:
        """Read what the case holds; ticks stay."""
        self._wait.stop()
        days = self._days()
        self.found = None
        self._count()
        if days is None:
            return
        self.banner.hide()
        scope_of, blobs, today, demo = self._scope_of, self.session.ledger.blobs, self.session.today, self.session.demo

        def read(progress: Progress) -> Contents:
            from reports.case_contents import contents_of
            from reports.case_papers import Setting

            def told(done: int, total: int) -> None:
                progress.check()
                progress.report(done, total, "正在核对附件")

            scope = replace(scope_of(), start=days[0], end=days[1])
            return contents_of(scope, blobs, Setting(today, demo), told)

        self.session.jobs.read(
            read, owner=self, key="case", done=self._show, failed=self._failed, stopped=self.reject, label="案卷"
        )

    def _show(self, found: Contents) -> None:
        self.found = found
        self.headline.setText(f"{found.cover.title}：{found.cover.name}")
        new = [item for item in found.items if item.key not in self._known]
        self._known |= {item.key for item in new}
        self.table.list.off |= {item.key for item in new if not item.usual}
        self.table.show_rows([row_of(item) for item in found.items])
        faults = found.faults()
        if faults:
            more = f"等{len(faults)}个" if len(faults) > MOST_TOLD else ""
            self.banner.tell("附件有问题：" + "；".join(faults[:MOST_TOLD]) + more, "warning", closable=False)
        self._count()
        if not (self.start.edit.hasFocus() or self.end.edit.hasFocus()):
            self.table.setFocus()
        self.listed.emit()

    def _failed(self, error: Exception) -> None:
        self.words.setText("没有读出。")
        if isinstance(error, KnownError):
            self.banner.tell(str(error), "danger", closable=False)
        else:
            show_error(self, error)

    def _tick_all(self, on: bool) -> None:
        self.table.list.tick([row.key for row in self.table.list.rows], on)

    def ticked(self) -> list[Item]:
        """What goes in, in the order of filing."""
        if self.found is None:
            return []
        return [item for item in self.found.items if item.key not in self.table.list.off]

    def _count(self) -> None:
        items = self.ticked()
        able = bool(items) and self._job is None
        self.yes.setEnabled(able)
        self.save_button.setEnabled(able)
        if self.found is None:
            self.words.setText("正在读取…")
            return
        self.words.setText(counted(items, len(self.found.items)))

    # --- making ------------------------------------------------------------------------------------------------------

    def preview(self) -> PreviewDialog | None:
        """The case in a preview, to look at, print or save."""
        if not self.yes.isEnabled() or self.found is None:
            return None
        return show_case(self, self.session, self.found, self.ticked())

    def save(self) -> None:
        """Ask where, and write the file."""
        if not self.save_button.isEnabled() or self.found is None:
            return
        from reports.case_file import file_name

        target, _kind = ask_save(self, "另存为 PDF", file_name(self.found), ["PDF 文件 (*.pdf)"])
        if target is not None:
            self.save_to(target)

    def save_to(self, target: Path) -> None:
        """Write the case to ``target`` (.pdf is added) with progress; cancelled, nothing is written."""
        found, items = self.found, self.ticked()
        if found is None or not items:
            return
        if target.suffix.lower() != ".pdf":
            target = target.with_name(target.name + ".pdf")
        blobs = self.session.ledger.blobs

        def write(progress: Progress) -> Made:
            from reports.case_file import write_case

            return write_case(found, items, blobs, target, progress=_teller(progress))

        self._job = self.session.jobs.read(
            write, owner=self, done=lambda made: self._saved(target, made), failed=self._not_saved,
            stopped=self._stopped, label="正在装订案卷",
        )  # fmt: skip
        self._count()

    def _saved(self, target: Path, made: Made) -> None:
        self._job = None
        words = f"案卷已保存到 {target}：{len(made.rows)}件{made.numbered}页"
        if made.problems:
            words += f"；{len(made.problems)}个附件有问题，已在目录里注明"
        show_toast(self.parentWidget().window() if self.parentWidget() else self, words)  # type: ignore[union-attr]
        self.saved.emit(str(target))
        self.accept()

    def _not_saved(self, error: Exception) -> None:
        self._stopped()
        if isinstance(error, KnownError):
            self.banner.tell(str(error), "danger", closable=False)
        else:
            show_error(self, error)

    def _stopped(self) -> None:
        self._job = None
        self._count()
        self.banner.tell("已取消，没有写出文件。", "info")

    def reject(self) -> None:
        """Close; what is being written is given up."""
        if self._job is not None:
            self._job.cancel()
        super().reject()


def counted(items: Sequence[Item], total: int) -> str:
    """How much goes in, by kind."""
    from reports.case_contents import KINDS

    if not total:
        return "没有可以放进案卷的材料：还没有签发的文书，也没有附件。"
    count = Counter(item.kind for item in items)
    units = {"paper": "份", "picture": "张", "pdf": "份", "file": "个"}
    parts = [f"{KINDS[kind]} {count[kind]} {unit}" for kind, unit in units.items() if count[kind]]
    return f"选取 {len(items)} / {total} 件" + (f"：{'，'.join(parts)}" if parts else "")


def _teller(progress: Progress) -> Callable[[int, int, str], bool]:
    def tell(done: int, total: int, words: str) -> bool:
        progress.check()
        progress.report(done, total, words)
        return True

    return tell


def show_case(parent: QWidget, session: Session, found: Contents, items: Sequence[Item]) -> PreviewDialog:
    """Some items of a case in a preview; the file goes with it."""
    from reports.case_file import file_name, write_case
    from ui.kit.preview import show_preview

    blobs, chosen_items = session.ledger.blobs, list(items)
    folder = TemporaryDirectory(prefix="shian-preview-", ignore_cleanup_errors=True)

    def make(progress: Progress) -> Path:
        out = Path(folder.name) / "case.pdf"
        try:
            write_case(found, chosen_items, blobs, out, progress=_teller(progress))
        finally:
            session.ledger.close_thread()  # the preview's thread is not the session's
        return out

    preview = show_preview(parent, make, f"{found.cover.title}：{found.cover.name}", file_name(found))
    preview.destroyed.connect(lambda *_args: folder.cleanup())
    return preview


def ask_case(session: Session, parent: QWidget, register: str, key: int) -> CaseDialog:
    """Open the dialog for a row of the list ``register``; it deletes itself when closed."""
    scope_of = SCOPES[register]
    dialog = CaseDialog(session, parent.window(), lambda: scope_of(key), register == "enterprises")
    dialog.open()
    return dialog


def add_case(page: RegisterPage) -> None:
    """案卷 in the menu of a list's rows and above its panel, for the one chosen."""
    from ui.kit.register_bar import page_action

    name: Any = page.register.name
    action = page_action(page, "case", "案卷", "folder", "文书、照片和附件按归档顺序装订成一个 PDF", KEY)

    def follow(*_args: object) -> None:
        action.setEnabled(len(chosen(page)) == 1 and not page.view().removed)

    def ask() -> None:
        keys = chosen(page)
        if len(keys) == 1:
            ask_case(page.session, page, name, keys[0])

    action.triggered.connect(ask)
    page.current_changed.connect(follow)
    page.selection_changed.connect(follow)
    page.add_menu_action(action)
    follow()
