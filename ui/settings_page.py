"""设置: the page made from models.settings.DECLARED, with backup, data folder and about; knows no single setting."""

from __future__ import annotations

import platform
from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from models.core.changes import Changes
from models.core.checks import CheckFailed
from models.settings import DECLARED, change_settings, settings
from ui.kit.ask import Asked, Form
from ui.kit.buttons import button
from ui.kit.cards import Card, KeyValues
from ui.kit.dialogs import confirm
from ui.kit.errors import show_error
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.toast import show_toast

GROUP_REMARKS = {
    "机关": "印在通知书和报告上",
    "文号": "签发时按此给号；已签发的不受影响",
    "文书": "已签发的通知书保留签发时的文字",
    "提醒": "总览和筛选按此计算",
}


class SettingsPage(QWidget):
    """All declared settings by group; `saved()` after they are stored."""

    saved = Signal()
    backup_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.forms: dict[str, Form] = {}
        self._stored: dict[str, str] = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 3 * UNIT)
        column.setSpacing(2 * UNIT)
        office = settings()
        for group in dict.fromkeys(declared.group for declared in DECLARED):
            column.addWidget(self._make_group(group, office))
        row = QHBoxLayout()
        row.setSpacing(2 * UNIT)
        row.addWidget(self._make_ledger(), 1)
        row.addWidget(self._make_about(), 1)
        column.addLayout(row)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        self.area = area
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        outer.addWidget(self._make_foot())
        keys = QShortcut(QKeySequence("Ctrl+S"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.save)
        session.changed.connect(self._changed)
        self._take(office)
        widest = max(form.label_width() for form in self.forms.values())
        for form in self.forms.values():
            form.set_label_width(widest)
        if not session.ledger.writable:
            self.state.setText("台账正在另一个窗口中使用，这里只能查看")
            for form in self.forms.values():
                form.set_read_only()

    def _make_group(self, group: str, office: object) -> Card:
        card = Card(group, GROUP_REMARKS.get(group, ""))
        form = Form(self.session.today, columns=2)
        for declared in DECLARED:
            if declared.group == group:
                form.add(declared.key, declared.field, getattr(office, declared.key))
        form.changed.connect(self._edited)
        form.submitted.connect(self.save)
        self.forms[group] = form
        card.body.addWidget(form)
        return card

    def _make_ledger(self) -> Card:
        card = Card("台账与备份")
        folder = str(self.session.ledger.folder)
        self.ledger_facts = KeyValues([("数据文件夹", folder), ("上次备份", "")])
        card.body.addWidget(self.ledger_facts)
        hint = QLabel(
            "每天首次打开时自动备份到数据文件夹下的 backups。要恢复备份，请先关闭窗口，"
            "再运行 app.py restore 备份文件；恢复前的台账会先另存一份。",
            wordWrap=True,
        )
        hint.setProperty("role", "muted")
        card.body.addWidget(hint)
        row = QHBoxLayout()
        row.addWidget(button("立即备份", self.backup_wanted.emit, "backup"))
        row.addWidget(
            button(
                "打开文件夹",
                lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(folder)),
                "folder",
                kind="quiet",
            )
        )
        row.addStretch(1)
        card.body.addStretch(1)
        card.body.addLayout(row)
        return card

    def _make_about(self) -> Card:
        card = Card("关于")
        from importlib import metadata

        from PySide6 import __version__ as pyside

        try:
            own = metadata.version("shian-desk")
        except metadata.PackageNotFoundError:
            own = "开发版"
        card.body.addWidget(
            KeyValues(
                [
                    ("食安台账", own),
                    ("许可", "MIT；字体为 SIL OFL 1.1，图标许可见 resources/icons"),
                    ("运行环境", f"Python {platform.python_version()}　PySide6 {pyside}"),
                    ("系统", platform.platform(terse=True)),
                    ("台账结构", self.session.ledger.schema),
                ]
            )
        )
        card.body.addStretch(1)
        return card

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("header")
        row = QHBoxLayout(foot)
        row.setContentsMargins(3 * UNIT, UNIT, 3 * UNIT, UNIT)
        self.state = QLabel("")
        self.state.setProperty("role", "muted")
        row.addWidget(self.state)
        row.addStretch(1)
        self.undo_button = button("放弃修改", self.reload, parent=foot)
        self.save_button = button("保存设置", self.save, "save", "primary", tip="Ctrl+S", parent=foot)
        row.addWidget(self.undo_button)
        row.addWidget(self.save_button)
        return foot

    # -- values -----------------------------------------------------------------------------------------

    def texts(self) -> dict[str, str]:
        """What is typed, by key."""
        return {key: text for form in self.forms.values() for key, text in form.texts().items()}

    @property
    def edited(self) -> bool:
        """Whether something differs from what is stored."""
        return self.texts() != self._stored

    def field(self, key: str) -> Asked:
        """The form field of a setting."""
        return next(form.fields[key] for form in self.forms.values() if key in form.fields)

    def _take(self, office: object) -> None:
        for declared in DECLARED:
            value = getattr(office, declared.key)
            shown = (
                "" if value is None else value if declared.field.kind == "choice" else declared.field.format(value)
            )
            self.field(declared.key).set_text(shown)
        self._stored = self.texts()
        self._edited()

    def reload(self) -> None:
        """Show what is stored."""
        self._take(settings())

    def _edited(self) -> None:
        edited = self.edited if self._stored else False
        self.save_button.setEnabled(edited)
        self.undo_button.setEnabled(edited)
        self.state.setText("有未保存的修改" if edited else "")

    def _changed(self, changes: Changes) -> None:
        if changes.touches("setting") and not self.edited:
            self.reload()

    def save(self) -> None:
        """Store what differs, with errors at the fields."""
        texts = {key: text for key, text in self.texts().items() if text != self._stored.get(key)}
        if not texts:
            return
        self.session.write(
            "修改设置", lambda tx: change_settings(tx, texts), done=self._saved, failed=self._failed, owner=self
        )

    def _saved(self, _result: object) -> None:
        self._stored = self.texts()
        self._edited()
        show_toast(self, "设置已保存")
        self.saved.emit()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, CheckFailed):
            show_error(self, error)
            return
        for form in self.forms.values():
            form.show_problems(error.problems)
        first = next((self.field(p.field) for p in error.problems), None)
        if first is not None:
            first.editor.setFocus()
            self.area.ensureWidgetVisible(first.editor)

    # -- the window -------------------------------------------------------------------------------------

    def show_backup(self, text: str) -> None:
        """When the ledger was backed up last."""
        self.ledger_facts.set_pairs([("数据文件夹", str(self.session.ledger.folder)), ("上次备份", text)])

    def may_leave(self, ask: Callable[..., bool] = confirm) -> bool:
        """Ask before edits are dropped."""
        if not self.edited:
            return True
        if ask(self, "设置有未保存的修改。", "离开将放弃这些修改。", "放弃修改", "继续编辑", danger=True):
            self.reload()
            return True
        return False
