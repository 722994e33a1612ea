"""The life of a notice: made from findings, issued, served, re-inspected, extended, closed, referred or voided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from models.core.changes import Transaction
from models.core.checks import CheckFailed, Problems
from models.core.errors import Refused
from models.core.saving import Draft, inspect, linked_ids, save
from models.enterprise import Enterprise, contractor_on
from models.inspection import Finding, findings_of
from models.law import basis_of
from models.notice import OPEN_STATES, SERVICE_WAYS, STATES, Notice, Reinspection
from models.notice_text import NoticeText
from models.number_series import NumberSeries
from models.rules import numbering
from models.rules.dates import format_date_paper
from models.service import UNSIGNED_WAYS, ProofOfService, check_details
from models.settings import Settings, settings

DEFAULT_BASIS = "《中华人民共和国行政处罚法》第二十八条第一款"
SOURCE_OF_CHANNEL = {"sampling": "sampling", "complaint": "complaint", "assignment": "assignment"}


def notice_values(finding_ids: Sequence[int], day: dt.date) -> dict[str, Any]:
    """What a notice made from findings begins with: party, facts, articles, requirements, contacts.

    The findings are of one enterprise. Of a contracted canteen the party is left for the clerk to choose. Raises
    Refused for no finding, several enterprises, or a finding already corrected.
    """
    findings = findings_of(list(finding_ids))
    if not findings:
        raise Refused("请先选择要责令改正的隐患。")
    if len({f.enterprise_id for f in findings}) > 1:
        raise Refused("所选隐患属于不同的单位。", "请按单位分别开具通知书。")
    done = [f for f in findings if f.resolved_on is not None]
    if done:
        raise Refused(f"“{done[0].wording}”已整改完成。", "请只选未整改的隐患。")
    place = findings[0].enterprise
    state = place.fact(findings[0].found_on)
    category = state.category if state is not None else ""
    bases = [basis_of(f.wording, f.legal_basis, f.found_on, category) for f in findings]
    violated = [f.legal_basis or (b.violates if b is not None else "") for f, b in zip(findings, bases, strict=True)]
    return {
        "enterprise": place.id,
        "party": None if state is not None and state.contractor_id else place.party_id,
        "source": "inspection"
        if findings[0].inspection_id
        else SOURCE_OF_CHANNEL.get(findings[0].channel, "other"),
        "inspection": findings[0].inspection_id,
        "findings": [f.id for f in findings],
        "branch": place.branch_id,
        "facts_text": _joined([f.wording for f in findings]),
        "violates": "、".join(dict.fromkeys(part for part in violated if part)),
        "basis": "、".join(
            dict.fromkeys([DEFAULT_BASIS, *_articles(b.basis for b in bases if b is not None)])
        ),
        "mode": "deadline",
        "due_on": None,
        "requirements": _joined(
            [
                f"对“{f.wording.rstrip('。；')}”的问题立即采取措施改正"
                if len(findings) == 1
                else f"改正“{f.wording.rstrip('。；')}”的问题"
                for f in findings
            ]
        )
        + "，并将整改情况书面报告本局",
        "consequence": next((b.consequence for b in bases if b is not None and b.consequence), ""),
        "state": "draft",
    }


def _articles(texts: Any) -> list[str]:
    return [part for text in texts for part in text.split("、") if part]


def _joined(parts: Sequence[str]) -> str:
    clean = [p.strip().rstrip("。；") for p in parts]
    return clean[0] if len(clean) == 1 else "；".join(f"{i}．{p}" for i, p in enumerate(clean, 1))


def addressees(place: Enterprise, day: dt.date) -> list[Any]:
    """The parties a notice on a finding of a day may be addressed to: the holder and, where there is one, the
    contractor of that day."""
    return [p for p in (place.party, contractor_on(place, day)) if p is not None]


def compose(notice: Notice, office: Settings, *, demo: bool = False) -> NoticeText:
    """The words of a notice as they stand; an issued one keeps the words of its day in ``printed``."""
    act = (
        "立即改正"
        if notice.mode == "immediate"
        else (f"于{format_date_paper(notice.due_on)}前（含当日）改正" if notice.due_on else "限期改正")
    )
    violates = _joined_articles(notice.violates)
    paragraphs = [
        f"经查，你（单位）存在下列问题：{_ended(notice.facts_text)}上述行为违反了{violates}的规定。",
        f"依据{_joined_articles(notice.basis)}的规定，现责令你（单位）{act}。",
        f"改正内容及要求：{_ended(notice.requirements)}",
    ]
    if notice.consequence:
        paragraphs.append(_ended(notice.consequence))
    paragraphs.append(
        f"如对本责令改正决定不服，可以自收到本通知书之日起六十日内向{office.review_authority}申请行政复议；"
        f"也可以在六个月内依法向{office.court}提起行政诉讼。"
    )
    contact = [
        f"联系人：{office.contacts or '　　　　'}",
        f"联系电话：{office.contact_phone or '　　　　'}",
        f"联系地址：{office.office_address or '　　　　'}",
    ]
    return NoticeText(
        office=office.office_name,
        title="责令改正通知书",
        number=notice.number or "",
        addressee=notice.party.name if notice.party_id else "",
        paragraphs=tuple(paragraphs),
        contact_lines=tuple(contact),
        issued_on=notice.issued_on,
        footnote=office.copies_text,
        draft=notice.state == "draft",
        void_reason=notice.void_reason if notice.state == "void" else "",
        demo=demo,
    )


def _joined_articles(text: str) -> str:
    return text.strip().rstrip("。；").removesuffix("的规定")


def _ended(text: str) -> str:
    clean = text.strip()
    return clean if clean.endswith("。") else clean.rstrip("；，") + "。"


def text_of(notice: Notice, office: Settings | None = None, *, demo: bool = False) -> NoticeText:
    """The words to print now: of an issued notice those of its day, marked void where it is."""
    if not notice.printed:
        return compose(notice, office or settings(), demo=demo)
    import dataclasses

    text = NoticeText.from_json(notice.printed)
    return dataclasses.replace(text, void_reason=notice.void_reason if notice.state == "void" else "")


def issue(tx: Transaction, notice: Notice, on: dt.date, number: str = "", *, demo: bool = False) -> Notice:
    """签发: allot the number (or take the platform's), freeze the words. Makes the action final.

    Raises CheckFailed for a missing party, basis or due day, a day before the findings, a number already used;
    Refused unless it is a draft.
    """
    notice = Notice.get_by_id(notice.id)
    if notice.state != "draft":
        raise Refused(f"{notice.label()}不是草稿，不能再次签发。")
    office = settings()
    problems = inspect(Draft(Notice, {"issued_on": on}, notice, tx.today))
    problems.items = [p for p in problems if p.severity == "error"]
    if on > tx.today:
        problems.error("issued_on", "future", "签发日期晚于今天，请改正")
    own = office.numbering == "own"
    if own and number.strip():
        problems.error("number", "own", "现设为本程序编号，文号由程序给出，请勿填写")
    typed = _typed_number(number, on.year, problems) if not own else ""
    if problems:
        raise CheckFailed(problems, Notice.labels())
    values: dict[str, Any] = {"state": "issued", "issued_on": on}
    if own:
        series, serial = _allot(tx, notice, on.year, office)
        values |= {
            "series": series.id,
            "serial": serial,
            "number": numbering.format_number(series.prefix, on.year, serial),
        }
    else:
        values["number"] = typed
    tx.make_final()
    tx.update(notice, **values)
    tx.update(notice, printed=compose(notice, office, demo=demo).to_json())
    return notice


def _taken(number: numbering.DocumentNumber) -> bool:
    """Whether a notice, a void one too, bears the number; full and half width are the same."""
    ending = f"〔{number.year}〕{number.serial}号"
    others: Any = Notice.select(Notice.number).where(Notice.number.endswith(ending)).tuples()
    key = numbering.series_key(number.prefix)
    return any(numbering.series_key(row[0].removesuffix(ending)) == key for row in others)


def _typed_number(number: str, year: int, problems: Problems) -> str:
    if not number.strip():
        problems.error("number", "required", "现设为省平台编号，请填写平台给出的文号")
        return ""
    try:
        parts = numbering.parse_number(number)
    except ValueError as exc:
        problems.error("number", "format", str(exc))
        return ""
    printed = str(parts)
    if parts.year != year:
        problems.error("number", "year", f"文号是{parts.year}年的，签发日期在{year}年，请核对")
    if _taken(parts):
        problems.error("number", "duplicate", f"文号{printed}已经用过（作废的也不能再用），请核对")
    return printed


def _planned(notice: Notice, year: int, office: Settings) -> tuple[NumberSeries | None, dict[str, Any], int]:
    """The series of the notice's branch and year (None before its first number), its columns, and the next serial."""
    branch = notice.branch if office.number_by_branch == "yes" else None
    prefix = office.notice_prefix
    if branch is not None:
        head, _, tail = prefix.rpartition("责改")
        prefix = (
            f"{head}（{branch.short_name or branch.name}）责改{tail}"
            if head
            else f"{prefix}（{branch.short_name or branch.name}）"
        )
    branch_id = branch.id if branch is not None else None
    series = (
        NumberSeries.live()
        .where(
            NumberSeries.kind == "notice",
            NumberSeries.year == year,
            NumberSeries.prefix == prefix,
            NumberSeries.branch == branch_id if branch_id else NumberSeries.branch.is_null(),
        )
        .first()
    )
    if series is None:
        earliest = NumberSeries.live().where(NumberSeries.kind == "notice").order_by(NumberSeries.year).first()
        began = office.first_year or (earliest.year if earliest is not None else year)
        run, used = numbering.NumberSeries(prefix, began, office.first_serial), []
    else:
        run, used = numbering.NumberSeries(prefix, year, series.first_serial), _serials(series)
    try:
        number = run.next_number(year, used)
        while _taken(number):
            number = run.next_number(year, [number.serial])
    except ValueError as exc:
        raise Refused(f"{exc}。", "请核对签发日期；确要编号的，先登记文号系列。") from exc
    first = run.first_in(year)
    columns = {"kind": "notice", "branch": branch_id, "prefix": prefix, "year": year, "first_serial": first}
    return series, columns, number.serial


def _serials(series: NumberSeries) -> list[int]:
    """Every serial ever allotted in a series, void ones too."""
    query: Any = Notice.select(Notice.serial).where(Notice.series == series.id).tuples()
    return [int(row[0]) for row in query if row[0] is not None]


def _allot(tx: Transaction, notice: Notice, year: int, office: Settings) -> tuple[NumberSeries, int]:
    """The series of the notice's branch and year, and its next serial; a void number stays used."""
    series, columns, serial = _planned(notice, year, office)
    return series if series is not None else tx.insert(NumberSeries, **columns), serial


def next_number(notice: Notice, year: int) -> str:
    """The number the notice would get if it were issued now in ``year``; '' where the platform gives it."""
    office = settings()
    if office.numbering != "own":
        return ""
    _series, columns, serial = _planned(notice, year, office)
    return numbering.format_number(columns["prefix"], year, serial)


def text_if_issued(notice_id: int, on: dt.date, number: str, *, demo: bool = False) -> NoticeText:
    """The words of a draft as they would be printed on issuing it; nothing is stored."""
    notice = Notice.get_by_id(notice_id)
    notice.state, notice.issued_on, notice.number = "issued", on, number or None
    return compose(notice, settings(), demo=demo)


def _opened(notice: Notice, *states: str) -> Notice:
    notice = Notice.get_by_id(notice.id)
    if notice.state not in (states or OPEN_STATES):
        raise Refused(f"{notice.label()}的状态是“{dict(STATES)[notice.state]}”，不能做这一步。")
    return notice


def _need(problems: Problems) -> None:
    if problems:
        raise CheckFailed(problems, ProofOfService.labels() | Notice.labels())


def serve(
    tx: Transaction,
    notice: Notice,
    on: dt.date | None,
    way: str | None,
    receiver: str,
    details: Mapping[str, Any] | None = None,
) -> Notice:
    """送达: day, way and receiver, and what else the way needs (fields of ProofOfService). Final.

    Raises CheckFailed naming each field that is missing or wrong, Refused before the notice is issued.
    """
    notice = _opened(notice, "issued")
    problems, given = Problems(), dict(details or {})
    if on is None:
        problems.error("served_on", "required", "请填写送达日期")
    elif on < notice.issued_on:
        problems.error("served_on", "order", f"送达日期早于签发日期{notice.issued_on}，请改正")
    elif on > tx.today:
        problems.error("served_on", "future", "送达日期晚于今天，请改正")
    if not way:
        problems.error("service_way", "required", "请选择送达方式")
    elif way not in dict(SERVICE_WAYS):
        problems.error("service_way", "value", f"没有“{way}”这种送达方式，请从列表中选")
    else:
        check_details(way, notice.issued_on, on, given, problems)
    if not receiver.strip() and way not in UNSIGNED_WAYS:
        problems.error("receiver", "required", "请填写收件人")
    _need(problems)
    tx.make_final()
    tx.update(notice, state="served", served_on=on, service_way=way, receiver=receiver.strip())
    if any(given.values()):
        save(tx, ProofOfService, {**given, "notice": notice.id})
    return notice


def extend(tx: Transaction, notice: Notice, to: dt.date | None, reason: str, approver: str) -> Notice:
    """延期: once, to a later day, with who approved it and why. Final."""
    notice = _opened(notice)
    problems = Problems()
    if notice.extended_to is not None:
        raise Refused(
            f"{notice.label()}已延期至{notice.extended_to}，只能延期一次。", "请复查后销号，或移送立案。"
        )
    if notice.mode != "deadline":
        raise Refused("立即改正的通知书没有期限，不能延期。")
    listed = Finding.live().where(
        Finding.id.in_(linked_ids(notice, Notice.findings)), Finding.extended_to.is_null(False)
    )
    if (before := listed.order_by(Finding.id).first()) is not None:
        raise Refused(
            f"{notice.label()}所列的“{before.wording}”开具通知书以前已延期至{before.extended_to}，只能延期一次。",
            "请复查后销号，或移送立案。",
        )
    if to is None or to <= notice.due_on:
        problems.error("extended_to", "order", f"请填写晚于原期限{notice.due_on}的日期")
    elif to < tx.today:
        problems.error("extended_to", "past", "延期至的日期已经过去，请改正")
    if not approver.strip():
        problems.error("extended_by", "required", "请填写批准人")
    if not reason.strip():
        problems.error("extension_reason", "required", "请填写批准延期的理由")
    _need(problems)
    tx.make_final()
    return tx.update(
        notice,
        extended_to=to,
        extended_on=tx.today,
        extended_by=approver.strip(),
        extension_reason=reason.strip(),
    )


def reinspect(
    tx: Transaction, notice: Notice, values: Mapping[str, Any], *, close: bool = False
) -> Reinspection:
    """复查: store the outcome of each finding; corrected ones are resolved; ``close`` 销号 when all are.

    Raises CheckFailed where a finding of the notice has no outcome, Refused where it is to be closed too early.
    """
    notice = _opened(notice)
    record: Reinspection = save(tx, Reinspection, {**values, "notice": notice.id})
    if close:
        close_notice(tx, notice, record.inspected_on)
    return record


def open_findings(notice: Notice) -> list[Finding]:
    """The findings of a notice that are not yet corrected."""
    return list(
        Finding.live().where(
            Finding.id.in_(linked_ids(notice, Notice.findings)), Finding.resolved_on.is_null()
        )
    )


def close_notice(tx: Transaction, notice: Notice, on: dt.date) -> Notice:
    """销号: only a served notice, all of whose findings are corrected. Final."""
    notice = _opened(notice)
    if notice.state != "served":
        raise Refused(f"{notice.label()}还没有登记送达。", "请先登记送达，再销号。")
    left = open_findings(notice)
    if left:
        raise Refused(
            f"{notice.label()}还有{len(left)}处隐患没有改正。", "请复查确认改正后再销号，或延期、移送立案。"
        )
    resolved = Finding.live().where(Finding.id.in_(linked_ids(notice, Notice.findings)))
    since, what = max([(notice.served_on, "送达"), *((f.resolved_on, "改正") for f in resolved)])
    if on > tx.today or on < since:
        raise Refused(f"销号日期应在{what}日期{since}与今天之间。", "请改正日期。")
    tx.make_final()
    return tx.update(notice, state="closed", closed_on=on)


def refer(tx: Transaction, notice: Notice, on: dt.date, note: str) -> Notice:
    """移送立案: with a note of where to and why. Final."""
    notice = _opened(notice)
    problems = Problems()
    if not note.strip():
        problems.error("referral", "required", "请填写移送到哪里、因为什么")
    if on > tx.today or on < notice.issued_on:
        problems.error("referred_on", "order", "移送日期应在签发日期与今天之间，请改正")
    _need(problems)
    tx.make_final()
    return tx.update(notice, state="referred", referred_on=on, referral=note.strip())


def void(tx: Transaction, notice: Notice, reason: str) -> Notice:
    """作废: the number stays used, the reason is kept. Final."""
    notice = _opened(notice, "issued", "served")
    if not reason.strip():
        problems = Problems()
        problems.error("void_reason", "required", "请填写作废理由")
        _need(problems)
    tx.make_final()
    return tx.update(notice, state="void", void_on=tx.today, void_reason=reason.strip())


def numbering_findings() -> list[str]:
    """Gaps, duplicates and wrong numbers in the office's own series, in Chinese; empty when all is well."""
    found: list[str] = []
    typed = _typed_numbers()
    own = NumberSeries.live().where(NumberSeries.kind == "notice")
    for series in own.order_by(NumberSeries.year, NumberSeries.prefix):
        mine: Any = Notice.select(Notice.serial, Notice.number).where(
            Notice.series == series.id, Notice.serial.is_null(False)
        )
        numbers = [numbering.DocumentNumber(series.prefix, series.year, n.serial) for n in mine]
        used = [number.serial for number in numbers]
        beside = typed.get((numbering.series_key(series.prefix), series.year), set())
        used += beside.intersection(numbering.gaps(used, series.first_serial))
        run = numbering.NumberSeries(series.prefix, series.year, series.first_serial)
        found += [remark.message for remark in run.audit(series.year, used)]
        found += [
            f"{number}的通知书印着文号“{n.number or ''}”：请核对原件"
            for number, n in zip(numbers, mine, strict=True)
            if n.number != str(number)
        ]
    return found


def _typed_numbers() -> dict[tuple[str, int], set[int]]:
    """The serials typed from the platform, by the prefix as compared and the year."""
    found: dict[tuple[str, int], set[int]] = {}
    query: Any = Notice.select(Notice.number).where(Notice.series.is_null(), Notice.number.is_null(False)).tuples()
    for (text,) in query:
        try:
            number = numbering.parse_number(text)
        except ValueError:
            continue  # no number of a series of ours
        found.setdefault((numbering.series_key(number.prefix), number.year), set()).add(number.serial)
    return found
