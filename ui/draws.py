"""双随机: the list of draws, drawing by a seed, the outcome, its repetition and its record; knows no algorithm."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from models.area import townships
from models.core.changes import Transaction
from models.core.fields import Choice, Code, Date, Integer, Text
from models.core.register import Condition, View, register
from models.draw import Draw
from models.drawing import (
    Drawing,
    Repeated,
    candidate_officers,
    candidate_places,
    draw_lots,
    officers_not_drawn,
    repeat,
    store_draw,
)
from models.enterprise import CATEGORIES
from models.rules.drawing import HOW
from ui.enterprises import chosen
from ui.kit.ask import AskDialog
from ui.kit.buttons import button, restyle
from ui.kit.errors import show_error
from ui.kit.icons import icon
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage

HEADS = (
    Head("次序", 56, True), Head("候选序号", 84, True), Head("主体"), Head("组", 44, True), Head("检查人员", 200),
    Head("签（SHA-256）", 210),
)  # fmt: skip
CAUTION = "抽取后即留存，不能撤销"
YES_NO = (("yes", "排除"), ("no", "不排除"))


def draw_list(session: Session) -> RegisterPage:
    """The draws, with what can be done about them."""
    from ui.kit.register_bar import page_action
    from ui.kit.register_page import RegisterPage

    page = RegisterPage(session, register("draws"))
    tip = "按随机种子抽取检查对象和检查人员，候选名单一并留存"
    new = page_action(page, "draw", "抽取", "add", tip, "Ctrl+N")
    tip = "选中一次抽取的结果，并按留存的种子重新抽一遍"
    again = page_action(page, "repeat", "结果与复核", "check", tip, "Ctrl+Shift+E")
    new.setEnabled(session.ledger.writable)
    new.triggered.connect(lambda: ask_draw(session, page))
    again.triggered.connect(lambda: show_draw(session, page, chosen(page)[0]) if chosen(page) else None)

    def follow(*_args: object) -> None:
        again.setEnabled(len(chosen(page)) == 1)

    page.current_changed.connect(follow)
    page.selection_changed.connect(follow)
    new.setIcon(icon("add", "on_accent"))
    page.add_action(new, primary=True)
    page.add_action(again)
    follow()
    return page


def ask_draw(session: Session, parent: QWidget) -> None:
    """Ask for seed, numbers and scope, then draw."""

    def show(areas: list[tuple[int, str]]) -> None:
        dialog = DrawDialog(session, parent.window(), areas)
        dialog.drawn.connect(lambda key: show_draw(session, parent, key))
        dialog.open()

    session.read(townships, done=show, owner=parent, key="areas")


def show_draw(session: Session, parent: QWidget, key: int) -> None:
    """The outcome of a stored draw, drawn again."""

    def work() -> tuple[Draw, Repeated]:
        record = Draw.get_by_id(key)
        return record, repeat(record)

    def show(found: tuple[Draw, Repeated]) -> None:
        DrawnDialog(session, parent.window(), *found).open()

    session.read(work, done=show, failed=lambda error: show_error(parent, error), owner=parent, key="repeat")


class DrawDialog(AskDialog):
    """What to draw. ``drawn(id)`` after it is stored."""

    drawn = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None, areas: list[tuple[int, str]]) -> None:
        super().__init__(
            parent, "双随机抽取", "抽取检查对象和检查人员", session.today, "抽取",
            "随机种子由现场公开产生（如报数、彩票号）；种子和候选名单相同，任何人重做结果都一样。", CAUTION,
        )  # fmt: skip
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.session = session
        today = session.today
        name = f"{today.year}年{today.month}月双随机抽查"
        self.form.add("name", Text("抽取名称", required=True, max_length=60), name)
        self.form.add("seed", Code("随机种子", required=True, max_length=60, help="数字或文字"), "")
        self.form.add("enterprises", Integer("抽取户数", unit="户", required=True, least=1), None)
        self.form.add("officers", Integer("抽取人员", unit="人", required=True, least=2, help="每两人一组"), None)
        self.form.add("category", Choice("主体类别", CATEGORIES, help="不选为全部"), None)
        places = [(str(key), word) for key, word in areas]
        self.form.add("area", Choice("乡镇（街道）", places, help="不选为全区"), None)
        exempt = "本年度入企次数已达上限的主体"
        self.form.add("limited", Choice("已达入企上限", YES_NO, required=True, help=exempt), "yes")
        due = Date("检查任务期限", help="填写后给抽中的每一户建一件检查任务")
        self.form.add("due_on", due, today + dt.timedelta(days=30))
        self.areas = {str(key): word for key, word in areas}
        self.count = QLabel("", wordWrap=True)
        self.count.setProperty("role", "muted")
        self.form.add_row("候选", self.count)
        for field in ("category", "area", "limited"):
            self.form.fields[field].changed.connect(self._ask_candidates)
        self.on_submit = self._draw
        self._ask_candidates()

    def view(self) -> tuple[View, str]:
        """The enterprises to draw from, and in words."""
        texts, conditions, words = self.form.texts(), [], []
        if texts["category"]:
            conditions.append(Condition("category", "in", (texts["category"],)))
            words.append(dict(CATEGORIES)[texts["category"]])
        if texts["area"]:
            conditions.append(Condition("area", "in", (int(texts["area"]),)))
            words.append(self.areas[texts["area"]])
        if texts["limited"] == "yes":
            words.append("未达年度入企上限的")
        scope = "，".join(words)
        return View(conditions=tuple(conditions)), f"{scope}在营主体" if words else "全部在营主体"

    def _candidates(self, view: View, below: bool) -> tuple[Any, Any]:
        today = self.session.today
        return candidate_places(today, view, below), candidate_officers(today)

    def _ask_candidates(self) -> None:
        view, _scope = self.view()
        below = self.form.texts()["limited"] == "yes"

        def work() -> tuple[Any, Any, str]:
            return *self._candidates(view, below), officers_not_drawn(self.session.today)

        def show(found: tuple[Any, Any, str]) -> None:
            places, people, words = found
            self.count.setText(f"主体 {len(places):,} 户，可抽的执法人员 {len(people)} 人\n{words}".rstrip())
            enough = places and len(people) > 1
            restyle(self.count, role="danger" if not enough else "warning" if words else "muted")

        self.session.read(work, done=show, owner=self, key="count")

    def _draw(self, values: dict[str, Any]) -> None:
        view, scope = self.view()
        below, today = values["limited"] == "yes", self.session.today

        def work(tx: Transaction) -> int:
            places, people = self._candidates(view, below)
            found = draw_lots(
                today, values["seed"], values["enterprises"], values["officers"], places, people, scope
            )
            record: Draw = store_draw(tx, found, values["name"], values["due_on"])
            return int(record.id)

        def done(key: int) -> None:
            self.accept()
            self.drawn.emit(key)

        self.session.write("双随机抽取", work, done=done, failed=self.fail, owner=self, final=True)


class DrawnDialog(QDialog):
    """The outcome with its lots, and whether drawing again gives the same."""

    def __init__(self, session: Session, parent: QWidget | None, record: Draw, again: Repeated) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.session, self.record, self.drawing = session, record, again.drawing
        self.setWindowTitle("双随机抽取结果")
        self.resize(1000, 620)
        head = QLabel(record.name)
        head.setProperty("role", "heading")
        facts = QLabel(facts_of(record, again.drawing), wordWrap=True)
        self.words = QLabel(again.words)
        self.words.setProperty("role", "success" if again.same else "danger")
        how = QLabel(HOW, wordWrap=True)
        how.setProperty("role", "muted")
        self.table = RowsTable(HEADS, "抽中主体")
        foot = QHBoxLayout()
        foot.addWidget(self.words, 1)
        foot.addWidget(button("打印抽取记录", self.print, "print", parent=self))
        foot.addWidget(button("关闭", self.reject, kind="primary", parent=self))
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        for widget in (head, facts, how):
            box.addWidget(widget)
        box.addWidget(self.table, 1)
        box.addLayout(foot)
        self.table.show_rows([_row(at, line) for at, line in enumerate(again.drawing.lines, 1)])

    def print(self) -> None:
        """The record on paper, with the candidates."""
        from ui.year_plan_papers import preview_draw

        preview_draw(self.session, self, self.record.id, self.record.name)


def facts_of(record: Draw, found: Drawing) -> str:
    """Day, seed, candidates and officers of a draw in one sentence."""
    people = "、".join(who.name for who in found.officers)
    return (
        f"{record.drawn_on} 抽取，种子 {record.seed}；"
        f"{record.scope}共 {len(found.places):,} 户抽 {len(found.lines)} 户，"
        f"执法人员 {len(found.people)} 人抽 {len(found.officers)} 人：{people}"
    )


def _row(at: int, line: Any) -> TableRow:
    people = "、".join(one.name for one in line.officers)
    return TableRow(at, (str(at), str(line.number), line.candidate.name, str(line.team), people, line.lot))

