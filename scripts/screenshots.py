"""Take pictures of the program in a real window: every page, dialog and state, from an empty and from the demo ledger.

Usage: python scripts/screenshots.py [--all] [--size 1366x768] [--theme dark] [--out docs/screenshots] [NAME…]. Needs a
display (make screenshots gives it a virtual one). Without names it takes those the README shows.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
Stop = tuple[str, Callable[[], None]]
NOTICE_STEPS = (
    ("issue", "draft", "issue"), ("serve", "unserved", "serve"), ("void", "overdue", "void"),
    ("reinspect", "overdue", "reinspect"), ("extend", "overdue", "extend"), ("refer", "overdue", "refer"),
    ("notice-preview", "overdue", "preview"),
)  # fmt: skip
"""Picture, the preset whose first notice is taken, the step."""
BRINGING = (("import-mapping", 0, ""), ("import-preview", 1, ""), ("import-doubtful", 1, "doubtful"),
            ("import-wrong", 1, "wrong"))  # fmt: skip
"""Picture, how many steps on, the rows in front."""
OWN_PICTURE = ("enterprises", "inspections", "notices", "assignments")


class Photographer:
    """Goes through the program and takes a picture of each stop."""

    def __init__(self, window: Any, out: Path, wanted: list[str]) -> None:
        self.window, self.out, self.wanted = window, out, wanted
        self.jobs = window.session.jobs

    def go(self, stops: Iterator[Stop]) -> None:
        """Take the wanted ones."""
        for name, take in stops:
            if not self.wanted or name in self.wanted:
                take()

    def settle(self, more_ms: int = 150) -> None:
        """Let background work, documents and painting end."""
        for _ in range(3):
            self.jobs.wait_idle(20_000)
            wait(more_ms)
        for _ in range(200):
            if papers_are_drawn():
                return
            wait(100)
        raise SystemExit("a document was not drawn in time")

    def take(self, name: str) -> None:
        """A picture of the window with whatever stands before it."""
        self.settle()
        corner = self.window.frameGeometry()
        picture = self.window.screen().grabWindow(0, corner.x(), corner.y(), corner.width(), corner.height())
        self.out.mkdir(parents=True, exist_ok=True)
        if not picture.save(str(self.out / f"{name}.png")):
            raise SystemExit(f"cannot write {self.out / name}.png")
        print(name, flush=True)

    def dialog(self, name: str, opened: Callable[[], Any]) -> None:
        """Open a dialog or a popup, take it, close it without a question."""
        from PySide6.QtWidgets import QApplication, QDialog

        opened()
        self.settle(300)
        self.take(name)
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible() and widget is not self.window:
                widget.done(0) if isinstance(widget, QDialog) else widget.close()
        self.settle()

    def current(self) -> Any:
        """The list in front."""
        return self.window._stack.currentWidget().current_list()

    def listed(self, register: str, view: Any = None, select: bool = True) -> Any:
        """Show a register's list, its first record beside it; returns the list."""
        from models.core.register import View

        self.window.open_register(register, view or View())
        self.settle()
        ids = self.current().model.ids
        if select and len(ids):
            self.current().select_id(ids[0])
        self.settle()
        return self.current()

    def form(self, register: str, key: int | None, values: Any = None, save: bool = False) -> None:
        """Open a form; with ``save`` also try to save it, so that it says what is wrong."""
        form = self.window.edit_record(register, key, values)
        self.settle(300)
        if save:
            form.save()


