"""Which records a case file (案卷) holds and in which order they are filed; knows no paper, no page and no screen.

A case is an enterprise's, a visit's or a notice's. It has parts: what is known of the enterprise, then visits, notices
and samples by date, then whatever else of the enterprise has attachments. ``BASE``, ``OF_INSPECTION``, ``OF_NOTICE``,
``OF_VISIT`` and ``OF_FINDING`` say which tables stand in a part, in the order of filing: a new table is one line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from models.annual_rating import AnnualRating
from models.checklist_answer import ChecklistAnswer
from models.core.attachments import Attachment
from models.core.changes import title_of
from models.core.errors import NotFound
from models.core.fields import Date, Ref
from models.core.record import TABLES, Record
from models.enterprise import Enterprise, Permit
from models.finding_check import FindingCheck
from models.grade_condition import GradeCondition
from models.inspection import CHANNELS, KINDS, Finding, Inspection
from models.inspection_papers import Subject, masked_number, subject_of
from models.notice import Notice, NoticeFinding, Reinspection
from models.rating import HygieneRating, RiskAssessment
from models.responsibility import Assignment
from models.risk_profile import RiskProfile
from models.routine import RoutineCheck
from models.rules.dates import format_date_paper
from models.safety_staff import SafetyStaff
from models.sample import Sample
from models.scene_record import SceneRecord
from models.service import ProofOfService
from models.settings import settings
from models.talk import Talk, TalkFinding, TalkNotice
from models.visit import SupervisionVisit

ENTERPRISE, OTHER = "主体资料", "其他材料"


@dataclass(frozen=True)
class CaseScope:
    """Whose case: an enterprise's, all of it or of a period (both days included), or that of one visit or notice."""

    enterprise: int
    start: dt.date | None = None
    end: dt.date | None = None
    inspection: int | None = None
    notice: int | None = None

    @property
    def whole(self) -> bool:
        """Whether it is the enterprise's own case, not a visit's or a notice's."""
        return self.inspection is None and self.notice is None

    def covers(self, day: dt.date | None) -> bool:
        """Whether a day lies in the period; what has no day belongs to every period."""
        if day is None:
            return True
        return (self.start is None or day >= self.start) and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class CaseRow:
    """One record of a case: its table's name and id, its day, and whether it is a draft, which is not filed."""

    table: str
    row: int
    day: dt.date | None = None
    draft: bool = False


@dataclass(frozen=True)
class CasePart:
    """Records that are filed together under one title."""

    title: str
    rows: tuple[CaseRow, ...]
    day: dt.date | None = None


@dataclass(frozen=True)
class Held:
    """A table of a part: by which column its rows belong to it, and which column tells their day ('' none)."""

    model: type[Record]
    by: str
    day: str = ""

    def rows(self, key: int) -> list[Any]:
        """The live rows of an owner, by day."""
        column = self.model._meta.fields[self.by]
        found = self.model.live().where(column == key)
        order = [self.model._meta.fields[self.day]] if self.day else []
        return list(found.order_by(*order, self.model._meta.fields["id"]))


BASE = (
    Held(Permit, "enterprise"),
    Held(SafetyStaff, "enterprise"),
    Held(Assignment, "enterprise"),
    Held(RiskProfile, "enterprise", "valid_from"),
    Held(GradeCondition, "enterprise"),
    Held(RiskAssessment, "enterprise", "assessed_on"),
    Held(HygieneRating, "enterprise", "rated_on"),
    Held(AnnualRating, "enterprise", "decided_on"),
)
"""After the enterprise itself and its party."""
OF_INSPECTION = (
    Held(SceneRecord, "inspection"),
    Held(ChecklistAnswer, "inspection"),
    Held(RoutineCheck, "inspection"),
    Held(Finding, "inspection", "found_on"),
)
"""After the inspection itself; its notices follow."""
OF_NOTICE = (
    Held(ProofOfService, "notice"),
    Held(Reinspection, "notice", "inspected_on"),
)
"""After the notice itself."""
OF_VISIT = (Held(Finding, "visit", "found_on"),)
"""After a visit of an official."""
OF_FINDING = (Held(FindingCheck, "finding", "checked_on"),)
"""After each finding."""


@dataclass(frozen=True)
class Cover:
    """What the cover says of whose case it is, and of which days."""

    office: str
    title: str
    subject: Subject
    first: dt.date | None
    last: dt.date | None

    @property
    def name(self) -> str:
        """The enterprise."""
        return self.subject.enterprise


def cover_of(scope: CaseScope, parts: list[CasePart]) -> Cover:
    """The words of the cover of a case."""
    subject = subject_of(_enterprise(scope))
    days = [row.day for part in parts if part.day is not None for row in part.rows if row.day is not None]
    title = "食品安全监督管理案卷"
    if not scope.whole:
        title = "责令改正案卷" if scope.notice is not None else "监督检查案卷"
    first, last = scope.start or min(days, default=None), scope.end or max(days, default=None)
    return Cover(settings().office_name, title, subject, first, last)


