"""总览: tiles, charts and lists of the day, each opening its records; knows models/overview, draws no number itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from models.core.changes import Changes
from models.core.register import View
from models.overview import (
    Compared,
    Due,
    LevelBar,
    Overview,
    Share,
    Tile,
    doubts_tile,
    grade_view,
    month_view,
    overview,
    week_view,
)
from ui.forms_reminder import FormsReminder
from ui.kit.buttons import PushButton, button
from ui.kit.cards import Badge, Card, FigureTile
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.theme import colours
from ui.kit.tones import URGENCY_TONES

CONCERNS = frozenset(
    {
        "notice", "enterprise", "enterprise_state", "inspection", "finding", "assignment", "official_post", "permit",
        "risk_assessment", "hygiene_rating", "setting", "reinspection", "officer", "safety_staff",
        "director_rule", "routine_check", "commitment", "official", "supervision_visit", "threshold", "planned_visit",
        "inspection_plan",
        "leader_duty", "waiver", "doubt_rule", "checklist_answer", "holiday",
    }
)  # fmt: skip
REFRESH_MS = 150
TILES = 5


class OverviewPage(QScrollArea):
    """The first page. `welcome(Overview)` is emitted when the ledger holds no enterprise yet."""

    loaded = Signal()
    welcome = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.data: Overview | None = None
        self.doubts: Tile | None = None
        self._stale = True
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tiles: dict[str, FigureTile] = {}
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        inside = QWidget()
        self._box = QVBoxLayout(inside)
        self._box.setContentsMargins(3 * UNIT, 12, 3 * UNIT, 12)
        self._box.setSpacing(12)
        self._box.addWidget(FormsReminder(session))
        self._box.addLayout(self._make_tiles())
        self._box.addLayout(self._make_cards(), 1)
        self.setWidget(inside)
        session.changed.connect(self._changed)

    # -- what stands where ------------------------------------------------------------------------------

    def _make_tiles(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(12)
        names = {
            "overdue": "已逾期", "unserved": "未送达", "due_soon": "即将到期", "findings": "未整改隐患",
            "doubts": "待核数据",
            "coverage": "包保率", "village_missing": "待补村社区", "expiring": "证照到期", "open": "在营主体",
            "plan": "年度计划完成率",
        }  # fmt: skip
        last = len(names) - 1
        for index, (key, label) in enumerate(names.items()):
            tile = FigureTile(key, label)
            tile.opened.connect(self._open_tile)
            self.tiles[key] = tile
            room = TILES - index % TILES if index == last else 1
            grid.addWidget(tile, index // TILES, index % TILES, 1, room)
        for column in range(TILES):
            grid.setColumnStretch(column, 1)
        return grid

    def _make_cards(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(12)
        self.months = Card("监督检查", "家次")
        self.grades = Card("风险等级", "")
        self.coverage = Card("包保覆盖", "按层级")
        self.coverage_lines = QVBoxLayout()
        self.coverage_lines.setSpacing(0)
        self.coverage.body.addLayout(self.coverage_lines)
        self.coverage.body.addStretch(1)
        self.compare = Card("本月与上月", "")
        self.compare_lines = QVBoxLayout()
        self.compare_lines.setSpacing(2)
        self.compare.body.addLayout(self.compare_lines)
        self.compare.body.addStretch(1)
        self.due = Card("到期的通知书", "")
        self.due_lines = FittingLines()
        self.due.body.addWidget(self.due_lines, 1)
        self.due_all = button("全部", self._open_week, kind="link")
        self.due.header.add(self.due_all)
        grid.addWidget(self.due, 0, 0, 2, 1)
        grid.addWidget(self.months, 0, 1)
        grid.addWidget(self.coverage, 0, 2)
        grid.addWidget(self.grades, 1, 1)
        grid.addWidget(self.compare, 1, 2)
        for column, share in enumerate((9, 11, 9)):
            grid.setColumnStretch(column, share)
            grid.setColumnMinimumWidth(column, 28 * share)
        grid.setRowStretch(0, 1)
        grid.setRowStretch(1, 1)
        return grid

    # -- reading ----------------------------------------------------------------------------------------

    def shown(self) -> None:
        """Called when the page comes to the front: read again if something changed meanwhile."""
        if self._stale:
            self.refresh()

    def _changed(self, changes: Changes) -> None:
        if CONCERNS & set(changes.rows):
            self._stale = True
            if self.isVisible():
                self._timer.start()

    def refresh(self) -> None:
        """Read the numbers in the background."""
        self._stale = False
        self.session.read(overview, self.session.today, done=self._show, owner=self, key="overview")
        self.session.read(doubts_tile, self.session.today, done=self._show_doubts, owner=self, key="doubts")

    def _show(self, data: Overview) -> None:
        self.data = data
        if not data.enterprises:
            self.welcome.emit(data)
            self.loaded.emit()
            return
        for tile in data.tiles:
            self._show_tile(tile)
        self._show_coverage(data)
        self._show_compared(data)
        self._show_due(data)
        QTimer.singleShot(0, self, self._show_charts)  # pyqtgraph loads after the numbers are on the screen

    def _show_tile(self, tile: Tile) -> None:
        shown = self.tiles[tile.key]
        shown.set_value(tile.value, tile.unit, tile.second, tile.tone)
        shown.set_rule(tile.rule)

    def _show_doubts(self, tile: Tile) -> None:
        self.doubts = tile
        self._show_tile(tile)

    def _show_coverage(self, data: Overview) -> None:
        clear(self.coverage_lines)
        for level in data.levels:
            line = CoverageLine(level)
            line.opened.connect(lambda view: self.session.show_list("enterprises", view))
            self.coverage_lines.addWidget(line)
        for share in data.shares:
            more = ShareLine(share)
            more.opened.connect(self.session.show_list)
            self.coverage_lines.addWidget(more)
        self.coverage.header.remark.setText(f"市级（A级）{data.city:,} 户不计入")

    def _show_compared(self, data: Overview) -> None:
        clear(self.compare_lines)
        self.compare.header.remark.setText(f"{data.day.month}月1日至今天，对比上月全月")
        for each in data.compared:
            line = ComparedLine(each)
            line.opened.connect(self.session.show_list)
            self.compare_lines.addWidget(line)

    def _show_due(self, data: Overview) -> None:
        self.due_lines.clear()
        self.due.header.remark.setText("7天内到期和已逾期")
        self.due_all.setText(f"全部 {data.due_total} 份")
        self.due_all.setVisible(bool(data.due_total))
        for each in data.due:
            line = DueLine(each)
            line.clicked.connect(lambda _on=False, key=each.id: self.session.open_record.emit("notices", key))
            self.due_lines.add(line)
        if not data.due:
            calm = QLabel("这一周没有到期或逾期的通知书。")
            calm.setProperty("role", "muted")
            self.due_lines.add(calm)

    def _show_charts(self) -> None:
        from ui.kit.charts import BarChart, ChartData, Series, ShareChart

        data = self.data
        if data is None:
            return
        if not hasattr(self, "month_chart"):
            self.month_chart = BarChart(stacked=False, empty_text="这两年还没有监督检查记录")
            self.month_chart.activated.connect(self._open_month)
            self.months.body.addWidget(self.month_chart, 1)
            self.grade_chart = ShareChart(empty_text="本年度还没有评定风险等级")
            self.grade_chart.activated.connect(self._open_grade)
            self.grades.body.addWidget(self.grade_chart, 1)
        year = data.day.year
        self.months.header.remark.setText("按月，家次")
        self.month_chart.set_data(
            ChartData(
                "监督检查按月", "家次", tuple(f"{month}月" for month in range(1, 13)),
                (Series(f"{year}年", data.months), Series(f"{year - 1}年", data.months_before)),
                keys=tuple(str(month) for month in range(1, 13)), series_keys=(str(year), str(year - 1)),
            )
        )  # fmt: skip
        self.grades.header.remark.setText(f"{year}年度评定")
        self.grade_chart.set_data(
            ChartData(
                "风险等级", "户", tuple(label for _code, label, _count in data.grades),
                (Series("风险等级", tuple(count for _code, _label, count in data.grades)),),
                keys=tuple(code for code, _label, _count in data.grades),
            )
        )  # fmt: skip
        self.loaded.emit()

    # -- opening ----------------------------------------------------------------------------------------

    def tile(self, key: str) -> Tile:
        """What a tile shows now; KeyError before the numbers were read."""
        beside = (self.doubts,) if self.doubts is not None else ()
        found = {tile.key: tile for tile in (*(self.data.tiles if self.data else ()), *beside)}
        return found[key]

    def _open_tile(self, key: str) -> None:
        tile = self.tile(key)
        self.session.show_list(tile.register, tile.view)

    def _open_month(self, key: str) -> None:
        month, year = key.split("/")
        self.session.show_list("inspections", month_view(int(year), int(month)))

    def _open_grade(self, key: str) -> None:
        self.session.show_list("risk_assessments", grade_view(self.session.today.year, key))

    def _open_week(self) -> None:
        self.session.show_list("notices", week_view(self.session.today))


def clear(layout: QVBoxLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()


class Line(PushButton):
    """A flat row that opens something."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "quiet")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(6, 2, 6, 2)
        self.row.setSpacing(UNIT)
        self.setMinimumHeight(30)

    def word(self, text: str, role: str = "", stretch: int = 0) -> QLabel:
        """Add a label that lets the mouse through."""
        made = QLabel(text)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if role:
            made.setProperty("role", role)
        self.row.addWidget(made, stretch)
        return made


