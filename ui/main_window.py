"""The program's window: pages, undo, messages between them, backup and the global keys; knows no register's topic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from ui.kit.toast import show_toast
from ui.window_shell import WindowShell

if TYPE_CHECKING:  # the frame is painted before the ledger's code is loaded
    from models.core.changes import Changes
    from models.core.ledger import Ledger
    from models.core.register import View
    from ui.kit.errors import Hooks
    from ui.kit.form_drafts import PendingDraft
    from ui.kit.jobs import Jobs
    from ui.kit.session import Session
    from ui.search_box import GlobalSearch

SETTINGS_FILE = "window.ini"
PENDING_MS = 60_000
UNSEEN_MS = 1000
PAGES = (
    ("overview", "总览", "overview"),
    ("enterprises", "主体名册", "enterprises"),
    ("responsibility", "包保责任", "assignment"),
    ("inspections", "监督检查", "inspection"),
    ("notices", "责令改正", "notice"),
    ("grading", "风险分级", "risk"),
    ("campaigns", "专项整治", "campaign"),
    ("more", "更多", "more"),
    ("report", "报表", "chart"),
    ("settings", "设置", "settings"),
)
HOME = {
    "enterprises": "enterprises", "parties": "enterprises", "permits": "enterprises", "safety_staff": "enterprises",
    "campus": "enterprises",
    "assignments": "responsibility", "officials": "responsibility", "commitments": "responsibility",
    "visits": "responsibility",
    "inspections": "inspections", "findings": "inspections", "scene_records": "inspections",
    "planned_visits": "inspections", "draws": "inspections",
    "notices": "notices", "reinspections": "notices", "finding_checks": "notices", "talks": "notices",
    "services": "notices",
    "risk_assessments": "grading", "risk_profiles": "grading", "grade_conditions": "grading",
    "ratings": "grading", "annual_ratings": "grading",
    "campaigns": "campaigns", "campaign_targets": "campaigns",
}  # fmt: skip
"""Register → page; every other register stands under 更多."""
FIRST_SIZE = (1366, 768)
WARM_AFTER_MS = 800
"""When the first page has been read, what the others are made with is loaded beside the clerk's first look."""
WARM = (
    "ui.kit.register_page", "ui.kit.record_dialog", "ui.checklist_editor", "ui.enterprises", "ui.inspections",
    "ui.notices", "ui.responsibility", "ui.grading", "ui.campaigns", "ui.more",
    # the tabs of those pages
    "ui.as_of", "ui.case_file", "ui.commitments", "ui.coverage", "ui.draws", "ui.duplicates", "ui.frequent_failures",
    "ui.handing_to_bureau", "ui.history_page", "ui.papers", "ui.plausibility", "ui.publication", "ui.rectification",
    "ui.responsibility_problems", "ui.staffing", "ui.visit_papers", "ui.visits", "ui.year_plan",
)  # fmt: skip
BACKUP_AFTER_MS = 3000
"""The day's backup waits until the first page has been read."""