def wait(ms: int) -> None:
    """Turn the event loop; QTest.qWait would keep the interpreter from the other threads."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def papers_are_drawn() -> bool:
    """Whether every visible document shows its pages."""
    from PySide6.QtWidgets import QApplication

    from ui.kit.paper import PaperPane
    from ui.kit.pdf_view import PdfView

    for widget in QApplication.allWidgets():
        if isinstance(widget, PaperPane) and widget.isVisible() and not widget.view.isVisible():
            return False
        if isinstance(widget, PdfView) and widget.isVisible() and (widget.page < 0 or widget._jobs.busy):
            return False
    return True


def pages(camera: Photographer) -> Iterator[Stop]:
    """The pages and lists."""
    from models.core.register import View
    from models.registers import all_registers

    window = camera.window

    def page(key: str) -> Callable[[], None]:
        return lambda: (window.show_page(key), camera.take(key))[1]

    def tab(key: str, name: str, shown: str) -> Callable[[], None]:
        return lambda: (window.show_page(key), window.page(key).show_tab(name), camera.take(shown))[2]

    def listed(name: str, shown: str, view: View | None = None) -> Callable[[], None]:
        return lambda: (camera.listed(name, view), camera.take(shown))[1]

    def graded() -> None:
        window.show_page("grading")
        window.page("grading").show_tab("round").show_state("ready")
        camera.take("grading")

    def campaigns() -> None:
        window.show_page("campaigns")
        page = window.page("campaigns").show_tab("campaign_progress")
        camera.settle()
        page.choose(next(one.id for one in page.found if one.overdue))
        camera.take("campaigns")

    yield "overview", page("overview")
    yield "enterprises", listed("enterprises", "enterprises")
    yield "inspections", listed("inspections", "inspections", View(presets=("problems",)))
    yield "notices", listed("notices", "notices", View(presets=("overdue",)))
    yield "assignments", listed("assignments", "assignments")
    yield "grading", graded
    yield "campaigns", campaigns
    yield "coverage", tab("responsibility", "coverage", "coverage")
    yield "rectification", tab("notices", "rectification", "rectification")
    yield "year-plan", tab("inspections", "year_plan", "year-plan")
    yield "publication", tab("notices", "publication", "publication")
    yield "visits-due", tab("responsibility", "visits", "visits-due")
    yield "problems", tab("responsibility", "problems", "problems")
    yield "staffing", tab("enterprises", "staffing", "staffing")
    for found in all_registers():
        if found.name not in OWN_PICTURE:
            yield f"list-{found.name}", listed(found.name, f"list-{found.name}")
    yield "plausibility", tab("more", "plausibility", "plausibility")
    yield "history", tab("more", "history", "history")
    yield "list-removed", listed("enterprises", "list-removed", View(removed=True))
    yield "list-nothing", listed("enterprises", "list-nothing", View(search="没有这一家"))
    yield "report", page("report")
    yield "settings", page("settings")


def dialogs(camera: Photographer) -> Iterator[Stop]:
    """The forms, steps, popups and previews."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from models.core.register import View
    from models.core.saving import save
    from models.enterprise import EnterpriseState
    from models.inspection import Finding

    window = camera.window

    def form(name: str, shown: str, new: bool = False, values: Any = None, save: bool = False) -> Callable[[], None]:
        def take() -> None:
            page = camera.listed(name)
            key = None if new else page.current_id()
            camera.dialog(shown, lambda: camera.form(name, key, values, save))

        return take

    def step(shown: str, preset: str, name: str) -> Callable[[], None]:
        def take() -> None:
            camera.listed("notices", View(presets=(preset,)))
            notices = window.page("notices").tab("notices")
            camera.dialog(shown, notices.preview if name == "preview" else lambda: notices.ask(name))

        return take

    def popup(path: str, shown: str) -> Callable[[], None]:
        def take() -> None:
            page = camera.listed("enterprises")
            section = next(i for i, column in enumerate(page.register.columns) if column.path == path)
            camera.dialog(shown, lambda: page.open_filter(section))

        return take

    def action(name: str, view: View, shown: str, which: str, many: int = 1) -> Callable[[], None]:
        def take() -> None:
            page = camera.listed(name, view)
            page.table.go_to_row(0)
            for _ in range(many - 1):
                QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
            camera.settle()
            camera.dialog(shown, next(each for each in page.extra_actions if each.objectName() == which).trigger)

        return take

    def make_notice() -> None:
        with window.session.ledger.write("登记隐患") as tx:
            words = {"wording": "食品与非食品混放", "legal_basis": "《中华人民共和国食品安全法》第三十三条第一款第一项"}
            place = EnterpriseState.live().where(EnterpriseState.contractor.is_null(False)).first().enterprise
            found = save(tx, Finding, {"enterprise": place.id, "found_on": tx.today, "channel": "complaint", **words})
        page = camera.listed("findings", View(presets=("open",)))
        page.select_id(found.id)
        camera.settle()
        camera.dialog("make-notice", page.extra_actions[0].trigger)

    def doubled(compare: bool) -> Callable[[], None]:
        def take() -> None:
            enter_twice(window.session)
            window.show_page("enterprises")
            page = window.page("enterprises").show_tab("duplicates")
            camera.settle(400)
            if compare:
                camera.dialog("merge", page.compare)
            else:
                camera.take("duplicates")

        return take

    def printed() -> None:
        page = camera.listed("enterprises", View(presets=("expired",)))
        camera.dialog("list-preview", page.commands.print.trigger)

    def attachments() -> None:
        page = camera.listed("inspections", View(presets=("problems",)))
        section = page.panel.attachments
        with tempfile.TemporaryDirectory() as folder:
            section.add(sample_files(Path(folder)))
            camera.settle()
        page.panel.area.ensureWidgetVisible(section.drop)
        camera.settle()
        section.grid.setCurrentIndex(section.grid.rows.index(1))
        camera.take("attachments")
        key = page.current_id()
        form = window.edit_record("inspections", key, None)
        camera.settle(300)
        form.area.ensureWidgetVisible(form.files.drop)
        camera.dialog("attachments-form", lambda: None)

    def case() -> None:
        camera.listed("notices", View(presets=("closed",)))
        page = window.page("notices").tab("notices").list
        camera.dialog("case", page.commands.menu_extra[0].trigger)

    def boards() -> None:
        from ui.papers import preview_boards

        page = camera.listed("enterprises", View(figure=("assignment.assigned", day, day)))
        page.table.go_to_row(0)
        camera.dialog("board", lambda: preview_boards(window.session, page, [page.current_id()]))

    yield "attachments", attachments
    yield "case", case
    for name in ("enterprises", "parties", "inspections", "officials", "assignments", "outreach"):
        yield f"form-{name}", form(name, f"form-{name}")
    yield "form-new", form("enterprises", "form-new", new=True)
    yield "form-new-inspection", form("inspections", "form-new-inspection", new=True)
    yield "form-errors", form("enterprises", "form-errors", new=True, save=True)
    yield "form-warnings", form("enterprises", "form-warnings", True, nearly_right(window.session), save=True)
    for shown, preset, name in NOTICE_STEPS:
        yield shown, step(shown, preset, name)
    day = window.session.today
    for shown, steps, status in BRINGING:
        yield shown, bring(camera, shown, steps, status)
    yield "make-notice", make_notice
    missing = View(figure=("assignment.missing", day, day))
    yield "assign", action("enterprises", missing, "assign", "assign")
    yield "assign-many", action("enterprises", missing, "assign-many", "assign", many=6)
    yield "papers", action("officials", View(presets=("serving",)), "papers", "papers", many=3)
    yield "board", boards
    yield "propose", action("assignments", View(), "propose", "propose")
    yield "tiers", action("assignments", View(), "tiers", "tiers")
    yield "handover", action("officials", View(presets=("serving",), order=(("load", True),)), "handover", "handover")
    yield "sign", action("commitments", View(), "sign", "sign")
    for path in ("category", "name", "permit_until"):
        yield f"filter-{path}", popup(path, f"filter-{path}")
    yield "duplicates", doubled(False)
    yield "merge", doubled(True)
    yield "list-preview", printed
    yield "report-preview", lambda: (
        window.show_page("report"), camera.settle(), camera.dialog("report-preview", window.page("report").make_report)
    )[2]  # fmt: skip
    yield "report-doubts", lambda: (
        window.show_page("report"), camera.settle(), camera.dialog("report-doubts", window.page("report").ask_report)
    )[2]  # fmt: skip
    yield "keys", lambda: camera.dialog("keys", window.show_keys)


