"""Inspections (监督检查) and findings (隐患): what officers saw, and the figures counted from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import peewee

from models.campaign import Campaign
from models.checklist import SEVERITIES, ChecklistItem
from models.core.checks import Problems
from models.core.errors import Refused
from models.core.fields import Bool, Choice, Date, Lines, Links, LongText, Ref, Suggestion, Text, Time
from models.core.record import Entry, Record
from models.core.register import Column, Link, Preset, Register
from models.due_day import DueDays
from models.enterprise import Enterprise
from models.organization import Officer
from models.rules.inspection_kinds import KINDS
from models.visit import SupervisionVisit
from models.visit_limit import told_count, warn_over_limit

RESULTS = (
    ("none", "未发现问题"),
    ("fixed", "当场整改"),
    ("ordered", "责令限期改正"),
    ("investigate", "调查处理"),
)
STATES = (("draft", "草稿"), ("done", "已完成"))
CHANNELS = (
    ("routine", "日常检查"),
    ("special", "专项检查"),
    ("random", "双随机"),
    ("flying", "飞行（体系）检查"),
    ("sampling", "监督抽检"),
    ("complaint", "投诉举报"),
    ("assignment", "包保督导"),
    ("leader", "领导督导"),
    ("superior", "上级交办"),
    ("media", "舆情监测"),
    ("self", "企业自查报告"),
)
#: The channel an inspection's findings have unless the inspector says otherwise.
CHANNEL_OF_KIND = {
    "special": "special", "random": "random", "flying": "flying", "system": "flying", "complaint": "complaint",
    "leader": "leader", "sampling": "sampling",
}  # fmt: skip


def _routine_check() -> Any:
    from models.routine import RoutineCheck  # what was seen of the routines stands on inspections

    return RoutineCheck


def _checklist_answer() -> Any:
    from models.checklist_answer import ChecklistAnswer  # answers to a checklist stand on inspections

    return ChecklistAnswer


def _campaigns_of(values: Mapping[str, Any]) -> list[int]:
    """The campaigns an inspection of a place on a day is likely made for: those that have it as a target then."""
    from models.campaign_scope import proposed_campaigns  # scopes stand on inspections

    place, day = values.get("enterprise"), values.get("inspected_on")
    return proposed_campaigns(place, day) if place and day else []


class Inspection(Entry):
    """One visit by two or more law officers (令49号 art. 23), counted in 家次."""

    title = "监督检查"
    label_field = "enterprise"
    keep = ("inspected_on", "kind", "officers", "campaigns")
    enterprise = Ref(Enterprise, "被检查单位", required=True)
    enterprise_id: int
    inspected_on = Date("检查日期", required=True, default_today=True)
    started_at = Time("开始时间")
    ended_at = Time("结束时间")
    kind = Choice("检查类型", KINDS, required=True, default="routine", width=8)
    result = Choice("检查结果", RESULTS, width=8, required_when=("state", "done"))
    state = Choice("状态", STATES, required=True, default="done", width=5)
    situation = LongText("检查情况", search=True)
    published_on = Date("结果公开日期", help="可在“结果公开”页成批登记")
    officers = Links(
        lambda: InspectionOfficer,
        "检查人员",
        parent="inspection",
        target="officer",
        least=2,
        least_message="检查人员不得少于2人（《食品生产经营监督检查管理办法》第二十三条），请再选一名",
    )
    campaigns = Links(
        lambda: InspectionCampaign, "所属专项", parent="inspection", target="campaign",
        help="单位是专项对象的自动带出，不是的去掉", propose=lambda values: _campaigns_of(values),
    )  # fmt: skip
    findings = Lines(
        lambda: Finding,
        "发现隐患",
        parent="inspection",
        columns=("wording", "legal_basis", "severity", "channel", "corrected_on_spot", "measure", "due_on"),
    )

    checklists = Lines(
        _checklist_answer,
        "要点表",
        parent="inspection",
        columns=("checklist", "passed", "failed", "skipped", "notes"),
        face="checklist",
        told=("checklist", "level", "reckoning", "failed", "skipped", "notes"),
    )
    routines = Lines(
        _routine_check,
        "日管控、周排查、月调度",
        parent="inspection",
        columns=("kind", "present", "on_time", "truthful", "note"),
        prepared=("kind", ("daily_control", "weekly_review", "monthly_meeting")),
        offer=("空着的都落实", {"present": "yes", "on_time": "yes", "truthful": "yes"}),
        help="没有查看的空着即可",
    )

    sections = (
        (
            "检查",
            ("enterprise", "inspected_on", "started_at", "ended_at", "kind", "officers", "campaigns", "state"),
        ),
        ("要点表", ("checklists",)),
        ("结果", ("result", "situation")),
        ("隐患", ("findings",)),
        ("企业自查制度", ("routines",)),
        ("结果公开", ("published_on",)),
    )

    live_indexes = ((("inspected_on", "state", "enterprise"), False),)

    @classmethod
    def found_in(cls, draft: Any) -> dict[str, Any]:
        """What a finding of the inspection takes over from it."""
        return {
            "enterprise": draft["enterprise"],
            "found_on": draft["inspected_on"],
            "channel": CHANNEL_OF_KIND.get(draft["kind"], "routine"),
        }

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        day, begin, end = draft["inspected_on"], draft["started_at"], draft["ended_at"]
        if day is not None and day > draft.day and draft["state"] == "done":
            problems.error("inspected_on", "future", "检查日期晚于今天，请改正，或先存为草稿")
        if begin and end and end <= begin:
            problems.error("ended_at", "order", "结束时间应晚于开始时间，请改正其一")
        published = draft["published_on"]
        if day and published and published < day:
            problems.error("published_on", "order", "结果公开日期早于检查日期，请改正其一")
        if published and published > draft.day:
            problems.error("published_on", "future", "结果公开日期晚于今天，请改正")
        result, findings = draft["result"], draft["findings"]
        if draft["state"] == "done" and not result:
            problems.error("result", "required", "请选择检查结果，或先存为草稿")
        if result == "none" and findings:
            problems.error("result", "findings", f"已登记{len(findings)}处隐患，检查结果不能是“未发现问题”")
        if result in ("fixed", "ordered") and not findings:
            problems.error("findings", "findings", "检查结果为整改或责令改正，请登记发现的隐患")
        kinds = [line.get("kind") for line in draft["routines"] or [] if line.get("kind")]
        if len(kinds) != len(set(kinds)):
            problems.error("routines", "twice", "日管控、周排查、月调度每项只填一行，请去掉重复的")
        if draft["state"] == "done" and ("checklists" in draft.values or "findings" in draft.values):
            cls._check_failed_items(draft, problems)
        cls._check_enterprise(draft, problems)
        cls._check_ordered(draft, problems)
        warn_over_limit(draft, problems)
        for officer in Officer.select().where(Officer.id.in_(draft["officers"] or [])):
            if officer.left_on and day and officer.left_on < day:
                problems.error("officers", "left", f"{officer.name}已于{officer.left_on}离岗，请另选")
            elif not officer.certificate:
                words = f"{officer.name}没有登记执法证号，请补登或改选有证的人员"
                problems.warn("officers", "certificate", words, officer.id)
            elif officer.certified_until and day and officer.certified_until < day:
                words = f"{officer.name}的执法证已于{officer.certified_until}到期"
                problems.warn("officers", "certificate", words, officer.id)

    @classmethod
    def _check_enterprise(cls, draft: Any, problems: Problems) -> None:
        place, day = draft.ref("enterprise"), draft["inspected_on"]
        if place is None or day is None or draft["state"] != "done":
            return
        state = place.fact(day)
        if state is not None and state.status in ("closed", "revoked") and state.valid_from <= day:
            problems.warn("enterprise", "closed", f"“{place.name}”在{day}已注销或吊销，请核对", day)
        if place.opened_on and day < place.opened_on:
            problems.warn(
                "inspected_on",
                "before_opening",
                f"检查日期早于该单位开业日期{place.opened_on}，按类别的统计不计这次检查，请核对",
                day,
            )

    @classmethod
    def _check_failed_items(cls, draft: Any, problems: Problems) -> None:
        """Each failed item of a checklist is meant to be written down as a finding."""
        written = {line.get("item") for line in draft["findings"] or []}
        for index, line in enumerate(draft["checklists"] or []):
            open_ones = _checklist_answer().failed_items(line).items()
            if missing := [number for number, item in open_ones if item not in written]:
                words = f"不符合的第{'、'.join(missing)}项没有登记成隐患，请补充或说明理由"
                problems.warn(f"checklists[{index}].failed", "no_finding", words, " ".join(missing))

    @classmethod
    def _check_ordered(cls, draft: Any, problems: Problems) -> None:
        """What an issued notice says of the inspection may not be changed behind its back."""
        if draft.record is None:
            return
        mine = Finding.live().select(Finding.id).where(Finding.inspection == draft.record.id)
        notice = issued_on_findings(mine)
        if notice is None:
            return
        if draft.changed("enterprise"):
            problems.error("enterprise", "ordered", f"隐患已写入{notice.label()}，不能改换被检查单位")
        if draft.changed("state") and draft["state"] != "done":
            problems.error("state", "ordered", f"隐患已写入{notice.label()}，不能改回草稿")
        if draft["inspected_on"] and draft["inspected_on"] > notice.issued_on:
            problems.error(
                "inspected_on", "ordered", f"检查日期晚于{notice.label()}的签发日期{notice.issued_on}，请改正"
            )

    @classmethod
    def remark(cls, draft: Any) -> dict[str, str]:
        from models.plan_storing import told_full_visit  # plans stand on inspections

        words = (told_count(draft, draft["inspected_on"]), told_full_visit(draft))
        return {"enterprise": "；".join(one for one in words if one)}

    def after_save(self, tx: Any, draft: Any) -> None:
        for finding in Finding.live().where(Finding.inspection == self.id):
            tx.update(finding, enterprise=self.enterprise_id, found_on=self.inspected_on)
        self.after_remove(tx)

    def after_remove(self, tx: Any) -> None:
        from models.inspection_task import settle_tasks  # tasks stand on inspections
        from models.plan_storing import settle_plan  # plans stand on inspections

        settle_tasks(tx, self)
        settle_plan(tx, self)

    def guard(self, action: str) -> str:
        if action == "remove":
            from models.notice import NoticeFinding

            mine = Finding.live().select(Finding.id).where(Finding.inspection == self.id)
            if NoticeFinding.live().where(NoticeFinding.finding.in_(mine)).exists():
                return "这次检查的隐患已开具责令改正通知书，不能移除。请先处理通知书。"
        return ""


class InspectionOfficer(Record):
    """An officer's part in an inspection."""

    owner = "inspection"
    live_indexes = ((("inspection", "officer"), True),)
    inspection = Ref(Inspection, "监督检查", required=True, backref="officer_rows")
    officer = Ref(Officer, "执法人员", required=True)


