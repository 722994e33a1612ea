"""截至日期: a list looked at as of another day than today; knows a list and a question, no topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.kit.register_bar import page_action

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage

KEY = "Ctrl+Shift+T"


def add_as_of(page: RegisterPage, question: str) -> None:
    """The action that asks for the day; the chip «截至» takes it off again, and so does today."""
    day = page_action(page, "as_of", "截至日期…", "calendar", "看某一天的情况，去掉“截至”回到今天", KEY)

    def ask() -> None:
        from ui.kit.dialogs import ask_date

        today = page.session.today
        found = ask_date(page, question, start=page.view().day or today, latest=today)
        if found is not None:
            page.change_view(day=None if found == today else found)

    day.triggered.connect(ask)
    page.add_action(day)
