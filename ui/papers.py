"""打印责任文书: ask which paper, for whom and as of which day, then preview it; the papers are made by reports."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.core.fields import Choice, Date
from models.responsibility_scope import Choices, Whose, choices, of_all, of_area, of_officials
from ui.enterprises import chosen
from ui.kit.ask import AskDialog
from ui.kit.session import Session

if TYPE_CHECKING:
    from ui.kit.jobs import Progress
    from ui.kit.preview import PreviewDialog
    from ui.kit.register_page import RegisterPage

KINDS = (
    ("responsibility", "责任清单：包保哪些主体"),
    ("task", "任务清单：督导看什么，现场填写"),
    ("oversight", "督查清单：上级督查包保情况"),
    ("commitment", "承诺书：三级干部签字"),
    ("board", "公示牌：每户一张，张贴上墙"),
    ("handover", "交接单：包保干部离任、调整"),
)
NAMES = {code: label.partition("：")[0] for code, label in KINDS}


class PapersDialog(AskDialog):
    """Kind, whose and as of which day; 「预览」 leaves the choice in ``asked`` and closes."""

    def __init__(
        self,
        parent: QWidget,
        today: dt.date,
        found: Choices,
        kind: str = "responsibility",
        day: dt.date | None = None,
    ) -> None:
        super().__init__(parent, "打印责任文书", "打印哪一种，给谁？", today, "预览")
        self.found = found
        self.kind, self.words, self.day = kind, "", day or today
        self.make: Callable[[], Whose] = lambda: of_all(self.day)
        people = found.officials
        scopes = [("area", "一个乡镇（街道）"), ("all", "全区")]
        if people:
            mine = people[0][1] if len(people) == 1 else f"选中的{len(people)}名包保干部"
            scopes.insert(0, ("officials", mine))
        self.mine = dict(scopes).get("officials", "")
        self.form.add("kind", Choice("文书", KINDS, required=True), kind, radio=True)
        self.form.add(
            "whose",
            Choice("范围", tuple(scopes), required=True),
            "officials" if people else "all",
            radio=True,
        )
        towns = tuple((str(key), name) for key, name in found.townships)
        self.form.add("area", Choice("乡镇（街道）", towns), towns[0][0] if towns else None)
        self.form.add("day", Date("截至日期", required=True), self.day)
        self.form.fields["whose"].changed.connect(self._follow)
        self.on_submit = self._chosen
        self._follow()

    def _follow(self) -> None:
        self.form.fields["area"].set_shown(self.form.fields["whose"].text() == "area")

    def _chosen(self, values: dict[str, Any]) -> None:
        if values["day"] is None:
            self.yes.setEnabled(True)
            self.form.fields["day"].show_problem("请填写截至日期")
            self.form.fields["day"].editor.setFocus()
            return
        self.kind, self.day = values["kind"], values["day"]
        day, whose = self.day, values["whose"]
        if whose == "area":
            if not values["area"]:
                self.yes.setEnabled(True)
                self.form.fields["area"].show_problem("请选择乡镇（街道）")
                return
            area = int(values["area"])
            self.words = dict(self.found.townships)[area]
            self.make = lambda: of_area(area, day)
        elif whose == "officials":
            self.words, keys = self.mine, [key for key, _name in self.found.officials]
            self.make = lambda: of_officials(keys, day)
        else:
            self.words, self.make = "全区", lambda: of_all(day)
        self.accept()


def ask_papers(
    session: Session,
    parent: QWidget,
    officials: Sequence[int] = (),
    assignments: Sequence[int] = (),
    kind: str = "responsibility",
    day: dt.date | None = None,
) -> None:
    """Ask, then preview; the officials chosen (or those of the chosen assignments) are offered first."""

    def show(found: Choices) -> None:
        dialog = PapersDialog(parent.window(), session.today, found, kind, day)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: preview_papers(session, parent, dialog))
        dialog.open()

    session.read(choices, list(officials), list(assignments), done=show, owner=parent, key="papers")


def preview_papers(session: Session, parent: QWidget, asked: PapersDialog) -> PreviewDialog:
    """Make what was asked for in a preview."""
    kind, day, words, make_whose = asked.kind, asked.day, asked.words, asked.make
    demo, today = session.demo, session.today

    def write(out: Path, tell: Callable[[int, int], bool]) -> None:
        from reports.responsibility_file import write_papers

        until = None if day == today else day
        write_papers(
            kind, make_whose(), day, out, demo=demo, printed_on=today, until=until, progress=tell
        )  # fmt: skip

    return _preview(session, parent, kind, words, day, write)


def preview_boards(
    session: Session, parent: QWidget, enterprises: Sequence[int], words: str = ""
) -> PreviewDialog:
    """The 公示牌 of some enterprises in a preview."""
    demo, day, keys = session.demo, session.today, list(enterprises)

    def write(out: Path, tell: Callable[[int, int], bool]) -> None:
        from reports.responsibility_file import write_boards

        write_boards(keys, day, out, demo=demo, progress=tell)

    return _preview(session, parent, "board", words or f"{len(keys)}户", day, write)


def preview_handovers(
    session: Session, parent: QWidget, handovers: Sequence[int], words: str = ""
) -> PreviewDialog:
    """The 交接单 of some handovers in a preview."""
    demo, day, keys = session.demo, session.today, list(handovers)

    def write(out: Path, tell: Callable[[int, int], bool]) -> None:
        from reports.responsibility_file import write_handovers

        write_handovers(keys, day, out, demo=demo)

    return _preview(session, parent, "handover", words, day, write)


def _preview(
    session: Session,
    parent: QWidget,
    kind: str,
    words: str,
    day: dt.date,
    write: Callable[[Path, Callable[[int, int], bool]], None],
) -> PreviewDialog:
    from ui.kit.preview import show_preview

    def make(progress: Progress) -> bytes:
        def tell(done: int, total: int) -> bool:
            progress.check()  # a cancelled preview closes without a word
            progress.report(done, total, "正在排版")
            return True

        try:
            with tempfile.TemporaryDirectory() as folder:
                out = Path(folder) / "papers.pdf"
                write(out, tell)
                return out.read_bytes()
        finally:
            session.ledger.close_thread()  # the preview's thread is not the session's

    name = "　".join(part for part in (NAMES[kind], words) if part)
    return show_preview(parent, make, name, f"{name.replace('　', ' ')} {day:%Y%m%d}.pdf")


def add_papers(page: RegisterPage) -> None:
    """「打印责任文书」 on a list of officials or assignments: for the chosen rows, or for whom the dialog says."""
    from ui.kit.register_bar import page_action

    tip = "三张清单、承诺书、公示牌、交接单：按选中的干部、乡镇或全区打印"
    action = page_action(page, "papers", "打印责任文书", "print", tip, "Ctrl+Shift+P")

    def ask() -> None:
        keys, day = chosen(page), page.view().day
        if page.register.name == "officials":
            ask_papers(page.session, page, keys, day=day)
        else:
            ask_papers(page.session, page, assignments=keys, day=day)

    action.triggered.connect(ask)
    page.add_action(action)


def add_handovers(page: RegisterPage) -> None:
    """「打印交接单」 on the list of handovers: of the chosen ones."""
    tip = "选中的包保交接的交接单"
    _add(page, "sheets", "打印交接单", tip, lambda: preview_handovers(page.session, page, chosen(page)))


def _add(page: RegisterPage, name: str, words: str, tip: str, do: Callable[[], object]) -> None:
    """An action that needs a record."""
    from ui.kit.register_bar import page_action

    action = page_action(page, name, words, "print", tip, "Ctrl+Shift+P")

    def follow(*_args: object) -> None:
        action.setEnabled(bool(chosen(page)))

    action.triggered.connect(do)
    page.current_changed.connect(follow)
    page.selection_changed.connect(follow)
    page.add_action(action)
    follow()
