"""主体名册: enterprises, parties, permits, campus and safety staff, with 指派 of an official; knows no rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models.core.register import register
from ui.kit.session import Session
from ui.register_tabs import RegisterTabs, Tab, register_tab

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage


def chosen(page: RegisterPage) -> list[int]:
    """The selected records, else the current one."""
    current = page.current_id()
    return page.selected_ids() or ([current] if current is not None else [])


def enterprise_list(session: Session) -> QWidget:
    """The register of enterprises with 指派包保干部 for the selected ones."""
    from ui.case_file import add_case
    from ui.kit.register_bar import page_action
    from ui.kit.register_page import RegisterPage
    from ui.visit_papers import add_papers_menu

    page = RegisterPage(session, register("enterprises"))
    assign = page_action(
        page, "assign", "指派包保干部", "user-add", "为选中的一户或几户指派包保干部", "Ctrl+Shift+B"
    )
    assign.setEnabled(False)

    def ask() -> None:
        from ui.assigning import ask_assign

        ask_assign(session, page, chosen(page))

    def follow(*_args: object) -> None:
        assign.setEnabled(bool(chosen(page)) and session.ledger.writable)

    assign.triggered.connect(ask)
    page.current_changed.connect(follow)
    page.selection_changed.connect(follow)
    page.add_action(assign)
    add_papers_menu(page)
    _offer_merge(session, page)
    add_case(page)
    return page


def campus_list(session: Session) -> QWidget:
    """The list of the campus as of any day."""
    from ui.as_of import add_as_of
    from ui.kit.register_page import RegisterPage

    page = RegisterPage(session, register("campus"))
    add_as_of(page, "截至哪一天的校园情况？")
    return page


def gaps_page(session: Session) -> QWidget:
    """Who lacks safety staff, by township."""
    from ui.staffing import StaffingPage

    return StaffingPage(session)


def _offer_merge(session: Session, page: RegisterPage) -> None:
    """合并… for exactly two selected enterprises."""
    from ui.kit.register_bar import page_action

    merge = page_action(page, "merge", "合并", "link", "选中两户，并排对照后合并为一户", "Ctrl+Shift+M")
    merge.setEnabled(False)

    def ask() -> None:
        from models.enterprise import Enterprise
        from ui.merge_dialog import open_merge

        first, second = page.selected_ids()
        open_merge(session, Enterprise, (first, second), page, page.select_id)

    def follow(*_args: object) -> None:
        there = len(page.selected_ids()) == 2 and not page.view().removed
        merge.setEnabled(there and session.ledger.writable)

    merge.triggered.connect(ask)
    page.current_changed.connect(follow)
    page.selection_changed.connect(follow)
    page.add_action(merge)


def _duplicates(session: Session) -> QWidget:
    from ui.duplicates import DuplicatesPage

    return DuplicatesPage(session)


def enterprises_page(session: Session) -> RegisterTabs:
    """The page with its sub-tabs."""
    return RegisterTabs(
        session,
        [
            Tab("enterprises", "主体", lambda: enterprise_list(session)),
            register_tab(session, "parties"),
            register_tab(session, "permits"),
            Tab("campus", "校园", lambda: campus_list(session)),
            register_tab(session, "safety_staff", "总监和安全员"),
            Tab("staffing", "配备缺口", lambda: gaps_page(session)),
            Tab("duplicates", "疑似重复", lambda: _duplicates(session)),
        ],
    )
