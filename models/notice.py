"""Notices (责令改正通知书): tables, registers and figures. The steps of a notice's life are in notice_steps.py."""

from __future__ import annotations

import datetime as dt
from itertools import takewhile
from typing import Any

import peewee

from models.core.checks import Problems
from models.core.fields import Choice, Code, Date, Integer, Json, Lines, Links, LongText, Ref, Text
from models.core.figure import Figure
from models.core.record import Entry, Record
from models.core.register import Column, Condition, Link, Preset, Register, Scope
from models.due_day import DueDays
from models.enterprise import RICE, Enterprise, Party, contractors, is_campus, state_on
from models.inspection import Finding, Inspection
from models.number_series import NumberSeries
from models.organization import Branch, Officer
from models.rules.deadlines import check_due_on
from models.settings import settings

STATES = (
    ("draft", "草稿"),
    ("issued", "已签发"),
    ("served", "已送达"),
    ("closed", "已销号"),
    ("referred", "已移送"),
    ("void", "已作废"),
)
OPEN_STATES = ("issued", "served")
SOURCES = (
    ("inspection", "监督检查"),
    ("sampling", "监督抽检"),
    ("complaint", "投诉举报"),
    ("assignment", "包保督导"),
    ("other", "其他"),
)
MODES = (("immediate", "立即改正"), ("deadline", "限期改正"))
SERVICE_WAYS = (
    ("direct", "直接送达"),
    ("left", "留置送达"),
    ("entrusted", "委托送达"),
    ("mail", "邮寄送达"),
    ("forwarded", "转交送达"),
    ("electronic", "电子送达"),
    ("announced", "公告送达"),
)
OUTCOMES = (("corrected", "已改正"), ("partly", "部分改正"), ("not", "未改正"))


def _parties_of(enterprise: int | None) -> tuple[Condition, ...]:
    """Limits the addressees to the enterprise's party and contractor; nothing where none is chosen."""
    place = Enterprise.get_or_none(Enterprise.id == enterprise) if enterprise else None
    if place is None:
        return ()
    return (Condition("id", "in", (place.party_id, *(party.id for party in contractors(place.id)))),)


