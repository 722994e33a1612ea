"""The program's window: pages, undo, messages between them, backup and the global keys; knows no register's topic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QStackedWidget, QWidget

from models.core.changes import Changes
from models.core.errors import KnownError, LedgerError
from models.core.register import View
from ui.kit.session import Session
from ui.kit.toast import show_toast
from ui.overview import OverviewPage
from ui.window_shell import WindowShell

SETTINGS_FILE = "window.ini"
PAGES = (
    ("overview", "总览", "overview"),
    ("enterprises", "主体名册", "enterprises"),
    ("responsibility", "包保责任", "assignment"),
    ("inspections", "监督检查", "inspection"),
    ("notices", "责令改正", "notice"),
    ("more", "更多", "more"),
    ("report", "报表", "chart"),
    ("settings", "设置", "settings"),
)
HOME = {
    "enterprises": "enterprises", "parties": "enterprises", "permits": "enterprises", "safety_staff": "enterprises",
    "assignments": "responsibility", "officials": "responsibility",
    "inspections": "inspections", "findings": "inspections",
    "notices": "notices", "reinspections": "notices",
}  # fmt: skip
"""Register → page; every other register stands under 更多."""
FIRST_SIZE = (1366, 768)


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


class MainWindow(WindowShell):
    """The window over one open ledger; closing it closes the session."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.keep = QSettings(str(session.ledger.folder / SETTINGS_FILE), QSettings.Format.IniFormat)
        self._painted = False
        self.backup_words = ""
        self._forms: list[QDialog] = []
        for key, title, icon_name in PAGES:
            self.add_page(key, title, icon_name, self._maker(key), at_foot=key == "settings")
        if session.demo:
            self.set_badge(f"演示 · 今天 {session.today}")
        elif session.today != dt.date.today():  # noqa: DTZ011
            self.set_badge(f"今天按 {session.today} 计")
        if not session.ledger.writable:
            self.set_badge("只能查看：台账正在另一个窗口中使用")
        self.undo.triggered.connect(self._undo)
        self.redo.triggered.connect(self._redo)
        self.redo.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
        self._global_action("快捷键", "help", QKeySequence("F1")).triggered.connect(self.show_keys)
        QShortcut(QKeySequence("Ctrl+Tab"), self, lambda: self._step(1))
        QShortcut(QKeySequence("Ctrl+Shift+Tab"), self, lambda: self._step(-1))
        session.changed.connect(self._changed)
        session.open_register.connect(self.open_register)
        session.open_record.connect(self.open_record)
        session.edit_record.connect(self.edit_record)
        self._restore_geometry()

    def _maker(self, key: str) -> Callable[[], QWidget]:
        return lambda: self._make(key)

    def _make(self, key: str) -> QWidget:
        page = make_page(self.session, key)
        if hasattr(page, "list_changed"):
            page.list_changed.connect(self._tell_list)
        if key == "settings":
            page.backup_wanted.connect(lambda: self.backup(by_hand=True))  # type: ignore[attr-defined]
            page.show_backup(self.backup_words)  # type: ignore[attr-defined]
        return page

    # -- first paint ------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._painted:
            self._painted = True
            self.show_page("overview")
            QTimer.singleShot(0, self, self._after_paint)

    def _after_paint(self) -> None:
        self._ask_undo()
        self._tell_backup()
        if self.session.ledger.writable and not self.session.demo:
            QTimer.singleShot(3000, self, self.backup)

    def _restore_geometry(self) -> None:
        kept = self.keep.value("window/geometry")
        if kept is None or not self.restoreGeometry(kept):
            room = self.screen().availableSize()
            self.resize(min(FIRST_SIZE[0], room.width()), min(FIRST_SIZE[1], room.height()))
            if room.width() <= FIRST_SIZE[0]:
                self.setWindowState(Qt.WindowState.WindowMaximized)

    # -- lists and records ------------------------------------------------------------------------------

    def open_register(self, name: str, view: View) -> None:
        """Show a register with a view, on the page it stands on."""
        page = self._page_of(name)
        if page is not None:
            page.show_view(name, view)

    def open_record(self, name: str, key: int) -> None:
        """Show a record in its list."""
        page = self._page_of(name)
        if page is not None:
            page.show_record(name, key)

    def _page_of(self, name: str) -> Any:
        home = HOME.get(name, "more")
        return self.page(home) if self.show_page(home) else None

    def edit_record(self, name: str, key: int | None, values: Any) -> QDialog:
        """Open the form of a record, or of a new one with these values."""
        from ui.kit.record_dialog import RecordDialog

        dialog = RecordDialog(self.session, name, key, values, self)
        self._forms.append(dialog)
        dialog.finished.connect(lambda _result: self._forms.remove(dialog))
        dialog.saved.connect(lambda found: self._saved(name, key, found))
        dialog.open()
        return dialog

    def _saved(self, name: str, key: int | None, found: int) -> None:
        show_toast(self, "已保存", "撤销", self._undo)
        if key is None:
            page = self.page(HOME.get(name, "more"))
            if self.current_page == HOME.get(name, "more") and page.key == name:  # type: ignore[attr-defined]
                page.show_record(name, found)  # type: ignore[attr-defined]

    def _tell_list(self) -> None:
        page = self._stack.currentWidget()
        shown = getattr(page, "current_list", lambda: None)()
        if shown is None:
            self.set_rows(None)
            self.set_selection("")
            return
        self.set_rows(len(shown.model.ids), max(shown.total, len(shown.model.ids)))
        count = len(shown.selected_ids())
        self.set_selection(f"计数 {count}" if count else "")

    def _step(self, step: int) -> None:
        keys = [key for key, _title, _icon in PAGES]
        self.show_page(keys[(keys.index(self.current_page) + step) % len(keys)])

    # -- undo -------------------------------------------------------------------------------------------

    def _changed(self, _changes: Changes) -> None:
        self._ask_undo()

    def _ask_undo(self) -> None:
        def show(state: Any) -> None:
            able = self.session.ledger.writable
            self.set_undo(state.undo or None if able else None, state.redo or None if able else None)

        self.session.read(self.session.ledger.undo_state, done=show, owner=self, key="undo")

    def _undo(self) -> None:
        what = self.undo.text().removeprefix("撤销：")
        self.session.undo(
            done=lambda _none: show_toast(self, f"已撤销：{what}", "重做", self._redo), failed=self._refused
        )

    def _redo(self) -> None:
        what = self.redo.text().removeprefix("重做：")
        self.session.redo(
            done=lambda _none: show_toast(self, f"已重做：{what}", "撤销", self._undo), failed=self._refused
        )

    def _refused(self, error: Exception) -> None:
        from ui.kit.errors import show_error

        self._ask_undo()
        show_error(self, error)

    # -- backup -----------------------------------------------------------------------------------------

    def backup(self, by_hand: bool = False) -> None:
        """Back up in the background: once a day by itself, or now because the clerk asked."""
        ledger = self.session.ledger

        def now() -> Path:
            target = ledger.folder / "backups" / f"manual-{dt.datetime.now():%Y%m%d-%H%M%S}.db"
            ledger.backup(target)
            return target

        def done(path: Path | None) -> None:
            self._tell_backup(by_hand)
            if by_hand and path is not None:
                show_toast(self, f"已备份到 {path.name}")

        self.session.read(
            now if by_hand else ledger.rotate_backups, done=done, owner=self, key="backup",
            label="正在备份" if by_hand else "",
        )  # fmt: skip

    def _tell_backup(self, just_now: bool = False) -> None:
        last = dt.datetime.now() if just_now else self.session.ledger.last_backup()
        self.backup_words = f"{last:%Y-%m-%d %H:%M}" if last is not None else ""
        self.set_backup(f"上次备份 {self.backup_words}" if last is not None else "还没有备份")
        if self.made("settings"):
            self.page("settings").show_backup(self.backup_words)  # type: ignore[attr-defined]

    # -- leaving ----------------------------------------------------------------------------------------

    def show_keys(self) -> None:
        """The overview of the keys (F1)."""
        from ui.keys_dialog import KeysDialog

        dialog = KeysDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def closeEvent(self, event: QCloseEvent) -> None:
        for form in list(self._forms):
            form.close()
            if form in self._forms:  # something typed, and the clerk goes on filling it in
                event.ignore()
                return
        super().closeEvent(event)
        if event.isAccepted():
            self.keep.setValue("window/geometry", self.saveGeometry())
            self.keep.sync()
            for timer in self.findChildren(QTimer):  # nothing may ask for a read once the session is closed
                timer.stop()
            self.session.close()


