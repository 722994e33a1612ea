"""Figures of checklists: forms answered, items checked and failed in a period, by kind of form."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from models.checklist import KINDS, Checklist
from models.checklist_answer import ChecklistAnswer
from models.core.figure import Figure
from models.inspection import Finding, Inspection


def _answered(start: dt.date, end: dt.date, kind: str = "") -> Any:
    """Ids of the forms answered at inspections done in a period."""
    query = (
        ChecklistAnswer.live()
        .select(ChecklistAnswer.id)
        .join(Inspection, on=(ChecklistAnswer.inspection == Inspection.id))
        .where(
            Inspection.removed_at.is_null(),
            Inspection.state == "done",
            Inspection.inspected_on.between(start, end),
        )
    )
    if kind:
        query = query.join_from(
            ChecklistAnswer, Checklist, on=(ChecklistAnswer.checklist == Checklist.id)
        ).where(Checklist.kind == kind)
    return query


def _item_findings(start: dt.date, end: dt.date) -> Any:
    return (
        Finding.live()
        .select(Finding.id)
        .join(Inspection, on=(Finding.inspection == Inspection.id))
        .where(
            Finding.item.is_null(False),
            Inspection.removed_at.is_null(),
            Inspection.state == "done",
            Inspection.inspected_on.between(start, end),
        )
    )


Figure(
    name="checklists.answered",
    label="使用要点表的检查",
    unit="张次",
    kind="count",
    basis="flow",
    register="checklist_answers",
    rule="期内已完成的监督检查所填的要点表张次，一次检查用两张的计两张次，草稿不计。",
    query=_answered,
)
Figure(
    name="checklists.checked",
    label="检查要点项",
    unit="项次",
    kind="sum",
    basis="flow",
    register="checklist_answers",
    rule="期内要点表中答是或否的项次，合理缺项和未检查的不计。",
    query=_answered,
    field="checked",
)
Figure(
    name="checklists.failed",
    label="不符合要点项",
    unit="项次",
    kind="sum",
    basis="flow",
    register="checklist_answers",
    rule="期内要点表中答否的项次，按检查日期计。",
    query=_answered,
    field="failed_count",
)
Figure(
    name="checklists.key_failed",
    label="不符合重点项",
    unit="项次",
    kind="sum",
    basis="flow",
    register="checklist_answers",
    rule="期内要点表中重点项答否的项次，按检查日期计。",
    query=_answered,
    field="key_failed",
)
Figure(
    name="checklists.findings",
    label="要点项隐患",
    unit="处",
    kind="count",
    basis="flow",
    register="findings",
    rule="期内已完成的监督检查中由要点表不符合项登记的隐患处数。",
    query=_item_findings,
)
for _kind, _label in KINDS:
    Figure(
        name=f"checklists.failed.{_kind}",
        label=f"{_label}不符合要点项",
        unit="项次",
        kind="sum",
        basis="flow",
        register="checklist_answers",
        rule=f"期内{_label}要点表中答否的项次，按检查日期计。",
        query=functools.partial(_answered, kind=_kind),
        field="failed_count",
    )
