"""The panel beside a list: one record's whole story with its links; shows plain data, knows no topic."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from models.core.register import Register
from ui.kit.attachment_files import offered
from ui.kit.attachment_section import AttachmentSection
from ui.kit.buttons import PushButton, button, icon_button
from ui.kit.cards import Badge, EmptyState
from ui.kit.chips import Chip
from ui.kit.file_drop import AnyDrop
from ui.kit.flow import FlowLayout
from ui.kit.palette import UNIT
from ui.kit.record_facts import Block, Item, Linked, Section, Story, Target, load_story
from ui.kit.session import Session
from ui.kit.theme import colours, theme

PANEL_LEAST = 280
TURN_S = 0.008
"""How long parts are built in one turn of the event loop."""
MOST_IN_CHIP = 12
"""Characters; longer names wrap as lines of their own."""
_BADGES = {"muted": ""}


class RecordPanel(QFrame):
    """``show_record(id)`` reads and shows a record; ``story_shown(story or None)`` follows; and ``edit_asked()``,
    ``closed()``."""

    story_shown = Signal(object)
    edit_asked = Signal()
    closed = Signal()

    def __init__(self, session: Session, register: Register, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.register = session, register
        self.story: Story | None = None
        self._id: int | None = None
        self._half: QWidget | None = None
        self._files_place = QVBoxLayout()
        self.setProperty("role", "card")
        self.setMinimumWidth(PANEL_LEAST)
        self.edit_button = icon_button("edit", "编辑（回车）", self.edit_asked.emit)
        if not (register.editable and session.ledger.writable):  # shown without a parent it would be a window
            self.edit_button.hide()
        self.kind = QLabel("")
        self.kind.setProperty("role", "muted")
        head = QHBoxLayout()
        head.setContentsMargins(2 * UNIT, UNIT, UNIT, 0)
        head.addWidget(self.kind)
        head.addStretch(1)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(0)
        head.addLayout(self._tools)
        head.addWidget(self.edit_button)
        head.addWidget(icon_button("close", "收起详情（F4）", self.closed.emit))
        self.area = QScrollArea(widgetResizable=True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self.area, 1)
        self._files: AttachmentSection | None = None
        AnyDrop(
            self,
            lambda data: self.story is not None and self.attachments.editable and offered(data),
            lambda data: self.attachments.take_data(data),
            lambda over: self.attachments.drop.show_over(over),
        )
        self._wait = QTimer(self, singleShot=True, interval=60)
        self._wait.timeout.connect(self.refresh)
        theme().changed.connect(self._draw_again)  # a method: a lambda would outlive the panel
        self._show(None)

    def add_tool(self, action: QAction) -> None:
        """A button for an action above the record's story."""
        from ui.kit.register_bar import ActionButton

        self._tools.addWidget(ActionButton(action, "quiet", self))

    @property
    def attachments(self) -> AttachmentSection:
        """The files of the record shown, made when one is shown for the first time."""
        if self._files is None:
            self._files = AttachmentSection(self.session, self)
            self._files.hide()
        return self._files

    def show_record(self, record_id: int | None) -> None:
        """Show a record soon; quick moves through the list are waited out."""
        self._id = record_id
        if record_id is None:
            self._wait.stop()
            self._show(None)
        else:
            self._wait.start()

    def refresh(self) -> None:
        """Read the record again."""
        self._wait.stop()
        if self._id is not None and not self.isHidden():
            wanted = self._id
            self.session.read(
                load_story, self.register, wanted, self.session.today, owner=self, key="story",
                done=lambda story: self._show(story) if wanted == self._id else None,
            )  # fmt: skip

    # --- building ----------------------------------------------------------------------------------------------

    def _draw_again(self) -> None:
        self._show(self.story)

    def _show(self, story: Story | None) -> None:
        """Build a story some parts a turn of the event loop, then let it take the place of the one shown."""
        self._give_up()
        body = QWidget(self.area.viewport())
        box = QVBoxLayout(body)
        box.setContentsMargins(2 * UNIT, 4, 2 * UNIT, 2 * UNIT)
        box.setSpacing(2 * UNIT)
        self._half = body
        if story is None:
            box.addWidget(EmptyState("list", "没有选中记录", "在左边选一行，这里显示它的全部内容。"))
            self._swap(body, None)
        else:
            self._build(body, story, self._fill(box, story))

    def _build(self, body: QWidget, story: Story, parts: Iterator[None]) -> None:
        until = time.perf_counter() + TURN_S
        for _ in parts:
            for child in body.children():
                if isinstance(child, QWidget):
                    child.ensurePolished()
            if time.perf_counter() >= until:
                self._later(body, lambda: self._build(body, story, parts))
                return
        self._later(body, lambda: self._measure(body, story))

    def _later(self, body: QWidget, act: Callable[[], None]) -> None:
        """Go on in another turn, unless the body has been given up by then."""
        self.session.later(lambda: act() if self._half is body else None, owner=self, key="story")

    def _measure(self, body: QWidget, story: Story) -> None:
        """Lay the texts out before they are shown, in a turn of its own; the files' place is made there, too."""
        self.attachments.ensurePolished()
        width = self.area.viewport().width()
        body.resize(width, body.heightForWidth(width))
        layout = body.layout()
        assert layout is not None
        layout.activate()
        self._later(body, lambda: self._swap(body, story))

    def _give_up(self) -> None:
        """Let go of what was not yet built to its end."""
        if self._half is not None:
            self._half.deleteLater()
            self._half = None

    def _swap(self, body: QWidget, story: Story | None) -> None:
        kept = self.area.verticalScrollBar().value() if self._same(story) else 0
        files = self._files
        focus = files.focusWidget() if files is not None and files.isAncestorOf(self.focusWidget() or self) else None
        self._half = None
        self.story = story
        self.edit_button.setEnabled(story is not None and not story.removed)
        self.kind.setText(story.kind if story is not None else "详情")
        if story is not None:
            self._files_place.addWidget(self._show_files(story))
        elif files is not None:
            files.setParent(self)  # it outlives the body
            files.hide()
        old = self.area.takeWidget()
        self.area.setWidget(body)
        if old is not None:  # not here: taking apart and showing are each long enough for one turn
            old.hide()
            old.deleteLater()
        self.area.verticalScrollBar().setValue(kept)
        if focus is not None:
            focus.setFocus()
        self.story_shown.emit(story)

    def _same(self, story: Story | None) -> bool:
        return self.story is not None and story is not None and self.story.id == story.id

    def _fill(self, box: QVBoxLayout, story: Story) -> Iterator[None]:
        """Add the parts of a story one after the other."""
        box.addLayout(self._title(story))
        if story.linked:
            box.addWidget(self._linked(story.linked))
        yield
        for section in story.sections:
            self._part(box, section.title, self._grid(section.items))
            yield
        for section in story.chips:
            self._part(box, section.title, self._chips(section))
            yield
        for block in story.blocks:
            self._part(box, block.title, self._block(block))
            yield
        self._files_place = self._part(box, "", None, line=True)
        stacked = (("变更经过", story.past), ("已说明理由的提示", story.waivers), ("修改记录", story.changes))
        if story.merged:
            self._part(box, "合并", self._grid(story.merged))
        for title, items in stacked:
            if items:
                self._part(box, title, self._stacked(items))
                yield
        box.addStretch(1)

    def _title(self, story: Story) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(6)
        title = _text(story.title)
        title.setProperty("role", "heading")
        box.addWidget(title)
        if story.subtitle:
            second = _text(story.subtitle)
            second.setProperty("role", "muted")
            box.addWidget(second)
        badges = [("已移除", "danger")] if story.removed else []
        badges += story.badges
        if badges:
            line = QWidget()
            flow = FlowLayout(line, gap=6)
            for text, tone in badges:
                flow.addWidget(Badge(text, _BADGES.get(tone, tone)))  # type: ignore[arg-type]
            box.addWidget(line)
        return box

    def _show_files(self, story: Story) -> AttachmentSection:
        table = self.register.model._meta.table_name
        self.attachments.show_record(table, story.id, not story.removed)
        self.attachments.show()
        return self.attachments

    def _part(self, box: QVBoxLayout, title: str, widget: QWidget | None, line: bool = False) -> QVBoxLayout:
        part = QVBoxLayout()
        part.setSpacing(UNIT)
        if title or line:
            rule = QFrame()
            rule.setProperty("role", "line")
            part.addWidget(rule)
            part.addSpacing(2)
        if title:
            head = QLabel(title)
            head.setStyleSheet(f"color: {colours().accent}; font-weight: 700;")
            part.addWidget(head)
        if widget is not None:
            part.addWidget(widget)
        box.addLayout(part)
        return part

    def _grid(self, items: Iterable[Item]) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, item in enumerate(items):
            label = QLabel(item.label)
            label.setProperty("role", "muted")
            label.setWordWrap(True)
            label.setFixedWidth(92)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._value(item), row, 1)
        return made

    def _value(self, item: Item) -> QLabel:
        if item.target is None:
            made = _text(item.text)
            if item.tone in ("danger", "warning"):
                made.setStyleSheet(f"color: {colours().role(item.tone)}; font-weight: 700;")
            return made
        made = QLabel(wordWrap=True)
        made.setTextFormat(Qt.TextFormat.RichText)
        made.setText(_anchor(item.target, item.text))
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        made.linkActivated.connect(self._follow)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        return made

    def _follow(self, link: str) -> None:
        name, _, key = link.partition("/")
        self.session.open_record.emit(name, int(key))

    def _chips(self, section: Section) -> QWidget:
        if any(len(item.text) > MOST_IN_CHIP for item in section.items):
            return self._block(Block(section.title, tuple((i.text, (), i.target) for i in section.items)))
        made = QWidget()
        flow = FlowLayout(made, gap=6)
        for item in section.items:
            name, key = item.target or ("", 0)
            chip = Chip(f"{name}/{key}", item.text, removable=False)
            if item.target is not None:
                chip.activated.connect(self._follow)
            else:
                chip.setCursor(Qt.CursorShape.ArrowCursor)
            flow.addWidget(chip)
        return made

    def _block(self, block: Block) -> QWidget:
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        for i, (strong, items, target) in enumerate(block.lines):
            if i:
                line = QFrame()
                line.setProperty("role", "line")
                box.addWidget(line)
            box.addWidget(self._value(Item("", strong, target)))
            if items:
                box.addWidget(self._second(items))
        if block.more:
            more = QLabel(f"另有{block.more}条")
            more.setProperty("role", "muted")
            box.addWidget(more)
        return made

    @staticmethod
    def _second(items: Iterable[Item]) -> QLabel:
        palette = colours()
        parts = []
        for item in items:
            ink = palette.role(item.tone) if item.tone in ("danger", "warning", "success") else palette.text
            parts.append(
                f'{html.escape(item.label)} <span style="color:{ink}">{html.escape(item.text)}</span>'
            )
        made = QLabel("　".join(parts), wordWrap=True)
        made.setTextFormat(Qt.TextFormat.RichText)
        made.setProperty("role", "muted")
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        return made

    @staticmethod
    def _stacked(items: Iterable[Item]) -> QWidget:
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        for item in items:
            label = QLabel(item.label)
            label.setProperty("role", "muted")
            box.addWidget(label)
            box.addWidget(_text(item.text))
            box.addSpacing(4)
        return made

    def _linked(self, linked: Iterable[Linked]) -> QWidget:
        made = QWidget()
        flow = FlowLayout(made, gap=6)
        for each in linked:
            flow.addWidget(self._linked_button(each))
        return made

    def _linked_button(self, each: Linked) -> PushButton:
        made = button(
            f"{each.label} {each.count}", lambda: self.session.open_register.emit(each.register, each.view),
            tip=f"打开{each.label}：{each.count}{each.unit}",
        )  # fmt: skip
        made.setObjectName("linked")
        made.setProperty("none", each.count == 0)
        c = colours()
        made.setStyleSheet(
            f"#linked {{ padding: 4px 10px; font-size: 13px; border-color: {c.border}; }}"
            f"#linked[none='true'] {{ color: {c.faint}; }}"
            f"#linked:hover {{ border-color: {c.accent}; color: {c.accent}; }}"
        )
        return made


def _text(text: str) -> QLabel:
    made = QLabel(text, wordWrap=True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return made


def _anchor(target: Target, text: str) -> str:
    name, key = target
    style = f"color:{colours().accent}; text-decoration:none"
    return f'<a href="{name}/{key}" style="{style}">{html.escape(text)}</a>'
