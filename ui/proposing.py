"""自动拟派 and 按标准定层级 on the screen; the rules are models/proposing and models/tiering."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.core.changes import Transaction
from models.proposing import AssignScope, Proposal, apply_proposal, propose_assignments
from models.responsibility import LEVEL_OF_TIER
from models.tiering import TierChange, TierPreview, apply_tiers, preview_tiers
from ui.kit.rows_table import Head, TableRow
from ui.kit.session import Session
from ui.plan_dialog import Group, PlanDialog, Scope

TIER_OF = {level: tier for tier, level in LEVEL_OF_TIER.items()}


class ProposalDialog(PlanDialog):
    """自动拟派: who would look after which enterprise, why, and what load that makes."""

    title = "自动拟派"
    verb = "指派"
    heads = (
        Head("主体"), Head("层级", 64), Head("拟派干部", 100), Head("理由", 210), Head("包保户数", 150),
        Head("期限", 120),
    )  # fmt: skip

    def plan(self, day: dt.date, scope: Scope) -> Proposal:
        return propose_assignments(day, AssignScope(areas=scope.areas, enterprises=scope.enterprises))

    def grouped(self, found: Proposal) -> list[Group]:
        loads = {one.official: one for one in found.loads}
        lines = []
        for line in found.lines:
            load = loads.get(line.official)
            over = load is not None and load.limit is not None and load.after > load.limit
            words = f"{load.before} → {load.after}" if load is not None else "不变"
            words += f"（上限 {load.limit}）" if load is not None and over else ""
            until = f"至 {line.until}" if line.until else "长期"
            texts = (line.enterprise_name, f"{TIER_OF[line.level]}级", line.official_name, line.reason, words, until)
            lines.append(TableRow(line.enterprise, texts, {4: "warning"} if over else {}))
        without = [
            TableRow(one.enterprise, (one.enterprise_name, "", "", one.reason, "", ""), {3: "warning"}, False)
            for one in found.unassignable
        ]
        return [Group("拟派", lines), Group("无法指派", without)]

    def told(self, found: Proposal) -> str:
        over = found.overloaded
        more = f"；{len(over)} 名干部将超过包保户数上限" if over else ""
        return (
            f"按属地、层级和现有包保户数，建议指派 {len(found.lines):,} 户，无法指派 {len(found.unassignable):,} 户，"
            f"{found.kept:,} 户不用调整{more}。原有的包保到前一天为止。"
        )

    def write(
        self, tx: Transaction, found: Proposal, keys: set[int], step: Callable[[int, int], object]
    ) -> int:
        return len(apply_proposal(tx, found, keys, step))


class TierDialog(PlanDialog):
    """按标准定层级: the tiers that the standard would change, with the reasons."""

    title = "按标准定层级"
    verb = "定层级"
    heads = (Head("主体", 320), Head("现层级", 80), Head("按标准", 80), Head("依据"))

    def plan(self, day: dt.date, scope: Scope) -> TierPreview:
        return preview_tiers(day, scope.enterprises or None, scope.areas)

    def grouped(self, found: TierPreview) -> list[Group]:
        def rows(changes: Sequence[TierChange], tickable: bool = False) -> list[TableRow]:
            return [_tier_row(change, tickable) for change in changes]

        return [
            Group("要改的", rows(found.changes, True)),
            Group("人工定的，保留", rows(found.overridden)),
            Group("判断不了", rows(found.undecided)),
            Group("不变", rows(found.unchanged)),
        ]

    def told(self, found: TierPreview) -> str:
        return (
            f"按 {found.day} 施行的分级标准，{len(found.changes):,} 户的层级要改，{len(found.unchanged):,} 户不变。"
            "填了“层级理由”的不随标准变。"
        )

    def write(
        self, tx: Transaction, found: TierPreview, keys: set[int], step: Callable[[int, int], object]
    ) -> int:
        return apply_tiers(tx, found, keys, step)


def _tier_row(change: TierChange, tickable: bool) -> TableRow:
    why = f"人工定：{change.kept_for}" if change.kept_for else "；".join(change.reasons)
    texts = (change.name, change.before or "未定", change.after or "—", why)
    return TableRow(change.enterprise, texts, {2: "accent"} if tickable else {}, tickable)


def ask_proposal(session: Session, parent: QWidget, ids: Sequence[int] = ()) -> None:
    """Open 自动拟派, for the selected enterprises where there are some."""
    _open(ProposalDialog(session, parent.window(), ids))


def ask_tiers(session: Session, parent: QWidget, ids: Sequence[int] = ()) -> None:
    """Open 按标准定层级, for the selected enterprises where there are some."""
    _open(TierDialog(session, parent.window(), ids))


def _open(dialog: Any) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
