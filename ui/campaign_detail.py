"""One campaign on the screen: its numbers, its targets to be worked off, its townships and kinds; counts nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from models.campaign_progress import STATES as CAMPAIGN_STATES
from models.campaign_progress import CampaignDetail, Progress, Share, TargetRow
from models.campaign_target import STATES
from models.core.figure import FIGURES
from models.enterprise import CATEGORIES
from ui.coverage import SHARE, RateDelegate
from ui.history_page import PADDED, heads_right
from ui.kit.buttons import PushButton, button
from ui.kit.cards import FigureTile, State
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.theme import colours
from ui.kit.view_bar import SearchBox, ViewBar, chip
from ui.overview import percent

TARGET_HEADS = (
    Head("状态", 100), Head("主体"), Head("类别", 92), Head("乡镇（街道）", 128), Head("期限", 100),
    Head("首次检查", 100), Head("次数", 56, True),
)  # fmt: skip
SHARE_HEADS = ("对象", "已检查", "覆盖率", "未检查", "逾期", "检查家次", "任务户数", "任务家次")
RATE = 3
TONES = {"overdue": "danger", "open": "warning", "covered": "success"}
CHIPS = {"overdue": "逾期", "open": "待检查", "covered": "已检查"}
CATEGORY_LABELS = dict(CATEGORIES)
#: Tiles: the figure behind it, its word.
TILES = (
    ("campaign.targets", "对象"), ("campaign.covered", "已检查"), ("campaign.remaining", "未检查"),
    ("overdue", "逾期未检查"), ("campaign.visits", "检查"), ("campaign.findings", "隐患"),
    ("campaign.notices", "通知书"),
)  # fmt: skip
OVERDUE_RULE = "现有对象中，检查期限（乡镇的、专项的，都没有的为结束日期）已过、还没有为这项专项检查过的户数。"


def target_rows(rows: tuple[TargetRow, ...]) -> list[TableRow]:
    """The targets as the table shows them; a campaign may have thousands, so they are made on the reader thread."""
    labels = dict(STATES)
    found = []
    for number, row in enumerate(rows):
        name = f"{row.name}（{row.note}）" if row.note else row.name
        texts = (
            labels[row.state], name, CATEGORY_LABELS.get(row.category, ""), row.township_name,
            row.due_on.isoformat() if row.due_on is not None else "—",
            row.covered_on.isoformat() if row.covered_on is not None else "—", str(row.visits) if row.visits else "",
        )  # fmt: skip
        found.append(TableRow(number, texts, {0: TONES[row.state]}))
    return found


class SharesTable(QTableWidget):
    """Townships or kinds with their bars. `opened(key, column)`: the number wanted of a line (targets, remaining …)."""

    opened = Signal(object, str)
    COLUMNS = {1: "", 2: "covered", 4: "remaining", 5: "overdue"}

    def __init__(self, word: str, goals: bool) -> None:
        heads = (word, *(SHARE_HEADS if goals else (*SHARE_HEADS[:5], "对象检查家次")))
        super().__init__(0, len(heads))
        self._goals = goals
        self.setHorizontalHeaderLabels(list(heads))
        self.setAccessibleName(f"按{word}的进度")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(36)
        self.setShowGrid(False)
        self.setStyleSheet(PADDED)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(0, 140)
        header.setSectionResizeMode(RATE, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(RATE, 150)
        heads_right(self, [column for column in range(1, len(heads)) if column != RATE])
        self.setItemDelegateForColumn(RATE, RateDelegate(self))
        self.cellClicked.connect(self._open)
        self.cellActivated.connect(self._open)
        self._shares: tuple[Share, ...] = ()

    def show_shares(self, shares: tuple[Share, ...]) -> None:
        """Show these lines."""
        self._shares = shares
        self.setRowCount(len(shares))
        for row, share in enumerate(shares):
            numbers: list[int | None] = [
                share.targets, share.covered, None, share.remaining, share.overdue, share.visits,
                share.goal_places, share.goal_visits,
            ]  # fmt: skip
            self._put(row, 0, share.label)
            for column in range(1, self.columnCount()):
                if column == RATE:
                    item = self._put(row, column, "—" if share.rate is None else percent(share.rate))
                    item.setData(SHARE, share.rate)
                    continue
                value = numbers[column - 1]
                item = self._put(row, column, f"{value:,}" if value else "—", right=True)
                if value and column in self.COLUMNS:
                    item.setForeground(QColor(colours().danger if column == 5 else colours().accent))
                    item.setToolTip("点击查看名单")

    def _put(self, row: int, column: int, text: str, right: bool = False) -> QTableWidgetItem:
        item = QTableWidgetItem(text)
        if right:
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setItem(row, column, item)
        return item

    def _open(self, row: int, column: int) -> None:
        wanted = self.COLUMNS.get(column)
        item = self.item(row, column)
        if wanted is not None and item is not None and item.text() != "—":
            self.opened.emit(self._shares[row].key, wanted)


class TargetList(QWidget):
    """The targets with search, township, kind and state. `opened(row)` for the one to be worked on."""

    opened = Signal(object)
    selected = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[TargetRow, ...] = ()
        self._shown: list[TableRow] = []
        self.state = ""
        self.search = SearchBox("搜索主体、首字母")
        self.search.setMinimumWidth(140)
        self.township, self.category = QComboBox(), QComboBox()
        self.township.setAccessibleName("乡镇（街道）")
        self.category.setAccessibleName("类别")
        self.states = ViewBar([chip(code, CHIPS[code], tone) for code, tone in TONES.items()])
        self.table = RowsTable(TARGET_HEADS, "专项对象")
        line = QHBoxLayout()
        line.setSpacing(UNIT)
        for each in (self.search, self.township, self.category):
            line.addWidget(each)
        line.addWidget(self.states, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(UNIT)
        box.addLayout(line)
        box.addWidget(self.table, 1)
        self.search.searched.connect(lambda _text: self.fill())
        self.search.left_down.connect(self.table.setFocus)
        for combo in (self.township, self.category):
            combo.currentIndexChanged.connect(lambda _index: self.fill())
        self.states.preset_asked.connect(lambda state, _more: self.show_state(state))
        self.table.opened.connect(lambda number: self.opened.emit(self.rows[number]))
        self.table.selected.connect(self.selected)

    def show_targets(self, rows: tuple[TargetRow, ...], shown: list[TableRow]) -> None:
        """Show the targets of another campaign or day; what is filtered stays where it can."""
        at = [self.rows[n].target for n in self.table.chosen()] if self.rows else []
        self.rows, self._shown = rows, shown
        self._offer(self.township, "各乡镇（街道）", {r.township: r.township_name for r in rows})
        self._offer(self.category, "各类别", {r.category: CATEGORY_LABELS.get(r.category, "") for r in rows})
        self.fill()
        for number, row in enumerate(rows):
            if at and row.target == at[0]:
                self.table.choose(number)

    @staticmethod
    def _offer(combo: QComboBox, all_: str, choices: dict[Any, str]) -> None:
        before = combo.currentData()
        combo.blockSignals(True)
        combo.clear()
        combo.addItem(all_, None)
        for key in sorted(choices):
            combo.addItem(choices[key] or "未登记", key)
        combo.setCurrentIndex(max(0, combo.findData(before)) if before is not None else 0)
        combo.blockSignals(False)

    def show_state(self, state: str) -> None:
        """Show the targets of one state ('' for all)."""
        self.state = state
        self.fill()

    def fill(self) -> None:
        """Show what the filters leave."""
        words = self.search.text().lower().split()
        township, category = self.township.currentData(), self.category.currentData()
        counts, wanted = dict.fromkeys(self.states.presets, 0), []
        for row, shown in zip(self.rows, self._shown, strict=True):
            if township is not None and row.township != township:
                continue
            if category is not None and row.category != category:
                continue
            if not all(word in row.name.lower() or word in row.initials for word in words):
                continue
            counts[row.state] += 1
            if not self.state or row.state == self.state:
                wanted.append(shown)
        counts[""] = sum(counts.values())
        self.states.set_counts(counts)
        self.states.set_presets([self.state] if self.state else [])
        self.table.show_rows(wanted)

    def chosen(self) -> list[TargetRow]:
        """The targets chosen, from above."""
        return [self.rows[number] for number in self.table.chosen()]


class DetailPane(QWidget):
    """Numbers, targets, townships, kinds of the campaign shown.

    `number_wanted(key)` for a tile, `share_wanted(by, key, preset)` for a number of a line, `target_opened(row)`.
    """

    number_wanted = Signal(str)
    share_wanted = Signal(str, object, str)
    target_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.title, self.about = QLabel(""), QLabel("")
        self.title.setProperty("role", "heading")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setProperty("role", "muted")
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        for each in (self.title, self.about):
            each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.tiles: dict[str, FigureTile] = {}
        tiles = QHBoxLayout()
        tiles.setSpacing(UNIT)
        for key, word in TILES:
            rule = FIGURES[key].rule if key in FIGURES else OVERDUE_RULE if key == "overdue" else ""
            tile = FigureTile(key, word, rule, compact=True)
            tile.opened.connect(self.number_wanted)
            self.tiles[key] = tile
            tiles.addWidget(tile)
        self.targets = TargetList()
        self.townships, self.categories = SharesTable("乡镇（街道）", True), SharesTable("类别", False)
        self.stack, self.faces = QStackedWidget(), dict[str, PushButton]()
        group = QButtonGroup(self)
        self.row = QHBoxLayout()
        self.row.setSpacing(UNIT)
        for name, word, widget in (
            ("targets", "对象名单", self.targets), ("townships", "分乡镇", self.townships),
            ("categories", "分类别", self.categories),
        ):  # fmt: skip
            made = button(word, partial(self.show_face, name))
            made.setCheckable(True)
            group.addButton(made)
            self.faces[name] = made
            self.row.addWidget(made)
            self.stack.addWidget(widget)
        self.row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(UNIT)
        box.addWidget(self.title)
        box.addWidget(self.about)
        box.addLayout(tiles)
        box.addLayout(self.row)
        box.addWidget(self.stack, 1)
        self.townships.opened.connect(lambda key, preset: self.share_wanted.emit("township", key, preset))
        self.categories.opened.connect(lambda key, preset: self.share_wanted.emit("category", key, preset))
        self.targets.opened.connect(self.target_opened)
        self.show_face("targets")

    def show_face(self, name: str) -> None:
        """Bring the targets, the townships or the kinds to the front."""
        self.faces[name].setChecked(True)
        self.stack.setCurrentIndex(list(self.faces).index(name))

    @property
    def face(self) -> str:
        """The face in front."""
        return list(self.faces)[self.stack.currentIndex()]

    def show_detail(self, detail: CampaignDetail, rows: list[TableRow]) -> None:
        """Show a campaign."""
        told = detail.progress
        self.title.setText(told.name)
        self.about.setText(about(told))
        self.about.setToolTip(about(told))
        words = dict(TILES)
        rate = "" if told.rate is None else percent(told.rate)
        self.tiles["campaign.covered"].set_label(f"{words['campaign.covered']} {rate}".strip())
        resolved = f" 已改{told.resolved:,}" if told.findings else ""
        self.tiles["campaign.findings"].set_label(f"{words['campaign.findings']}{resolved}")
        values: dict[str, tuple[int, str, State]] = {
            "campaign.targets": (told.targets, "户", ""),
            "campaign.covered": (told.covered, "户", ""),
            "campaign.remaining": (told.remaining, "户", "warning" if told.remaining else ""),
            "overdue": (told.overdue, "户", "danger" if told.overdue else ""),
            "campaign.visits": (told.visits, "家次", ""),
            "campaign.findings": (told.findings, "处", ""),
            "campaign.notices": (told.notices, "份", ""),
        }
        for key, (value, unit, state) in values.items():
            self.tiles[key].set_value(f"{value:,}", unit, "", state)
            self.tiles[key].setEnabled(value > 0)
        self.townships.show_shares(detail.townships)
        self.categories.show_shares(detail.categories)
        self.targets.show_targets(detail.rows, rows)


def about(told: Progress) -> str:
    """A campaign's frame in one line: state, period, deadline, scope, goals."""
    parts = [CAMPAIGN_STATES[told.state], f"{told.starts_on} 至 {told.ends_on or '（未定）'}"]
    if told.due_on is not None and told.due_on != told.ends_on:
        parts.append(f"检查期限 {told.due_on}")
    if told.goal_places:
        parts.append(f"任务 {told.goal_places:,} 户（完成 {percent(min(1.0, told.goal_rate or 0))}）")
    if told.goal_visits:
        parts.append(f"任务 {told.goal_visits:,} 家次（完成 {percent(min(1.0, told.visit_rate or 0))}）")
    if told.settled_on is not None:
        parts.append(f"范围 {told.scope_name}（{told.settled_on}）")
    elif told.targets:
        parts.append("对象为手工登记")
    return "　".join(parts)