def parts_of(scope: CaseScope) -> list[CasePart]:
    """The parts of a case in the order of filing. Raises NotFound for a record that is gone."""
    place = _enterprise(scope)
    if not scope.whole:
        part = _only(scope)
        return [part, *_talks_on(part)]
    parts = [CasePart(ENTERPRISE, tuple(_base(scope, place)))]
    parts += sorted(_dated(scope), key=lambda part: (part.day or dt.date.min, part.rows[0].table, part.rows[0].row))
    parts.append(CasePart(OTHER, tuple(_rest(scope, parts))))
    return [part for part in _once(parts) if part.rows]


def _only(scope: CaseScope) -> CasePart:
    """The part of one visit, or of one notice with the visit it came from."""
    if scope.notice is None:
        return _inspection(_live(Inspection, scope.inspection or 0))
    notice = _live(Notice, scope.notice)
    return _inspection(notice.inspection, [notice]) if notice.inspection_id else _notice(notice)


def _talks_on(part: CasePart) -> list[CasePart]:
    """The talks about the notices and findings of a part."""
    keys = {table: [row.row for row in part.rows if row.table == table] for table in ("notice", "finding")}
    on_notices = TalkNotice.live().select(TalkNotice.talk).where(TalkNotice.notice.in_(keys["notice"]))
    on_findings = TalkFinding.live().select(TalkFinding.talk).where(TalkFinding.finding.in_(keys["finding"]))
    talks = Talk.live().where(Talk.id.in_(on_notices) | Talk.id.in_(on_findings))
    return [_talk(talk) for talk in talks.order_by(Talk.held_on, Talk.id)]


def _talk(talk: Talk) -> CasePart:
    return CasePart(f"{format_date_paper(talk.held_on)} 责任约谈", (_row(talk, "held_on"),), talk.held_on)


def _once(parts: list[CasePart]) -> Iterator[CasePart]:
    """Each record only where it is filed first (a finding of one inspection on the notice of another)."""
    seen: set[tuple[str, int]] = set()
    for part in parts:
        rows = tuple(row for row in part.rows if (row.table, row.row) not in seen)
        seen |= {(row.table, row.row) for row in rows}
        yield CasePart(part.title, rows, part.day)


def _enterprise(scope: CaseScope) -> Enterprise:
    found: Enterprise = _live(Enterprise, scope.enterprise)
    return found


def _live(model: type[Record], key: int) -> Any:
    found = model.get_or_none(model.id == key, model.removed_at.is_null())
    if found is None:
        raise NotFound(f"这{model.title}已被移除。", "请刷新后重新选择。")
    return found


def _row(record: Any, day: str = "") -> CaseRow:
    draft = getattr(record, "state", "") == "draft"
    return CaseRow(record._meta.table_name, record.id, getattr(record, day) if day else None, draft)


def _below(held: tuple[Held, ...], key: int) -> Iterator[CaseRow]:
    for each in held:
        for record in each.rows(key):
            yield _row(record, each.day)
            if each.model is Finding:
                yield from _below(OF_FINDING, record.id)


def _base(scope: CaseScope, place: Enterprise) -> Iterator[CaseRow]:
    yield _row(place)
    yield _row(place.party)
    yield from (row for row in _below(BASE, place.id) if scope.covers(row.day))


def _dated(scope: CaseScope) -> Iterator[CasePart]:
    """Visits, notices and samples of the period; a notice on an inspection stands with it."""
    taken = set()
    for inspection in Held(Inspection, "enterprise", "inspected_on").rows(scope.enterprise):
        if scope.covers(inspection.inspected_on):
            notices = _notices_of(inspection.id)
            taken |= {notice.id for notice in notices}
            yield _inspection(inspection, notices)
    for notice in Held(Notice, "enterprise", "issued_on").rows(scope.enterprise):
        if notice.id not in taken and scope.covers(notice.issued_on):
            yield _notice(notice)
    for visit in Held(SupervisionVisit, "enterprise", "visited_on").rows(scope.enterprise):
        if scope.covers(visit.visited_on):
            rows = (_row(visit, "visited_on"), *_below(OF_VISIT, visit.id))
            yield CasePart(f"{format_date_paper(visit.visited_on)} 包保督导", rows, visit.visited_on)
    for sample in Held(Sample, "enterprise", "sampled_on").rows(scope.enterprise):
        if scope.covers(sample.sampled_on):
            title = f"{format_date_paper(sample.sampled_on)} {sample.product}抽检"
            yield CasePart(title, (_row(sample, "sampled_on"),), sample.sampled_on)
    yield from _checked_alone(scope)
    for talk in Held(Talk, "enterprise", "held_on").rows(scope.enterprise):
        if scope.covers(talk.held_on):
            yield _talk(talk)


