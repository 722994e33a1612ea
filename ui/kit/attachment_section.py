"""附件 of one record: the grid, adding by drop, paste or dialog, opening, saving, removing; knows no topic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from models.attachment import (
    Attachment,
    Intake,
    Taken,
    checked,
    describe,
    give_up,
    remove,
    rename,
    store,
)
from models.core.changes import Changes
from models.rules.file_names import numbered
from ui.kit import attachment_files as copies
from ui.kit.attachment_grid import AttachmentGrid, Shown
from ui.kit.attachment_intake import IntakeBar
from ui.kit.buttons import button, restyle
from ui.kit.errors import show_error
from ui.kit.icons import icon
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.theme import colours, theme
from ui.kit.thumbnails import Thumbnails
from ui.kit.toast import Banner, show_toast

MOST_KIND = 60
HINT = "把照片、文件拖到这里，或按 Ctrl+V 粘贴"
Target = tuple[str, int]
"""A table's name and a row's id."""


class AttachmentSection(QWidget):
    """The files of a stored record (``show_record``: each change is an action of its own), or those that wait for a
    new one (``show_new``: in ``pending``, stored by the caller in the record's own action).

    ``files_shown`` after each change of what is shown, which ``files`` tells."""

    pending_changed = Signal()
    files_shown = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None, *, heading: bool = False) -> None:
        super().__init__(parent)
        self.session, self._heading = session, heading
        self.target: Target | None = None
        self.pending: list[Taken] = []
        self.editable = False
        self.grid = AttachmentGrid(Thumbnails(session, self))
        self.bar = IntakeBar(session)
        self.banner = Banner()
        self.drop = DropArea(self)
        self._build()
        self.grid.opened.connect(self.open_selected)
        self.grid.remove_asked.connect(self.remove_selected)
        self.grid.rename_asked.connect(self.rename_selected)
        self.grid.copied.connect(self.copy_selected)
        self.grid.pasted.connect(self.paste)
        self.grid.customContextMenuRequested.connect(self._menu)
        session.changed.connect(self._changed)
        theme().changed.connect(self._dress)
        self._dress()
        self._show([])

    def _build(self) -> None:
        self.title = QLabel("附件")
        if self._heading:  # as the cards of a form have it
            self.title.setProperty("role", "heading")
        self.count = QLabel("")
        self.count.setProperty("role", "muted")
        self.add_button = button("添加…", self.choose, "add", kind="link", tip="从文件夹里选择照片、扫描件或其他文件")
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(UNIT)
        head.addWidget(self.title)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.add_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(UNIT)
        box.addLayout(head)
        for each in (self.banner, self.grid, self.bar, self.drop):
            box.addWidget(each)

    def _dress(self) -> None:
        if not self._heading:
            self.title.setStyleSheet(f"color: {colours().accent}; font-weight: 700;")
        self.drop.dress()

    # --- what is shown -------------------------------------------------------------------------------------------

    def show_record(self, table: str, row: int, editable: bool) -> None:
        """The files of a stored record."""
        if self.target != (table, row):
            self.banner.hide()
            self._show([])
        self.target = (table, row)
        self._set_editable(editable and self.session.ledger.writable)
        self.refresh()

    def show_new(self) -> None:
        """No file yet; what is added waits for the record."""
        self.target, self.pending = None, []
        self._set_editable(self.session.ledger.writable)
        self._show([])

    def _set_editable(self, on: bool) -> None:
        self.editable = on
        self.add_button.setVisible(on)
        self.drop.setVisible(on)

    def refresh(self) -> None:
        """Read the record's files again."""
        if self.target is not None:
            wanted = self.target
            self.session.read(
                load_files, *wanted, owner=self, key="files",
                done=lambda files: self._show(files) if wanted == self.target else None,
            )  # fmt: skip

    def _changed(self, changes: Changes) -> None:
        if changes.touches(Attachment._meta.table_name):
            self.refresh()

    def _show(self, files: Sequence[Shown]) -> None:
        self.grid.show_files(files)
        self.grid.setVisible(bool(files))
        self.count.setText(f"{len(files)} 个" if files else "" if self.editable else "没有")
        self.files_shown.emit()

    @property
    def files(self) -> list[Shown]:
        """What is shown, in order."""
        return self.grid.rows.files

    def targets(self) -> list[QWidget]:
        """What Tab visits."""
        return [self.add_button, self.grid, self.drop] if self.editable else [self.grid]

    # --- adding --------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for files and add them."""
        from ui.kit.files import ask_open_many

        self.add(ask_open_many(self, "添加附件", ["所有文件 (*)"]))

    def paste(self) -> None:
        """Add the files or the picture of the clipboard."""
        data = QApplication.clipboard().mimeData()
        if not self.editable:
            return
        if data is None or not copies.offered(data):
            self.banner.tell("剪贴板里没有文件或图片。先复制照片、文件或截图，再粘贴。", "info")
            return
        self.take_data(data)

    def take_data(self, data: QMimeData, caption: str = "", part: str = "") -> None:
        """Add what was dropped or pasted."""
        self.add(copies.sources_of(data, dt.datetime.now()), caption, part)

    def add(self, given: Sequence[Path | copies.Picture], caption: str = "", part: str = "") -> None:
        """Take files in on a worker, then store them with the record that is shown now, as of a part of it."""
        if not (given and self.editable):
            return
        self.banner.hide()
        target = self.target
        self.bar.take(given, lambda intake: self._taken(target, intake, caption, part), self._failed)

    def _failed(self, error: Exception) -> None:
        from models.core.errors import KnownError

        if isinstance(error, KnownError):
            self.banner.tell(str(error), "danger")
        else:
            show_error(self, error)

    def _taken(self, target: Target | None, intake: Intake, caption: str, part: str) -> None:
        if intake.refused:
            self.banner.tell("\n".join(intake.refused), "warning")
        if not intake.taken:
            return
        if caption or part:
            intake.taken = [replace(one, caption=caption, part=part) for one in intake.taken]
        if target is None:
            self._wait(intake.taken)
            return
        session, blobs, taken = self.session, self.session.ledger.blobs, intake.taken
        words = describe([one.name for one in taken])

        def stored(names: list[str]) -> None:
            blobs.release([one.digest for one in taken])
            show_toast(self, f"已添加{describe(names)}", "撤销", session.undo)

        def refused(error: Exception) -> None:
            session.jobs.write(give_up, blobs, taken)
            self._failed(error)

        session.write(
            f"添加附件{words}"[:MOST_KIND],
            lambda tx: [one.name for one in store(tx, *target, taken)],
            done=stored, failed=refused, owner=self,
        )  # fmt: skip

    # --- waiting for a new record --------------------------------------------------------------------------------

    def _wait(self, taken: Sequence[Taken]) -> None:
        names = {one.name.lower() for one in self.pending}
        for one in taken:
            name = numbered(one.name, names)
            names.add(name.lower())
            self.pending.append(replace(one, name=name))
        self._show_pending()

    def _show_pending(self) -> None:
        self._show(
            [Shown(0, t.name, t.digest, t.size, t.media_type, t.caption, t.taken_on, part=t.part) for t in self.pending]
        )
        self.pending_changed.emit()

    def settle_pending(self) -> None:
        """The record was stored with what waited."""
        self.session.ledger.blobs.release([one.digest for one in self.pending])
        self.pending = []

    def give_up_pending(self) -> None:
        """The record was given up: what waited for it goes too."""
        self.bar.cancel.click()
        if self.pending:
            self.session.jobs.write(give_up, self.session.ledger.blobs, self.pending)
            self.pending = []

    def state(self) -> list[dict[str, Any]]:
        """What waits, as JSON can hold it."""
        return [
            {**asdict(one), "taken_on": one.taken_on.isoformat() if one.taken_on else None} for one in self.pending
        ]

    def restore(self, state: Sequence[dict[str, Any]]) -> None:
        """Wait again for what ``state`` gave, as far as it is still there."""
        found = []
        for each in state:
            day = each.get("taken_on")
            one = Taken(**{**each, "taken_on": dt.date.fromisoformat(day) if day else None})
            if self.session.ledger.blobs.path(one.digest).exists():
                found.append(one)
        self._wait(found)

    # --- what is done with the selected --------------------------------------------------------------------------

    def _with_copies(self, files: Sequence[Shown], done: Callable[[list[Path]], object]) -> None:
        wanted = [(one.digest, one.name) for one in files]
        self.session.read(
            copies.copies_to_open, self.session.ledger.blobs, wanted,
            done=done, failed=self._failed, owner=self, key="copies", label="打开附件",
        )  # fmt: skip

    def open_selected(self) -> None:
        """Have the desktop open read-only copies of the selected."""
        self.open_files(self.grid.selected())

    def open_files(self, files: Sequence[Shown]) -> None:
        """Have the desktop open read-only copies."""

        def show(paths: list[Path]) -> None:
            for path in paths:
                if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
                    self.banner.tell(f"电脑上没有能打开“{path.name}”的程序，可以先“另存为”。", "warning")

        if files:
            self._with_copies(files, show)

    def copy_selected(self) -> None:
        """Put the files on the clipboard, for a mail, a chat or a folder."""

        def put(paths: list[Path]) -> None:
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
            QApplication.clipboard().setMimeData(data)
            show_toast(self, f"已复制{describe([path.name for path in paths])}")

        if files := self.grid.selected():
            self._with_copies(files, put)

    def save_selected(self) -> None:
        """Write one file under a chosen name, several into a chosen folder."""
        from ui.kit.files import ask_folder, ask_save

        files = self.grid.selected()
        if not files:
            return
        if len(files) == 1:
            path, _kind = ask_save(self, "附件另存为", files[0].name, ["所有文件 (*)"])
            places = [path] if path is not None else []
        else:
            folder = ask_folder(self, "把附件保存到")
            taken = {p.name.lower() for p in folder.iterdir()} if folder is not None else set()
            places = []
            for one in files if folder is not None else []:
                name = numbered(one.name, taken)
                taken.add(name.lower())
                places.append(folder / name)  # type: ignore[operator]
        if not places:
            return
        blobs = self.session.ledger.blobs

        def work() -> None:
            for one, place in zip(files, places, strict=True):
                copies.copy_out(blobs, one.digest, place)

        words = describe([place.name for place in places])
        self.session.read(
            work, done=lambda _none: show_toast(self, f"已保存{words}"), failed=self._failed, owner=self,
            label="保存附件",
        )  # fmt: skip

    def remove_selected(self) -> None:
        """Take the selected files off the record; one undo."""
        self.remove_files(self.grid.selected())

    def remove_files(self, files: Sequence[Shown]) -> None:
        """Take files off the record; one undo."""
        if not (files and self.editable):
            return
        words = describe([one.name for one in files])
        if self.target is None:
            gone = {one.name for one in files}
            dropped = [one for one in self.pending if one.name in gone]
            self.pending = [one for one in self.pending if one.name not in gone]
            self.session.jobs.write(give_up, self.session.ledger.blobs, dropped)
            self._show_pending()
            return
        ids = [one.id for one in files]
        self.session.write(
            f"移除附件{words}"[:MOST_KIND], lambda tx: remove(tx, ids),
            done=lambda _names: show_toast(self, f"已移除{words}", "撤销", self.session.undo),
            failed=self._failed, owner=self,
        )  # fmt: skip

    def rename_selected(self) -> None:
        """Ask for another name and a caption."""
        from ui.kit.ask import AskDialog

        files = self.grid.selected()
        if len(files) != 1 or not self.editable:
            return
        one, pending = files[0], self.target is None
        dialog = AskDialog(self.window(), "附件", "名称和说明", self.session.today, "保存")
        dialog.form.add("name", Attachment.name, one.name)
        dialog.form.add("caption", Attachment.caption, one.caption)

        def submit(values: dict[str, Any]) -> None:
            name, caption = values["name"] or "", values["caption"] or ""
            if pending:
                try:
                    self._rename_pending(one, name, caption)
                except Exception as error:  # noqa: BLE001 - shown at the field by the dialog
                    dialog.fail(error)
                else:
                    dialog.accept()
                return
            self.session.write(
                f"修改附件“{one.name}”"[:MOST_KIND], lambda tx: rename(tx, one.id, name, caption).id,
                done=lambda _id: dialog.accept(), failed=dialog.fail, owner=dialog,
            )  # fmt: skip

        dialog.on_submit = submit
        dialog.exec()
        dialog.deleteLater()
        self.grid.setFocus()

    def _rename_pending(self, one: Shown, name: str, caption: str) -> None:
        others = [taken.name for taken in self.pending if taken.name != one.name]
        name, caption = checked(one.name, others, name, caption)
        self.pending = [
            replace(taken, name=name, caption=caption) if taken.name == one.name else taken for taken in self.pending
        ]
        self._show_pending()

    def _menu(self, at: QPoint) -> None:
        count = len(self.grid.selected())
        menu = QMenu(self)
        entries: list[tuple[str, str, Callable[[], object], bool]] = [
            ("打开\tEnter", "external", self.open_selected, count > 0),
            ("另存为…", "save", self.save_selected, count > 0),
            ("复制\tCtrl+C", "copy", self.copy_selected, count > 0),
            ("名称和说明…\tF2", "edit", self.rename_selected, self.editable and count == 1),
            ("粘贴\tCtrl+V", "attach", self.paste, self.editable),
            ("移除\tDelete", "remove", self.remove_selected, self.editable and count > 0),
        ]
        for text, picture, act, able in entries:
            menu.addAction(icon(picture), text, act).setEnabled(able)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.grid.viewport().mapToGlobal(at))


