"""What the dialogs of a notice's steps have in common: one action, refused at the field; the officers to tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from models.core.changes import Transaction
from models.notice import Notice
from models.notice_desk import Desk
from ui.kit.ask import AskDialog
from ui.kit.flow import FlowLayout
from ui.kit.palette import UNIT
from ui.kit.session import Session

FINAL = "{step}后不能撤销"


def notice_of(key: int) -> Notice:
    """The notice of an id, read in the thread that works with it."""
    found: Notice = Notice.get_by_id(key)
    return found


class StepDialog(AskDialog):
    """One step of one or several notices as one action; `stepped(message)` after it is stored."""

    stepped = Signal(str)

    def __init__(
        self, session: Session, parent: QWidget | None, desks: Sequence[Desk], title: str, final: bool = True,
        headline: str = "", text: str = "", danger: bool = False,
    ) -> None:  # fmt: skip
        one = desks[0]
        words = headline or (f"{title}：{one.label}" if len(desks) == 1 else f"{title} {len(desks)} 份通知书")
        super().__init__(
            parent, title, words, session.today, title,
            text or (one.party if one.party == one.enterprise else f"{one.party}　{one.enterprise}"),
            FINAL.format(step=title) if final else "", danger,
        )  # fmt: skip
        self.session, self.desks, self.step = session, list(desks), title
        self.set_final(final)

    def run(self, work: Callable[[Transaction], Any], message: str) -> None:
        """Do the step; stay open with the reason where it is refused."""

        def done(_result: Any) -> None:
            self.accept()
            self.stepped.emit(message)

        self.session.write(
            f"{self.step}：{self.desks[0].label}"[:60], work, done=done, failed=self.fail, owner=self, final=self.final
        )


class OfficerPicker(QWidget):
    """Check boxes of the officers in service."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout(self, gap=10)
        self.boxes: dict[int, QCheckBox] = {}

    def fill(self, officers: Sequence[tuple[int, str]], chosen: Sequence[int]) -> None:
        """Offer these (id, name) pairs."""
        for key, name in sorted(officers, key=lambda one: one[0] not in chosen):
            box = QCheckBox(name.partition("（")[0])
            box.setToolTip(name)
            box.setChecked(key in chosen)
            box.toggled.connect(lambda _on: self.changed.emit())
            self.boxes[key] = box
            self._flow.addWidget(box)
        self.updateGeometry()

    def chosen(self) -> list[int]:
        """The ids ticked."""
        return [key for key, box in self.boxes.items() if box.isChecked()]

    def framed(self, words: str, rows: int = 3) -> tuple[QWidget, QLabel]:
        """The boxes in an area of some rows that scrolls, with a line of words below."""
        told = QLabel(words)
        told.setProperty("role", "muted")
        box = QWidget()
        inner = QVBoxLayout(box)
        inner.setContentsMargins(0, UNIT, 0, 0)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFixedHeight(rows * 32)
        area.setWidget(self)
        inner.addWidget(area)
        inner.addWidget(told)
        return box, told
