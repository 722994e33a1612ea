"""The chosen matter of 整改督办: its findings, how its due day is counted, and what may be done; knows no rule."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from models.notice import OUTCOMES
from models.rectification import STATES, Item, Matter
from models.talk import STATES as TALK_STATES
from ui.kit.buttons import PushButton, button
from ui.kit.cards import Badge
from ui.kit.palette import UNIT
from ui.kit.tones import PILLS

#: Step → (word, icon, key, tip), in the order of the work.
STEPS: dict[str, tuple[str, str, str, str]] = {
    "recheck": ("登记复查", "reinspect", "Ctrl+Shift+F", "这一单位未改正的隐患一次复查（回车，或 Ctrl+Shift+F）"),
    "serve": ("送达", "send", "Ctrl+Shift+S", "登记送达（Ctrl+Shift+S）"),
    "close": ("销号", "check-circle", "Alt+X", "全部改正的通知书销号（Alt+X）"),
    "extend": ("延期", "clock", "Alt+Y", "延期一次，须经批准（Alt+Y）"),
    "talk": ("约谈", "officers", "Alt+T", "登记责任约谈（Alt+T）"),
    "spot": ("当场整改", "check", "Alt+D", "发现当日已当场改正的补记（Alt+D）"),
    "notice": ("开具通知书", "file-add", "Ctrl+Shift+K", "由这处隐患开具通知书（Ctrl+Shift+K）"),
    "refer": ("移送", "external", "Alt+M", "移送立案或移送其他部门（Alt+M）"),
    "open": ("打开", "eye", "Ctrl+O", "在台账里打开（Ctrl+O）"),
}
#: How a matter's state is coloured.
STATE_TONES = {
    "loose": "warning", "drafted": "", "issued": "warning", "served": "info", "partly": "info", "corrected": "success",
}  # fmt: skip


class MatterPanel(QFrame):
    """Heading and steps above, findings at the left, the arithmetic at the right."""

    def __init__(self, do: Callable[[str], object]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.heading = QLabel("")
        self.heading.setProperty("role", "heading")
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.state = Badge("")
        self.buttons: dict[str, PushButton] = {}
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        top.addWidget(self.heading, 1)
        top.addWidget(self.state)
        for step, (word, icon_name, key, tip) in STEPS.items():
            made = button(
                word, lambda step=step: do(step), icon_name, "primary" if step == "recheck" else "quiet", tip,  # type: ignore[misc]
            )  # fmt: skip
            made.setShortcut(key)
            self.buttons[step] = made
            top.addWidget(made)
        self.items, self.items_box = _column()
        self.sums, self.sums_box = _column()
        below = QHBoxLayout()
        below.setSpacing(3 * UNIT)
        below.addWidget(self.items, 3)
        below.addWidget(self.sums, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(2 * UNIT, 12, 2 * UNIT, 12)
        box.setSpacing(UNIT)
        box.addLayout(top)
        box.addLayout(below, 1)
        self.setFixedHeight(210)

    def show_matter(self, one: Matter | None, able: bool) -> None:
        """Show a matter; ``able`` where its steps may be done now."""
        steps = one.steps if one is not None and able else frozenset({"open"} if one is not None else ())
        for step, made in self.buttons.items():
            made.setVisible(one is not None and (step in steps or step in ("recheck", "open")))
            made.setEnabled(step in steps)
        _empty(self.items_box)
        _empty(self.sums_box)
        self.state.setVisible(one is not None)
        if one is None:
            self.heading.setText("选中一行，这里显示所列隐患和期限的算法")
            return
        self.heading.setText(f"{one.enterprise_name}　{one.number}".rstrip("　"))
        self.state.set(dict(STATES)[one.state], STATE_TONES[one.state])  # type: ignore[arg-type]
        for item in one.items:
            self.items_box.addWidget(_item_line(item))
        self.items_box.addStretch(1)
        for text in (*one.reasons, *_people(one)):
            self.sums_box.addWidget(_words(text, "muted"))
        self.sums_box.addStretch(1)

    def texts(self) -> list[str]:
        """Everything the panel says, for who reads it by other means."""
        return [label.text() for label in self.findChildren(QLabel) if label.isVisibleTo(self)]


def _people(one: Matter) -> list[str]:
    words = dict(TALK_STATES)
    told = [f"约谈：{day} {words[state]}" for day, state in one.talks]
    who = "　".join(part for part in (one.person, one.phone) if part)
    return [*told, f"联系人：{who}"] if who else told


def _item_line(item: Item) -> QWidget:
    """A finding: how it stands, its words, and why it is a repeated one."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(UNIT)
    seen = item.checked
    outcome = "corrected" if not item.open else seen.outcome if seen and seen.outcome != "corrected" else "not"
    tone = PILLS["reinspection_item.outcome"][outcome] if not item.open or seen else ""
    badge = Badge(dict(OUTCOMES)[outcome] if not item.open or seen else "待改正", tone)  # type: ignore[arg-type]
    row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(_words(item.wording))
    if seen is not None and item.open:
        words.addWidget(_words(f"{seen.day} 复查：{dict(OUTCOMES)[seen.outcome]}　{seen.note}".strip(), "muted"))
    elif not item.open:
        words.addWidget(_words(f"{item.resolved_on} 已改正", "muted"))
    for reason in item.repeated:
        words.addWidget(_words(f"重复：{reason}", "danger"))
    row.addLayout(words, 1)
    return line


def _words(text: str, role: str = "") -> QLabel:
    made = QLabel(text, wordWrap=True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        made.setProperty("role", role)
    return made


def _column() -> tuple[QScrollArea, QVBoxLayout]:
    inside = QWidget()
    box = QVBoxLayout(inside)
    box.setContentsMargins(0, 0, UNIT, 0)
    box.setSpacing(6)
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area, box


def _empty(box: QVBoxLayout) -> None:
    while (found := box.takeAt(0)) is not None:
        old = found.widget()
        if old is not None:
            old.hide()
            old.deleteLater()
