"""What the 复查记录 of findings without a notice says: one sheet for all checks of one visit. Knows no page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from typing import Any

import peewee

from models.enterprise import Enterprise
from models.finding_check import FindingCheck
from models.inspection import Finding, Inspection
from models.inspection_papers import Ticks, subject_of
from models.notice import OUTCOMES, Notice, NoticeFinding
from models.notice_papers import CONCLUSIONS, ReinspectionSheet
from models.organization import Officer
from models.rules.dates import format_date_paper
from models.settings import settings
from models.talk import Talk, TalkFinding

CHECK_TITLE = "隐患复查记录"
DONE, EXTENDED, TALKED, ORDERED, REFERRED = ALONE_CONCLUSIONS = (
    *CONCLUSIONS[:3], "开具责令改正通知书", "移送处理",
)  # fmt: skip
Round = tuple[int, dt.date, str]


def round_of(check: FindingCheck) -> Round:
    """What the checks of one visit share: the place, the day, and who made them."""
    return check.finding.enterprise_id, check.checked_on, check.checked_by


def checks_of(check: FindingCheck) -> list[FindingCheck]:
    """All checks of the visit that a check was made in, in the order of their findings."""
    place, day, people = round_of(check)
    rows = (
        FindingCheck.live()
        .select(FindingCheck, Finding)
        .join(Finding)
        .where(Finding.enterprise == place, FindingCheck.checked_on == day, FindingCheck.checked_by == people)
        .order_by(Finding.id, FindingCheck.id)
    )
    return list(rows)


def rounds(ids: Collection[int]) -> list[FindingCheck]:
    """One check of each visit that some checks were made in."""
    query = FindingCheck.live().select(FindingCheck, Finding).join(Finding)
    found: dict[Round, FindingCheck] = {}
    for check in query.where(FindingCheck.id.in_(list(ids))).order_by(FindingCheck.checked_on, FindingCheck.id):
        found.setdefault(round_of(check), check)
    return list(found.values())


def check_sheet_of(check: FindingCheck, demo: bool = False) -> ReinspectionSheet:
    """The 复查记录 of the visit that a check was made in, with every finding looked at without a notice."""
    checks = checks_of(check)
    notes = {one.note for one in checks}
    shared = check.note if len(checks) > 1 and len(notes) == 1 else ""
    items = tuple((one.finding.wording, _ticks(one.outcome), "" if shared else one.note) for one in checks)
    return _sheet(
        [one.finding for one in checks], items, demo, check.checked_on,
        _people(check.checked_by, check.checked_on), shared, _concluded(checks),
    )  # fmt: skip


def open_alone(places: Collection[int]) -> list[Finding]:
    """The open findings of some places that stand on no issued notice."""
    noticed = (
        NoticeFinding.live()
        .select(NoticeFinding.finding)
        .join(Notice, on=(NoticeFinding.notice == Notice.id))
        .where(Notice.removed_at.is_null(), Notice.state.not_in(("draft", "void")))
    )
    query = (
        Finding.live()
        .join_from(Finding, Inspection, peewee.JOIN.LEFT_OUTER, on=(Finding.inspection == Inspection.id))
        .where(
            Finding.enterprise.in_(list(places)),
            Finding.resolved_on.is_null(),
            Finding.referred_on.is_null(),
            Finding.inspection.is_null() | (Inspection.removed_at.is_null() & (Inspection.state == "done")),
            Finding.id.not_in(noticed),
        )
    )
    return list(query.order_by(Finding.enterprise, Finding.found_on, Finding.id))


def blank_check_sheet(finding: Finding, demo: bool = False) -> ReinspectionSheet:
    """The form to take along: all open findings of the finding's place without a notice; nothing ticked."""
    mine = open_alone([finding.enterprise_id])
    return _sheet(mine, tuple((one.wording, _ticks(""), "") for one in mine), demo)


def _ticks(outcome: str) -> Ticks:
    return tuple((label, code == outcome) for code, label in OUTCOMES)


def _sheet(
    findings: list[Finding],
    items: tuple[tuple[str, Ticks, str], ...],
    demo: bool,
    day: dt.date | None = None,
    officers: tuple[tuple[str, str], ...] = (),
    note: str = "",
    concluded: Collection[str] = (),
) -> ReinspectionSheet:
    place: Enterprise = findings[0].enterprise
    return ReinspectionSheet(
        settings().office_name, subject_of(place), "", None, None, None, None, day, officers, items, note,
        tuple((word, word in concluded) for word in ALONE_CONCLUSIONS), demo,
        found_words=_told([format_date_paper(one.found_on) for one in findings]),
        due_words=_told([_due(one) for one in findings]),
    )  # fmt: skip


def _due(finding: Finding) -> str:
    if finding.due_on is None:
        return "未定期限"
    longer = f"（延期至{format_date_paper(finding.extended_to)}）" if finding.extended_to is not None else ""
    return f"{format_date_paper(finding.due_on)}{longer}"


def _told(words: list[str]) -> str:
    """The same for all, or which items have which."""
    kinds = list(dict.fromkeys(words))
    if len(kinds) == 1:
        return kinds[0]
    numbered = [(word, [str(n) for n, each in enumerate(words, 1) if each == word]) for word in kinds]
    return "；".join(f"第{'、'.join(numbers)}项{word}" for word, numbers in numbered)


def _people(names: str, day: dt.date) -> tuple[tuple[str, str], ...]:
    """Names typed one after another, each with the certificate of the one officer in service who is called so."""
    found = []
    for name in dict.fromkeys(part for part in re.split(r"[、，,;；\s]+", names) if part):
        serving = Officer.live().where(
            Officer.name == name, Officer.left_on.is_null() | (Officer.left_on >= day)
        )
        same = list(serving.limit(2))
        found.append((name, same[0].certificate if len(same) == 1 else ""))
    return tuple(found)


def _concluded(checks: list[FindingCheck]) -> set[str]:
    """What followed this visit before the next look at each finding; empty where nothing did yet."""
    if all(one.outcome == "corrected" for one in checks):
        return {DONE}
    return {word for check in checks if check.outcome != "corrected" for word in _followed(check)}


def _followed(check: FindingCheck) -> Iterable[str]:
    finding: Finding = check.finding
    later = (
        FindingCheck.live()
        .where(FindingCheck.finding == finding.id)
        .where(
            (FindingCheck.checked_on > check.checked_on)
            | ((FindingCheck.checked_on == check.checked_on) & (FindingCheck.id > check.id))
        )
        .order_by(FindingCheck.checked_on, FindingCheck.id)
        .first()
    )

    def follows(day: dt.date | None) -> bool:
        return day is not None and check.checked_on <= day and (later is None or day < later.checked_on)

    if follows(finding.referred_on):
        yield REFERRED
    if any(follows(day) for day in _issued(finding.id)):
        yield ORDERED
    if follows(finding.extended_on):
        yield EXTENDED
    rows = TalkFinding.live().join(Talk).where(TalkFinding.finding == finding.id, Talk.removed_at.is_null())
    if any(follows(row.talk.notified_on or row.talk.held_on) for row in rows):
        yield TALKED


def _issued(finding: int) -> list[dt.date]:
    """The days on which notices that list a finding were issued."""
    query: Any = (
        NoticeFinding.live()
        .join(Notice, on=(NoticeFinding.notice == Notice.id))
        .where(NoticeFinding.finding == finding, Notice.removed_at.is_null(), Notice.issued_on.is_null(False))
        .select(Notice.issued_on)
        .tuples()
    )
    return [row[0] for row in query]
