"""监督检查: inspections and findings, and 开具责令改正通知书 from either; the rules are models/notice_steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from models.core.register import register
from models.notice_desk import Start, start_from_findings, start_from_inspection
from ui.enterprises import chosen
from ui.kit.session import Session
from ui.kit.toast import show_toast
from ui.notice_make import MakeDialog
from ui.register_tabs import RegisterTabs, Tab, register_tab

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage

KEY = "Ctrl+Shift+K"
TIPS = {
    "inspections": "由选中检查的未整改隐患开具通知书",
    "findings": "由选中的同一单位的隐患开具；没有检查记录的（抽检、投诉、督导）也可以",
}


class NoticeMaker(QObject):
    """The action 开具通知书 of a list of inspections or findings."""

    def __init__(self, session: Session, page: RegisterPage) -> None:
        super().__init__(page)
        from ui.kit.register_bar import page_action

        self.session, self.page, self.name = session, page, page.register.name
        self.action = page_action(page, "make_notice", "开具通知书", "file-add", TIPS[self.name], KEY)
        self.action.setEnabled(False)
        self.action.triggered.connect(self.ask)
        page.current_changed.connect(self._follow)
        page.selection_changed.connect(self._follow)
        page.add_action(self.action)

    def _follow(self, *_args: object) -> None:
        count = len(chosen(self.page))
        able = count == 1 or (count > 1 and self.name == "findings")
        self.action.setEnabled(able and self.session.ledger.writable)

    def ask(self) -> None:
        """Read what the notice starts with, then ask; a refusal tells why."""
        ids = chosen(self.page)
        if not ids:
            return
        if self.name == "inspections":
            self.session.read(start_from_inspection, ids[0], done=self._show, owner=self.page, key="start")
        else:
            self.session.read(start_from_findings, ids, done=self._show, owner=self.page, key="start")

    def _show(self, start: Start) -> None:
        dialog = MakeDialog(self.session, self.page.window(), start)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.made.connect(self._made)
        dialog.open()

    def _made(self, key: int, left: list[int]) -> None:
        """Show the new draft in its form; where findings are left for another notice, ask for that one first."""
        if left:
            show_toast(self.page, "已生成一份草稿，接着开具下一份")
            self.session.read(start_from_findings, left, done=self._show, owner=self.page, key="start")
            return
        self.session.open_record.emit("notices", key)
        self.session.edit_record.emit("notices", key, None)


def source_list(session: Session, name: str) -> RegisterPage:
    """A list of inspections or findings that can make a notice."""
    from ui.kit.register_page import RegisterPage

    page = RegisterPage(session, register(name))
    NoticeMaker(session, page)
    if name == "findings":
        from ui.handing_to_bureau import BureauAction

        BureauAction(session, page)
    from ui.visit_papers import add_papers_menu

    add_papers_menu(page)
    if name == "inspections":
        from ui.case_file import add_case

        add_case(page)
    return page


def _failures(session: Session) -> QWidget:
    from ui.frequent_failures import FailuresPage

    return FailuresPage(session)


def _scenes(session: Session) -> QWidget:
    from ui.visit_papers import paper_list

    return paper_list(session, "scene_records")


def inspections_page(session: Session) -> RegisterTabs:
    """The page: inspections, findings, the items that fail most, the year's plan and the draws."""
    return RegisterTabs(
        session,
        [
            Tab("inspections", "检查记录", lambda: source_list(session, "inspections")),
            Tab("findings", "隐患", lambda: source_list(session, "findings")),
            Tab("failures", "高频不合格项", lambda: _failures(session)),
            Tab("scene_records", "现场记录", lambda: _scenes(session)),
            Tab("year_plan", "检查计划", lambda: _year_plan(session)),
            register_tab(session, "planned_visits", "计划明细"),
            Tab("draws", "双随机", lambda: _draws(session)),
        ],
    )


def _year_plan(session: Session) -> QWidget:
    from ui.year_plan import YearPlanPage

    return YearPlanPage(session)


def _draws(session: Session) -> QWidget:
    from ui.draws import draw_list

    return draw_list(session)