class DropArea(QLabel):
    """The dashed place that says what can be done here; it has the keyboard for Ctrl+V where there is no file yet."""

    def __init__(self, section: AttachmentSection) -> None:
        super().__init__(HINT, section, alignment=Qt.AlignmentFlag.AlignCenter)
        self._section = section
        self.setObjectName("droparea")
        self.setProperty("over", False)
        self.setMinimumHeight(5 * UNIT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("添加附件：Ctrl+V 粘贴，回车选择文件")

    def dress(self) -> None:
        """Follow the theme."""
        c = colours()
        self.setStyleSheet(
            f"#droparea {{ border: 1px dashed {c.border_strong}; border-radius: 6px; color: {c.muted};"
            f" font-size: 13px; padding: 6px; }}"
            f"#droparea:focus, #droparea[over='true'] {{ border-color: {c.accent}; color: {c.accent}; }}"
            f"#droparea[over='true'] {{ background: {c.accent_soft}; }}"
        )

    def show_over(self, over: bool) -> None:
        """Something is held over the place."""
        if self.property("over") != over:
            restyle(self, over=over)
            self.setText("松开鼠标，添加为附件" if over else HINT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._section.paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._section.choose()
        else:
            super().keyPressEvent(event)


def load_files(table: str, row: int) -> list[Shown]:
    """The files of a record as plain data; for a reader thread."""
    return [
        Shown(a.id, a.name, a.digest, a.size, a.media_type, a.caption, a.taken_on, a.added_at, a.who, a.part)
        for a in Attachment.of(table, row)
    ]