def make_page(session: Session, key: str) -> QWidget:
    """A page of the window, its module loaded at this first use."""
    if key == "overview":
        return HomePage(session)
    if key == "enterprises":
        from ui.enterprises import enterprises_page

        return enterprises_page(session)
    if key == "responsibility":
        from ui.responsibility import responsibility_page

        return responsibility_page(session)
    if key == "inspections":
        from ui.inspections import inspections_page

        return inspections_page(session)
    if key == "notices":
        from ui.notices import notices_page

        return notices_page(session)
    if key == "more":
        from ui.more import MorePage

        return MorePage(session, frozenset(HOME))
    if key == "report":
        from ui.report_page import ReportPage

        return ReportPage(session)
    from ui.settings_page import SettingsPage

    return SettingsPage(session)


def run(folder: Path, today: dt.date | None) -> int:
    """Open the ledger of a folder in the window and stay until it is closed; returns the exit code."""
    from models.opening import open_office
    from ui.kit.errors import install_hooks, show_error
    from ui.kit.language import speak_chinese
    from ui.kit.theme import apply_theme

    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([])
    app.setApplicationName("shian-desk")
    app.setApplicationDisplayName("食安台账")
    apply_theme(app)
    speak_chinese(app)
    try:
        ledger = _open(folder, today, open_office)
    except KnownError as error:
        show_error(None, error)
        return 1
    hooks = install_hooks(folder / "window.log")
    try:
        window = MainWindow(Session(ledger))
        window.show()
        return app.exec()
    finally:
        hooks.remove()


def _open(folder: Path, today: dt.date | None, open_office: Callable[..., Any]) -> Any:
    """The ledger to write; where another window holds it, the clerk may look only."""
    from models.core.errors import LedgerLocked
    from ui.kit.dialogs import confirm

    try:
        return open_office(folder, today=today)
    except LedgerLocked as error:
        if not confirm(None, error.message, "可以先打开看看，但不能改动。", "只看不改", "退出"):
            raise LedgerError(error.message, error.advice) from error
        return open_office(folder, write=False, today=today)