class DueLine(Line):
    """One notice of the week."""

    def __init__(self, due: Due) -> None:
        super().__init__()
        badge = Badge(due.label, URGENCY_TONES.get(due.urgency, ""))
        badge.setMinimumWidth(78)
        badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        name = ElidedLabel(due.enterprise)
        name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.row.addWidget(name, 1)
        self.word(f"{due.due_on:%m-%d}", "muted")
        self.row.addWidget(badge)
        self.setToolTip(f"{due.number}　{due.enterprise}　期限 {due.due_on}")
        self.setAccessibleName(f"{due.number} {due.enterprise} {badge.text()}")


class ComparedLine(Line):
    """A figure of this month and of last month."""

    opened = Signal(str, View)

    def __init__(self, item: Compared) -> None:
        super().__init__()
        self.word(item.label, stretch=1)
        now = self.word(f"{item.now:,}")
        font = QFont(now.font())
        font.setPixelSize(18)
        font.setWeight(QFont.Weight.DemiBold)
        now.setFont(font)
        self.word(item.unit, "muted")
        change = item.now - item.before
        sign = "持平" if not change else f"{'多' if change > 0 else '少'} {abs(change):,}"
        last = self.word(f"上月 {item.before:,}，{sign}", "muted")
        last.setMinimumWidth(100)
        last.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.row.setContentsMargins(2, 2, 2, 2)
        self.row.setSpacing(6)
        self.setMinimumHeight(36)
        self.setAccessibleName(f"{item.label} 本月 {item.now}{item.unit} 上月 {item.before}{item.unit}")
        self.clicked.connect(lambda: self.opened.emit(item.register, item.view))


