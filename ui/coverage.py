"""覆盖情况: 包保 coverage by township and level as of a day, every number opening its records; counts nothing."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from models.assigning import Cell, CoverageLine, coverage_table
from ui.history_page import PADDED, heads_right
from ui.kit.buttons import button, restyle
from ui.kit.day_pick import DayPick
from ui.kit.fresh_page import FreshPage
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.theme import colours
from ui.overview import percent

HEADS = (
    "乡镇（街道）", "区级", "乡镇级", "村级", "应包保", "已落实", "包保率", "未落实", "已签承诺书", "市级包保",
    "未定层级",
)  # fmt: skip
RATE, MISSING = 6, 7
VIEW = Qt.ItemDataRole.UserRole
SHARE = Qt.ItemDataRole.UserRole + 1
CONCERNS = ("assignment", "enterprise", "enterprise_state", "official", "official_post", "commitment")


class CoveragePage(FreshPage):
    """The table with its day. `loaded()` after it was counted; `assign_wanted()` from the line of the missing."""

    concerns = CONCERNS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.lines: list[CoverageLine] = []
        self.pick = DayPick(session.today, "截至哪一天的覆盖情况？")
        self.edit = self.pick.edit
        self.pick.chosen.connect(lambda _day: self.refresh())
        self.pick.refused.connect(lambda words: self._tell(words, "danger"))
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        self.table = self._make_table()
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        top.addWidget(self.pick)
        top.addWidget(self.words, 1)
        self.missing = button("查看未落实的主体", self._open_missing, "list")
        top.addWidget(self.missing)
        self.papers = button("打印责任文书", self._print, "print", tip="三张清单、承诺书、公示牌、交接单")
        top.addWidget(self.papers)
        note = QLabel(
            "包保率＝已落实÷应包保；已签承诺书是已落实中包保干部有有效承诺书的户数。市级包保（A级）由市里负责，不计入本区应包保；未定层级的计入应包保，请尽快确定层级。"
            "点击数字或按回车查看名单。",
            wordWrap=True,
        )
        note.setProperty("role", "muted")
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 12)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.table, 1)
        box.addWidget(note)

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(HEADS))
        table.setHorizontalHeaderLabels(list(HEADS))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(42)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 150), (1, 92), (2, 100), (3, 118), (RATE, 150)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            table.setColumnWidth(column, width)
        table.setStyleSheet(PADDED)
        table.setItemDelegateForColumn(RATE, RateDelegate(table))
        table.cellClicked.connect(self.open_cell)
        table.cellActivated.connect(self.open_cell)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        heads_right(table, [column for column in range(len(HEADS)) if column not in (0, RATE)])
        return table

    # -- the day ----------------------------------------------------------------------------------------

    @property
    def day(self) -> dt.date:
        """The day counted for."""
        return self.pick.day

    def _tell(self, text: str, role: str = "muted") -> None:
        self.words.setText(text)
        restyle(self.words, role=role)

    # -- counting ---------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Count again."""
        self._stale = False
        self.session.read(coverage_table, self.day, done=self._show, owner=self, key="coverage")

    def _show(self, lines: list[CoverageLine]) -> None:
        self.lines = lines
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            self._fill(row, line)
        whole = lines[0]
        share = "—" if whole.rate is None else percent(whole.rate)
        self._tell(f"全区应包保 {whole.total.value:,} 户，已落实 {whole.assigned.value:,} 户，包保率 {share}")
        self.missing.setEnabled(whole.missing.value > 0)
        self.loaded.emit()

    def _fill(self, row: int, line: CoverageLine) -> None:
        self._put(row, 0, line.area, None, row == 0)
        for column, (done, all_) in enumerate(line.levels, 1):
            words = f"{done.value:,} / {all_.value:,}" if all_.value else "—"
            self._put(row, column, words, all_ if all_.value else None, row == 0)
        cells = {
            4: line.total, 5: line.assigned, 7: line.missing, 8: line.committed, 9: line.city, 10: line.untiered,
        }  # fmt: skip
        for column, cell in cells.items():
            item = self._put(
                row, column, f"{cell.value:,}" if cell.value else "—", cell if cell.value else None, row == 0
            )
            if column == MISSING and cell.value:
                item.setForeground(QColor(colours().warning))
        rate = self._put(row, RATE, "—" if line.rate is None else percent(line.rate), None, row == 0)
        rate.setData(SHARE, line.rate)

    def _put(self, row: int, column: int, text: str, cell: Cell | None, bold: bool) -> QTableWidgetItem:
        item = QTableWidgetItem(text)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if column not in (0, RATE):
            item.setTextAlignment(right)
        if cell is not None:
            item.setData(VIEW, cell.view)
            item.setForeground(QColor(colours().accent))
            item.setToolTip("点击查看名单")
        font = item.font()
        font.setBold(bold)
        item.setFont(font)
        self.table.setItem(row, column, item)
        return item

    def _print(self) -> None:
        from ui.papers import ask_papers

        ask_papers(self.session, self, day=self.day)

    # -- opening ----------------------------------------------------------------------------------------

    def open_cell(self, row: int, column: int) -> None:
        """Show the enterprises behind a number."""
        item = self.table.item(row, column)
        view = item.data(VIEW) if item is not None else None
        if view is not None:
            self.session.show_list("enterprises", view)

    def _open_missing(self) -> None:
        if self.lines:
            self.session.show_list("enterprises", self.lines[0].missing.view)


class RateDelegate(QStyledItemDelegate):
    """Paints a share as a bar behind its words."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        look = colours()
        rate = index.data(SHARE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = option.rect.adjusted(8, 0, -64, 0)
        if rate is not None:
            top = room.center().y() - 3
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.sunken))
            painter.drawRoundedRect(room.left(), top, room.width(), 8, 4, 4)
            if rate > 0:
                painter.setBrush(QColor(look.accent if rate >= 1 else look.warning if rate < 0.9 else look.series[1]))
                painter.drawRoundedRect(room.left(), top, max(8, round(room.width() * rate)), 8, 4, 4)
        painter.setPen(QColor(look.text))
        painter.setFont(index.data(Qt.ItemDataRole.FontRole) or option.font)
        words = option.rect.adjusted(0, 0, -8, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(index.data()))
        painter.restore()