class Notice(Entry):
    """责令改正通知书 (form 33 of 国市监法发〔2021〕42号), counted in 份."""

    title = "责令改正通知书"
    label_field = "number"
    number = Code(
        "文号",
        search=True,
        sort="name_key",
        null=True,
        unique=True,
        default=None,
        max_length=80,
        width=13,
        editable=False,
    )
    enterprise = Ref(Enterprise, "单位", required=True)
    enterprise_id: int
    party = Ref(
        Party,
        "当事人",
        required=True,
        help="学校食堂按实际选学校或承包方",
        narrow=lambda v: _parties_of(v.get("enterprise")),
        narrowed_by=("enterprise",),
    )
    party_id: int
    source = Choice("来源", SOURCES, required=True, default="inspection", width=8)
    inspection = Ref(Inspection, "监督检查", backref="notices", editable=False)
    inspection_id: int | None
    findings = Links(
        lambda: NoticeFinding,
        "所列隐患",
        parent="notice",
        target="finding",
        least=1,
        least_message="请至少选一处隐患，通知书由隐患开具",
        narrow=lambda v: (Condition("enterprise", "in", (v["enterprise"],)),) if v.get("enterprise") else (),
    )
    facts_text = LongText("违法事实", required=True, help="“经查，你（单位）……”之后的内容")
    violates = LongText("违反规定", required=True)
    basis = LongText("责令依据", required=True)
    mode = Choice("改正方式", MODES, required=True, default="deadline", width=8)
    due_on = Date("整改期限", help="当日改正仍为按期")
    extended_to = Date("延期至", editable=False)
    extended_on = Date("延期日期", editable=False)
    extended_by = Text("延期批准人", max_length=40, editable=False, width=8)
    extension_reason = Text("延期理由", editable=False)
    requirements = LongText("改正内容及要求", required=True)
    consequence = LongText("逾期不改的后果")
    branch = Ref(Branch, "承办分局")
    state = Choice("状态", STATES, required=True, default="draft", width=6, editable=False)
    issued_on = Date("签发日期", editable=False)
    served_on = Date("送达日期", editable=False)
    service_way = Choice("送达方式", SERVICE_WAYS, editable=False, width=8)
    receiver = Text("收件人", max_length=40, editable=False, width=8)
    closed_on = Date("销号日期", editable=False)
    referred_on = Date("移送日期", editable=False)
    referral = Text("移送说明", editable=False)
    void_on = Date("作废日期", editable=False)
    void_reason = Text("作废理由", editable=False)
    series = Ref(NumberSeries, "文号系列", editable=False)
    serial = Integer("顺序号", editable=False)
    #: The words as they were issued, so that a second print is the same paper.
    printed = Json("签发文本")

    sections = (
        ("当事人", ("enterprise", "party", "source", "branch")),
        ("事实与依据", ("findings", "facts_text", "violates", "basis")),
        ("改正", ("mode", "due_on", "requirements", "consequence")),
    )

    live_indexes = ((("issued_on", "state", "enterprise"), False), (("state",), False))

    class Meta:
        indexes = ((("series", "serial"), True),)

    def label(self) -> str:
        return self.number or f"草稿（{self.enterprise.name}）"

    @property
    def due(self) -> dt.date | None:
        """The due day in force, an extension included."""
        return self.extended_to or self.due_on

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        return {"due_on": None} if draft["mode"] == "immediate" and draft["due_on"] else {}

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        place, party = draft.ref("enterprise"), draft.ref("party")
        foreign = place is not None and party is not None and party.id != place.party_id
        if foreign and party.id not in [p.id for p in contractors(place.id)]:
            problems.error("party", "party", f"“{party.name}”不是“{place.name}”的当事人或承包方，请重选")
        if draft["mode"] == "deadline" and draft["due_on"] is None:
            problems.error("due_on", "required", "限期改正须填写整改期限，或改选立即改正")
        findings = list(Finding.live().where(Finding.id.in_(draft["findings"] or [])))
        if place is not None and any(f.enterprise_id != place.id for f in findings):
            problems.error("findings", "enterprise", "所列隐患不全是这一单位的，请分别开具")
        found_on = max((f.found_on for f in findings), default=None)
        for remark in check_due_on(draft["due_on"], draft["issued_on"], found_on):
            add = problems.error if remark.severity == "error" else problems.warn
            add("due_on", remark.rule, remark.message)
        cls._check_past(draft, found_on, problems)
        if draft.record is None or draft.changed("findings"):
            cls._check_twice(draft, findings, problems)

    @classmethod
    def _check_past(cls, draft: Any, found_on: dt.date | None, problems: Problems) -> None:
        """A draft is meant for a day to come; one typed in from a paper already issued has a reason."""
        due = draft["due_on"]
        unissued = draft["issued_on"] is None and draft["state"] == "draft"
        if due is None or not unissued or due >= draft.day or (found_on is not None and due < found_on):
            return
        if draft.record is None or draft.changed("due_on"):
            words = f"整改期限{due}已经过去，请改为今后的日期；补登已发出的文书请写明理由"
            problems.warn("due_on", "past", words, due)

    @classmethod
    def _check_twice(cls, draft: Any, findings: list[Finding], problems: Problems) -> None:
        rows = notices_on([f.id for f in findings])
        for row in rows.where(cls.id != (draft.record.id if draft.record is not None else 0)):
            problems.warn(
                "findings",
                "ordered",
                f"“{row.finding.wording}”已写入{row.notice.label()}，请核对是否重复开具",
                f"{row.finding_id}/{row.notice_id}",
            )

    def guard(self, action: str) -> str:
        if self.state == "draft":
            return ""
        if action == "remove":
            return f"{self.label()}已签发，不能移除。确需撤回的，请作废并写明理由，文号不再使用。"
        return f"{self.label()}已签发，内容不能再改。确有错误的，请作废后重新开具。"


class NoticeFinding(Record):
    """A finding that a notice orders to correct."""

    owner = "notice"
    live_indexes = ((("notice", "finding"), True),)
    notice = Ref(Notice, "责令改正通知书", required=True, backref="finding_rows")
    notice_id: int
    finding = Ref(Finding, "隐患", required=True)
    finding_id: int


def notices_on(findings: Any) -> Any:
    """The live rows of NoticeFinding of some findings (ids or a query of ids) whose notice is not void."""
    return (
        NoticeFinding.live()
        .select(NoticeFinding, Notice)
        .join(Notice, on=(NoticeFinding.notice == Notice.id))
        .where(NoticeFinding.finding.in_(findings), Notice.removed_at.is_null(), Notice.state != "void")
    )


