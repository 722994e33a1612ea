"""The steps of 整改督办 beside those of a notice: checks, extension and referral of single findings, and one
re-inspection of everything open at a place. The view of what is open is models/rectification."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from models.core.changes import Transaction
from models.core.checks import CheckFailed, Problems
from models.core.errors import Refused
from models.core.saving import linked_ids, save
from models.finding_check import FindingCheck
from models.inspection import Finding, findings_of, issued_on_findings
from models.notice import OPEN_STATES, Notice
from models.notice_steps import close_notice, open_findings, reinspect
from models.organization import Officer

#: Finding → (outcome, note).
Outcomes = Mapping[int, tuple[str, str]]


def _own(finding: Finding) -> Finding:
    """The finding as it is now. Raises Refused where it is settled or a notice deals with it."""
    found: Finding = findings_of([finding.id])[0]
    if found.resolved_on is not None:
        raise Refused(f"“{found.wording}”已于{found.resolved_on}整改完成。")
    if found.referred_on is not None:
        raise Refused(f"“{found.wording}”已于{found.referred_on}移送。")
    notice = issued_on_findings([found.id])
    if notice is not None:
        raise Refused(f"“{found.wording}”已写入{notice.label()}。", "请在那份通知书上办理。")
    return found


def _need(problems: Problems, model: Any = Finding) -> None:
    if problems:
        raise CheckFailed(problems, model.labels())


def correct_on_spot(tx: Transaction, finding: Finding, measure: str) -> Finding:
    """当场整改: corrected on the day it was found, with the measure taken (令49号 art. 33).

    Raises CheckFailed without a measure, Refused where it is settled or stands on a notice.
    """
    found = _own(finding)
    if found.extended_to is not None:
        raise Refused(f"“{found.wording}”已延期至{found.extended_to}，不是当场整改。", "请登记复核。")
    if FindingCheck.live().where(FindingCheck.finding == found.id).exists():
        raise Refused(f"“{found.wording}”已有复核记录，不是当场整改。", "请登记复核。")
    problems = Problems()
    if not measure.strip():
        problems.error("measure", "required", "请填写当场采取的整改措施")
    _need(problems)
    return tx.update(found, corrected_on_spot=True, resolved_on=found.found_on, measure=measure.strip())


def extend_finding(tx: Transaction, finding: Finding, to: dt.date | None, reason: str, approver: str) -> Finding:
    """延期: once, to a later day, with who approved it and why. Final."""
    found = _own(finding)
    if found.extended_to is not None:
        raise Refused(f"“{found.wording}”已延期至{found.extended_to}，只能延期一次。", "请复核，或开具责令改正通知书。")
    if found.due_on is None:
        raise Refused(f"“{found.wording}”没有填写整改期限，不能延期。", "请先填写整改期限，或开具责令改正通知书。")
    problems = Problems()
    if to is None or to <= found.due_on:
        problems.error("extended_to", "order", f"请填写晚于原期限{found.due_on}的日期")
    elif to < tx.today:
        problems.error("extended_to", "past", "延期至的日期已经过去，请改正")
    if not approver.strip():
        problems.error("extended_by", "required", "请填写批准人")
    if not reason.strip():
        problems.error("extension_reason", "required", "请填写批准延期的理由")
    _need(problems)
    tx.make_final()
    return tx.update(
        found,
        extended_to=to,
        extended_on=tx.today,
        extended_by=approver.strip(),
        extension_reason=reason.strip(),
    )


def refer_finding(tx: Transaction, finding: Finding, on: dt.date | None, note: str) -> Finding:
    """移送: to another department or to a case, with where to and why. Final."""
    found = _own(finding)
    problems = Problems()
    if not note.strip():
        problems.error("referral", "required", "请填写移送到哪里、因为什么")
    if on is None or on > tx.today or on < found.found_on:
        problems.error("referred_on", "order", "移送日期应在发现日期与今天之间，请改正")
    _need(problems)
    tx.make_final()
    return tx.update(found, referred_on=on, referral=note.strip())


def recheck(
    tx: Transaction, on: dt.date | None, officers: Sequence[int], outcomes: Outcomes, note: str = "",
    *, close: bool = False,
) -> list[str]:  # fmt: skip
    """复查 of everything open at a place in one visit; returns what was stored, in Chinese, a line each.

    Each notice gets its re-inspection (findings corrected before stand as corrected), each finding without a notice
    its check; ``close`` 销号 the served notices that are then all corrected. Raises CheckFailed where anything is
    missing; nothing is stored then.
    """
    problems = Problems()
    if on is None:
        problems.error("inspected_on", "required", "请填写复查日期")
    if len(set(officers)) < 2:
        problems.error("officers", "least", "复查人员不得少于2人，请再选一名")
    if not outcomes:
        problems.error("items", "required", "没有要复查的隐患")
    if problems or on is None:
        raise CheckFailed(problems, {"inspected_on": "复查日期", "officers": "复查人员", "items": "逐项结果"})
    notices = _notices_of(outcomes)
    stood = {key for notice in notices for key in linked_ids(notice, Notice.findings)}
    told = [_recheck_notice(tx, notice, on, officers, outcomes, note, close) for notice in notices]
    people: Any = Officer.select(Officer.name).where(Officer.id.in_(list(officers))).order_by(Officer.id).tuples()
    names = "、".join(row[0] for row in people)[:40]
    alone = [key for key in outcomes if key not in stood]
    for key in alone:
        outcome, words = outcomes[key]
        values = {"finding": key, "checked_on": on, "outcome": outcome, "checked_by": names}
        save(tx, FindingCheck, {**values, "note": (words or note)[:200]})
    if alone:
        told.append(f"已登记{len(alone)}处隐患的复核")
    return told


def _notices_of(outcomes: Outcomes) -> list[Notice]:
    """The open notices that list any of some findings."""
    from models.notice import notices_on

    rows = notices_on(list(outcomes)).where(Notice.state.in_(OPEN_STATES)).order_by(Notice.id)
    return list({row.notice_id: row.notice for row in rows}.values())


def _recheck_notice(
    tx: Transaction, notice: Notice, on: dt.date, officers: Sequence[int], outcomes: Outcomes, note: str, close: bool
) -> str:  # fmt: skip
    items = []
    for finding in Finding.live().where(Finding.id.in_(linked_ids(notice, Notice.findings))).order_by(Finding.id):
        known = ("corrected", "") if finding.resolved_on is not None else None
        given = outcomes.get(finding.id) or known
        if given is None:
            problems = Problems()
            problems.error("items", "findings", f"{notice.label()}所列的“{finding.wording}”没有填写复查结果")
            raise CheckFailed(problems, {"items": "逐项结果"})
        items.append({"finding": finding.id, "outcome": given[0], "note": given[1]})
    reinspect(tx, notice, {"inspected_on": on, "officers": list(officers), "items": items, "note": note})
    notice = Notice.get_by_id(notice.id)
    if close and notice.state == "served" and not open_findings(notice):
        close_notice(tx, notice, on)
        return f"{notice.label()}已销号"
    return f"已登记复查 {notice.label()}"
