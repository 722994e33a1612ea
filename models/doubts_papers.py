"""Doubts about findings, notices and checklists (数据核查：隐患、文书、要点表): order of days, numbers, what lacks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import peewee

from models.checklist import Checklist, ChecklistItem
from models.checklist_answer import WHOLE, ChecklistAnswer
from models.doubt_facts import Asked, Found, day_of, rows
from models.inspection import RESULTS, Finding, Inspection
from models.notice import Notice, NoticeFinding, Reinspection
from models.rules import checklist as checklists
from models.rules import numbering

LABELS = dict(RESULTS)


def _issued(asked: Asked) -> Any:
    """The condition «a notice issued in the period», void ones left out."""
    return (
        Notice.removed_at.is_null()
        & Notice.issued_on.between(asked.start, asked.end)
        & Notice.state.not_in(("draft", "void"))
    )


def result(asked: Asked) -> Iterator[Found]:
    """Inspections without a problem that have findings, and those with an order that have none."""
    row = Finding
    query = row.select(row.inspection).join(Inspection, on=(row.inspection == Inspection.id)).distinct()
    found = {key for (key,) in rows(query.where(asked.done(), row.removed_at.is_null()))}
    for visit in asked.facts.visits(asked):
        code, written = visit.result, visit.id in found
        if (code == "none" and written) or (code in ("fixed", "ordered") and not written):
            words = "但登记了隐患" if written else "但没有登记隐患"
            text = f"检查结果是“{LABELS[code]}”，{words}"
            yield Found("inspections", visit.id, "result", visit.day, visit.enterprise, text, code)


def no_notice(asked: Asked) -> Iterator[Found]:
    """Inspections with the result 责令限期改正 some findings of which stand in no issued notice.

    Findings corrected on the spot need none. An inspection is told only after the bound in days.
    """
    i, f, n, row = Inspection, Finding, Notice, NoticeFinding
    written = (
        row.select(row.id)
        .join(n, on=(row.notice == n.id))
        .where(row.finding == f.id, row.removed_at.is_null(), n.removed_at.is_null(), n.state.not_in(("draft", "void")))
    )
    last = asked.today - dt.timedelta(days=asked.bound + 1)
    if not any(visit.result == "ordered" for visit in asked.facts.visits(asked)):
        return
    query = (
        i.select(i.id, i.inspected_on, i.enterprise, f.id)
        .join(f, on=(f.inspection == i.id))
        .where(
            asked.done(), i.inspected_on <= last, i.result == "ordered", f.removed_at.is_null(),
            ~f.corrected_on_spot, ~peewee.fn.EXISTS(written),
        )
        .order_by(i.id, f.id)
    )  # fmt: skip
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for record, on, place, finding in rows(query):
        found[record, day_of(on), place].append(finding)
    for (record, on, place), missing in found.items():
        text = f"结果是责令限期改正，有{len(missing)}处隐患没有写入已签发的通知书"
        value = " ".join(map(str, missing))
        yield Found("inspections", record, "findings", on, place, text, value)


def notice_early(asked: Asked) -> Iterator[Found]:
    """Notices issued before one of their findings was made."""
    query = (
        Notice.select(Notice.id, Notice.issued_on, Notice.enterprise, peewee.fn.MAX(Finding.found_on))
        .join(NoticeFinding, on=(NoticeFinding.notice == Notice.id))
        .join(Finding, on=(NoticeFinding.finding == Finding.id))
        .where(_issued(asked), NoticeFinding.removed_at.is_null(), Finding.removed_at.is_null())
        .group_by(Notice.id, Notice.issued_on, Notice.enterprise)
        .having(peewee.fn.MAX(Finding.found_on) > Notice.issued_on)
    )
    for record, issued, place, made in rows(query):
        issued, made = day_of(issued), day_of(made)
        text = f"{issued}签发，所列隐患{made}才发现"
        yield Found("notices", record, "issued_on", issued, place, text, f"{issued}/{made}")


def service_early(asked: Asked) -> Iterator[Found]:
    """Notices served before they were issued, closed before they were served, or served after today."""
    n = Notice
    odd = (n.served_on < n.issued_on) | (n.closed_on < n.served_on) | (n.served_on > asked.today)
    query = n.select(n.id, n.issued_on, n.enterprise, n.served_on, n.closed_on).where(_issued(asked), odd)
    for record, issued, place, served, ended in rows(query):
        issued, served, ended = day_of(issued), day_of(served), day_of(ended)
        text = f"{served}送达，早于签发日期{issued}" if served < issued else f"送达日期{served}晚于今天"
        if served >= issued and ended is not None and ended < served:
            text = f"{ended}销号，早于送达日期{served}"
        yield Found("notices", record, "served_on", issued, place, text, f"{issued}/{served}/{ended}")


def reinspection_early(asked: Asked) -> Iterator[Found]:
    """Re-inspections before the notice was served."""
    r, n = Reinspection, Notice
    query = (
        r.select(r.id, r.inspected_on, n.enterprise, n.served_on)
        .join(n, on=(r.notice == n.id))
        .where(
            r.removed_at.is_null(),
            n.removed_at.is_null(),
            r.inspected_on.between(asked.start, asked.end),
            n.served_on.is_null() | (n.served_on > r.inspected_on),
        )
    )
    for record, on, place, served in rows(query):
        on, served = day_of(on), day_of(served)
        text = f"{on}复查，通知书{f'{served}才送达' if served else '还没有登记送达'}"
        yield Found("reinspections", record, "inspected_on", on, place, text, f"{on}/{served}")


def deadline_past(asked: Asked) -> Iterator[Found]:
    """Notices due before their issue, extended to no later day, and findings due before they were made."""
    n, f = Notice, Finding
    odd = (n.due_on < n.issued_on) | (n.extended_to <= n.due_on)
    query = n.select(n.id, n.issued_on, n.enterprise, n.due_on, n.extended_to).where(_issued(asked), odd)
    for record, issued, place, due, extended in rows(query):
        issued, due, extended = day_of(issued), day_of(due), day_of(extended)
        text = f"期限{due}早于签发日期{issued}" if due < issued else f"延期至{extended}，不晚于原期限{due}"
        yield Found("notices", record, "due_on", issued, place, text, f"{issued}/{due}/{extended}")
    found = f.live().select(f.id, f.found_on, f.enterprise, f.due_on)
    for record, made, place, due in rows(
        found.where(f.found_on.between(asked.start, asked.end), f.due_on < f.found_on)
    ):
        made, due = day_of(made), day_of(due)
        yield Found("findings", record, "due_on", made, place, f"整改期限{due}早于发现日期{made}", f"{made}/{due}")


def resolved_early(asked: Asked) -> Iterator[Found]:
    """Findings corrected before they were made, or after today."""
    f = Finding
    odd = (f.resolved_on < f.found_on) | (f.resolved_on > asked.today)
    query = f.live().select(f.id, f.found_on, f.enterprise, f.resolved_on)
    for record, made, place, done in rows(query.where(f.found_on.between(asked.start, asked.end), odd)):
        made, done = day_of(made), day_of(done)
        text = f"整改完成日期{done}{f'早于发现日期{made}' if done < made else '晚于今天'}"
        yield Found("findings", record, "resolved_on", made, place, text, f"{made}/{done}")


def number_twice(asked: Asked) -> Iterator[Found]:
    """Notices of the period whose number another notice bears too, void ones included, however it is written."""
    n = Notice
    query = n.live().select(n.id, n.number, n.issued_on, n.enterprise, n.state).where(n.number.is_null(False))
    same: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows(query.order_by(n.issued_on, n.id)):
        same[_folded(row[1])].append(row)
    for mine in same.values():
        for record, number, issued, place, state in mine[1:]:
            issued = day_of(issued)
            if issued is not None and asked.start <= issued <= asked.end and state != "void":
                text = f"文号{number}与{day_of(mine[0][2])}签发的另一份相同"
                yield Found("notices", record, "number", issued, place, text, f"{number}/{mine[0][0]}")


def _folded(number: str) -> Any:
    try:
        found = numbering.parse_number(number)
    except ValueError:
        return number
    return numbering.series_key(found.prefix), found.year, found.serial


def _answers(asked: Asked, *columns: Any) -> Any:
    a = ChecklistAnswer
    return (
        a.select(Inspection.id, Inspection.inspected_on, Inspection.enterprise, *columns)
        .join(Inspection, on=(a.inspection == Inspection.id))
        .join_from(a, Checklist, on=(a.checklist == Checklist.id))
        .where(asked.done(), a.removed_at.is_null())
    )


def checklist_version(asked: Asked) -> Iterator[Found]:
    """Inspections with a form that was not in force on their day."""
    form, day = Checklist, Inspection.inspected_on
    query = _answers(asked, form.id, form.name, form.valid_from, form.valid_to)
    for record, on, place, key, name, since, until in rows(
        query.where((day < form.valid_from) | (day > form.valid_to))
    ):
        text = f"“{name}”的使用期是{day_of(since)}{f'至{day_of(until)}' if until else '起'}"
        yield Found("inspections", record, "checklists", day_of(on), place, text, f"{key}/{day_of(on)}")


def answers_missing(asked: Asked) -> Iterator[Found]:
    """Inspections that are to cover the whole form with items left without an answer.

    Of a form whose general items may be sampled only the key items count.
    """
    a, form, item = ChecklistAnswer, Checklist, ChecklistItem
    items = item.select(peewee.fn.COUNT(item.id)).where(item.checklist == form.id, item.removed_at.is_null())
    due = peewee.Case(form.coverage, (("all", items),), items.where(item.is_key))
    query = _answers(asked, form.id, form.name, form.coverage, a.passed, a.failed, a.skipped)
    short = (a.checked + a.skipped_count < due) | (a.checked + a.skipped_count == 0) | (form.coverage != "all")
    numbers: dict[int, list[tuple[str, bool]]] = {}
    for record, on, place, key, name, coverage, *texts in rows(query.where(Inspection.kind.in_(WHOLE), short)):
        if key not in numbers:
            mine = item.live().select(item.number, item.is_key).where(item.checklist == key).order_by(item.rank)
            numbers[key] = [(number, bool(is_key)) for number, is_key in rows(mine)]
        given = {number for text in texts for number in _unpacked(text)}
        missing = [n for n, is_key in numbers[key] if n not in given and (is_key or coverage == "all")]
        if missing:
            text = f"“{name}”还有{len(missing)}项没有作答：{checklists.pack(missing)}"
            yield Found("inspections", record, "checklists", day_of(on), place, text, f"{key}/{len(missing)}")


def _unpacked(text: str | None) -> list[str]:
    try:
        return checklists.unpack(text)
    except ValueError:
        return []


def no_finding(asked: Asked) -> Iterator[Found]:
    """Inspections with failed items of a form that were not written down as findings."""
    a, f, item = ChecklistAnswer, Finding, ChecklistItem
    count = (
        f.select(peewee.fn.COUNT(f.item.distinct()))
        .join(item, on=(f.item == item.id))
        .where(f.inspection == Inspection.id, f.removed_at.is_null(), item.checklist == a.checklist)
    )
    query = _answers(asked, a.checklist, Checklist.name, a.failed)
    fewer = (a.failed_count > 0) & (count < a.failed_count)
    for record, on, place, key, name, failed in rows(query.where(fewer)):
        mine = f.live().select(item.number).join(item, on=(f.item == item.id))
        there = {row[0] for row in rows(mine.where(f.inspection == record, item.checklist == key))}
        missing = [number for number in _unpacked(failed) if number not in there]
        if missing:
            text = f"“{name}”不符合的第{'、'.join(missing)}项没有登记成隐患"
            yield Found("inspections", record, "checklists", day_of(on), place, text, " ".join(missing))
