"""What the papers after a notice say (送达回证, 复查记录, 责任约谈通知书): plain data. Knows no page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from models.core.saving import linked_ids
from models.inspection import Finding
from models.inspection_papers import Subject, Ticks, subject_of
from models.notice import OUTCOMES, SERVICE_WAYS, Notice, Reinspection, ReinspectionItem, ReinspectionOfficer
from models.rules.dates import format_date_paper
from models.service import ProofOfService, ServedPaper, ServiceOfficer, proof_of
from models.settings import settings
from models.talk import Talk, TalkNotice, TalkOfficer

NOTICE_NAME = "责令改正通知书"
CONCLUSIONS = ("整改到位，予以销号", "延期整改", "责任约谈", "移送立案查处")


@dataclass(frozen=True)
class ServiceSheet:
    """送达回证 of a notice (form 50 of 国市监法发〔2021〕42号); '' and None leave blanks to fill by hand."""

    office: str
    party: str
    papers: tuple[tuple[str, str, str], ...]
    served_on: dt.date | None
    place: str
    ways: Ticks
    receiver: str
    relation: str
    refusal: str
    witness: str
    servers: tuple[tuple[str, str], ...]
    note: str
    void: bool = False
    demo: bool = False


@dataclass(frozen=True)
class ReinspectionSheet:
    """复查记录: how each finding of a notice stands (office's own form; domain notes 4.5).

    Of findings without a notice ``found_words`` and ``due_words`` say when they were found and are due.
    """

    office: str
    subject: Subject
    number: str
    found_on: dt.date | None
    issued_on: dt.date | None
    due_on: dt.date | None
    extended_to: dt.date | None
    inspected_on: dt.date | None
    officers: tuple[tuple[str, str], ...]
    items: tuple[tuple[str, Ticks, str], ...]
    note: str
    conclusions: Ticks
    demo: bool = False
    found_words: str = ""
    due_words: str = ""

    @property
    def alone(self) -> bool:
        """Whether it is of findings that stand on no notice."""
        return bool(self.found_words)


@dataclass(frozen=True)
class TalkLetter:
    """责任约谈通知书 to an operator (令49号 art. 40); missing time, place and number are blanks."""

    office: str
    addressee: str
    paragraphs: tuple[str, ...]
    contacts: tuple[str, ...]
    issued_on: dt.date | None
    demo: bool = False


def service_sheet_of(notice: Notice, demo: bool = False) -> ServiceSheet:
    """The 送达回证 of a notice; before service it is a form to take along."""
    proof = proof_of(notice.id)
    one = proof if proof is not None else ProofOfService()
    papers = [(NOTICE_NAME, notice.number or "", "1")]
    servers: tuple[tuple[str, str], ...] = ()
    if proof is not None:
        others = ServedPaper.live().where(ServedPaper.proof == proof.id).order_by(ServedPaper.id)
        papers += [(row.name, row.number, str(row.copies)) for row in others]
        servers = _people(ServiceOfficer, ServiceOfficer.proof == proof.id)
    witness = "，".join(part for part in (one.witness, one.witness_unit) if part)
    return ServiceSheet(
        settings().office_name,
        notice.party.name,
        tuple(papers),
        notice.served_on,
        one.place,
        tuple((label, code == notice.service_way) for code, label in SERVICE_WAYS),
        notice.receiver,
        one.relation,
        one.refusal,
        witness,
        servers,
        _remarks(one),
        notice.state == "void",
        demo,
    )


def _remarks(one: ProofOfService) -> str:
    """What the way of service has beside the form's own fields."""
    found = []
    if one.agent:
        found.append(f"受托（转交）机关：{one.agent}")
    if one.tracking:
        found.append(f"邮件号码：{one.tracking}")
    if one.e_address:
        agreed = "，受送达人已同意电子送达" if one.consent else ""
        found.append(f"电子送达地址：{one.e_address}{agreed}")
    if one.announced_on is not None:
        found.append(f"{format_date_paper(one.announced_on)}在{one.announced_in}公告")
    if one.recorded:
        found.append("已拍照、录像记录送达过程")
    if one.note:
        found.append(one.note)
    return "\n".join(found)


def _people(through: Any, where: Any) -> tuple[tuple[str, str], ...]:
    """(name, certificate) of the officers of a record, in the order they were chosen."""
    rows = through.live().where(where).order_by(through.id)
    return tuple((row.officer.name, row.officer.certificate) for row in rows)


def reinspection_sheet_of(reinspection: Reinspection, demo: bool = False) -> ReinspectionSheet:
    """The 复查记录 of a re-inspection."""
    notice: Notice = reinspection.notice
    rows = ReinspectionItem.live().where(ReinspectionItem.reinspection == reinspection.id)
    items = tuple(
        (row.finding.wording, tuple((label, code == row.outcome) for code, label in OUTCOMES), row.note)
        for row in rows.order_by(ReinspectionItem.id)
    )
    return _reinspection_sheet(
        notice,
        items,
        demo,
        reinspection.inspected_on,
        _people(ReinspectionOfficer, ReinspectionOfficer.reinspection == reinspection.id),
        reinspection.note,
        _concluded(notice, reinspection),
    )


def blank_reinspection_sheet(notice: Notice, demo: bool = False) -> ReinspectionSheet:
    """The form to take along to a re-inspection: the findings that are still open, nothing ticked."""
    mine = Finding.live().where(
        Finding.id.in_(linked_ids(notice, Notice.findings)), Finding.resolved_on.is_null()
    )
    ticks = tuple((label, False) for _code, label in OUTCOMES)
    items = tuple((one.wording, ticks, "") for one in mine.order_by(Finding.id))
    return _reinspection_sheet(notice, items, demo)


def _reinspection_sheet(
    notice: Notice,
    items: tuple[tuple[str, Ticks, str], ...],
    demo: bool,
    day: dt.date | None = None,
    officers: tuple[tuple[str, str], ...] = (),
    note: str = "",
    concluded: str = "",
) -> ReinspectionSheet:
    findings = Finding.select().where(Finding.id.in_(linked_ids(notice, Notice.findings)))
    return ReinspectionSheet(
        settings().office_name,
        subject_of(notice.enterprise),
        notice.number or "",
        min((one.found_on for one in findings), default=None),
        notice.issued_on,
        notice.due_on,
        notice.extended_to,
        day,
        officers,
        items,
        note,
        tuple((word, word == concluded) for word in CONCLUSIONS),
        demo,
    )


def _concluded(notice: Notice, reinspection: Reinspection) -> str:
    """What followed this re-inspection before the next one, from the notice's own days; '' where nothing did yet."""
    begin = reinspection.inspected_on
    later = (
        Reinspection.live()
        .where(Reinspection.notice == notice.id)
        .where(
            (Reinspection.inspected_on > begin)
            | ((Reinspection.inspected_on == begin) & (Reinspection.id > reinspection.id))
        )
        .order_by(Reinspection.inspected_on, Reinspection.id)
        .first()
    )

    def followed(day: dt.date | None) -> bool:
        return day is not None and begin <= day and (later is None or day < later.inspected_on)

    if followed(notice.closed_on):
        return CONCLUSIONS[0]
    if followed(notice.referred_on):
        return CONCLUSIONS[3]
    if followed(notice.extended_on):
        return CONCLUSIONS[1]
    talks = [row.talk for row in _talks_about(notice)]
    return CONCLUSIONS[2] if any(followed(talk.notified_on or talk.held_on) for talk in talks) else ""


def _talks_about(notice: Notice) -> list[Any]:
    return list(
        TalkNotice.live().join(Talk).where(TalkNotice.notice == notice.id, Talk.removed_at.is_null())
    )


def talk_letter_of(talk: Talk, demo: bool = False) -> TalkLetter:
    """The 责任约谈通知书 of a talk, planned or held."""
    office, place = settings(), talk.enterprise
    when = format_date_paper(talk.held_on) if talk.held_on is not None else "____年____月____日"
    at = f"{talk.held_at.hour}时{talk.held_at.minute:02d}分" if talk.held_at is not None else "____时____分"
    where = talk.place or "____________________"
    about = _about(talk)
    reason = talk.reason.strip().rstrip("。；")
    whom = {"legal": "法定代表人", "director": "食品安全总监"}.get(talk.post or "", "法定代表人或者主要负责人")
    person = f"{talk.person}（{whom}）" if talk.person else whom
    paragraphs = (
        f"因{about}{reason}，依据{talk.basis.rstrip('。')}的规定，本局决定对你（单位）进行责任约谈，通知如下：",
        f"一、约谈时间：{when}{at}。",
        f"二、约谈地点：{where}。",
        f"三、参加人员：{person}。不能到场的，请提前说明理由并书面委托他人。",
        "四、携带材料：本通知书、有关证照和整改情况的书面说明。",
        "约谈和整改情况将记入食品安全信用档案。",
    )
    names = [name for name, _certificate in _people(TalkOfficer, TalkOfficer.talk == talk.id)]
    officers = "、".join(names) or office.contacts
    contacts = (
        f"联系人：{officers or '　　　　'}　　联系电话：{office.contact_phone or '　　　　'}",
        f"联系地址：{office.office_address or '　　　　'}",
    )
    return TalkLetter(
        office.office_name, place.party.name or place.name, paragraphs, contacts, talk.notified_on, demo
    )


def _about(talk: Talk) -> str:
    """The notices a talk is about, as the opening of its reason."""
    rows = TalkNotice.live().where(TalkNotice.talk == talk.id).order_by(TalkNotice.id)
    numbers = [row.notice.number for row in rows if row.notice.number and row.notice.number not in talk.reason]
    return f"本局《{NOTICE_NAME}》（{'、'.join(numbers)}）所列问题：" if numbers else ""
