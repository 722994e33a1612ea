"""专项整治: the campaigns with their progress, the one chosen in full, and what to do next; the rules are models'."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from models.campaign_progress import (
    CampaignDetail,
    Progress,
    behind,
    campaign_detail,
    overdue_view,
    progress_of,
)
from models.campaign_scope import LooseVisit, ScopePlan, loose_visits, plan_scope
from models.campaign_target import REGISTER as TARGETS
from models.core.errors import KnownError
from models.core.figure import figure
from models.core.register import Condition, View
from ui.campaign_detail import DetailPane, target_rows
from ui.campaign_dialogs import ScopeDialog, TaskDialog, TieDialog, open_quietly, open_tasks_view
from ui.campaign_list import CampaignList
from ui.kit.buttons import button, restyle
from ui.kit.cards import EmptyState
from ui.kit.day_pick import DayPick
from ui.kit.fresh_page import FreshPage
from ui.kit.palette import UNIT
from ui.kit.rows_table import TableRow
from ui.kit.session import Session
from ui.kit.toast import Banner, show_toast
from ui.register_tabs import RegisterTabs, Tab, register_tab

if TYPE_CHECKING:
    from ui.kit.jobs import Progress as JobProgress

CONCERNS = (
    "campaign", "campaign_target", "campaign_goal", "inspection", "inspection_campaign", "finding", "notice",
    "notice_finding", "enterprise", "enterprise_state", "area",
)  # fmt: skip


class Shown(NamedTuple):
    """One campaign read for the screen, its rows made ready."""

    detail: CampaignDetail | None
    rows: list[TableRow]


class Moved(NamedTuple):
    """What has changed outside the campaign: enterprises that came in or left, inspections not tied to it."""

    plan: ScopePlan | None
    visits: list[LooseVisit]


def read_detail(campaign: int, day: dt.date) -> Shown:
    """A campaign with its rows; on a reader thread."""
    detail = campaign_detail(campaign, day)
    return Shown(detail, target_rows(detail.rows) if detail is not None else [])


def read_moved(campaign: int, told: Progress) -> Moved:
    """What moved since the targets were taken, while the campaign runs; on a reader thread."""
    plan = None
    if told.settled_on is not None and told.state == "running":
        try:
            plan = plan_scope(campaign, told.day)
        except KnownError:
            plan = None  # the dialog says why
    return Moved(plan, loose_visits(campaign, told.day))


class CampaignProgressPage(FreshPage):
    """The campaigns at the left, the one chosen at the right. `loaded()` after the chosen one was read."""

    concerns = CONCERNS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.found: list[Progress] = []
        self.shown_one: Shown | None = None
        self.moved = Moved(None, [])
        self.day = DayPick(session.today, "截至哪一天的专项进度？")
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        self.add = button("新增专项", self.new_campaign, "add", tip="Ctrl+N")
        self.edit = button("修改", self.edit_campaign, "edit", tip="专项的期间、任务和分乡镇任务")
        self.print = button("汇总表", self.print_sheet, "print", tip="预览打印这项专项的情况汇总表（Ctrl+Shift+P）")
        self.scope = button("确定对象", self.ask_scope, "filter", tip="按视图确定或更新对象范围（Ctrl+Shift+U）")
        self.tie = button("归入检查", self.ask_tie, "link", tip="期间内查过对象、没有登记所属专项的检查")
        self.visit = button("登记检查", self.register_visit, "inspection", "primary", "对选中的对象登记检查（回车）")
        self.task = button("安排任务", self.ask_tasks, "due", tip="为选中的对象安排检查任务（Ctrl+Shift+T）")
        self.place = button("查看主体", self.show_place, "enterprise")
        self.table = CampaignList()
        self.banner = Banner()
        self.pane = DetailPane()
        self.empty = EmptyState(
            "campaign", "还没有专项",
            "登记一项专项，写明期间和任务，再按主体名册里保存的视图确定对象，就能看到进度。",
            "新增专项", self.new_campaign,
        )  # fmt: skip
        self.stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._follow()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        top.addWidget(self.day)
        top.addWidget(self.words, 1)
        for made in (self.add, self.edit, self.scope, self.tie, self.print):
            top.addWidget(made)
        for made in (self.place, self.task, self.visit):
            self.pane.row.addWidget(made)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(UNIT, 0, 0, 0)
        column.setSpacing(UNIT)
        column.addWidget(self.banner)
        column.addWidget(self.pane, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(UNIT)
        split.setStyleSheet("QSplitter::handle { background: transparent; }")
        left = QFrame()
        left.setProperty("role", "card")
        inner = QVBoxLayout(left)
        inner.setContentsMargins(1, 4, 1, 4)
        inner.addWidget(self.table)
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([290, 870])
        self.stack.addWidget(split)
        self.stack.addWidget(self.empty)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 12, 3 * UNIT, 12)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.day.chosen.connect(lambda _day: self.refresh())
        self.day.refused.connect(lambda words: self._tell(words, "danger"))
        self.table.currentRowChanged.connect(lambda _row: self._read_one())
        self.table.itemActivated.connect(lambda _item: self.pane.targets.table.setFocus())
        self.pane.target_opened.connect(lambda _row: self.register_visit())
        self.pane.targets.selected.connect(self._follow)
        self.pane.number_wanted.connect(self.open_number)
        self.pane.share_wanted.connect(self.open_share)
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+N": self.new_campaign, "Ctrl+Shift+U": self.ask_scope, "Ctrl+Shift+T": self.ask_tasks,
            "Ctrl+Shift+P": self.print_sheet, "Ctrl+F": self._find,
            "Alt+1": partial(self.pane.show_face, "targets"), "Alt+2": partial(self.pane.show_face, "townships"),
            "Alt+3": partial(self.pane.show_face, "categories"),
        }  # fmt: skip
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- reading ----------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """Give the keyboard to the list of campaigns."""
        self.table.setFocus()

    def refresh(self) -> None:
        """Read the campaigns again."""
        self._stale = False
        self.session.read(progress_of, self.day.day, done=self._show, owner=self, key="campaigns")

    def _show(self, found: list[Progress]) -> None:
        before = self.campaign
        self.found = found
        self.stack.setCurrentIndex(0 if found else 1)
        self.table.blockSignals(True)
        self.table.show_campaigns(found)
        keys = [told.id for told in found]
        at = keys.index(before.id) if before is not None and before.id in keys else 0
        if found:
            self.table.setCurrentRow(at)
        self.table.blockSignals(False)
        running = [told for told in found if told.state == "running"]
        overdue = sum(told.overdue for told in running)
        more = f"，逾期未检查 {overdue:,} 户次" if overdue else ""
        self._tell(f"进行中 {len(running)} 项，未检查 {sum(told.remaining for told in running):,} 户次{more}")
        self._read_one()

    def _tell(self, text: str, role: str = "muted") -> None:
        self.words.setText(text)
        restyle(self.words, role=role)

    @property
    def campaign(self) -> Progress | None:
        """The campaign chosen."""
        row = self.table.currentRow()
        return self.found[row] if 0 <= row < len(self.found) else None

    def choose(self, campaign: int) -> None:
        """Choose a campaign by its id."""
        for row, told in enumerate(self.found):
            if told.id == campaign:
                self.table.setCurrentRow(row)

    def _read_one(self) -> None:
        told = self.campaign
        self._follow()
        if told is not None:
            self.session.read(read_detail, told.id, self.day.day, done=self._show_one, owner=self, key="campaign")

    def _show_one(self, found: Shown) -> None:
        self.shown_one, self.moved = found, Moved(None, [])
        if found.detail is None:
            self.refresh()
            return
        self.pane.show_detail(found.detail, found.rows)
        told = found.detail.progress
        self._tell_moved()
        self._follow()
        self.session.read(read_moved, told.id, told, done=self._show_moved, owner=self, key="moved")
        self.loaded.emit()

    def _show_moved(self, moved: Moved) -> None:
        self.moved = moved
        self._tell_moved()
        self._follow()

    def _tell_moved(self) -> None:
        """Say what the frozen targets do not follow by themselves, with the way to it."""
        told, plan, visits = self.campaign, self.moved.plan, self.moved.visits
        self.banner.hide()
        if told is None:
            return
        if not told.ready:
            words = "这项专项还没有对象：按主体名册里保存的视图确定，或在「专项对象」里登记、导入上级的清单。"
            self.banner.tell(words, "info", "确定对象", self.ask_scope, closable=False)
        elif plan is not None and (plan.came or plan.left):
            words = f"对象确定以后名册有变化：{len(plan.came):,} 户符合范围、{len(plan.left):,} 户不再符合，尚未处理。"
            self.banner.tell(words, "warning", "核对", self.ask_scope, closable=False)
        elif visits:
            words = f"有 {len(visits):,} 家次检查在期间内查了专项对象，没有登记所属专项。"
            self.banner.tell(words, "info", "归入检查", self.ask_tie, closable=False)

    def _follow(self) -> None:
        told, able = self.campaign, self.session.ledger.writable
        for each in (self.edit, self.print, self.scope):
            each.setEnabled(told is not None)
        self.scope.setText("范围更新" if told is not None and told.settled_on is not None else "确定对象")
        self.tie.setEnabled(bool(self.moved.visits) and able)
        self.tie.setText(f"归入检查 {len(self.moved.visits):,}" if self.moved.visits else "归入检查")
        chosen = self.pane.targets.chosen() if told is not None else []
        self.visit.setEnabled(len(chosen) == 1 and able)
        self.visit.setText("查看检查" if len(chosen) == 1 and chosen[0].state == "covered" else "登记检查")
        self.place.setEnabled(len(chosen) == 1)
        self.task.setEnabled(any(row.state != "covered" for row in chosen) and able)

    # -- opening lists ----------------------------------------------------------------------------------

    def _find(self) -> None:
        self.pane.show_face("targets")
        self.pane.targets.search.setFocus()

    def open_number(self, key: str) -> None:
        """Show the records behind a tile."""
        told = self.campaign
        if told is None:
            return
        if key == "overdue":
            self.session.show_list(TARGETS.name, overdue_view(told.id, told.day))
        else:
            self.session.show_list(figure(f"{key}:{told.id}").register, behind(key, told.id, told.day))

    def open_share(self, by: str, key: Any, preset: str) -> None:
        """Show the targets behind a number of a township or kind."""
        told = self.campaign
        if told is None:
            return
        path = "enterprise.area" if by == "township" else "enterprise.category"
        conditions = (Condition("campaign", "in", (told.id,)), Condition(path, "in", (key or None,)))
        view = View(conditions=conditions, presets=(preset or "current",), day=told.day)
        self.session.show_list(TARGETS.name, view)

    # -- doing ------------------------------------------------------------------------------------------

    def new_campaign(self) -> None:
        """The form of a new campaign."""
        if self.session.ledger.writable:
            self.session.edit_record.emit("campaigns", None, {})

    def edit_campaign(self) -> None:
        """The form of the campaign chosen."""
        if self.campaign is not None:
            self.session.edit_record.emit("campaigns", self.campaign.id, None)

    def ask_scope(self) -> None:
        """Who comes in and who leaves, by a view of the enterprises."""
        told = self.campaign
        if told is None:
            return
        dialog = ScopeDialog(self.session, self.window(), told.id, told.name)
        dialog.list_wanted.connect(lambda: self.session.show_list("enterprises", View()))
        open_quietly(dialog)

    def ask_tie(self) -> None:
        """Tie inspections that were made without the campaign."""
        told = self.campaign
        if told is not None and self.moved.visits:
            open_quietly(TieDialog(self.session, self.window(), told.id, told.name, self.moved.visits))

    def register_visit(self) -> None:
        """The form of an inspection of the target chosen, made for this campaign; of a covered one its inspections."""
        told, chosen = self.campaign, self.pane.targets.chosen()
        if told is None or len(chosen) != 1 or not self.visit.isEnabled():
            return
        place = chosen[0].enterprise
        if chosen[0].state == "covered":
            conditions = Condition("campaigns", "in", (told.id,)), Condition("enterprise", "in", (place,))
            self.session.show_list("inspections", View(conditions=conditions))
            return
        values = {"enterprise": place, "campaigns": [told.id], "inspected_on": self.session.today, "kind": "special"}
        self.session.edit_record.emit("inspections", None, values)

    def ask_tasks(self) -> None:
        """Make inspection tasks of the chosen targets that are still to be inspected."""
        told = self.campaign
        rows = [row for row in self.pane.targets.chosen() if row.state != "covered"]
        if told is None or not rows or not self.task.isEnabled():
            return
        places, due = [row.enterprise for row in rows], min((r.due_on for r in rows if r.due_on), default=None)
        dialog = TaskDialog(self.session, self.window(), told.id, told.name, places, due)
        dialog.made.connect(self._made)
        open_quietly(dialog)

    def _made(self, count: int) -> None:
        show_toast(
            self, f"已安排 {count:,} 件检查任务", "查看检查任务",
            lambda: self.session.show_list("inspection_tasks", open_tasks_view()), stay_ms=20_000,
        )  # fmt: skip

    def show_place(self) -> None:
        """The enterprise of the target chosen."""
        chosen = self.pane.targets.chosen()
        if len(chosen) == 1:
            self.session.open_record.emit("enterprises", chosen[0].enterprise)

    def print_sheet(self) -> None:
        """The summary sheet of the campaign chosen, as of the day."""
        told = self.campaign
        if told is not None:
            preview_sheet(self.session, self, told)


def preview_sheet(session: Session, parent: QWidget, told: Progress) -> Any:
    """Show a campaign's summary sheet, to print or save."""
    from ui.kit.preview import show_preview

    demo, campaign, day = session.demo, told.id, told.day

    def make(_progress: JobProgress) -> bytes:
        from reports.campaign_sheet import campaign_sheet

        try:
            return campaign_sheet(campaign, day, demo=demo)
        finally:
            session.ledger.close_thread()  # the preview's thread is not the session's

    title = f"{told.name}情况汇总表"
    return show_preview(parent, make, title, f"{title}{day:%Y%m%d}.pdf")


def campaigns_page(session: Session) -> RegisterTabs:
    """The page: progress, and the two lists behind it."""
    return RegisterTabs(
        session,
        [
            Tab("campaign_progress", "专项进度", lambda: CampaignProgressPage(session)),
            register_tab(session, "campaigns", "专项台账"),
            Tab("campaign_targets", "专项对象", lambda: _target_list(session)),
        ],
    )


def _target_list(session: Session) -> QWidget:
    from ui.as_of import add_as_of
    from ui.kit.register_page import RegisterPage

    page = RegisterPage(session, TARGETS)
    add_as_of(page, "截至哪一天的专项对象？")
    return page
