"""What the papers of an inspection say (告知页, 现场笔录, 要点表, 结果记录表): plain data. Knows no page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from models.checklist import Checklist
from models.checklist_answer import AnsweredChecklist, answers_of
from models.enterprise import Enterprise, Permit
from models.inspection import RESULTS, Finding, Inspection
from models.party import Party
from models.rules import identifiers
from models.rules.checklist import Level
from models.rules.dates import format_date_paper
from models.scene_record import (
    ATTENDANCES,
    CREDENTIALS,
    OPINIONS,
    RECUSALS,
    SceneRecord,
    measures_text,
    officers_of,
    scene_of,
    scene_text,
)
from models.settings import settings

Ticks = tuple[tuple[str, bool], ...]
#: The order of the levels of a result from best to worst.
_LEVELS: tuple[Level, ...] = ("passed", "basic", "failed")


@dataclass(frozen=True)
class Subject:
    """Who is inspected, as papers name it; '' leaves a blank to fill by hand. ID numbers are masked already."""

    enterprise: str = ""
    address: str = ""
    party: str = ""
    code_label: str = "统一社会信用代码"
    code: str = ""
    permits: str = ""
    principal: str = ""
    phone: str = ""
    home: str = ""


@dataclass(frozen=True)
class Visit:
    """What all papers of one inspection share; without a day it is a blank form to take along."""

    office: str
    subject: Subject
    day: dt.date | None = None
    begin: dt.time | None = None
    end: dt.time | None = None
    officers: tuple[tuple[str, str], ...] = ()
    place: str = ""
    demo: bool = False


@dataclass(frozen=True)
class Notification:
    """告知页: who comes, what was shown, whether recusal is asked for."""

    visit: Visit
    basis: str
    credentials: Ticks
    recusals: Ticks
    recusal_reason: str


@dataclass(frozen=True)
class SceneNote:
    """现场笔录 (form 9 of 国市监法发〔2021〕42号)."""

    visit: Visit
    attendances: Ticks
    attendee: str
    attendee_role: str
    attendee_id: str
    attendee_phone: str
    credentials: Ticks
    rights_told: bool
    recusals: Ticks
    recusal_reason: str
    scene: str
    measures: str
    statement: str
    opinions: Ticks
    refusal_reason: str
    witness: str
    witness_unit: str
    recorded: bool


@dataclass(frozen=True)
class ChecklistSheet:
    """A filled (or blank) 要点表 with whom it was answered for."""

    visit: Visit
    form: AnsweredChecklist


@dataclass(frozen=True)
class ResultSheet:
    """监督检查结果记录表: the counted items, result, handling (令49号 art. 35; domain notes 1.3)."""

    visit: Visit
    number: str
    times: int | None
    content: str
    results: Ticks
    handlings: Ticks
    note: str
    opinion: str


def subject_of(enterprise: Enterprise) -> Subject:
    """An enterprise and its party as papers name them."""
    party: Party = enterprise.party
    person = party.kind == "person" or (not party.uscc and bool(party.id_number))
    code = identifiers.mask_id(party.id_number) if person and party.id_number else party.uscc
    return Subject(
        enterprise.name,
        enterprise.address,
        party.name,
        "身份证号" if person else "统一社会信用代码",
        code or "",
        "、".join(permit_numbers(enterprise)) or (code if person else ""),
        party.principal or enterprise.principal,
        enterprise.phone or party.phone,
        party.address,
    )


def permit_numbers(enterprise: Enterprise) -> list[str]:
    """The numbers of an enterprise's permits; one that is a resident's ID number is masked (domain notes 1.3)."""
    mine = Permit.live().where(Permit.enterprise == enterprise.id).order_by(Permit.kind, Permit.id)
    return [masked_number(one.number) for one in mine]


def masked_number(number: str) -> str:
    """A permit's number as papers show it: the middle of a resident's ID number is hidden."""
    digits = identifiers.normalise(number)
    is_id = len(digits) == 18 and digits[:17].isdigit() and identifiers.check_resident_id(digits).ok
    return identifiers.mask_id(digits) if is_id else number


def visit_of(inspection: Inspection, demo: bool = False) -> Visit:
    """What all papers of an inspection share."""
    record = scene_of(inspection.id)
    place = (record.place if record is not None else "") or inspection.enterprise.address
    return Visit(
        settings().office_name,
        subject_of(inspection.enterprise),
        inspection.inspected_on,
        inspection.started_at,
        inspection.ended_at,
        tuple((one.name, one.certificate) for one in officers_of(inspection)),
        place,
        demo,
    )


def blank_visit(enterprise: Enterprise, demo: bool = False) -> Visit:
    """A visit still to be made: only who is inspected is known."""
    return Visit(settings().office_name, subject_of(enterprise), place=enterprise.address, demo=demo)


def _ticks(choices: Any, code: str | None) -> Ticks:
    return tuple((label, key == code) for key, label in choices)


def notification(visit: Visit, record: SceneRecord | None = None) -> Notification:
    """The 告知页 of a visit."""
    return Notification(
        visit,
        settings().inspection_basis,
        _ticks(CREDENTIALS, record.credential if record is not None else None),
        _ticks(RECUSALS, record.recusal if record is not None else None),
        record.recusal_reason if record is not None else "",
    )


def notification_of(inspection: Inspection, demo: bool = False) -> Notification:
    """The 告知页 of an inspection."""
    return notification(visit_of(inspection, demo), scene_of(inspection.id))


def scene_note_of(inspection: Inspection, demo: bool = False) -> SceneNote:
    """The 现场笔录 of an inspection; without a scene record what was seen is that of the inspection."""
    record = scene_of(inspection.id)
    scene = (record.scene if record is not None else "") or scene_text(inspection)
    measures = (record.measures if record is not None else "") or measures_text(inspection)
    return scene_note(visit_of(inspection, demo), record, scene, measures)


def scene_note(visit: Visit, record: SceneRecord | None = None, scene: str = "", measures: str = "") -> SceneNote:
    """The 现场笔录 of a visit; without a record what nobody wrote down is blank."""
    one = record if record is not None else SceneRecord()
    return SceneNote(
        visit,
        _ticks(ATTENDANCES, one.attendance),
        one.attendee,
        one.attendee_role,
        identifiers.mask_id(one.attendee_id) if one.attendee_id else "",
        one.attendee_phone,
        _ticks(CREDENTIALS, one.credential),
        bool(one.rights_told),
        _ticks(RECUSALS, one.recusal),
        one.recusal_reason,
        scene,
        measures,
        one.statement,
        _ticks(OPINIONS, one.opinion),
        one.refusal_reason,
        one.witness,
        one.witness_unit,
        bool(one.recorded),
    )


def checklist_sheets_of(inspection: Inspection, demo: bool = False) -> list[ChecklistSheet]:
    """The filled 要点表 of an inspection, one a form answered."""
    visit = visit_of(inspection, demo)
    return [ChecklistSheet(visit, form) for form in answers_of(inspection)]


def result_sheet_of(inspection: Inspection, demo: bool = False) -> ResultSheet:
    """The 监督检查结果记录表 of an inspection."""
    record, visit, forms = scene_of(inspection.id), visit_of(inspection, demo), answers_of(inspection)
    findings = list(Finding.live().where(Finding.inspection == inspection.id).order_by(Finding.id))
    results, handlings = _judged(forms) if forms else _plain_result(inspection)
    return ResultSheet(
        visit,
        record.number if record is not None else "",
        visits_so_far(inspection) if inspection.state == "done" else None,
        _content(visit, forms, len(findings)),
        results,
        handlings,
        (record.note if record is not None else "") or problems_text(findings),
        record.operator_opinion if record is not None else "",
    )


def blank_result_sheet(visit: Visit) -> ResultSheet:
    """The 结果记录表 of a visit still to be made."""
    results = (("未发现问题", False), ("发现问题", False))
    handlings = (("当场整改", False), ("书面限期整改", False), ("调查处理", False))
    return ResultSheet(visit, "", None, _content(visit, [], None), results, handlings, "", "")


def visits_so_far(inspection: Inspection) -> int:
    """Which inspection of the enterprise in its year this one is (本年度第 N 次检查)."""
    first, day = inspection.inspected_on.replace(month=1, day=1), inspection.inspected_on
    rows: Any = (
        Inspection.live()
        .select(Inspection.id)
        .where(
            Inspection.enterprise == inspection.enterprise_id,
            Inspection.state == "done",
            Inspection.inspected_on.between(first, day),
        )
        .order_by(Inspection.inspected_on, Inspection.id)
        .tuples()
    )
    return [row[0] for row in rows].index(inspection.id) + 1


def _content(visit: Visit, forms: list[AnsweredChecklist], found: int | None) -> str:
    """The paragraph of what was inspected, with the counted items of each form."""
    day = format_date_paper(visit.day) if visit.day is not None else "____年____月____日"
    opening = f"根据{settings().inspection_basis}的规定，于{day}对你单位进行了监督检查。"
    if forms:
        return opening + "\n".join(_counted(form) for form in forms)
    if found is None:
        few, many = "（____）", "（________）"
        each = f"{few}项，项目序号分别是{many}，发现问题{few}项，项目序号分别是{many}"
        return (
            f"{opening}本次监督检查按照表{many}开展，共检查了{few}项内容；其中："
            f"重点项{each}；一般项{each}；合理缺项{few}项，项目序号分别是{many}。"
        )
    return f"{opening}本次监督检查未使用检查要点表，发现问题（{found}）项。"


def _counted(form: AnsweredChecklist) -> str:
    which = f"表（{form.table_number}）" if form.official and form.table_number else f"“{form.title}”"
    parts = []
    for name, key in (("重点项", True), ("一般项", False)):
        seen, failed = form.numbers("yes", "no", key=key), form.numbers("no", key=key)
        parts.append(f"{name}{_items(seen)}，发现问题{_items(failed)}")
    checked = len(form.numbers("yes", "no", "skip"))
    skipped = form.numbers("skip")
    return (
        f"本次监督检查按照{which}开展，共检查了（{checked}）项内容；其中：{'；'.join(parts)}；合理缺项{_items(skipped)}。"
    )


def _items(numbers: list[str]) -> str:
    which = f"，项目序号分别是（{'、'.join(numbers)}）" if numbers else ""
    return f"（{len(numbers)}）项{which}"


def _judged(forms: list[AnsweredChecklist]) -> tuple[Ticks, Ticks]:
    """Result and handling of the form with the worst one, among the words of that form's own rule."""
    worst = max(forms, key=lambda form: [*_LEVELS].index(form.level) if form.level in _LEVELS else -1)
    rule = Checklist.get_by_id(worst.checklist_id).rule()

    def ticked(words: Any, chosen: str) -> Ticks:
        return tuple((word, word == chosen) for word in dict.fromkeys([*words, *([chosen] if chosen else [])]))

    return (
        ticked((rule.words[level] for level in _LEVELS), worst.word),
        ticked((rule.handling[level] for level in _LEVELS), worst.handling),
    )


def _plain_result(inspection: Inspection) -> tuple[Ticks, Ticks]:
    result = inspection.result
    found = (("未发现问题", result == "none"), ("发现问题", bool(result) and result != "none"))
    return found, tuple((label, code == result) for code, label in RESULTS if code != "none")


def problems_text(findings: list[Finding]) -> str:
    """The problems found, one a line, with what they violate."""
    if not findings:
        return ""
    lines = ["发现的问题："]
    for number, one in enumerate(findings, 1):
        basis = f"（违反{one.legal_basis.rstrip('。；')}）" if one.legal_basis else ""
        spot = "，已当场整改" if one.corrected_on_spot else ""
        lines.append(f"{number}．{one.wording.strip().rstrip('。；')}{basis}{spot}。")
    return "\n".join(lines)
