"""Which papers can be printed of chosen records, in the order of the work; knows no screen and no page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models.check_papers import CHECK_TITLE, open_alone, rounds
from models.checklist import checklists_for
from models.checklist_answer import ChecklistAnswer
from models.enterprise import Enterprise
from models.finding_check import FindingCheck
from models.inspection import Finding, Inspection
from models.notice import OPEN_STATES, Notice, Reinspection
from models.scene_record import SceneRecord, scene_of, scene_values
from models.service import ProofOfService, proof_of

VISIT = ("notification", "scene", "checklist", "result")
#: Papers that are made from the notices' own words; the others are kinds of reports/visit_file.py.
NOTICE, BLANK, BOARD = "notice", "blank", "board"


@dataclass(frozen=True)
class PaperChoice:
    """One entry of the menu: its words, the kinds printed, of which records; ``remark`` says what is missing."""

    words: str
    kinds: tuple[str, ...]
    ids: tuple[int, ...]
    remark: str = ""
    forms: tuple[int, ...] = ()


@dataclass(frozen=True)
class Filling:
    """A record that the papers want and that can be filled in now: its register, its id or what a new one has."""

    words: str
    register: str
    id: int | None
    values: dict[str, Any]


@dataclass(frozen=True)
class PaperDesk:
    """What can be printed of the chosen records, and what can be filled in before."""

    choices: tuple[PaperChoice, ...]
    filling: Filling | None = None


def paper_desk(register: str, ids: Sequence[int], today: dt.date) -> PaperDesk:
    """The papers of some records of a register of ``DESKS``; records that are gone are left out."""
    return DESKS[register](list(ids), today)


def _inspections(ids: list[int], today: dt.date) -> PaperDesk:
    keys = tuple(i.id for i in Inspection.live().where(Inspection.id.in_(ids)).order_by(Inspection.id))
    if not keys:
        return PaperDesk(())
    answered = _pointed(ChecklistAnswer, ChecklistAnswer.inspection, keys)
    written = _pointed(SceneRecord, SceneRecord.inspection, keys)
    blank = "" if len(written) == len(keys) else "未填现场记录，空着的手填"
    choices = [
        PaperChoice("全部检查文书", VISIT, keys, blank),
        PaperChoice("告知页", ("notification",), keys, blank),
        PaperChoice("现场笔录", ("scene",), keys, blank),
    ]
    if answered:
        choices.append(PaperChoice("检查要点表", ("checklist",), tuple(k for k in keys if k in answered)))
    choices.append(PaperChoice("监督检查结果记录表", ("result",), keys))
    notices = Notice.live().where(Notice.inspection.in_(keys), Notice.state != "void").order_by(Notice.id)
    if found := tuple(one.id for one in notices):
        words = "责令改正通知书" if len(found) == 1 else f"责令改正通知书（{len(found)}份）"
        choices.append(PaperChoice(words, (NOTICE,), found))
        choices.append(PaperChoice("送达回证", ("service",), found))
    return PaperDesk(tuple(choices), _scene_filling(keys[0]) if len(keys) == 1 else None)


def _pointed(model: Any, column: Any, keys: Sequence[int]) -> set[int]:
    """Which of some records a live row of a table points to."""
    return {row[0] for row in model.live().select(column).where(column.in_(keys)).distinct().tuples()}


def _scene_filling(inspection: int) -> Filling:
    one = scene_of(inspection)
    if one is not None:
        return Filling("修改现场记录…", "scene_records", one.id, {})
    return Filling("填写现场记录…", "scene_records", None, scene_values(inspection))


def _notices(ids: list[int], today: dt.date) -> PaperDesk:
    rows = list(Notice.live().where(Notice.id.in_(ids)).order_by(Notice.id))
    keys = tuple(one.id for one in rows)
    if not keys:
        return PaperDesk(())
    unserved = sum(one.served_on is None for one in rows)
    choices = [
        PaperChoice("责令改正通知书", (NOTICE,), keys),
        PaperChoice("送达回证", ("service",), keys, "未登记送达，空着的手填" if unserved else ""),
    ]
    if still := tuple(one.id for one in rows if one.state in OPEN_STATES):
        choices.append(PaperChoice("复查记录（空白，带去复查）", ("recheck_form",), still))
    again = Reinspection.live().where(Reinspection.notice.in_(keys))
    for one in again.order_by(Reinspection.inspected_on, Reinspection.id).limit(12):
        choices.append(PaperChoice(f"复查记录（{one.inspected_on}）", ("reinspection",), (one.id,)))
    return PaperDesk(tuple(choices), _proof_filling(rows[0]) if len(rows) == 1 else None)


def _proof_filling(notice: Notice) -> Filling | None:
    if notice.served_on is None:
        return None
    one = proof_of(notice.id)
    if one is not None:
        return Filling("修改送达回证…", "services", one.id, {})
    return Filling("补填送达回证…", "services", None, {"notice": notice.id})


def _enterprises(ids: list[int], today: dt.date) -> PaperDesk:
    rows = list(Enterprise.live().where(Enterprise.id.in_(ids)).order_by(Enterprise.id))
    keys = tuple(one.id for one in rows)
    if not keys:
        return PaperDesk(())
    kinds = {state.category for one in rows if (state := one.fact(today)) is not None}
    found = [form for kind in kinds for form in checklists_for(kind, today)[:1]]
    forms = tuple(dict.fromkeys(form.id for form in found)) if len(kinds) == 1 else ()
    what = "告知页、现场笔录、要点表、结果记录表" if forms else "告知页、现场笔录、结果记录表"
    choices = [PaperChoice("检查文书（空白，带去现场）", (BLANK,), keys, what, forms)]
    if len(rows) == 1:
        last = (
            Inspection.live()
            .where(Inspection.enterprise == rows[0].id, Inspection.state == "done")
            .order_by(Inspection.inspected_on.desc(), Inspection.id.desc())
            .first()
        )
        if last is not None:
            choices.append(PaperChoice(f"最近一次检查的文书（{last.inspected_on}）", VISIT, (last.id,)))
    choices.append(PaperChoice("包保责任公示牌", (BOARD,), keys))
    return PaperDesk(tuple(choices))


def _reinspections(ids: list[int], today: dt.date) -> PaperDesk:
    return PaperDesk((PaperChoice("复查记录", ("reinspection",), tuple(ids)),))


def _checks(ids: list[int], today: dt.date) -> PaperDesk:
    """Of checks one paper for each visit they were made in."""
    keys = tuple(one.id for one in rounds(ids))
    return PaperDesk((PaperChoice(CHECK_TITLE, ("check",), keys),) if keys else ())


def _findings(ids: list[int], today: dt.date) -> PaperDesk:
    """What is taken along to the places of open findings without a notice, and what was written at their checks."""
    chosen = set(ids)
    places: dict[int, int] = {}
    mine = Finding.live().select(Finding.enterprise).where(Finding.id.in_(ids)).tuples()
    for one in open_alone([row[0] for row in mine]):
        if one.id in chosen:
            places.setdefault(one.enterprise_id, one.id)
    choices = []
    if places:
        words = "这一单位没有通知书的" if len(places) == 1 else f"{len(places)}家没有通知书的"
        form = tuple(places.values())
        choices.append(PaperChoice("复查记录（空白，带去复查）", ("check_form",), form, f"{words}未整改隐患都列上"))
    checks = FindingCheck.live().select(FindingCheck.id).where(FindingCheck.finding.in_(ids)).tuples()
    for check in rounds([row[0] for row in checks])[:12]:
        choices.append(PaperChoice(f"{CHECK_TITLE}（{check.checked_on}）", ("check",), (check.id,)))
    return PaperDesk(tuple(choices))


def _scenes(ids: list[int], today: dt.date) -> PaperDesk:
    """Of scene records the papers of their inspections."""
    rows = SceneRecord.live().select(SceneRecord.inspection).where(SceneRecord.id.in_(ids)).tuples()
    return _inspections([row[0] for row in rows], today)


def _proofs(ids: list[int], today: dt.date) -> PaperDesk:
    rows = ProofOfService.live().select(ProofOfService.notice).where(ProofOfService.id.in_(ids)).tuples()
    keys = tuple(sorted(row[0] for row in rows))
    return PaperDesk((PaperChoice("送达回证", ("service",), keys), PaperChoice("责令改正通知书", (NOTICE,), keys)))


def _talks(ids: list[int], today: dt.date) -> PaperDesk:
    return PaperDesk((PaperChoice("责任约谈通知书", ("talk",), tuple(ids)),))


DESKS: dict[str, Callable[[list[int], dt.date], PaperDesk]] = {
    "inspections": _inspections,
    "notices": _notices,
    "enterprises": _enterprises,
    "reinspections": _reinspections,
    "findings": _findings,
    "finding_checks": _checks,
    "talks": _talks,
    "scene_records": _scenes,
    "services": _proofs,
}
"""The lists that have papers."""
