"""A page that reads again when something it shows has changed; knows no register and no rule."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from models.core.changes import Changes
from ui.kit.session import Session

CALM_MS = 150
"""Changes that come closer together than this, in milliseconds, are read once."""


class FreshPage(QWidget):
    """Reads when it comes to the front, and while it is there after each change of a table in ``concerns``.

    A page sets ``_stale`` to False where it begins to read, and emits `loaded()` when it shows what was read.
    """

    loaded = Signal()
    concerns: ClassVar[tuple[str, ...]] = ()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._stale = True
        self._wait = QTimer(self, singleShot=True, interval=CALM_MS)
        self._wait.timeout.connect(self.refresh)
        session.changed.connect(self._changed)

    def shown(self) -> None:
        """Called when the page comes to the front."""
        if self._stale:
            self.refresh()

    def _changed(self, changes: Changes) -> None:
        if changes.touches(*self.concerns):
            self._stale = True
            if self.isVisible():
                self._wait.start()

    def refresh(self) -> None:
        """Read again what the page shows."""
        raise NotImplementedError