class Reinspection(Entry):
    """复查: how each finding of a notice stands on a later day."""

    title = "复查"
    label_field = "notice"
    notice = Ref(Notice, "责令改正通知书", required=True, backref="reinspections")
    inspected_on = Date("复查日期", required=True)
    officers = Links(
        lambda: ReinspectionOfficer,
        "复查人员",
        parent="reinspection",
        target="officer",
        least=2,
        least_message="复查人员不得少于2人，请再选一名",
    )
    items = Lines(
        lambda: ReinspectionItem,
        "逐项结果",
        parent="reinspection",
        columns=("finding", "outcome", "note"),
        least=1,
    )
    note = LongText("复查情况", search=True)

    sections = (("复查", ("notice", "inspected_on", "officers", "items", "note")),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        notice, day = draft.ref("notice"), draft["inspected_on"]
        if notice is None or day is None:
            return
        if notice.issued_on and day < notice.issued_on:
            problems.error("inspected_on", "order", f"复查日期早于签发日期{notice.issued_on}，请改正")
        if day > draft.day:
            problems.error("inspected_on", "future", "复查日期晚于今天，请改正")
        if draft.record is None and notice.state not in OPEN_STATES:
            problems.error("notice", "state", f"{notice.label()}没有签发或已办结，不能登记复查")
        mine = [row.finding_id for row in NoticeFinding.live().where(NoticeFinding.notice == notice.id)]
        named = [item.get("finding") for item in draft["items"] or []]
        if sorted(mine) != sorted(n or 0 for n in named):
            problems.error("items", "findings", "请对通知书所列的每一处隐患逐项填写复查结果")

    def after_save(self, tx: Any, draft: Any) -> None:
        self._settle(tx, moved=draft.record is not None and "inspected_on" in draft.values)

    def after_remove(self, tx: Any) -> None:
        self._settle(tx)

    def _settle(self, tx: Any, moved: bool = False) -> None:
        """Bring the findings in line with their newest re-inspection."""
        for item in ReinspectionItem.select().where(ReinspectionItem.reinspection == self.id):
            finding: Finding = item.finding
            if finding.corrected_on_spot:
                continue
            looks = list(
                ReinspectionItem.live()
                .select(ReinspectionItem, Reinspection)
                .join(Reinspection, on=(ReinspectionItem.reinspection == Reinspection.id))
                .where(ReinspectionItem.finding == finding.id, Reinspection.removed_at.is_null())
                .order_by(Reinspection.inspected_on.desc(), Reinspection.id.desc())
            )
            run = list(takewhile(lambda look: look.outcome == "corrected", looks))
            if run:
                day = run[-1].reinspection.inspected_on
                if moved or finding.resolved_on is None or finding.resolved_on > day:
                    tx.update(finding, resolved_on=day)
            elif looks or finding.resolved_on == self.inspected_on:
                tx.update(finding, resolved_on=None)

    def guard(self, action: str) -> str:
        if self.notice.state not in OPEN_STATES:
            return f"{self.notice.label()}已办结，复查记录不能再改。"
        return ""


class ReinspectionOfficer(Record):
    """An officer's part in a re-inspection."""

    owner = "reinspection"
    reinspection = Ref(Reinspection, "复查", required=True, backref="officer_rows")
    officer = Ref(Officer, "执法人员", required=True)


class ReinspectionItem(Record):
    """The outcome for one finding."""

    title = "逐项结果"
    label_field = "finding"
    owner = "reinspection"
    reinspection = Ref(Reinspection, "复查", backref="item_rows", editable=False)
    finding = Ref(Finding, "隐患", required=True)
    outcome = Choice("结果", OUTCOMES, required=True, default="corrected")
    note = Text("说明", width=14)


def due_expr(scope: Scope) -> Any:
    """The due day in force of a notice, as an SQL expression."""
    return peewee.fn.COALESCE(scope.col("extended_to"), scope.col("due_on"))


def _is_open(scope: Scope) -> Any:
    return scope.col("state").in_(OPEN_STATES)


def _overdue(scope: Scope) -> Any:
    return _is_open(scope) & (due_expr(scope) < DueDays().running(scope.day))


def _due_soon(scope: Scope) -> Any:
    last = scope.day + dt.timedelta(days=settings().warn_days)
    return _is_open(scope) & DueDays().within(due_expr(scope), scope.day, last)


def _unserved(scope: Scope) -> Any:
    last = scope.day - dt.timedelta(days=settings().unserved_days)
    return (scope.col("state") == "issued") & (scope.col("issued_on") <= last)


REGISTER = Register(
    name="notices",
    title="责令改正",
    model=Notice,
    icon="notice",
    unit="份",
    columns=(
        Column("number"),
        Column("enterprise", width=16),
        Column("party", width=14),
        Column("state"),
        Column("issued_on"),
        Column("due_on"),
        Column("mode"),
        Column("extended_to"),
        Column("due", expr=due_expr, like=Date("到期日（含延期）", width=9), shown=False),
        Column("served_on"),
        Column("service_way", shown=False),
        Column("receiver", shown=False),
        Column("closed_on"),
        Column("facts_text", width=20),
        Column("source"),
        Column("findings", label="所列隐患", width=16, shown=False),
        Column("enterprise.area", width=9, shown=False),
        Column("enterprise.category", width=8, shown=False),
        Column("branch", width=8, shown=False),
        Column("void_reason", shown=False),
        Column("referral", shown=False),
    ),
    order=(("issued_on", True),),
    through=("enterprise", "party"),
    filters=("state", "source", "mode", "enterprise.category", "enterprise.area", "branch"),
    presets=(
        Preset("draft", "草稿", lambda s: s.col("state") == "draft"),
        Preset("unserved", "未送达", _unserved, "warning"),
        Preset("overdue", "已逾期", _overdue, "danger"),
        Preset("due_soon", "即将到期", _due_soon, "warning"),
        Preset("open", "未办结", _is_open),
        Preset("closed", "已销号", lambda s: s.col("state") == "closed", "success"),
        Preset("void", "已作废", lambda s: s.col("state") == "void"),
    ),
    links=(Link("services", "notice"), Link("reinspections", "notice"), Link("talks", "notices")),
)
REINSPECTIONS = Register(
    name="reinspections",
    title="复查",
    model=Reinspection,
    icon="reinspect",
    unit="次",
    creatable=False,
    columns=(
        Column("inspected_on"),
        Column("notice", width=13),
        Column("notice.enterprise", width=16),
        Column("officers"),
        Column("items", label="复查项数", width=6),
        Column("note"),
    ),
    order=(("inspected_on", True),),
    through=("notice",),
)


def _issued(start: dt.date, end: dt.date, where: Any = None) -> peewee.ModelSelect:
    """Ids of the notices issued in a period, drafts and void ones left out; ``where`` as in inspections."""
    query = (
        Notice.live()
        .select(Notice.id)
        .where(Notice.issued_on.between(start, end), Notice.state.not_in(("draft", "void")))
    )
    if where is not None:
        state, on = state_on(Notice.enterprise, Notice.issued_on)
        query = query.join(state, on=on).where(where(state))
    return query


def _issued_on_campus(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    """Those that order the correction of a finding made where it was campus then, whatever the place became since."""
    state, on = state_on(Finding.enterprise, Finding.found_on)
    findings = (
        NoticeFinding.live()
        .select(NoticeFinding.id)
        .join(Finding, on=(NoticeFinding.finding == Finding.id))
        .join(state, on=on)
        .where(NoticeFinding.notice == Notice.id, is_campus(state))
    )
    return _issued(start, end).where(peewee.fn.EXISTS(findings))


Figure(
    name="notices.total",
    label="下达责令改正通知书",
    unit="份",
    kind="count",
    basis="flow",
    register="notices",
    rule="期内签发的责令改正通知书份数，按签发日期计，草稿和作废的不计。",
    query=_issued,
)
Figure(
    name="notices.closed",
    label="已销号通知书",
    unit="份",
    kind="count",
    basis="flow",
    register="notices",
    rule="期内签发的通知书中，截至期末复查合格销号的份数。",
    query=lambda start, end: _issued(start, end).where(Notice.closed_on <= end),
)
Figure(
    name="notices.closed_rate",
    label="通知书销号率",
    unit="%",
    kind="ratio",
    basis="flow",
    register="notices",
    rule="已销号通知书份数除以期内签发的份数，截至期末。",
    part="notices.closed",
    whole="notices.total",
)
Figure(
    name="campus.notices",
    label="校园及周边通知书",
    unit="份",
    kind="count",
    basis="flow",
    register="notices",
    rule="期内因学校、幼儿园食堂和校园周边食品经营者的隐患签发的责令改正通知书份数，按签发日期及发现隐患当日的类别、重点区域计，草稿和作废的不计。",
    query=_issued_on_campus,
)
Figure(
    name="rice.notices",
    label="大米生产企业通知书",
    unit="份",
    kind="count",
    basis="flow",
    register="notices",
    rule="期内对大米生产企业签发的责令改正通知书份数，按签发日期计，草稿和作废的不计。",
    query=lambda start, end: _issued(
        start, end, lambda s: (s.category == "production") & (s.product == RICE)
    ),
)