class MainWindow(WindowShell):
    """The window over one open ledger; closing it closes the session."""

    def __init__(self, session: Session | None = None, folder: Path | None = None) -> None:
        """``folder`` is the ledger's where the session follows later, by ``attach``."""
        super().__init__()
        self.session: Session = session  # type: ignore[assignment]
        place = session.ledger.folder if session is not None else folder or Path()
        self.keep = QSettings(str(place / SETTINGS_FILE), QSettings.Format.IniFormat)
        self.backup_words = ""
        self._forms: list[QDialog] = []
        self._search: GlobalSearch | None = None
        for key, title, icon_name in PAGES:
            self.add_page(key, title, icon_name, self._maker(key), at_foot=key == "settings")
        self.undo.triggered.connect(self._undo)
        self.redo.triggered.connect(self._redo)
        self.redo.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
        self._global_action("快捷键", "help", QKeySequence("F1")).triggered.connect(self.show_keys)
        self._global_action("全局搜索", "search", QKeySequence("Ctrl+K")).triggered.connect(self.search_all)
        QShortcut(QKeySequence("Ctrl+Tab"), self, lambda: self._step(1))
        QShortcut(QKeySequence("Ctrl+Shift+Tab"), self, lambda: self._step(-1))
        self._warm_soon = QTimer(self, singleShot=True, interval=WARM_AFTER_MS)
        self._warm_soon.timeout.connect(self._warm)
        self._backup_soon = QTimer(self, singleShot=True, interval=BACKUP_AFTER_MS)
        self._backup_soon.timeout.connect(self.backup)
        self._restore_geometry()
        self._started = False
        if session is not None:
            self.attach(session)
        else:
            self.title.setText(PAGES[0][1])
            self.navigation.setEnabled(False)

    def attach(self, session: Session) -> None:
        """Work on an open ledger from now on."""
        self.session = session
        self.navigation.setEnabled(True)
        self.set_badge(badge_words(session))
        session.changed.connect(self._changed)
        session.open_register.connect(self.open_register)
        session.open_record.connect(self.open_record)
        session.edit_record.connect(self.edit_record)
        session.edit_field.connect(lambda name, key, field: self.edit_record(name, key, None).aim(field))
        if self.isVisible():
            self._start()

    def _maker(self, key: str) -> Callable[[], QWidget]:
        return lambda: self._make(key)

    def _make(self, key: str) -> Any:
        page: Any = make_page(self.session, key)
        if hasattr(page, "list_changed"):
            page.list_changed.connect(self._tell_list)
        if key == "settings":
            page.backup_wanted.connect(lambda: self.backup(by_hand=True))
            page.show_backup(self.backup_words)
        return page

    def show_page(self, key: str) -> bool:
        """As in the shell; before the ledger is open there is no page."""
        return self.session is not None and super().show_page(key)

    # -- first paint ------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.session is not None:
            self._start()

    def _start(self) -> None:
        if not self._started:
            self._started = True
            self.show_page("overview")
            QTimer.singleShot(0, self, self._after_paint)

    def _after_paint(self) -> None:
        self._ask_undo()
        self._tell_backup()
        if self.session.ledger.writable and not self.session.demo:
            self._backup_soon.start()
        if self.session.ledger.writable:
            self._tell_pending()
        self._warm_soon.start()

    def _warm(self) -> None:
        """Load the code of the pages that are opened most, so that the first opening need not."""
        self.session.read(
            lambda: [import_module(name) for name in WARM],
            done=lambda _made: self.session.jobs.collector.settle(), owner=self,
        )  # fmt: skip

    def _tell_pending(self) -> None:
        """Say what an earlier run left unsaved, and offer the latest."""
        from ui.kit.form_drafts import pending_drafts

        def show(found: list[PendingDraft]) -> None:
            if found:
                latest, more = found[0], f"等{len(found)}张表" if len(found) > 1 else ""
                show_toast(
                    self, f"上次没有保存：{latest.label}{more}（{latest.at:%m-%d %H:%M}）", "继续填写",
                    lambda: self.edit_record(latest.register, latest.record_id, None), "warning", PENDING_MS,
                )  # fmt: skip

        self.session.read(pending_drafts, self.session.ledger.folder, done=show, owner=self, key="pending")

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

    def edit_record(self, name: str, key: int | None, values: Any) -> Any:
        """Open the form of a record, or of a new one with these values."""
        from ui.checklist_editor import install
        from ui.kit.record_dialog import RecordDialog

        install()
        dialog = RecordDialog(self.session, name, key, values, self)
        self._forms.append(dialog)
        dialog.finished.connect(lambda _result: self._forms.remove(dialog))
        stored: list[int] = []
        dialog.saved.connect(stored.append)
        dialog.accepted.connect(lambda: self._saved(name, key, stored[-1]))
        dialog.open()
        return dialog

    def _saved(self, name: str, key: int | None, found: int) -> None:
        """The form closed with its record stored; what a series stored before, the form itself has told."""
        show_toast(self, "已保存", "撤销", self._undo)
        if key is None:
            page: Any = self.page(HOME.get(name, "more"))
            if self.current_page == HOME.get(name, "more") and page.key == name:
                page.show_record(name, found)

    def _tell_list(self) -> None:
        page = self._stack.currentWidget()
        shown = getattr(page, "current_list", lambda: None)()
        if shown is None:
            self.set_rows(None)
            self.set_selection("")
            return
        self.set_rows(len(shown.model.ids), max(shown.total, len(shown.model.ids)))
        count = len(shown.selected_ids())
        words = f"选中 {count:,} 行" if count > 1 else ""
        self.set_selection("　".join(filter(None, (words, shown.selection_words))))

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
        ledger, lacking = self.session.ledger, list[str]()

        def now() -> Path:
            target = ledger.folder / "backups" / f"manual-{dt.datetime.now():%Y%m%d-%H%M%S}.db"
            lacking.extend(ledger.backup(target))
            return target

        def done(path: Path | None) -> None:
            self._tell_backup(by_hand)
            if by_hand and path is not None and lacking:
                words = f"已备份到 {path.name}，但有{len(lacking)}个附件的文件缺失，请运行 check 查看"
                show_toast(self, words, state="warning")
            elif by_hand and path is not None:
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
            page: Any = self.page("settings")
            page.show_backup(self.backup_words)

    # -- leaving ----------------------------------------------------------------------------------------

    def search_all(self) -> None:
        """One search over all registers (Ctrl+K)."""
        if self.session is None:
            return
        if self._search is None:
            from ui.search_box import GlobalSearch

            self._search = GlobalSearch(self.session, self.keep, self)
        self._search.open()

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
            if self.session is not None:
                self.session.close()


