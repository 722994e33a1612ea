"""包保问题 as of any day: counts by kind, the records behind each, and the mend offered; finds no problem itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout

from models.core.changes import Transaction
from models.core.register import Condition, View
from models.proposing import end_assignments
from models.responsibility_problems import KINDS, ProblemNames, ResponsibilityProblem, named_problems
from ui.kit.buttons import button, restyle
from ui.kit.cards import EmptyState
from ui.kit.day_pick import DayPick
from ui.kit.dialogs import ask_date
from ui.kit.errors import show_error
from ui.kit.fresh_page import FreshPage
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import show_toast
from ui.kit.view_bar import ViewBar, chip

HEADS = (Head("问题", 150), Head("主体", 280), Head("包保干部", 110), Head("说明"))
CONCERNS = (
    "assignment", "enterprise", "enterprise_state", "official", "official_post", "commitment", "threshold",
)  # fmt: skip
URGENT = ("gap", "mismatch", "closed", "out_of_term")
ASSIGN = ("gap", "mismatch", "double", "outside")


def tone_of(kind: str) -> str:
    """Red where an enterprise is without its official, amber for the rest."""
    return "danger" if kind in URGENT else "warning"


class ProblemsPage(FreshPage):
    """The kinds with their counts, the problems of the chosen one, and what can be done. `loaded()` after reading."""

    concerns = CONCERNS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.found = ProblemNames([], {}, {})
        self.kind = ""
        self.day = DayPick(session.today, "截至哪一天的包保问题？")
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        self.kinds = ViewBar([chip(kind, label, tone_of(kind)) for kind, label in KINDS.items()])
        self.kinds.preset_asked.connect(lambda kind, _more: self.show_kind(kind))
        self.table = RowsTable(HEADS, "包保问题")
        self.empty = EmptyState("check-circle", "这一天没有包保问题。", "换一个日期，可以查看那一天的情况。")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.mends = {
            "assign": button("指派…", self._assign, "user-add", "primary"),
            "propose": button("自动拟派…", self._propose, "check"),
            "end": button("结束包保…", self._end, "void", "primary"),
            "handover": button("离任交接…", self._hand_over, "send", "primary"),
            "sign": button("登记承诺书…", self._sign, "document", "primary"),
            "village": button("补登村（社区）", self._edit_enterprise, "edit", "primary"),
            "held": button("查看包保关系", self._open_held, "list"),
        }
        self.open = button("查看记录", self._open, "eye", tip="回车或双击")
        self._lay_out()
        self.table.opened.connect(lambda _key: self._open())
        self.table.selected.connect(self._follow)
        self.day.chosen.connect(lambda _day: self.refresh())
        self.day.refused.connect(lambda words: self._tell(words, "danger"))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        top.addWidget(self.day)
        top.addWidget(self.words, 1)
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        for each in self.mends.values():
            foot.addWidget(each)
        foot.addStretch(1)
        foot.addWidget(self.open)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 12)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.kinds)
        box.addWidget(self.stack, 1)
        box.addLayout(foot)
        self._follow()

    # -- reading ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look again."""
        self._stale = False
        self.session.read(
            named_problems, self.day.day, done=self._show, owner=self, key="problems", label="正在核对包保问题"
        )

    def _show(self, found: ProblemNames) -> None:
        self.found = found
        counts = dict.fromkeys(self.kinds.presets, 0)
        for problem in found.problems:
            counts[problem.kind] += 1
        counts[""] = len(found.problems)
        self.kinds.set_counts(counts)
        for kind, made in self.kinds.presets.items():
            made.setVisible(not kind or counts[kind] > 0)
        self.kind = self.kind if counts[self.kind] else ""
        self._tell(f"共 {len(found.problems):,} 个问题" if found.problems else "没有问题")
        self.show_kind(self.kind)
        self.loaded.emit()

    def _tell(self, text: str, role: str = "muted") -> None:
        self.words.setText(text)
        restyle(self.words, role=role)

    def show_kind(self, kind: str) -> None:
        """Show the problems of one kind ('' for all)."""
        self.kind = kind
        self.kinds.set_presets([kind] if kind else [])
        enterprises, officials = self.found.enterprises, self.found.officials
        rows = [
            TableRow(
                number,
                (p.label, enterprises.get(p.enterprise or 0, "—"), officials.get(p.official or 0, "—"), p.text),
                {0: tone_of(p.kind)},
            )
            for number, p in enumerate(self.found.problems)
            if not kind or p.kind == kind
        ]
        self.table.show_rows(rows)
        self.stack.setCurrentWidget(self.table if rows else self.empty)

    # -- the mend ---------------------------------------------------------------------------------------

    def chosen(self) -> list[ResponsibilityProblem]:
        """The selected problems."""
        return [self.found.problems[key] for key in self.table.chosen()]

    def _follow(self) -> None:
        """Offer what mends the selected problems, where they are of one sort."""
        chosen = self.chosen()
        kinds = {problem.kind for problem in chosen}
        able = self.session.ledger.writable and bool(chosen)
        offered: dict[str, Callable[[], bool]] = {
            "assign": lambda: kinds <= set(ASSIGN),
            "propose": lambda: kinds <= {"gap", "mismatch", "outside", "out_of_term"} or kinds == {"overload"},
            "end": lambda: kinds == {"closed"},
            "handover": lambda: kinds == {"out_of_term"} and len({p.official for p in chosen}) == 1,
            "sign": lambda: kinds == {"uncommitted"},
            "village": lambda: kinds == {"village_missing"} and len(chosen) == 1,
            "held": lambda: kinds == {"double"} or kinds == {"overload"},
        }
        for name, made in self.mends.items():
            made.setVisible(able and offered[name]())
        self.open.setEnabled(len(chosen) == 1)

    def _enterprises(self) -> list[int]:
        return list(dict.fromkeys(p.enterprise for p in self.chosen() if p.enterprise is not None))

    def _officials(self) -> list[int]:
        return list(dict.fromkeys(p.official for p in self.chosen() if p.official is not None))

    def _assign(self) -> None:
        from ui.assigning import ask_assign

        ask_assign(self.session, self, self._enterprises())

    def _propose(self) -> None:
        from ui.proposing import ask_proposal

        ask_proposal(self.session, self, self._enterprises())

    def _hand_over(self) -> None:
        from ui.handing_over import ask_handover

        ask_handover(self.session, self, self._officials()[0])

    def _sign(self) -> None:
        from ui.commitments import ask_commitments

        ask_commitments(self.session, self, self._officials())

    def _end(self) -> None:
        keys = [p.assignment for p in self.chosen() if p.assignment is not None]
        day = ask_date(
            self, f"结束 {len(keys)} 条包保关系", "从选的这一天起不再包保，前一天是最后一天。",
            start=self.session.today, yes="结束包保",
        )  # fmt: skip
        if day is None:
            return

        def work(tx: Transaction) -> None:
            end_assignments(tx, keys, day, "主体已注销或吊销")

        self.session.write(
            f"结束包保 {len(keys)} 条", work, owner=self, failed=lambda error: show_error(self, error),
            done=lambda _none: show_toast(self, f"已结束 {len(keys)} 条包保关系", "撤销", self.session.undo),
        )  # fmt: skip

    def _edit_enterprise(self) -> None:
        self.session.edit_record.emit("enterprises", self._enterprises()[0], None)

    def _open_held(self) -> None:
        """The assignments in force of the enterprise or the official."""
        problem = self.chosen()[0]
        path = "enterprise" if problem.enterprise is not None else "official"
        view = View(
            conditions=(Condition(path, "in", (problem.enterprise or problem.official,)),),
            presets=("current",),
            day=self.day.day,
        )
        self.session.show_list("assignments", view)

    def _open(self) -> None:
        for problem in self.chosen()[:1]:
            if problem.enterprise is not None and problem.enterprise in self.found.enterprises:
                self.session.open_record.emit("enterprises", problem.enterprise)
            elif problem.official is not None:
                self.session.open_record.emit("officials", problem.official)
