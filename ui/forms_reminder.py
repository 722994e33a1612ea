"""The line that asks for the office's official checklists while only samples are in force; knows no other page."""

from __future__ import annotations

from PySide6.QtCore import QSettings, QTimer

from models.checklist import official_missing
from models.core.changes import Changes
from models.core.register import View
from ui.kit.session import SETTINGS_FILE, Session
from ui.kit.toast import Banner

WORDS = "现用的检查要点表都是示例（非官方文本），打印时也这样写。请把本局使用的官方要点表填进模板后导入。"
AFTER_MS = 500
"""The numbers of the page come first."""
DISMISSED = "reminders/official_forms"


class FormsReminder(Banner):
    """Shown until an official form is in force or the clerk closes it; never in the demo."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._settings = QSettings(str(session.ledger.folder / SETTINGS_FILE), QSettings.Format.IniFormat)
        self.closed.connect(lambda: self._settings.setValue(DISMISSED, True))
        session.changed.connect(self._changed)
        QTimer.singleShot(AFTER_MS, self, self.refresh)

    def _changed(self, changes: Changes) -> None:
        if changes.touches("checklist"):
            self.refresh()

    def refresh(self) -> None:
        """Look again whether an official form is missing."""
        if self.session.demo or self._settings.value(DISMISSED, False, bool):
            self.hide()
            return
        self.session.read(official_missing, self.session.today, done=self._show, owner=self, key="missing")

    def _show(self, missing: bool) -> None:
        if missing:
            self.tell(WORDS, "info", "查看要点表", lambda: self.session.show_list("checklists", View()))
        else:
            self.hide()
