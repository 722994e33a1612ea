"""报表: the figures of a period with last year's, each opening its records, and the written report; counts nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QTableWidgetItem, QVBoxLayout, QWidget

from models.core.changes import Changes
from models.period import Line, figure_lines, usual_period
from models.plausibility import Summary, summary
from models.rules.dates import Period
from models.settings import settings
from ui.history_page import heads_right, plain_table
from ui.kit.buttons import button, restyle
from ui.kit.files import ask_save
from ui.kit.icons import icon
from ui.kit.jobs import Progress
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.toast import Banner, show_toast
from ui.period_pick import PeriodPick
from ui.report_doubts import ask_about_doubts, show_doubts

if TYPE_CHECKING:
    from ui.kit.preview import PreviewDialog

WITHIN = Qt.ShortcutContext.WidgetWithChildrenShortcut


def report_bytes(period: Period, today: dt.date, demo: bool) -> bytes:
    """The written report of a period as a PDF."""
    from reports.period_report import write_period_report

    with TemporaryDirectory() as folder:
        target = Path(folder) / "report.pdf"
        write_period_report(period, target, today, demo=demo)
        return target.read_bytes()


class ReportPage(QWidget):
    """Choose a period, look at its figures, open their records, make the report. `loaded()` after the figures."""

    loaded = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.lines: list[Line] = []
        self._stale = True
        self.pick = PeriodPick(session.today, "报告期", usual_period(session.today))
        self.choice, self.start, self.end = self.pick.choice, self.pick.start, self.pick.end
        self.banner = Banner()
        self.table = plain_table(("指标", "本期", "上年同期", "单位", "口径"), 4)
        for column, width in ((0, 190), (1, 100), (2, 100), (3, 64)):
            self.table.setColumnWidth(column, width)
        heads_right(self.table, (1, 2))
        self.table.cellDoubleClicked.connect(lambda row, _column: self.open_line(row))
        self.table.keyPressEvent = self._table_key  # type: ignore[method-assign]
        self._lay_out()
        self.pick.refused.connect(lambda words: self.banner.tell(words, "danger", closable=False))
        self.pick.chosen.connect(self.refresh)
        QShortcut(QKeySequence("Ctrl+P"), self, self.ask_report, context=WITHIN)
        session.changed.connect(self._changed)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        top.addWidget(self.pick)
        top.addStretch(1)
        self.open_button = button("查看记录", lambda: self.open_line(self.table.currentRow()), "list", tip="回车")
        self.doubts_button = button("数据核查", self._open_doubts, "check-circle")
        self.doubts_button.setToolTip("期内看上去有误、还没有说明理由的记录")
        self.export_button = button("导出指标表", self._export, "export")
        self.report_button = button("生成报告", self.ask_report, "document", "primary", tip="Ctrl+P")
        for made in (self.open_button, self.doubts_button, self.export_button, self.report_button):
            top.addWidget(made)
        hint = QLabel("双击一行或按回车，查看这个数后面的记录。")
        hint.setProperty("role", "muted")
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 12)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.banner)
        frame = QFrame()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.table)
        box.addWidget(frame, 1)
        box.addWidget(hint)

    # -- the period -------------------------------------------------------------------------------------

    def period(self) -> Period | None:
        """The period chosen; None, told in the banner, when it cannot be read."""
        return self.pick.period()

    # -- figures ----------------------------------------------------------------------------------------

    def shown(self) -> None:
        """Called when the page comes to the front."""
        if self._stale:
            self.refresh()

    def _changed(self, _changes: Changes) -> None:
        self._stale = True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Count again."""
        period = self.period()
        for each in (self.report_button, self.export_button):
            each.setEnabled(period is not None)
        if period is None:
            return
        self._stale = False
        if period.end > self.session.today:
            self.banner.tell(
                f"报告期到 {period.end} 才结束，现在的数截至今天 {self.session.today}。", "info", closable=False
            )
        else:
            self.banner.hide()
        self.session.read(
            figure_lines, period.start, period.end, done=self._show, owner=self, key="figures", label="正在统计"
        )

        self.session.read(
            summary, period.start, period.end, self.session.today,
            done=self._show_doubts, owner=self, key="doubts",
        )  # fmt: skip

    def _show_doubts(self, found: Summary) -> None:
        self.doubts_button.setText(f"待核 {found.open:,} 条" if found.open else "数据核查")
        self.doubts_button.setIcon(icon("warning", "warning") if found.open else icon("check-circle", "success"))

    def _open_doubts(self) -> None:
        period = self.period()
        if period is not None:
            show_doubts(self.session, period)

    def _show(self, lines: list[Line]) -> None:
        row = max(0, self.table.currentRow())
        self.lines = lines
        self.table.setRowCount(len(lines))
        for index, line in enumerate(lines):
            one = line.figure
            texts = (one.label, line.value, line.before, one.unit, one.rule)
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(one.rule)
                if column in (1, 2):
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                if column == 1:
                    font = item.font()
                    font.setBold(True)
                    item.setFont(font)
                self.table.setItem(index, column, item)
        if lines:
            self.table.selectRow(min(row, len(lines) - 1))
        restyle(self.table)
        self.loaded.emit()

    def open_line(self, row: int) -> None:
        """Show the records behind a figure."""
        if 0 <= row < len(self.lines):
            line = self.lines[row]
            self.session.show_list(line.figure.register, line.view)

    def _table_key(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_line(self.table.currentRow())
            return
        type(self.table).keyPressEvent(self.table, event)

    # -- documents --------------------------------------------------------------------------------------

    def ask_report(self) -> None:
        """Write the report of the period, after asking where some of its records are in doubt."""
        period = self.period()
        if period is not None:
            ask_about_doubts(self.session, self, period, self.make_report)

    def make_report(self) -> PreviewDialog | None:
        """Write the report of the period and show it; returns the preview, None without a period."""
        period = self.period()
        if period is None:
            return None
        from ui.kit.preview import show_preview

        today, demo = self.session.today, self.session.demo

        def make(progress: Progress) -> bytes:
            try:
                return report_bytes(period, today, demo)
            finally:
                self.session.ledger.close_thread()

        from reports.period_report import title_of

        name = "".join(title_of(period, settings()))
        return show_preview(self, make, name, f"{name}.pdf")

    def _export(self) -> None:
        period = self.period()
        if period is None:
            return
        target, _kind = ask_save(self, "导出指标表", f"{period.label()}指标表.xlsx", ["Excel 工作簿 (*.xlsx)"])
        if target is not None:
            self.export_to(target, period)

    def export_to(self, target: Path, period: Period) -> None:
        """Write the figures shown into a workbook, off the GUI thread."""
        lines = list(self.lines)
        self.session.jobs.read(
            write_figures, target.with_suffix(".xlsx"), period, lines, owner=self, label="正在导出",
            done=lambda path: show_toast(self, f"已导出到 {path}"),
        )  # fmt: skip


def write_figures(target: Path, period: Period, lines: list[Line]) -> Path:
    """A workbook of one sheet: the figures of a period, rates as percentages. Raises LedgerReadOnly."""
    import xlsxwriter

    from models.core.errors import LedgerReadOnly

    try:
        with xlsxwriter.Workbook(str(target)) as book:
            sheet = book.add_worksheet("指标")
            bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
            sheet.write(0, 0, f"{period.label()}（{period.start} 至 {period.end}）", bold)
            for column, (head, width) in enumerate(
                (("指标", 24), ("本期", 12), ("上年同期", 12), ("单位", 8), ("口径", 80))
            ):
                sheet.set_column(column, column, width)
                sheet.write(1, column, head, bold)
            for row, line in enumerate(lines, 2):
                sheet.write(row, 0, line.figure.label)
                for column, text in ((1, line.value), (2, line.before)):
                    if text == "—":
                        sheet.write(row, column, text)
                    else:
                        sheet.write_number(row, column, float(text.replace(",", "")))
                sheet.write(row, 3, line.figure.unit)
                sheet.write(row, 4, line.figure.rule, wrap)
    except OSError as error:
        raise LedgerReadOnly(f"不能写入 {target}。", "请换一个位置，或先关闭正在打开的同名文件。") from error
    return target
