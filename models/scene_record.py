"""Scene records (现场记录): what the papers of one inspection say beside the inspection itself. Knows no paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.core.checks import Problems, code_check
from models.core.fields import Bool, Choice, Code, LongText, Ref, Text
from models.core.record import Entry
from models.core.register import Column, Condition, Preset, Register
from models.inspection import Finding, Inspection, InspectionOfficer
from models.organization import Officer
from models.rules import identifiers
from models.rules.phones import check_phone

CREDENTIALS = (("certificate", "执法证件"), ("task", "检查任务书"))
RECUSALS = (("no", "不申请回避"), ("yes", "申请回避"))
ATTENDANCES = (
    ("principal", "法定代表人（负责人、经营者）到场"),
    ("staff", "负责人委托或指派的人员到场"),
    ("absent", "当事人未到场"),
)
OPINIONS = (("agreed", "已阅，属实"), ("objects", "有异议"), ("refused", "拒绝签名"))


class SceneRecord(Entry):
    """现场笔录、告知页、结果记录表 of one inspection (令49号 art. 23, 24, 34, 35; form 9 of 国市监法发〔2021〕42号)."""

    title = "现场记录"
    label_field = "inspection"
    owner = "inspection"
    inspection = Ref(
        Inspection,
        "监督检查",
        required=True,
        backref="scene_rows",
        narrow=lambda v: (Condition("state", "in", ("done",)),),
    )
    inspection_id: int
    number = Code("结果记录表编号", search=True, max_length=60, help="没有编号的留空，印成横线", width=9)
    place = Text("检查地点", search=True, help="留空按经营地址", width=18)
    credential = Choice("出示的证件", CREDENTIALS, width=7)
    recusal = Choice("是否申请回避", RECUSALS, width=7)
    recusal_reason = Text("申请回避的理由和处理", width=14)
    rights_told = Bool("已告知陈述、申辩权", width=6)
    attendance = Choice("当事人到场情况", ATTENDANCES, width=14)
    attendee = Text("到场人", search=True, max_length=40, width=8)
    attendee_role = Text("到场人职务（关系）", max_length=60, width=9)
    attendee_id = Code(
        "到场人身份证号",
        normalise=identifiers.normalise,
        mask=identifiers.mask_id,
        max_length=18,
        width=14,
        check=code_check(identifiers.check_resident_id),
        help="印出和显示时隐去第11至14位",
    )
    attendee_phone = Code("到场人电话", check=code_check(check_phone), max_length=60)
    scene = LongText("现场情况", search=True, help="现场看到什么、发现什么；留空用检查情况和登记的隐患")
    measures = LongText("采取措施", help="留空用各处隐患的处置措施")
    statement = LongText("陈述、申辩意见", search=True)
    opinion = Choice("对笔录的意见", OPINIONS, width=8)
    refusal_reason = Text("拒绝签名的理由", width=14)
    witness = Text("见证人", max_length=60, width=8)
    witness_unit = Text("见证人单位、电话", width=12)
    recorded = Bool("音像记录")
    note = LongText("结果记录表的说明", help="可另附页；留空不印")
    operator_opinion = LongText("被检查单位对结果的意见")

    sections = (
        ("检查", ("inspection", "number", "place", "credential", "recusal", "recusal_reason", "rights_told")),
        ("到场", ("attendance", "attendee", "attendee_role", "attendee_id", "attendee_phone")),
        ("笔录", ("scene", "measures", "statement", "opinion", "refusal_reason")),
        ("见证", ("witness", "witness_unit", "recorded")),
        ("结果记录表", ("note", "operator_opinion")),
    )

    live_indexes = ((("inspection",), True),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        inspection = draft.ref("inspection")
        if inspection is not None:
            if draft.same(inspection=inspection.id) is not None:
                problems.error("inspection", "duplicate", "这次检查已有现场记录，请打开那一份修改")
            cls._check_officers(inspection, problems)
        if draft["recusal"] == "yes" and not draft["recusal_reason"]:
            problems.error("recusal_reason", "required", "当事人申请回避的，请写明理由和处理结果")
        if draft["attendance"] in ("principal", "staff") and not draft["attendee"]:
            problems.error("attendee", "required", "请填写到场人姓名，或改选到场情况")
        if draft["attendance"] == "absent" and draft["attendee"]:
            problems.error("attendance", "attendee", "填了到场人，到场情况不能是“当事人未到场”，请改正其一")
        if draft["opinion"] == "objects" and not draft["statement"]:
            problems.error("statement", "required", "当事人有异议的，请记下异议的内容")
        cls._check_witness(draft, problems)

    @classmethod
    def _check_witness(cls, draft: Any, problems: Problems) -> None:
        """Nobody there or a refused signature: a witness signs, or it is filmed (令49号 art. 34)."""
        if draft["opinion"] == "refused" and not draft["refusal_reason"]:
            problems.error("refusal_reason", "required", "拒绝签名的，请写明理由")
        unseen = draft["opinion"] == "refused" or draft["attendance"] == "absent"
        if unseen and not draft["witness"] and not draft["recorded"]:
            words = "当事人未到场或拒绝签名的，请填写见证人，或勾选音像记录"
            problems.error("witness", "required", words)

    @classmethod
    def _check_officers(cls, inspection: Inspection, problems: Problems) -> None:
        for words in certificate_faults(officers_of(inspection), inspection.inspected_on):
            problems.error("inspection", "certificate", words)


def officers_of(inspection: Inspection) -> list[Officer]:
    """The officers of an inspection in the order they were chosen."""
    rows = (
        InspectionOfficer.live()
        .where(InspectionOfficer.inspection == inspection.id)
        .order_by(InspectionOfficer.id)
    )
    return [row.officer for row in rows]


def certificate_faults(officers: list[Officer], day: dt.date | None) -> list[str]:
    """Why officers may not sign a paper of a day, with the mend: no certificate number, or one that had ended."""
    found = []
    for one in officers:
        if not one.certificate:
            found.append(f"{one.name}没有登记执法证号，请先在“执法人员”中补录")
        elif day is not None and one.certified_until and one.certified_until < day:
            found.append(f"{one.name}的执法证已于{one.certified_until}到期，请更正有效期或改换人员")
    return found


def scene_of(inspection_id: int) -> SceneRecord | None:
    """The scene record of an inspection, None without one."""
    found: SceneRecord | None = SceneRecord.live().where(SceneRecord.inspection == inspection_id).first()
    return found


def scene_values(inspection_id: int) -> dict[str, Any]:
    """What the form of a new scene record begins with: only what the inspection says."""
    inspection = Inspection.get_by_id(inspection_id)
    return {
        "inspection": inspection.id,
        "place": inspection.enterprise.address,
        "scene": scene_text(inspection),
        "measures": measures_text(inspection),
    }


def scene_text(inspection: Inspection) -> str:
    """What was seen, from the inspection's own words and its findings."""
    findings = _findings(inspection)
    parts = [inspection.situation.strip()] if inspection.situation.strip() else []
    if findings:
        parts.append("现场检查发现：" + _listed([f.wording for f in findings]))
    elif not parts and inspection.result == "none":
        parts.append("现场检查未发现问题。")
    return "\n".join(parts)


