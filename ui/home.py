"""The first page: 总览, or the welcome while the ledger is empty; knows neither's content."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QStackedWidget

from ui.kit.session import Session
from ui.overview import OverviewPage


class HomePage(QStackedWidget):
    """总览, or the welcome while the ledger holds no enterprise."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.overview = OverviewPage(session)
        self.welcome: Any = None
        self.addWidget(self.overview)
        self.overview.welcome.connect(self._welcome)
        self.overview.loaded.connect(self._loaded)

    def shown(self) -> None:
        """Called when the page comes to the front."""
        self.overview.shown()

    def _welcome(self, data: Any) -> None:
        if self.welcome is None:
            from ui.welcome import WelcomePage

            self.welcome = WelcomePage(self.session)
            self.addWidget(self.welcome)
        self.welcome.show_state(data)
        self.setCurrentWidget(self.welcome)

    def _loaded(self) -> None:
        data = self.overview.data
        if data is not None and data.enterprises:
            self.setCurrentWidget(self.overview)