def sample_files(folder: Path) -> list[Path]:
    """Drawn «photos», a paper and a sheet to attach."""
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QColor, QFont, QImage, QLinearGradient, QPainter

    made = []
    for number, (name, sky, ground) in enumerate(
        (("门头", "#9ec5e8", "#c98f5a"), ("后厨操作间", "#dfe6e8", "#7f9aa3"), ("冷藏柜温度", "#cfd8e6", "#4f7f9f"))
    ):
        image = QImage(1200, 900, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        shade = QLinearGradient(0, 0, 0, 900)
        shade.setColorAt(0, QColor(sky))
        shade.setColorAt(1, QColor(ground))
        painter.fillRect(image.rect(), shade)
        painter.fillRect(QRectF(180 + 90 * number, 380, 520, 420), QColor(ground).darker(130))
        painter.fillRect(QRectF(260 + 90 * number, 470, 140, 330), QColor(sky).lighter(110))
        font = QFont(painter.font())
        font.setPixelSize(90)
        painter.setFont(font)
        painter.setPen(QColor("white"))
        painter.drawText(image.rect().adjusted(0, 90, 0, 0), 0x24, f"{name}（示例）")  # centred, at the top
        painter.end()
        path = folder / f"{name}.jpg"
        image.save(str(path))
        made.append(path)
    from reportlab.pdfgen.canvas import Canvas

    paper, sheet = folder / "现场检查笔录.pdf", folder / "索证索票清单.xlsx"
    canvas = Canvas(str(paper))
    for line in range(24):
        canvas.rect(80, 740 - 28 * line, 430 - 60 * (line % 3), 5, stroke=0, fill=1)
    canvas.save()
    sheet.write_bytes(b"PK\x03\x04")
    return [*made, paper, sheet]


def bring(camera: Photographer, shown: str, steps: int, status: str) -> Callable[[], None]:
    """A roster brought to the list: the columns, or what would come of its rows, those of a status in front."""

    def take() -> None:
        from ui.kit.import_dialog import open_import

        page = camera.listed("enterprises")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "分局报送名册.csv"
            path.write_text(roster(camera.window.session), "gb18030")

            def opened() -> None:
                dialog = open_import(page.session, page.register, path, page)
                for _ in range(steps):
                    camera.settle()
                    dialog.next.click()
                camera.settle()
                if steps:
                    dialog.preview_page.filter(status)
                    table = dialog.preview_page.table
                    table.setCurrentIndex(table.model().index(0 if status else 10, 3))

            camera.dialog(shown, opened)

    return take


def roster(session: Any) -> str:
    """A csv as a branch sends it in: a changed phone, new ones, one much like a record, a word and a code amiss."""
    from models.enterprise import Enterprise
    from models.rules.identifiers import make_uscc

    known = list(Enterprise.live().order_by(Enterprise.id).limit(9))
    lines = ["单位名称,统一社会信用代码,地址,乡镇街道,业态,联系电话"]
    for n, place in enumerate(known):
        state, phone = place.fact(session.today), "13900000" + str(100 + n) if n < 3 else place.phone
        name, code = (place.name, place.party.uscc) if n < 7 else (f"{place.name}铺", make_uscc(98_000 + n))
        kind = type(state).described()["category"].format(state.category)
        lines.append(",".join([name, code, place.address, state.area.label(), kind, phone]))
    for n, kind in enumerate(("餐饮服务", "小饭桌儿", "小饭桌儿", "食品销售")):
        code = "9.13602E+17" if n == 3 else make_uscc(99_000 + n)
        name = f"示例{'桂竹兰梅'[n]}香园{n + 1}店"
        lines.append(f"{name},{code},示例{'春夏秋冬'[n]}路{n + 8}号,西郊街道,{kind},1390000020{n}")
    return "\n".join(lines)


def nearly_right(session: Any) -> dict[str, Any]:
    """An enterprise that only a warning speaks against: another party's has its name at its address."""
    from models.enterprise import Enterprise, Party

    same = Enterprise.live().order_by(Enterprise.id).first()
    state = same.fact(session.today)
    other = Party.live().where(Party.id != same.party_id).first()
    return {"name": same.name, "party": other.id, "area": state.area_id, "address": same.address,
            "category": state.category, "status": "open", "opened_on": session.today}  # fmt: skip


def enter_twice(session: Any) -> None:
    """An enterprise with a history that somebody has entered once more, with a shorter name and a newer phone."""
    from models.enterprise import Enterprise
    from models.inspection import Finding, Inspection
    from models.rating import RiskAssessment
    from models.responsibility import Assignment

    rated = RiskAssessment.live().select(RiskAssessment.enterprise)
    held = Assignment.live().select(Assignment.enterprise).where(Assignment.valid_to.is_null())
    found = Finding.live().select(Finding.enterprise)
    chosen = Enterprise.live().where(Enterprise.id.in_(rated), Enterprise.id.in_(held), Enterprise.id.in_(found))
    place = chosen.order_by(Enterprise.id).first()
    if Enterprise.live().where(Enterprise.party == place.party_id, Enterprise.id != place.id).exists():
        return
    state, visit = place.fact(session.today), Inspection.live().order_by(Inspection.id.desc()).first()
    same = RiskAssessment.live().where(RiskAssessment.enterprise == place.id).first()
    with session.ledger.write("登记主体") as tx:
        other = tx.insert(
            Enterprise, name=place.name.replace("（示例）", ""), party=place.party_id, address=f"{place.address}一楼",
            phone="13870900001", principal=place.principal, branch=place.branch_id, note="巡查时登记",
        )  # fmt: skip
        facts = {name: state.__data__.get(name) for name in state.fact_fields()}
        tx.insert(type(state), enterprise=other.id, valid_from=session.today.replace(day=1), **facts)
        tx.insert(RiskAssessment, enterprise=other.id, year=same.year, grade="B", assessed_on=session.today)
        tx.update(visit, enterprise=other.id)


def opened(folder: Path, size: str) -> Any:
    """The main window over the ledger of a folder."""
    from PySide6.QtTest import QTest

    from models.opening import open_office
    from ui.kit.session import Session
    from ui.main_window import MainWindow

    width, height = (int(n) for n in size.split("x"))
    window = MainWindow(Session(open_office(folder)))
    window.resize(width, height)
    window.move(0, 0)
    window.show()
    QTest.qWaitForWindowActive(window)
    return window


def main() -> int:
    """Make the ledgers, open them, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1366x768")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--theme", default="light", choices=["light", "dark"])
    parser.add_argument("--all", action="store_true", help="every page and dialog, not only the README's")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    if not arguments.names and not arguments.all:
        shown = (ROOT / "README.md").read_text(encoding="utf-8")
        arguments.names = re.findall(r"\]\(docs/screenshots/([\w-]+)\.png\)", shown)

    from PySide6.QtWidgets import QApplication

    from models.demo import fill_demo
    from models.opening import open_office
    from ui.kit.language import speak_chinese
    from ui.kit.theme import apply_theme

    app = QApplication([])
    apply_theme(app, arguments.theme)
    speak_chinese(app)
    with tempfile.TemporaryDirectory() as root:
        if not arguments.names or "welcome" in arguments.names:
            window = opened(Path(root) / "office", arguments.size)
            Photographer(window, arguments.out, arguments.names).take("welcome")
            window.close()
        folder = Path(root) / "office-demo"
        ledger = open_office(folder)
        fill_demo(ledger)
        ledger.close()
        window = opened(folder, arguments.size)
        camera = Photographer(window, arguments.out, arguments.names)
        camera.settle(500)
        camera.go(pages(camera))
        camera.go(dialogs(camera))
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
