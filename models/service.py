"""Service of notices (送达回证): how a notice reached its addressee, beside day, way and receiver on the notice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from models.core.checks import Problems
from models.core.fields import Bool, Code, Date, Integer, Lines, Links, LongText, Ref, Text
from models.core.record import Entry, Record
from models.core.register import Column, Register
from models.notice import Notice
from models.organization import Officer
from models.scene_record import certificate_faults
from models.threshold import periods

#: Ways of service that nobody signs for.
UNSIGNED_WAYS = frozenset({"left", "electronic", "announced"})
ANNOUNCED_DAYS = "announced_service_days"


class ProofOfService(Entry):
    """送达回证 of one notice (form 50 of 国市监法发〔2021〕42号); which details are needed depends on the way."""

    title = "送达回证"
    label_field = "notice"
    notice = Ref(Notice, "责令改正通知书", required=True, backref="service_rows")
    notice_id: int
    place = Text("送达地点", search=True, help="留空印成横线", width=16)
    officers = Links(lambda: ServiceOfficer, "送达人", parent="proof", target="officer")
    relation = Text("收件人与受送达人的关系", max_length=60, help="本人签收的留空；代收的写明关系和代收事由", width=10)
    refusal = Text("拒收事由", help="留置送达的写明", width=14)
    witness = Text("见证人", max_length=60, width=8)
    witness_unit = Text("见证人单位、职务", width=12)
    recorded = Bool("拍照、录像", help="留置送达没有见证人的，须拍照、录像记录送达过程")
    agent = Text("受托（转交）机关", help="委托送达、转交送达的写明", width=14)
    tracking = Code("邮件号码", max_length=60, help="邮寄送达的挂号或快递单号", width=10)
    e_address = Text("电子送达地址", max_length=120, help="传真号、电子邮箱、手机号等", width=12)
    consent = Bool("同意电子送达", help="受送达人签了送达地址确认书，同意电子送达")
    announced_on = Date("公告日期")
    announced_in = Text("公告载体", help="在哪里公告，如本局网站、报纸名称", width=12)
    papers = Lines(
        lambda: ServedPaper,
        "一并送达的其他文书",
        parent="proof",
        columns=("name", "number", "copies"),
        help="责令改正通知书本身不用填",
    )
    note = LongText("备注")

    sections = (
        ("送达", ("notice", "place", "officers", "relation")),
        ("留置送达", ("refusal", "witness", "witness_unit", "recorded")),
        (
            "其他方式",
            ("agent", "tracking", "e_address", "consent", "announced_on", "announced_in"),
        ),
        ("一并送达", ("papers", "note")),
    )

    live_indexes = ((("notice",), True),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        notice = draft.ref("notice")
        if notice is None:
            return
        if draft.same(notice=notice.id) is not None:
            problems.error("notice", "duplicate", f"{notice.label()}已有送达回证，请打开那一份修改")
        if notice.served_on is None:
            words = f"{notice.label()}还没有登记送达，请先在“责令改正”中登记送达日期和方式"
            problems.error("notice", "unserved", words)
            return
        details = {name: draft[name] for name in draft.model.described()}
        check_details(notice.service_way or "", notice.issued_on, notice.served_on, details, problems)


class ServiceOfficer(Record):
    """An officer who served a notice."""

    owner = "proof"
    live_indexes = ((("proof", "officer"), True),)
    proof = Ref(ProofOfService, "送达回证", required=True, backref="officer_rows")
    officer = Ref(Officer, "送达人", required=True)


class ServedPaper(Record):
    """Another paper handed over together with the notice."""

    title = "一并送达的文书"
    owner = "proof"
    proof = Ref(ProofOfService, "送达回证", backref="paper_rows", editable=False)
    name = Text("文书名称", required=True, width=14)
    number = Code("文号", max_length=80, width=12)
    copies = Integer("份数", required=True, default=1, least=1, most=99, unit="份", width=4)


def check_details(
    way: str, issued_on: dt.date | None, served_on: dt.date | None, details: Mapping[str, Any], problems: Problems
) -> None:
    """What each way of service needs (民事诉讼法 on service, by 行政处罚法 art. 61); each lack at its field."""

    def need(name: str, words: str) -> None:
        if not details.get(name):
            problems.error(name, "required", words)

    if way == "left":
        need("refusal", "留置送达请写明拒收事由")
        if not details.get("witness") and not details.get("recorded"):
            problems.error("witness", "required", "留置送达请填写见证人，或勾选拍照、录像")
    elif way == "entrusted":
        need("agent", "委托送达请填写受托机关")
    elif way == "forwarded":
        need("agent", "转交送达请填写转交机关")
    elif way == "mail":
        need("tracking", "邮寄送达请填写邮件号码")
    elif way == "electronic":
        need("e_address", "电子送达请填写传真号、邮箱等送达地址")
        need("consent", "电子送达须受送达人同意；已签送达地址确认书的请勾选，否则改选其他方式")
    elif way == "announced":
        _check_announced(issued_on, served_on, details, problems)
    _check_officers(way, served_on, details, problems)


def _check_announced(
    issued_on: dt.date | None, served_on: dt.date | None, details: Mapping[str, Any], problems: Problems
) -> None:
    begin = details.get("announced_on")
    if not details.get("announced_in"):
        problems.error("announced_in", "required", "公告送达请写明在哪里公告")
    if begin is None:
        problems.error("announced_on", "required", "公告送达请填写公告日期")
        return
    if issued_on is not None and begin < issued_on:
        problems.error("announced_on", "order", f"公告日期早于签发日期{issued_on}，请改正")
        return
    days = announced_days(begin)
    if days is not None and served_on is not None and served_on < begin + dt.timedelta(days=days):
        first = begin + dt.timedelta(days=days)
        problems.error(
            "announced_on",
            "too_early",
            f"自公告之日起满{days}日视为送达，{begin}公告的最早为{first}，请改正送达日期或公告日期",
        )


def _check_officers(way: str, day: dt.date | None, details: Mapping[str, Any], problems: Problems) -> None:
    keys = list(dict.fromkeys(details.get("officers") or []))
    officers = list(Officer.select().where(Officer.id.in_(keys)))
    if way == "left" and len(keys) < 2:
        problems.error("officers", "required", "留置送达的送达人不得少于2人，请再选一名")
    for one in officers:
        if one.left_on and day and one.left_on < day:
            problems.error("officers", "left", f"{one.name}已于{one.left_on}离岗，请另选")
    for words in certificate_faults(officers, day):
        problems.error("officers", "certificate", words)


def announced_days(day: dt.date) -> int | None:
    """Days after which an announced paper counts as served, in force on a day (标准与期限); None without a row."""
    rows = [
        row
        for row in periods()
        if row.code == ANNOUNCED_DAYS and row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
    ]
    return rows[-1].value if rows else None


def proof_of(notice_id: int) -> ProofOfService | None:
    """The proof of service of a notice, None without one."""
    found: ProofOfService | None = ProofOfService.live().where(ProofOfService.notice == notice_id).first()
    return found


REGISTER = Register(
    name="services",
    title="送达回证",
    model=ProofOfService,
    icon="send",
    unit="份",
    columns=(
        Column("notice.served_on"),
        Column("notice", width=17),
        Column("notice.enterprise", width=16),
        Column("notice.service_way", width=7),
        Column("notice.receiver", width=8),
        Column("place"),
        Column("officers", width=10),
        Column("witness"),
        Column("recorded", width=6),
        Column("agent", shown=False),
        Column("tracking", shown=False),
        Column("e_address", shown=False),
        Column("announced_on", shown=False),
        Column("announced_in", shown=False),
        Column("refusal", shown=False),
    ),
    order=(("notice.served_on", True),),
    through=("notice", "notice.enterprise"),
    filters=("notice.service_way", "recorded", "officers"),
)
