"""The PDF preview: look, search, print, save as; knows bytes and a proposed name, not what the document says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ui.kit.buttons import button, icon_button
from ui.kit.dialogs import confirm
from ui.kit.errors import show_error
from ui.kit.files import ask_save
from ui.kit.icons import icon
from ui.kit.job_progress import JobProgress
from ui.kit.jobs import Jobs, Progress
from ui.kit.palette import UNIT
from ui.kit.pdf_source import Hit, PdfSource
from ui.kit.pdf_view import PdfView
from ui.kit.printing import print_pages, save_bytes
from ui.kit.toast import show_toast

Maker = Callable[[Progress], bytes | Path]
"""Makes the document; a file must stay until the preview is closed."""


class PreviewDialog(QDialog):
    """Shows a document from bytes, a file, or a function that makes it off the GUI thread.

    `loaded()` once the first page can be shown, `saved(path)` and `printed(pages)` after those succeeded.
    """

    loaded = Signal()
    saved = Signal(str)
    printed = Signal(int)

    def __init__(
        self,
        content: bytes | Path | Maker,
        title: str = "预览",
        file_name: str = "文书.pdf",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(self._first_size())
        self._file_name = file_name
        self._source: PdfSource | None = None
        self._jobs = Jobs(readers=1)
        self._progress = JobProgress(self._jobs, self)
        self.view = PdfView(self._jobs)
        self._hits: list[Hit] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._make_bar())
        outer.addWidget(self.view, 1)
        self._keys()
        self.view.page_changed.connect(self._tell_page)
        self.view.zoom_changed.connect(lambda factor: self.zoom.setText(f"{factor:.0%}"))
        self._enable(False)
        self._jobs.read(
            _open,
            content,
            owner=self,
            done=self._show,
            failed=self._not_opened,
            stopped=self.reject,
            label="正在生成",
        )
        self.view.setFocus()

    def _first_size(self) -> QSize:
        screen = self.screen().availableSize()
        return QSize(min(1080, screen.width() - 80), min(1200, screen.height() - 60))

    def _make_bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("header")
        row = QHBoxLayout(bar)
        row.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        row.setSpacing(4)
        self.number = QLineEdit("1", alignment=Qt.AlignmentFlag.AlignCenter)
        self.number.setFixedWidth(64)
        self.number.setValidator(QIntValidator(1, 1, self))
        self.number.setToolTip("页码：输入后按回车")
        self.number.returnPressed.connect(lambda: self.view.go_to(int(self.number.text()) - 1))
        self.pages = QLabel("/ 0 页")
        self.pages.setProperty("role", "muted")
        self.zoom = QLabel("100%", alignment=Qt.AlignmentFlag.AlignCenter)
        self.zoom.setFixedWidth(52)
        self.search = QLineEdit(placeholderText="在文中查找", clearButtonEnabled=True)
        self.search.setFixedWidth(180)
        self.search.addAction(icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(lambda: self._step(1))
        self.found = QLabel("")
        self.found.setProperty("role", "muted")
        self.found.setMinimumWidth(52)
        for each in (
            self.number, self.pages,
            icon_button("zoom-out", "缩小（Ctrl+-）", self.view.zoom_out), self.zoom,
            icon_button("zoom-in", "放大（Ctrl++）", self.view.zoom_in),
            icon_button("fit-width", "适合宽度", lambda: self.view.set_fit("width")),
            icon_button("fit-page", "整页", lambda: self.view.set_fit("page")),
            self.search, self.found,
            icon_button("chevron-up", "上一处（Shift+F3）", lambda: self._step(-1)),
            icon_button("chevron-down", "下一处（F3）", lambda: self._step(1)),
        ):  # fmt: skip
            row.addWidget(each)
            if each in (self.pages,):
                row.addSpacing(UNIT)
        row.addStretch(1)
        self.save_button = button("另存为 PDF", self.save, "save", tip="Ctrl+S")
        self.print_button = button("打印", self.print, "print", "primary", tip="Ctrl+P")
        row.addWidget(self.save_button)
        row.addWidget(self.print_button)
        row.addWidget(button("关闭", self.close, kind="quiet", tip="Esc"))
        return bar

    def _keys(self) -> None:
        for keys, act in (
            ("Ctrl+S", self.save), ("Ctrl+P", self.print), ("Ctrl+F", self.search.setFocus),
            ("F3", lambda: self._step(1)), ("Shift+F3", lambda: self._step(-1)),
            ("Ctrl+=", self.view.zoom_in), ("Ctrl++", self.view.zoom_in), ("Ctrl+-", self.view.zoom_out),
            ("Ctrl+0", lambda: self.view.set_zoom(1.0)),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # -- loading ----------------------------------------------------------------------------------------

    def _enable(self, on: bool) -> None:
        for each in (self.number, self.search, self.save_button, self.print_button):
            each.setEnabled(on)

    def _show(self, source: PdfSource) -> None:
        self._source = source
        self.number.setValidator(QIntValidator(1, max(1, len(source)), self))
        self.pages.setText(f"/ {len(source)} 页")
        self.view.show_source(source)
        self._enable(True)
        self.loaded.emit()

    def _not_opened(self, error: Exception) -> None:
        show_error(self.parentWidget(), error)
        self.reject()

    def _tell_page(self, number: int) -> None:
        self.number.setText(str(number + 1))

    # -- search -----------------------------------------------------------------------------------------

    def _find(self, text: str) -> None:
        wanted = text.strip()
        self._take_hits([])
        if self._source is not None and wanted:
            self._jobs.read(self._source.find, wanted, owner=self, key="find", done=self._take_hits)

    def _take_hits(self, hits: list[Hit]) -> None:
        self._hits = hits
        self.view.set_hits(hits)
        self._step(1)
        if not hits:
            self.found.setText("没有找到" if self.search.text().strip() else "")

    def _step(self, step: int) -> None:
        self.view.step_hit(step)
        if self._hits:
            self.found.setText(f"{self.view.hit + 1} / {len(self._hits)}")

    # -- saving and printing ----------------------------------------------------------------------------

    def save(self) -> None:
        """Ask where and write the file."""
        if self._source is None:
            return
        target, _kind = ask_save(self, "另存为 PDF", self._file_name, ["PDF 文件 (*.pdf)"], confirm=False)
        if target is not None:
            self.save_to(target)

    def save_to(self, target: Path) -> None:
        """Write the document to `target` (.pdf is added), asking first when it is there already."""
        if self._source is None:
            return
        if target.suffix.lower() != ".pdf":
            target = target.with_name(target.name + ".pdf")
        question = f"“{target.name}”已经存在。"
        if target.exists() and not confirm(self, question, "要用现在的内容替换它吗？", "替换", danger=True):
            return
        source = self._source
        self._jobs.write(
            lambda: save_bytes(source.data(), target), owner=self, label="正在保存",
            done=lambda _none: self._saved(target),
        )  # fmt: skip

    def _saved(self, target: Path) -> None:
        show_toast(self, f"已保存到 {target}")
        self.saved.emit(str(target))

    def print(self) -> None:
        """The print dialog, then the pages off the GUI thread."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        if self._source is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.windowTitle())
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("打印")
        dialog.setMinMax(1, len(self._source))
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintCurrentPage, False)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.print_on(printer)
        dialog.deleteLater()

    def print_on(self, printer: object) -> None:
        """Send the pages to a chosen QPrinter."""
        if self._source is not None:
            self._jobs.write(
                print_pages, self._source, printer, owner=self, label="正在打印", done=self._printed
            )

    def _printed(self, count: int) -> None:
        show_toast(self, f"已送出 {count} 页到打印机")
        self.printed.emit(count)

    # -- leaving ----------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Close, unless the document is still being saved or printed."""
        if self._jobs.writing:
            show_toast(self, "正在保存或打印，完成后就可以关闭。", state="warning")
            return
        super().reject()

    def done(self, result: int) -> None:
        source, self._source = self._source, None
        self.view.clear()
        self._jobs.abandon(source.close if source is not None else lambda: None)
        super().done(result)


def _open(content: bytes | Path | Maker, progress: Progress) -> PdfSource:
    if isinstance(content, (bytes, Path)):
        return PdfSource(content)
    data = content(progress)
    progress.check()
    return PdfSource(data)


def show_preview(
    parent: QWidget | None, content: bytes | Path | Maker, title: str = "预览", file_name: str = "文书.pdf"
) -> PreviewDialog:
    """Open a preview window; it deletes itself when closed."""
    dialog = PreviewDialog(content, title, file_name, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    return dialog