class ShareLine(Line):
    """A rate of the enterprises' own side."""

    opened = Signal(str, View)

    def __init__(self, share: Share) -> None:
        super().__init__()
        self.word(share.label, stretch=1)
        self.word(share.value)
        remark = self.word(share.remark, share.tone or "muted")
        remark.setFixedWidth(90)
        remark.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.row.setContentsMargins(2, 0, 2, 0)
        self.setFixedHeight(21)
        self.setAccessibleName(f"{share.label} {share.value} {share.remark}")
        self.clicked.connect(lambda: self.opened.emit(share.register, share.view))


class ElidedLabel(QLabel):
    """A label that ends in «…» where it has no room."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        hint.setWidth(48)
        return hint


class RateBar(QWidget):
    """A thin bar of a share between 0 and 1."""

    def __init__(self, rate: float | None) -> None:
        super().__init__()
        self.rate = rate
        self.setFixedHeight(8)
        self.setMinimumWidth(36)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        look = colours()
        painter.setBrush(QColor(look.sunken))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), 8), 4, 4)
        if self.rate:
            painter.setBrush(QColor(look.accent))
            painter.drawRoundedRect(QRectF(0, 0, max(8.0, self.width() * self.rate), 8), 4, 4)


class CoverageLine(QWidget):
    """One level: its share as a bar that opens all, and the missing as a link that opens those."""

    opened = Signal(object)

    def __init__(self, level: LevelBar) -> None:
        super().__init__()
        missing = level.enterprises - level.assigned
        self.all = Line()
        self.all.setMinimumHeight(0)
        self.all.setFixedHeight(25)
        self.all.row.setContentsMargins(2, 0, 2, 0)
        self.all.word(level.label).setMinimumWidth(108)
        self.all.row.addWidget(RateBar(level.rate), 1)
        rate = self.all.word("—" if level.rate is None else percent(level.rate))
        rate.setMinimumWidth(46)
        rate.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.all.setAccessibleName(f"{level.label} 已落实 {level.assigned} 户，应包保 {level.enterprises} 户")
        self.all.setToolTip(self.all.accessibleName())
        self.all.clicked.connect(lambda: self.opened.emit(level.view))
        self.missing = button(f"未落实 {missing:,}", lambda: self.opened.emit(level.missing), kind="link")
        self.missing.setToolTip(f"{level.label}尚未落实的 {missing} 户")
        self.missing.setAccessibleName(self.missing.toolTip())
        self.missing.setEnabled(missing > 0)
        self.missing.setFixedSize(96, 25)
        self.missing.setStyleSheet("text-align: right; padding: 0 2px;")
        if not missing:
            self.missing.setText("")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.all, 1)
        box.addWidget(self.missing)


class FittingLines(QWidget):
    """Lines below one another, as many as there is room for; one that fits only in part is left out."""

    LEAST = 4

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[QWidget] = []

    def lines(self) -> list[QWidget]:
        """Those shown, from the top."""
        return [line for line in self._lines if not line.isHidden()]

    def clear(self) -> None:
        """Take all away."""
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = []

    def add(self, line: QWidget) -> None:
        """Append one."""
        line.setParent(self)
        self._lines.append(line)
        self._place()

    def _place(self) -> None:
        y = 0
        for line in self._lines:
            height = line.sizeHint().height()
            line.setGeometry(0, y, self.width(), height)
            line.setVisible(y + height <= self.height())
            y += height + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.LEAST * 32)


def percent(rate: float) -> str:
    """0.985 → «98.5%»; never rounded up to 100."""
    tenths = int(rate * 1000 + 1e-9)
    return f"{tenths // 10}.{tenths % 10}%".replace(".0%", "%")