def badge_words(session: Session) -> str:
    """What is special about the ledger: the demo, another day than the calendar's, not to be written."""
    words = []
    if session.demo:
        words.append(f"演示 · 今天 {session.today}")
    elif session.today != dt.date.today():  # noqa: DTZ011
        words.append(f"今天按 {session.today} 计")
    if not session.ledger.writable:
        words.append("只能查看：台账正在另一个窗口中使用")
    return " · ".join(words)


def make_page(session: Session, key: str) -> QWidget:
    """A page of the window, its module loaded at this first use."""
    if key == "overview":
        from ui.home import HomePage

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
    if key == "grading":
        from ui.grading import grading_page

        return grading_page(session)
    if key == "campaigns":
        from ui.campaigns import campaigns_page

        return campaigns_page(session)
    if key == "more":
        from ui.more import MorePage

        return MorePage(session, frozenset(HOME))
    if key == "report":
        from ui.report_page import ReportPage

        return ReportPage(session)
    from ui.settings_page import SettingsPage

    return SettingsPage(session)


def run(folder: Path, today: dt.date | None) -> int:
    """Open the ledger of a folder in the window and stay until it is closed; returns the exit code.

    The frame stands at once; the ledger's code is loaded and the file opened beside it.
    """
    from ui.kit.language import speak_chinese
    from ui.kit.theme import apply_theme, make_application

    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else make_application()
    app.setApplicationName("shian-desk")
    app.setApplicationDisplayName("食安台账")
    apply_theme(app)
    speak_chinese(app)
    window = MainWindow(folder=folder)
    opening = Opening(window, folder, today)
    opening.wait_for_paint()
    window.show()
    try:
        return app.exec() or opening.code
    finally:
        opening.end()


class Opening(QObject):
    """Opens the ledger beside the painted frame; a failure is shown and ends the program with code 1."""

    def __init__(self, window: MainWindow, folder: Path, today: dt.date | None) -> None:
        super().__init__()
        self.window, self.folder, self.today = window, folder, today
        self.code = 0
        self._jobs: Jobs | None = None
        self._hooks: Hooks | None = None

    def wait_for_paint(self) -> None:
        """Begin when the frame has been painted: loading beside it would hold it up; unseen, it begins all the same."""
        self.window.navigation.installEventFilter(self)
        QTimer.singleShot(UNSEEN_MS, self, self._begin)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._begin)
        return False

    def _begin(self) -> None:
        if self._jobs is None:
            self.start()

    def start(self, write: bool = True) -> None:
        """Open for writing, or to look only; until now the hooks of app.py stood guard."""
        from ui.kit.errors import install_hooks
        from ui.kit.jobs import Jobs

        if self._jobs is None:
            with suppress(OSError):  # a folder that cannot be written is told of when the ledger is opened
                self._hooks = install_hooks(self.folder / "window.log")
            self._jobs = Jobs()
            self._jobs.thread_finished_hooks.append(_close_thread)
        self._jobs.read(self._open, write, done=self._opened, failed=self._failed, owner=self.window)

    def end(self) -> None:
        """Leave nothing behind when the program ends."""
        if self._jobs is not None:
            self._jobs.shutdown()
        if self._hooks is not None:
            self._hooks.remove()

    def _open(self, write: bool) -> Ledger:
        from models.opening import open_office

        return open_office(self.folder, write=write, today=self.today)

    def _opened(self, ledger: Ledger) -> None:
        from ui.kit.session import Session

        self.window.attach(Session(ledger))

    def _failed(self, error: Exception) -> None:
        from models.core.errors import KnownError, LedgerLocked
        from ui.kit.dialogs import confirm
        from ui.kit.errors import show_error_and_wait

        if not isinstance(error, KnownError):
            self.code = 1
            self.window.close()
            raise error
        if not isinstance(error, LedgerLocked):
            show_error_and_wait(self.window, error)
        elif confirm(self.window, error.message, "可以先打开看看，但不能改动。", "只看不改", "退出"):
            self.start(write=False)
            return
        self.code = 1
        self.window.close()


def _close_thread() -> None:
    """Close the opening thread's connection; the window's threads have their own."""
    from models.core.record import database

    if database.obj is not None:
        database.close()
