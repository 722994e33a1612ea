"""节假日: the list with the action that fetches published years the table has not got; knows no arithmetic."""

from __future__ import annotations

from PySide6.QtCore import QObject

from models.holiday import add_years, missing_years
from ui.kit.register_bar import page_action
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session
from ui.kit.toast import show_toast


class HolidayTools(QObject):
    """The action 补入公布年份 of the list of holidays."""

    def __init__(self, session: Session, page: RegisterPage) -> None:
        super().__init__(page)
        self.session, self.page = session, page
        self.add = page_action(
            page, "add_years", "补入公布年份", "download", "补入本程序已收录、表里还没有的年份的国务院放假安排"
        )
        self.add.triggered.connect(self.fetch)
        self.add.setEnabled(session.ledger.writable)
        page.add_action(self.add)

    def fetch(self) -> None:
        """Look which years are lacking and store them."""
        self.session.read(missing_years, done=self._store, owner=self.page, key="years")

    def _store(self, years: list[int]) -> None:
        if not years:
            show_toast(self.page, "已收录的年份都在表里。新公布的安排请用“新增”或“导入”登记。")
            return
        words = "、".join(f"{year}年" for year in years)
        self.session.write(
            f"补入{words}放假安排"[:60],
            lambda tx: add_years(tx, years),
            done=lambda count: show_toast(self.page, f"已补入{words}的放假安排 {count} 天", "撤销", self.session.undo),
            owner=self.page,
        )
