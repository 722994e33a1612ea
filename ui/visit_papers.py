"""打印文书: the menu of what can be printed of chosen visits, notices or places, each shown in a preview first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QWidget

from models.core.register import register
from models.paper_desk import BLANK, BOARD, NOTICE, PaperChoice, PaperDesk, paper_desk
from ui.enterprises import chosen
from ui.kit.icons import icon
from ui.kit.session import Session

if TYPE_CHECKING:
    from ui.kit.jobs import Progress
    from ui.kit.preview import PreviewDialog
    from ui.kit.register_page import RegisterPage

KEY = "Ctrl+Shift+P"
MOST = 200
"""Records whose papers are made together."""


def add_papers_menu(page: RegisterPage) -> None:
    """「打印文书」 on a list of ``models.paper_desk.DESKS``: the papers of the chosen records."""
    from ui.kit.register_bar import page_action

    action = page_action(page, "papers", "打印文书", "print", "打印选中记录的文书", KEY)

    def ask() -> None:
        made = page.bar.buttons.get("papers")
        ask_papers(page.session, page, page.register.name, chosen(page), made)

    def follow(*_args: object) -> None:
        action.setEnabled(bool(chosen(page)))

    action.triggered.connect(ask)
    page.current_changed.connect(follow)
    page.selection_changed.connect(follow)
    page.add_action(action)
    follow()


def paper_list(session: Session, name: str) -> RegisterPage:
    """A plain list whose records have papers."""
    from ui.kit.register_page import RegisterPage

    page = RegisterPage(session, register(name))
    add_papers_menu(page)
    return page


def ask_papers(
    session: Session, parent: QWidget, register: str, ids: Sequence[int], beside: QWidget | None = None
) -> None:
    """Read what can be printed of some records, then offer it in a menu under ``beside``."""
    keys = list(ids)[:MOST]

    def show(desk: PaperDesk) -> None:
        where = beside.mapToGlobal(QPoint(0, beside.height())) if beside is not None else QCursor.pos()
        menu = papers_menu(session, parent, desk)
        menu.popup(where)
        menu.setActiveAction(menu.actions()[0])

    if keys:
        session.read(paper_desk, register, keys, session.today, done=show, owner=parent, key="papers")


def papers_menu(session: Session, parent: QWidget, desk: PaperDesk) -> QMenu:
    """The menu of a desk; it deletes itself when closed."""
    menu = QMenu(parent)
    menu.setAccessibleName("打印文书")
    menu.aboutToHide.connect(menu.deleteLater)
    menu.setToolTipsVisible(True)
    for choice in desk.choices:
        words = f"{choice.words}　{choice.remark}" if choice.remark else choice.words
        action = menu.addAction(icon("print", "muted"), words)
        action.setObjectName("+".join(choice.kinds))
        action.triggered.connect(lambda _on=False, one=choice: preview_choice(session, parent, one))
    filling = desk.filling
    if filling is not None and session.ledger.writable:
        menu.addSeparator()
        action = menu.addAction(icon("edit", "muted"), filling.words)
        action.setObjectName("fill")
        action.triggered.connect(
            lambda: session.edit_record.emit(filling.register, filling.id, dict(filling.values))
        )
    if not menu.actions():
        menu.addAction("没有可打印的文书").setEnabled(False)
    return menu


def preview_choice(session: Session, parent: QWidget, choice: PaperChoice) -> PreviewDialog:
    """Make the papers of one entry of the menu in a preview."""
    if choice.kinds == (NOTICE,):
        from models.notice_desk import desk_of
        from ui.notices import preview_notices

        return preview_notices(parent, session, desk_of(choice.ids))
    if choice.kinds == (BOARD,):
        from ui.papers import preview_boards

        return preview_boards(session, parent, choice.ids)
    demo = session.demo

    def write(out: Path, tell: Callable[[int, int], bool]) -> None:
        from reports.visit_file import write_blank_papers, write_visit_papers

        if choice.kinds == (BLANK,):
            write_blank_papers(choice.ids, choice.forms, out, demo=demo, progress=tell)
        else:
            write_visit_papers(choice.kinds, choice.ids, out, demo=demo, progress=tell)

    return _preview(session, parent, choice, write)


def _preview(
    session: Session,
    parent: QWidget,
    choice: PaperChoice,
    write: Callable[[Path, Callable[[int, int], bool]], None],
) -> PreviewDialog:
    from ui.kit.preview import show_preview

    def make(progress: Progress) -> bytes:
        def tell(done: int, total: int) -> bool:
            progress.check()  # a cancelled preview closes without a word
            progress.report(done, total, "正在排版")
            return True

        try:
            with TemporaryDirectory(prefix="shian-preview-") as folder:
                out = Path(folder) / "papers.pdf"
                write(out, tell)
                return out.read_bytes()
        finally:
            session.ledger.close_thread()  # the preview's thread is not the session's

    words = choice.words.partition("（")[0]
    title = words if len(choice.ids) == 1 else f"{words}（{len(choice.ids)}份）"
    return show_preview(parent, make, title, f"{title} {session.today:%Y%m%d}.pdf")
