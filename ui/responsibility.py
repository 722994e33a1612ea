"""包保责任: the page with its sub-tabs and what their lists can do; each screen of its own stands in another file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models.core.register import register
from ui.enterprises import chosen
from ui.kit.session import Session
from ui.register_tabs import RegisterTabs, Tab

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage


def responsibility_page(session: Session) -> RegisterTabs:
    """The page with its sub-tabs, each made when first shown."""
    return RegisterTabs(
        session,
        [
            Tab("assignments", "包保关系", lambda: assignment_list(session)),
            Tab("officials", "包保干部", lambda: official_list(session)),
            Tab("commitments", "承诺书", lambda: _commitments(session)),
            Tab("visits", "督导", lambda: _visits(session)),
            Tab("problems", "问题", lambda: _problems(session)),
            Tab("coverage", "覆盖情况", lambda: _coverage(session)),
        ],
    )


def _add(
    page: RegisterPage, name: str, icon: str, key: str, words: tuple[str, str], do: Callable[[], object],
    able: Callable[[int], bool] = lambda count: True,
) -> None:  # fmt: skip
    """An action of a list: its word and its tip; ``able`` says for how many chosen rows it is there."""
    from ui.kit.register_bar import page_action

    action = page_action(page, name, words[0], icon, words[1], key)

    def follow(*_args: object) -> None:
        action.setEnabled(page.session.ledger.writable and able(len(chosen(page))))

    action.triggered.connect(do)
    page.current_changed.connect(follow)
    page.selection_changed.connect(follow)
    page.add_action(action)
    follow()


def assignment_list(session: Session) -> RegisterPage:
    """The assignments with the two proposals of the program, as of any day."""
    from ui.as_of import add_as_of
    from ui.kit.register_page import RegisterPage
    from ui.papers import add_papers

    def propose() -> None:
        from ui.proposing import ask_proposal

        ask_proposal(session, page)

    def tiers() -> None:
        from ui.proposing import ask_tiers

        ask_tiers(session, page)

    page = RegisterPage(session, register("assignments"))
    tip = "按属地、层级和现有户数给没有合适包保干部的主体提出人选，看过再写入"
    _add(page, "propose", "officials", "Ctrl+Shift+N", ("自动拟派", tip), propose)
    tip = "按包保分级标准给主体定 A—D 级，看过再写入"
    _add(page, "tiers", "sort", "Ctrl+Shift+D", ("按标准定层级", tip), tiers)
    add_papers(page)
    add_as_of(page, "截至哪一天的包保关系？")
    return page


def official_list(session: Session) -> RegisterPage:
    """The officials with what can be done about the chosen ones."""
    from ui.as_of import add_as_of
    from ui.kit.register_page import RegisterPage
    from ui.papers import add_papers

    def sign() -> None:
        from ui.commitments import ask_commitments

        ask_commitments(session, page, chosen(page))

    def hand_over() -> None:
        from ui.handing_over import ask_handover

        ask_handover(session, page, chosen(page)[0])

    page = RegisterPage(session, register("officials"))
    tip = "给选中的干部登记承诺书"
    _add(page, "sign", "document", "Ctrl+Shift+B", ("登记承诺书", tip), sign, lambda count: count > 0)
    tip = "选中的一名干部离任：提出接任人选，移交全部包保主体"
    _add(page, "handover", "send", "Ctrl+Shift+J", ("离任交接", tip), hand_over, lambda count: count == 1)
    add_papers(page)
    add_as_of(page, "截至哪一天的包保干部？")
    return page


def _commitments(session: Session) -> QWidget:
    from ui.commitments import CommitmentPage

    return CommitmentPage(session)


def _visits(session: Session) -> QWidget:
    from ui.visits import VisitsPage

    return VisitsPage(session)


def _problems(session: Session) -> QWidget:
    from ui.responsibility_problems import ProblemsPage

    return ProblemsPage(session)


def _coverage(session: Session) -> QWidget:
    from ui.coverage import CoveragePage

    return CoveragePage(session)
