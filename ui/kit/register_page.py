"""The one list screen of every register: actions, search, filters, the lazy table and the panel; knows no topic."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from models.core.changes import Changes
from models.core.merged import survivor_named
from models.core.register import Condition, Register, View
from models.core.view_words import names_of, view_words
from ui.kit.cards import EmptyState
from ui.kit.grid_hands import GridHands
from ui.kit.header_filter import FilterPopup, open_filter
from ui.kit.header_menu import open_header_menu
from ui.kit.palette import UNIT
from ui.kit.record_panel import RecordPanel
from ui.kit.register_actions import RegisterActions
from ui.kit.register_bar import RegisterBar, columns_button
from ui.kit.register_tables import concerned_tables, search_hint
from ui.kit.saved_views import SavedViews
from ui.kit.session import SETTINGS_FILE, Session
from ui.kit.table_model import RowsModel
from ui.kit.table_view import TableView
from ui.kit.toast import show_toast
from ui.kit.view_bar import ViewBar

WIDE = 1300
TABLE_LEAST = 480


class RegisterPage(QWidget):
    """A register on the screen.

    ``rows_changed(shown, total)`` and ``selection_changed(text)`` are for the status bar, ``current_changed(id or
    None)`` for what a topic adds. Topic files add buttons with ``add_action``.
    """

    rows_changed = Signal(int, int)
    selection_changed = Signal(str)
    current_changed = Signal(object)
    view_changed = Signal(object)

    def __init__(self, session: Session, register: Register, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.register = session, register
        self.settings = QSettings(str(session.ledger.folder / SETTINGS_FILE), QSettings.Format.IniFormat)
        #: Whether this list orders Chinese by strokes instead of pinyin.
        self.strokes = self.settings.value(f"strokes/{register.name}", False) in (True, "true")
        self.total = 0
        self.selection_words = ""
        self._names: dict[str, dict[Any, str]] = {}
        self._wanted: int | None = None
        self._looked_again = False
        self._loaded = self._stale = self._sized = False
        self._count_due, self._panel_due = True, False
        self._open_demo: Callable[[], object] | None = None
        self._tables = concerned_tables(register)
        self.model = RowsModel(session, register, self)
        self.table = TableView(self.model, self.settings)
        self.panel = RecordPanel(session, register)
        self.bar = RegisterBar(search_hint(register), self)
        self.bar.search.setToolTip("名称、拼音首字母、代码、电话都可以；几个词用空格分开（Ctrl+F，Esc 清除）")
        self.view_bar = ViewBar(register.presets)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.setMinimumWidth(TABLE_LEAST)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.commands = RegisterActions(self)
        self.hands = GridHands(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.splitter.addWidget(self.stack)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(2 * UNIT)
        self.splitter.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.saved_views = SavedViews(self)
        self.bar.add_tool(self.saved_views.button)
        self.bar.add_tool(columns_button(self.table))
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        box.addWidget(self.bar)
        box.addWidget(self.view_bar)
        box.addWidget(self.splitter, 1)
        self.panel.setVisible(self.settings.value("panel/shown", True) in (True, "true"))

    def _connect(self) -> None:
        self.bar.search.searched.connect(self._search)
        self.bar.search.left_down.connect(self._enter_table)
        self.view_bar.preset_asked.connect(self._preset)
        self.view_bar.chip_removed.connect(self._drop_chip)
        self.view_bar.chip_opened.connect(self._open_chip)
        self.view_bar.cleared.connect(self.clear_filters)
        self.table.sort_asked.connect(self._sort)
        self.table.filter_asked.connect(self.open_filter)
        self.table.header.menu_asked.connect(partial(open_header_menu, self))
        self.table.current_changed.connect(self._current)
        self.table.selection_told.connect(self._tell_selection)
        self.panel.closed.connect(lambda: self.show_panel(False))
        self.panel.edit_asked.connect(lambda: self.commands.edit.trigger())
        self.splitter.splitterMoved.connect(self._keep_panel_width)
        self.model.first_shown.connect(self._choose_face)
        self.model.listed.connect(self._listed)
        self.session.changed.connect(self._changed)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)

    # --- what other parts of the window call -------------------------------------------------------------------

    def view(self) -> View:
        """What is looked at."""
        return self.model.view

    def set_view(self, view: View) -> None:
        """Look at something else; the search box, chips and marks follow."""
        view = view.with_(strokes=self.strokes)
        self._count_due |= (view.removed, view.day) != (self.view().removed, self.view().day)
        self._loaded, self._stale = True, False
        self.model.show_view(view)
        self._tell_view()

    def select_id(self, record_id: int) -> None:
        """Show a record: its row in the middle, its story beside it; filters that hide it are taken off."""
        self._wanted, self._looked_again = record_id, False
        self.show_panel(True)
        if not self._loaded:
            self.set_view(View())
        elif self.model.whole:
            self._go_to_wanted()

    def selected_ids(self) -> list[int]:
        """The records of the selected rows, in the order of the list."""
        return self.table.selected_ids()

    def current_id(self) -> int | None:
        """The record of the current row."""
        return self.table.current_id()

    def shown(self) -> None:
        """The page came to the front: read what changed meanwhile."""
        if not self._loaded:
            self.set_view(View())
        elif self._stale:
            self.refresh()
        self.rows_changed.emit(len(self.model.ids), self.total)

    def refresh(self) -> None:
        """Read everything again; selection, place and search stay."""
        self._stale = False
        self._count_due = self._panel_due = True
        self.model.show_view(self.model.view, fresh=False)

    def add_action(self, action: QAction, primary: bool = False) -> None:
        """Add a topic's own button to the line of actions."""
        self.extra_actions.append(action)
        self.bar.add(action, "primary" if primary else "normal")

    def add_menu_action(self, action: QAction) -> None:
        """Add a topic's own action to the menu of the rows and above the panel, where the line of actions is full."""
        self.commands.menu_extra.append(action)
        self.panel.add_tool(action)

    @property
    def extra_actions(self) -> list[QAction]:
        """The actions that a topic added."""
        return self.commands.extra

    def offer_demo(self, open_demo: Callable[[], object]) -> None:
        """Where the register is still empty, offer to open the demo ledger instead."""
        self._open_demo = open_demo

    def show_panel(self, shown: bool) -> None:
        """Show or hide the panel, and remember it."""
        self.settings.setValue("panel/shown", shown)
        self.panel.setVisible(shown)
        self.commands.details.setChecked(shown)
        if shown:
            self.panel.show_record(self.current_id())

    # --- the view ------------------------------------------------------------------------------------------------

    def clear_filters(self) -> None:
        """Show everything again, in the order chosen."""
        self.set_view(View(order=self.view().order, removed=self.view().removed))

    def change_view(self, **changes: Any) -> None:
        """Look at the same list with some parts of the view replaced."""
        self.set_view(self.view().with_(**changes))

    def _tell_view(self) -> None:
        view = self.view()
        self.bar.search.set_quietly(view.search)
        self.view_bar.set_presets(view.presets)
        sections = {c.path: i for i, c in enumerate(self.register.columns)}
        order = view.order or self.register.order
        self.table.header.set_sorted({sections[p]: down for p, down in order if p in sections})
        self.table.header.set_filtered([sections[c.path] for c in view.conditions if c.path in sections])
        self.commands.follow_view(view)
        self._show_chips()
        unknown = {c.path for c in view.conditions if c.op == "in"}
        if unknown:
            self.session.read(
                names_of,
                self.register,
                view,
                self.session.today,
                done=self._take_names,
                owner=self,
                key="names",
            )
        self.view_changed.emit(view)

    def _take_names(self, names: dict[str, dict[Any, str]]) -> None:
        self._names = names
        self._show_chips()

    def _show_chips(self) -> None:
        words = view_words(self.register, self.view(), self._names)
        self.view_bar.chips.set_chips([chip for chip in words if chip[0] != "search"])

    def _search(self, text: str) -> None:
        self.change_view(search=text)

    def _enter_table(self) -> None:
        self.table.setFocus()
        if not self.table.currentIndex().isValid() and len(self.model.ids):
            self.table.go_to_row(0)

    def _preset(self, name: str, add: bool) -> None:
        chosen = self.view().presets
        if not name:
            wanted: tuple[str, ...] = ()
        elif name in chosen:
            wanted = tuple(n for n in chosen if n != name)
        else:
            wanted = (*chosen, name) if add else (name,)
        self.change_view(presets=wanted)

    def _drop_chip(self, key: str) -> None:
        kind, _, number = key.partition(":")
        view = self.view()
        if kind == "condition":
            kept = tuple(c for i, c in enumerate(view.conditions) if i != int(number))
            self.change_view(conditions=kept)
        else:
            self.change_view(**{kind: None})

    def _open_chip(self, key: str) -> None:
        kind, _, number = key.partition(":")
        if kind == "condition":
            path = self.view().conditions[int(number)].path
            chip = self.view_bar.chips.chip(key)
            self._open_filter(path, chip.mapToGlobal(QPoint(0, chip.height() + 4)))

    def _sort(self, section: int, add: bool) -> None:
        """First ascending, then descending, then the register's own order again."""
        path = self.register.columns[section].path
        now = dict(self.view().order)
        if not add:
            now = {path: now[path]} if path in now else {}
        if path not in now:
            now[path] = False
        elif not now[path]:
            now[path] = True
        else:
            del now[path]
        self.change_view(order=tuple(now.items()))

    def sort_by(self, section: int, descending: bool | None) -> None:
        """Sort by one column; None takes it out of the order."""
        path = self.register.columns[section].path
        kept = tuple(key for key in self.view().order if key[0] != path)
        self.change_view(order=kept if descending is None else ((path, descending),))

    def order_by_strokes(self, strokes: bool) -> None:
        """Order Chinese by strokes or by pinyin, and remember it."""
        self.strokes = strokes
        self.settings.setValue(f"strokes/{self.register.name}", strokes)
        self.set_view(self.view())

    def drop_filter(self, path: str) -> None:
        """Take a column's filters off."""
        self.change_view(conditions=tuple(c for c in self.view().conditions if c.path != path))

    def open_filter(self, section: int) -> FilterPopup:
        """Open the filter of a column under its header."""
        header = self.table.header
        where = QPoint(header.reveal(section), header.height() + 2)
        return self._open_filter(self.register.columns[section].path, header.viewport().mapToGlobal(where))

    def _open_filter(self, path: str, where: QPoint) -> FilterPopup:
        column = self.register.column(path)

        def applied(found: tuple[Condition, ...]) -> None:
            others = tuple(c for c in self.view().conditions if c.path != path)
            self.change_view(conditions=(*others, *found))

        return open_filter(self.session, self.register, column, self.view(), where, applied, self)

    # --- rows ------------------------------------------------------------------------------------------------------

    def _listed(self) -> None:
        self._choose_face()
        if self._count_due:  # only now: the rows come first
            self._count_due = False
            self.recount()
        if self._panel_due:  # built beside the reading of a long list it would hold the window
            self._panel_due = False
            self.panel.refresh()
        self.rows_changed.emit(len(self.model.ids), self.total)
        if self._wanted is not None:
            self._go_to_wanted()
        elif not self.table.currentIndex().isValid() and len(self.model.ids) and not self.model.keeping:
            self.table.go_to_row(0)
            self.table.clearSelection()

    def _choose_face(self) -> None:
        if len(self.model.ids) or not self.model.whole:
            self._drop_empty()
            self.stack.setCurrentIndex(0)
        else:
            self._drop_empty()
            self.stack.addWidget(self._empty())
            self.stack.setCurrentIndex(1)
        self._tell_count()

    def _drop_empty(self) -> None:
        while self.stack.count() > 1:
            old = self.stack.widget(1)
            assert old is not None
            self.stack.removeWidget(old)
            old.deleteLater()

    def _empty(self) -> EmptyState:
        view, title = self.view(), self.register.title
        if view.with_(order=(), strokes=False) == View():
            picture = self.register.icon
            if self.commands.new.isVisible() and self.commands.new.isEnabled():
                made = EmptyState(
                    picture,
                    f"{title}还没有内容",
                    "点“新增”或按 Ctrl+N 登记第一条。",
                    "新增",
                    self.commands.new.trigger,
                )
            else:
                made = EmptyState(picture, f"{title}还没有内容", "相关工作登记以后，这里会自动出现。")
            if self._open_demo is not None:
                self._offer_demo(made)
            return made
        if view.with_(order=(), removed=False, strokes=False) == View():
            return EmptyState(
                "archive", "没有已移除的记录", "", "返回", lambda: self.change_view(removed=False)
            )
        return EmptyState(
            "search", "没有找到符合条件的记录", "换一个词，或去掉一些筛选。", "清除筛选", self.clear_filters
        )

    def _offer_demo(self, made: EmptyState) -> None:
        from ui.kit.buttons import button

        open_demo = self._open_demo
        assert open_demo is not None
        layout = made.layout()
        assert isinstance(layout, QVBoxLayout)
        second = button("打开演示台账", open_demo, kind="link")
        layout.insertWidget(layout.indexOf(made.button) + 1, second, 0, Qt.AlignmentFlag.AlignHCenter)

    def _go_to_wanted(self) -> None:
        wanted = self._wanted
        row = self.model.row_of(wanted) if wanted is not None else None
        if row is not None:
            self._wanted = None
            self.table.go_to_row(row)
            self.table.setFocus()
        elif not self._looked_again:  # it may have been stored after the list was read
            self._looked_again = True
            self.refresh()
        elif self.view().with_(order=(), strokes=False) != View():
            self.set_view(View(order=self.view().order))
        else:
            self._wanted = None
            model = self.register.model
            self.session.read(survivor_named, model, wanted, done=self._lead_on, owner=self, key="survivor")

    def _lead_on(self, found: tuple[int, str, str] | None) -> None:
        """Show what a merged record went into; of a removed one tell so."""
        if found is None:
            show_toast(self, "这条记录已移除，可在“已移除”中查看。", state="warning")
            return
        survivor, name, into = found
        self.select_id(survivor)
        show_toast(self, f"“{name}”已并入“{into}”")

    def _current(self, record_id: int | None) -> None:
        if self.panel.isVisible():
            self.panel.show_record(record_id)
        self.commands.follow_current(record_id)
        self.current_changed.emit(record_id)

    def recount(self) -> None:
        """Read the counts of the ready filters again."""
        removed, as_of = self.view().removed, self.view().day

        def work() -> dict[str, int]:
            day = self.session.today
            plain = View(removed=removed, day=as_of)
            found = {"": self.register.count(plain, day)}
            for preset in self.register.presets:
                found[preset.name] = self.register.count(plain.with_(presets=(preset.name,)), day)
            return found

        self.session.read(work, done=self._take_counts, owner=self, key="counts")

    def _take_counts(self, counts: dict[str, int]) -> None:
        self.total = counts[""]
        self.view_bar.set_counts(counts)
        self._tell_count()
        self.rows_changed.emit(len(self.model.ids), self.total)

    def _tell_selection(self, words: str) -> None:
        self.selection_words = words
        self.selection_changed.emit(words)

    def _tell_count(self) -> None:
        shown, unit = len(self.model.ids), self.register.unit
        if not self.model.whole:
            return
        same = shown == self.total
        self.view_bar.count.setText(f"共 {shown:,} {unit}" if same else f"显示 {shown:,} / {self.total:,} {unit}")

    def _changed(self, changes: Changes) -> None:
        if not self._loaded or not changes.touches(*self._tables):
            if self.isVisible():
                self.panel.refresh()
            return
        if self.isVisible():
            self._soon.start()
        else:
            self._stale = True

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._sized and self.width() > 600:
            self._sized = True
            wanted = int(str(self.settings.value("panel/width") or 0)) or (
                400 if self.width() >= WIDE else 320
            )
            self.splitter.setSizes([max(1, self.width() - wanted), wanted])

    def _keep_panel_width(self, _place: int, _index: int) -> None:
        self.settings.setValue("panel/width", self.panel.width())