class InspectionCampaign(Record):
    """An inspection made for a campaign."""

    owner = "inspection"
    live_indexes = ((("inspection", "campaign"), True),)
    inspection = Ref(Inspection, "监督检查", required=True, backref="campaign_rows")
    campaign = Ref(Campaign, "专项整治", required=True)


class Finding(Entry):
    """One hazard (隐患), counted in 处; from an inspection or from another source."""

    title = "隐患"
    label_field = "wording"
    owner = "inspection"
    inspection = Ref(Inspection, "监督检查", backref="finding_rows", editable=False)
    inspection_id: int | None
    visit = Ref(SupervisionVisit, "包保督导", backref="finding_rows", editable=False)
    visit_id: int | None
    enterprise = Ref(Enterprise, "单位", required=True, backref="finding_rows")
    enterprise_id: int
    found_on = Date("发现日期", required=True)
    channel = Choice("发现渠道", CHANNELS, required=True, default="routine", width=8)
    severity = Choice("严重程度", SEVERITIES, required=True, default="minor", width=5)
    wording = LongText(
        "隐患描述",
        required=True,
        search=True,
        pinyin=True,
        help="可输入几个字或首字母选用常用问题",
        suggest=lambda v, parent, today: suggested_wordings(v, parent, today),
    )
    legal_basis = Text("违反条款", search=True, max_length=300, width=18)
    item = Ref(ChecklistItem, "检查项目", editable=False, width=16)
    item_id: int | None
    corrected_on_spot = Bool("当场整改")
    measure = Text("处置措施", width=14)
    due_on = Date("整改期限", help="开具责令改正通知书的，以通知书期限为准")
    extended_to = Date("延期至", editable=False)
    extended_on = Date("延期日期", editable=False)
    extended_by = Text("批准人", max_length=40, editable=False, width=8)
    extension_reason = Text("延期理由", editable=False)
    resolved_on = Date("整改完成日期")
    checked_by = Text("复核人", max_length=40, width=8)
    referred_on = Date("移送日期", editable=False)
    referral = Text("移送说明", editable=False)

    sections = (
        (
            "隐患",
            (
                *("enterprise", "found_on", "channel", "severity", "wording", "legal_basis"),
                *("corrected_on_spot", "measure", "due_on", "resolved_on", "checked_by"),
            ),
        ),
    )

    live_indexes = ((("found_on",), False), (("visit",), False))

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        values: dict[str, Any] = {}
        day = draft["found_on"]
        if draft.parent is not None:
            values = draft.parent.model.found_in(draft.parent)
            day = values["found_on"]
            if draft.record is not None or "channel" in draft.values:
                del values["channel"]
        elif (inspection := draft.ref("inspection")) is not None:
            day = inspection.inspected_on
            values = {"enterprise": inspection.enterprise_id, "found_on": day}
        elif (visit := draft.ref("visit")) is not None:
            day = visit.visited_on
            values = {"enterprise": visit.enterprise_id, "found_on": day}
        if draft["corrected_on_spot"]:
            values["resolved_on"] = day
        elif (
            draft.record is not None
            and draft.record.corrected_on_spot
            and "corrected_on_spot" in draft.values
        ):
            values["resolved_on"] = None
        return values

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        found, resolved = draft["found_on"], draft["resolved_on"]
        if found and found > draft.day and draft.parent is None:
            problems.error("found_on", "future", "发现日期晚于今天，请改正")
        if found and resolved and resolved < found:
            problems.error("resolved_on", "order", "整改完成日期早于发现日期，请改正其一")
        if found and draft["due_on"] and draft["due_on"] < found:
            problems.error("due_on", "order", "整改期限早于发现日期，请改正其一")
        if draft.record is not None and draft.record.extended_to is not None and draft.changed("due_on"):
            problems.error("due_on", "extended", f"已批准延期至{draft.record.extended_to}，原期限不能再改")
        if draft.record is None or draft.parent is not None:
            return
        notice = issued_on_findings([draft.record.id])
        if notice is not None and draft.changed("enterprise"):
            problems.error("enterprise", "ordered", f"隐患已写入{notice.label()}，不能改换单位")
        if notice is not None and found and found > notice.issued_on:
            problems.error("found_on", "ordered", f"发现日期晚于{notice.label()}的签发日期，请改正")

    def guard(self, action: str) -> str:
        if action == "remove":
            from models.notice import NoticeFinding

            if NoticeFinding.live().where(NoticeFinding.finding == self.id).exists():
                return "这处隐患已写入责令改正通知书，不能移除。请先处理通知书。"
        return ""


