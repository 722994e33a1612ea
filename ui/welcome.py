"""The first page of an empty ledger: office facts, areas, officers, official forms, the demo, the first enterprise."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from models.core.register import View
from models.overview import Overview
from models.settings import BY_KEY, change_settings, settings
from ui.demo_opener import DemoOpener
from ui.kit.ask import Form
from ui.kit.buttons import IconLabel, button
from ui.kit.cards import Card
from ui.kit.dialogs import show_message
from ui.kit.errors import show_error
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.toast import show_toast

ASKED = ("office_name", "notice_prefix", "office_address", "contacts", "contact_phone", "first_serial")


class WelcomePage(QScrollArea):
    """Five short steps, none of them compulsory. `page_wanted(key)` asks the window for another page."""

    page_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.demo = DemoOpener(session.ledger.folder, self)
        inside = QWidget()
        outer = QHBoxLayout(inside)
        outer.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 3 * UNIT)
        column = QVBoxLayout()
        column.setSpacing(2 * UNIT)
        outer.addStretch(1)
        outer.addLayout(column, 12)
        outer.addStretch(1)
        column.addLayout(self._make_head())
        column.addWidget(self._make_office())
        grid = QGridLayout()
        grid.setSpacing(2 * UNIT)
        self.areas_words, self.officers_words = QLabel(""), QLabel("")
        self.areas_button = button("查看区划", lambda: session.show_list("areas", View()), "area")
        self.officers_button = button("添加执法人员", self._add_officer, "user-add")
        self.start_button = button("开始登记主体", self._start, "add", "primary")
        self.forms_button = button("查看要点表", lambda: session.show_list("checklists", View()), "list")
        self.forms_words = QLabel("现有的是示例（非官方文本）。请把本局的官方要点表填进模板后导入。")
        for index, (icon_name, title, label, made) in enumerate(
            (
                ("area", "二、区划", self.areas_words, self.areas_button),
                ("officers", "三、执法人员", self.officers_words, self.officers_button),
                ("list", "四、官方要点表", self.forms_words, self.forms_button),
                ("enterprises", "五、主体", QLabel("登记第一户，或按名册逐户登记。"), self.start_button),
            )
        ):
            grid.addWidget(self._make_step(icon_name, title, label, made), index // 2, index % 2)
        column.addLayout(grid)
        column.addStretch(1)
        self.setWidget(inside)
        if not session.ledger.writable:
            self.form.set_read_only()
            for made in (self.officers_button, self.start_button):
                made.setEnabled(False)
        self.demo.opened.connect(self._demo_opened)
        self.demo.failed.connect(self._demo_failed)

    def _make_head(self) -> QHBoxLayout:
        """The title and what to do; beside it the demo, which needs nothing."""
        head = QLabel("欢迎使用食安台账")
        head.setProperty("role", "title")
        words = QLabel(
            "这本台账还是空的。核对机关信息、登记执法人员、导入官方要点表，就可以登记主体了。", wordWrap=True
        )
        self.demo_words = QLabel("也可先看演示：一整个区的示例数据，在另一个窗口里打开，不动这本台账。")
        text = QVBoxLayout()
        text.setSpacing(4)
        for label in (head, words, self.demo_words):
            text.addWidget(label)
        for label in (words, self.demo_words):
            label.setProperty("role", "muted")
        self.demo_button = button("打开演示台账", self._open_demo, "external")
        row = QHBoxLayout()
        row.addLayout(text, 1)
        row.addWidget(self.demo_button, 0, Qt.AlignmentFlag.AlignBottom)
        return row

    def _make_office(self) -> Card:
        card = Card("一、机关信息", "印在通知书和报告上，以后在“设置”里可以改")
        self.form = Form(self.session.today, columns=2)
        office = settings()
        for key in ASKED:
            self.form.add(key, BY_KEY[key].field, getattr(office, key))
        self.form.submitted.connect(self.save)
        card.body.addWidget(self.form)
        row = QHBoxLayout()
        row.addStretch(1)
        self.save_button = button("保存机关信息", self.save, "save")
        self.save_button.setEnabled(False)
        self.form.changed.connect(lambda: self.save_button.setEnabled(True))
        row.addWidget(self.save_button)
        card.body.addLayout(row)
        return card

    def _make_step(self, icon_name: str, title: str, words: QLabel, act: QWidget) -> Card:
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(2 * UNIT)
        row.addWidget(IconLabel(icon_name, "accent", 28), 0, Qt.AlignmentFlag.AlignTop)
        text = QVBoxLayout()
        text.setSpacing(4)
        head = QLabel(title)
        head.setProperty("role", "heading")
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        text.addWidget(head)
        text.addWidget(words)
        text.addStretch(1)
        row.addLayout(text, 1)
        row.addWidget(act, 0, Qt.AlignmentFlag.AlignVCenter)
        card.body.addLayout(row)
        return card

    def show_state(self, data: Overview) -> None:
        """What is there already."""
        self.session.read(
            _counts, self.session.today, done=lambda found: self._tell(*found), owner=self, key="counts"
        )
        self.officers_words.setText(
            f"已登记 {data.officers} 人。检查要两人以上。" if data.officers else "还没有登记。检查要两人以上。"
        )

    def _tell(self, townships: int, villages: int) -> None:
        more = f"，{villages} 个村（社区）" if villages else "；村（社区）按本区名单补充"
        self.areas_words.setText(f"已备好 {townships} 个乡镇（街道）{more}。")

    # -- what the buttons do ----------------------------------------------------------------------------

    def save(self) -> None:
        """Store the office facts, with errors at the fields."""
        texts = self.form.texts()
        self.session.write(
            "填写机关信息", lambda tx: change_settings(tx, texts), done=self._saved, failed=self._failed, owner=self
        )

    def _saved(self, _result: object) -> None:
        self.save_button.setEnabled(False)
        show_toast(self, "机关信息已保存")

    def _failed(self, error: Exception) -> None:
        problems = getattr(error, "problems", None)
        if problems is None:
            show_error(self, error)
        else:
            self.form.show_problems(problems)

    def _add_officer(self) -> None:
        self.session.show_list("officers", View())
        self.session.edit_record.emit("officers", None, None)

    def _start(self) -> None:
        self.session.show_list("enterprises", View())
        self.session.edit_record.emit("enterprises", None, None)

    def _open_demo(self) -> None:
        self.demo_button.setEnabled(False)
        self.demo_words.setText("正在准备演示台账，稍等片刻就会在另一个窗口里打开…")
        self.demo.start()

    def _demo_opened(self) -> None:
        self.demo_button.setEnabled(True)
        self.demo_words.setText("演示台账已在另一个窗口里打开。")

    def _demo_failed(self, words: str) -> None:
        self.demo_button.setEnabled(True)
        self.demo_words.setText("演示台账没有打开。")
        show_message(self.window(), "演示台账没有打开", words, "warning")


def _counts(day: dt.date) -> tuple[int, int]:
    from models.core.register import register

    areas = register("areas")
    return areas.count(View(presets=("township",)), day), areas.count(View(presets=("village",)), day)