def measures_text(inspection: Inspection) -> str:
    """What was done about the findings, from their own words."""
    found = []
    for one in _findings(inspection):
        words = one.measure.strip() or ("当场整改" if one.corrected_on_spot else "")
        if words and words not in found:
            found.append(words)
    return _listed(found) if found else ""


def _findings(inspection: Inspection) -> list[Finding]:
    return list(Finding.live().where(Finding.inspection == inspection.id).order_by(Finding.id))


def _listed(parts: list[str]) -> str:
    clean = [part.strip().rstrip("。；") for part in parts]
    words = clean[0] if len(clean) == 1 else "；".join(f"{at}．{part}" for at, part in enumerate(clean, 1))
    return words + "。"


REGISTER = Register(
    name="scene_records",
    title="现场记录",
    model=SceneRecord,
    icon="edit",
    unit="份",
    columns=(
        Column("inspection.inspected_on"),
        Column("inspection", width=18),
        Column("number"),
        Column("attendance"),
        Column("attendee"),
        Column("opinion"),
        Column("witness"),
        Column("recorded"),
        Column("scene", width=24),
        Column("credential", shown=False),
        Column("recusal", shown=False),
        Column("rights_told", shown=False),
        Column("place", shown=False),
    ),
    order=(("inspection.inspected_on", True),),
    through=("inspection.enterprise",),
    filters=("attendance", "opinion", "recorded"),
    presets=(
        Preset("refused", "拒绝签名", lambda s: s.col("opinion") == "refused", "warning"),
        Preset("absent", "当事人未到场", lambda s: s.col("attendance") == "absent", "warning"),
    ),
)