def suggested_wordings(
    values: Mapping[str, Any], parent: Mapping[str, Any], today: dt.date
) -> list[Suggestion]:
    """The usual problems for the enterprise's category on the day, those the office uses most first."""
    from models.phrases import phrases  # what was used stands on findings

    day = parent.get("inspected_on") or values.get("found_on") or today
    place = Enterprise.get_or_none(Enterprise.id == (parent.get("enterprise") or values.get("enterprise")))
    state = place.fact(day) if place is not None else None
    return [one.suggestion() for one in phrases(day, state.category if state is not None else "")]


def issued_on_findings(findings: Any) -> Any:
    """The earliest issued, not void notice on some findings (ids or a query of ids); None where there is none."""
    from models.notice import Notice, notices_on  # notices stand on findings

    row = notices_on(findings).where(Notice.issued_on.is_null(False)).order_by(Notice.issued_on).first()
    return row.notice if row is not None else None


def findings_of(ids: list[int]) -> list[Finding]:
    """The live findings of some ids, in order. Raises Refused where one is gone."""
    found = {f.id: f for f in Finding.live().where(Finding.id.in_(ids))}
    if len(found) != len(set(ids)):
        raise Refused("有隐患已被移除，请刷新后重新选择。")
    return [found[i] for i in ids]