def _checked_alone(scope: CaseScope) -> Iterator[CasePart]:
    """Findings of no inspection and no visit that were looked at again without a notice."""
    for finding in Held(Finding, "enterprise", "found_on").rows(scope.enterprise):
        if finding.inspection_id is None and finding.visit_id is None and scope.covers(finding.found_on):
            checks = tuple(_below(OF_FINDING, finding.id))
            if checks:
                title = f"{format_date_paper(finding.found_on)} {dict(CHANNELS)[finding.channel]}发现的隐患"
                yield CasePart(title, (_row(finding, "found_on"), *checks), finding.found_on)


def _notices_of(inspection: int) -> list[Notice]:
    """The notices on an inspection in the order of their numbers; drafts last."""
    mine = Held(Notice, "inspection").rows(inspection)
    return sorted(mine, key=lambda n: (n.issued_on is None, n.issued_on or dt.date.max, n.serial or 0, n.id))


def _inspection(inspection: Inspection, notices: list[Notice] | None = None) -> CasePart:
    rows = [_row(inspection, "inspected_on"), *_below(OF_INSPECTION, inspection.id)]
    for notice in _notices_of(inspection.id) if notices is None else notices:
        rows += _notice_rows(notice)
    kind = dict(KINDS).get(inspection.kind, "")
    title = f"{format_date_paper(inspection.inspected_on)} {kind}"
    return CasePart(title, tuple(dict.fromkeys(rows)), inspection.inspected_on)


def _notice(notice: Notice) -> CasePart:
    day = f"{format_date_paper(notice.issued_on)} " if notice.issued_on else ""
    return CasePart(f"{day}责令改正", tuple(_notice_rows(notice)), notice.issued_on)


def _notice_rows(notice: Notice) -> list[CaseRow]:
    """The notice, what stands under it, and its findings (each filed once, also where an inspection has it)."""
    listed = NoticeFinding.live().where(NoticeFinding.notice == notice.id).order_by(NoticeFinding.id)
    findings: list[CaseRow] = []
    for row in listed:
        if row.finding.removed_at is None:
            findings += [_row(row.finding, "found_on"), *_below(OF_FINDING, row.finding_id)]
    return [*findings, _row(notice, "issued_on"), *_below(OF_NOTICE, notice.id)]


# --- what else has attachments -------------------------------------------------------------------------------------


def _rest(scope: CaseScope, parts: list[CasePart]) -> Iterator[CaseRow]:
    """Records of the enterprise in other tables, or of no visit, that have attachments of the period."""
    filed = {(row.table, row.row) for part in parts for row in part.rows}
    used = {row[0] for row in Attachment.live().select(Attachment.table).distinct().tuples()}
    for model in TABLES:
        table = model._meta.table_name
        mine = _owned_by(model, scope.enterprise) if table in used else None
        if mine is None:
            continue
        with_files = Attachment.live().select(Attachment.row).where(Attachment.table == table)
        day = _day_of(model)
        for record in model.live().where(model.id.in_(mine), model.id.in_(with_files)).order_by(model.id):
            row = _row(record, day)
            if (table, record.id) not in filed and scope.covers(row.day) and not _elsewhere(model, record, filed):
                yield row


def _owned_by(model: type[Record], enterprise: int, depth: int = 4) -> Any:
    """A query of the ids of a table's live rows that belong to an enterprise, also through their owner; or None."""
    if model is Enterprise or not depth:
        return None
    for name, field in model.own_fields().items():
        if isinstance(field, Ref) and field.rel_model is Enterprise:
            column = model._meta.fields[name]
            return model.live().select(model.id).where(column == enterprise)
    owner = model._meta.fields.get(model.owner)
    if owner is None:
        return None
    above = _owned_by(owner.rel_model, enterprise, depth - 1)
    return None if above is None else model.live().select(model.id).where(owner.in_(above))


def _day_of(model: type[Record]) -> str:
    return next((name for name, field in model.own_fields().items() if isinstance(field, Date)), "")


def _elsewhere(model: type[Record], record: Any, filed: set[tuple[str, int]]) -> bool:
    """Whether a record stands with a visit, inspection or notice that is not in the case, being out of the period."""
    for name, field in model.own_fields().items():
        key = record.__data__.get(name)
        leads = isinstance(field, Ref) and field.rel_model in (Inspection, Notice, SupervisionVisit)
        if leads and key is not None and (field.rel_model._meta.table_name, key) not in filed:
            return True
    return False


def words_of(row: CaseRow) -> str:
    """What a record of a case is, for lists: its table's title and what it is called."""
    model = next(model for model in TABLES if model._meta.table_name == row.table)
    title = title_of(model) or row.table
    record = model.get_or_none(model.id == row.row)
    if record is None:
        return title
    label = masked_number(record.number) if isinstance(record, Permit) else record.label()
    return f"{title}“{label}”"
