"""The photos of a checklist's item: chosen, pasted or dropped into the inspection's files, the item as their part.

It shows those of one item and counts all; the files themselves are the form's own section, which stores them.
"""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from models.checklist_answer import part_of
from models.checklist_desk import DeskItem
from ui.kit.attachment_files import offered
from ui.kit.attachment_grid import CELL, AttachmentGrid, Shown
from ui.kit.attachment_section import AttachmentSection
from ui.kit.buttons import button, restyle
from ui.kit.palette import UNIT
from ui.kit.thumbnails import Thumbnails

KINDS = ["图片 (*.jpg *.jpeg *.png *.heic *.webp *.bmp)", "所有文件 (*)"]
MOST_CAPTION = 100
NOTHING = "剪贴板里没有图片或文件。先复制照片或截图，再按 Ctrl+V"


class ItemPhotos(QWidget):
    """The photos of the item shown; ``counted`` after each change of how many there are."""

    counted = Signal()

    def __init__(self, files: AttachmentSection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.files = files
        self.item: DeskItem | None = None
        tip = "也可按 Ctrl+V 粘贴，或把照片拖到这个窗口；存进这次检查的附件"
        self.add_button = button("添加照片（P）", self.choose, "attach", "link", tip)
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self.add_button)
        row.addWidget(self.words, 1)
        self.grid = AttachmentGrid(Thumbnails(files.session, self))
        self.grid.setAccessibleName("这一项的照片")
        self.grid.opened.connect(lambda: files.open_files(self.grid.selected()))
        self.grid.remove_asked.connect(lambda: files.remove_files(self.grid.selected()))
        self.grid.pasted.connect(self.paste)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(row)
        box.addWidget(self.grid)
        files.files_shown.connect(self._refresh)
        self.setVisible(files.editable)

    def counts(self) -> dict[str, int]:
        """How many files there are by part."""
        return Counter(one.part for one in self.files.files if one.part)

    def show_item(self, item: DeskItem) -> None:
        """Show the photos of an item."""
        self.item = item
        self._refresh()

    def _mine(self) -> list[Shown]:
        return [one for one in self.files.files if self.item is not None and one.part == part_of(self.item.id)]

    def _refresh(self) -> None:
        mine = self._mine()
        self.grid.show_files(mine)
        self.grid.setVisible(bool(mine))
        if len(mine) > 3:
            self.grid.setFixedHeight(CELL.height() + UNIT)  # the rest is scrolled to: the finding needs the room
        self._say(f"{len(mine)} 张" if mine else "")
        self.counted.emit()

    def _say(self, words: str, role: str = "muted") -> None:
        restyle(self.words, role=role)
        self.words.setText(words)

    # --- adding --------------------------------------------------------------------------------------------------

    def _caption(self) -> str:
        return f"要点第{self.item.marked}项：{self.item.content}"[:MOST_CAPTION] if self.item is not None else ""

    def choose(self) -> None:
        """Ask for photos of the item and add them."""
        from ui.kit.files import ask_open_many

        if self.item is not None and self.files.editable:
            chosen = ask_open_many(self, f"添加第{self.item.marked}项的照片", KINDS)
            self.files.add(chosen, self._caption(), part_of(self.item.id))

    def paste(self) -> None:
        """Add the picture or the files of the clipboard to the item."""
        data = QApplication.clipboard().mimeData()
        if data is None or not offered(data):
            self._say(NOTHING, "warning")
        else:
            self.take(data)

    def wanted(self, data: QMimeData) -> bool:
        """Whether something dropped can become a photo of the item."""
        return self.item is not None and self.files.editable and offered(data)

    def take(self, data: QMimeData) -> None:
        """Add what was dropped or pasted to the item."""
        if self.item is not None:
            self.files.take_data(data, self._caption(), part_of(self.item.id))

    def show_over(self, over: bool) -> None:
        """Something is held over the window."""
        if self.item is None:
            return
        count = len(self._mine())
        words = f"松开鼠标，添加到第{self.item.marked}项" if over else f"{count} 张" if count else ""
        self._say(words, "heading" if over else "muted")