def _open(scope: Any) -> Any:
    resolved = scope.col("resolved_on")
    referred = scope.col("referred_on")
    return (
        (resolved.is_null() | (resolved > scope.day))
        & (referred.is_null() | (referred > scope.day))
        & (scope.col("found_on") <= scope.day)
    )


def finding_due(scope: Any) -> Any:
    """The due day in force of a finding's own, its extension included, as an SQL expression."""
    return peewee.fn.COALESCE(scope.col("extended_to"), scope.col("due_on"))


REGISTER = Register(
    name="inspections",
    title="监督检查",
    model=Inspection,
    icon="inspection",
    unit="家次",
    columns=(
        Column("inspected_on"),
        Column("enterprise", width=18),
        Column("enterprise.category", width=8),
        Column("kind"),
        Column("officers", width=10),
        Column("campaigns", width=12),
        Column("findings", label="隐患数", width=5),
        Column("routines", label="日周月项数", width=6, shown=False),
        Column("result"),
        Column("state"),
        Column("enterprise.area", width=9),
        Column("published_on", width=9, shown=False),
        Column("situation", shown=False),
        Column("started_at", shown=False),
        Column("ended_at", shown=False),
    ),
    order=(("inspected_on", True),),
    through=("enterprise",),
    filters=("kind", "result", "state", "officers", "campaigns", "enterprise.category", "enterprise.area"),
    presets=(
        Preset("draft", "草稿", lambda s: s.col("state") == "draft", "warning"),
        Preset(
            "problems",
            "有隐患",
            lambda s: Inspection.id.in_(
                Finding.live().select(Finding.inspection).where(Finding.inspection.is_null(False))
            ),
        ),
    ),
    links=(Link("findings", "inspection"), Link("notices", "inspection"), Link("scene_records", "inspection")),
)
FINDINGS = Register(
    name="findings",
    title="隐患",
    model=Finding,
    icon="warning",
    unit="处",
    columns=(
        Column("found_on"),
        Column("enterprise", width=16),
        Column("wording"),
        Column("severity"),
        Column("channel"),
        Column("legal_basis"),
        Column("corrected_on_spot", width=6),
        Column("measure"),
        Column("due_on", width=9, shown=False),
        Column("extended_to", width=9, shown=False),
        Column("resolved_on", width=9),
        Column("referred_on", width=9, shown=False),
        Column("checked_by", shown=False),
        Column("enterprise.category", width=8, shown=False),
        Column("enterprise.area", width=9, shown=False),
    ),
    order=(("found_on", True),),
    through=("enterprise",),
    filters=("channel", "severity", "corrected_on_spot", "enterprise.category", "enterprise.area"),
    presets=(
        Preset("open", "未整改", _open, "warning"),
        Preset("resolved", "已整改", lambda s: s.col("resolved_on") <= s.day, "success"),
        Preset("past_due", "逾期未整改", lambda s: _open(s) & (finding_due(s) < DueDays().running(s.day)), "danger"),
        Preset("visits", "包保督导发现", lambda s: s.col("visit").is_null(False)),
    ),
    links=(Link("notices", "findings"), Link("finding_checks", "finding"), Link("talks", "findings")),
)
