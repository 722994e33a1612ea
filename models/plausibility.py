"""Data check (数据核查): what looks odd in a period and is not explained yet, before any figure of it is published.

It knows the rules by their codes, the waivers and the figures; each rule itself stands in its topic's file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import peewee

from models import doubts_days, doubts_papers, doubts_people
from models.core.changes import Action, ChangeLog, Transaction
from models.core.errors import Refused
from models.core.figure import Figure
from models.core.record import database
from models.core.register import register
from models.core.search import search_columns
from models.core.waivers import Waiver
from models.doubt_facts import Asked, Facts, Found, place_names, rows
from models.doubt_rule import ReportRelease, rules_between
from models.duty import LeaderDuty
from models.inspection import Inspection
from models.notice import Notice

Rule = Callable[[Asked], Iterable[Found]]
#: The rules by the codes of their rows, in the order of the list.
RULES: dict[str, Rule] = {
    "two_places": doubts_people.two_places,
    "few_officers": doubts_people.few_officers,
    "certificate": doubts_people.certificate,
    "left": doubts_people.left,
    "duty_hours": doubts_people.duty_hours,
    "future": doubts_days.future,
    "closed": doubts_days.closed,
    "before_opening": doubts_days.before_opening,
    "before_permit": doubts_days.before_permit,
    "rest_day": doubts_days.rest_day,
    "twice": doubts_days.twice,
    "times": doubts_days.times,
    "short_visit": doubts_days.short_visit,
    "long_visit": doubts_days.long_visit,
    "stale_draft": doubts_days.stale_draft,
    "result": doubts_papers.result,
    "checklist_version": doubts_papers.checklist_version,
    "answers_missing": doubts_papers.answers_missing,
    "no_finding": doubts_papers.no_finding,
    "no_notice": doubts_papers.no_notice,
    "notice_early": doubts_papers.notice_early,
    "service_early": doubts_papers.service_early,
    "reinspection_early": doubts_papers.reinspection_early,
    "deadline_past": doubts_papers.deadline_past,
    "number_twice": doubts_papers.number_twice,
    "resolved_early": doubts_papers.resolved_early,
}
_KEPT_ANSWERS = 6
MOST_VALUE = 400


class Reason(NamedTuple):
    """Why an odd record is right as it is: the waiver, its words, who wrote them and when (None: unknown)."""

    waiver: int
    text: str
    who: str
    at: dt.datetime | None


class Doubt(NamedTuple):
    """One odd record. ``severity`` is error (须改正) or warning (请核对); ``reason`` is None while it is open."""

    code: str
    label: str
    severity: str
    mend: str
    register: str
    record: int
    field: str
    day: dt.date
    enterprise: int | None
    name: str
    text: str
    value: str
    reason: Reason | None

    @property
    def open(self) -> bool:
        """Whether it still has to be mended or explained."""
        return self.reason is None

    @property
    def table(self) -> str:
        """The table of the record."""
        return str(register(self.register).model._meta.table_name)


class Summary(NamedTuple):
    """What is open in a period: in all, of it 须改正, and by rule (its code and name, how many) in the list's order."""

    open: int
    errors: int
    rules: tuple[tuple[str, str, int], ...]


_answers: OrderedDict[tuple[Any, ...], list[Doubt]] = OrderedDict()
_guard = threading.Lock()


def doubts(start: dt.date, end: dt.date, today: dt.date) -> list[Doubt]:
    """Everything odd in a period (both days included), explained or not: grave ones first, then by rule and day.

    The answer is kept until the next action on the ledger. Safe on a reader thread.
    """
    key = (str(database.obj.database), *_last_action(), start, end, today)
    with _guard:
        if key in _answers:
            _answers.move_to_end(key)
            return list(_answers[key])
    found = _look(start, end, today)
    with _guard:
        _answers[key] = found
        while len(_answers) > _KEPT_ANSWERS:
            _answers.popitem(last=False)
    return list(found)


def _last_action() -> tuple[Any, ...]:
    last = rows(Action.select(Action.id, Action.at).order_by(Action.id.desc()).limit(1))
    return tuple(last[0]) if last else (0, "")


def _look(start: dt.date, end: dt.date, today: dt.date) -> list[Doubt]:
    facts, found = Facts(today), []
    order = {code: number for number, code in enumerate(RULES)}
    for rule in rules_between(start, end):
        look = RULES.get(rule.code)
        if look is None:
            continue  # a row of a person's own: the program knows no such rule
        first = max(start, rule.valid_from)
        last = min(end, rule.valid_to) if rule.valid_to is not None else end
        asked = Asked(first, last, int(rule.value or 0), facts)
        found += [(rule, one) for one in dict.fromkeys(look(asked))]
    names = place_names(one.enterprise for _rule, one in found)
    reasons = _reasons()
    listed = []
    for rule, one in found:
        value = shorten(one.value)
        table = register(one.register).model._meta.table_name
        listed.append(
            Doubt(
                rule.code, rule.label_text, rule.severity, rule.mend, one.register, one.record, one.field, one.day,
                one.enterprise, names.get(one.enterprise or 0, ""), one.text, value,
                reasons.get((table, one.record, rule.code, value)),
            )
        )  # fmt: skip
    listed.sort(key=lambda d: (d.severity != "error", order[d.code], -d.day.toordinal(), d.register, d.record))
    return listed


def shorten(value: str) -> str:
    """The doubted facts as a waiver has room for them: long ones end in a digest of the whole."""
    if len(value) <= MOST_VALUE:
        return value
    digest = hashlib.sha256(value.encode()).hexdigest()[:32]
    return f"{value[: MOST_VALUE - 33]}#{digest}"


def _reasons() -> dict[tuple[str, int, str, str], Reason]:
    """The waivers of doubts by table, row, rule and value, those given in a form too, with their time."""
    w, log, act = Waiver, ChangeLog, Action
    query = (
        w.select(w.table, w.row, w.rule, w.value, w.id, w.reason, w.who, act.at)
        .join(
            log,
            peewee.JOIN.LEFT_OUTER,
            on=(log.table == w._meta.table_name) & (log.row == w.id) & log.created,
        )
        .join(act, peewee.JOIN.LEFT_OUTER, on=(log.action == act.id))
        .where(w.removed_at.is_null(), w.rule.in_(list(RULES)))
        .order_by(w.id)
    )
    return {
        (table, row, rule, value): Reason(key, reason, who, _moment(at))
        for table, row, rule, value, key, reason, who, at in rows(query)
    }


def _moment(value: Any) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if isinstance(value, str) else value


def open_doubts(start: dt.date, end: dt.date, today: dt.date) -> list[Doubt]:
    """What is odd in a period and not explained yet."""
    return [doubt for doubt in doubts(start, end, today) if doubt.open]


def summary(start: dt.date, end: dt.date, today: dt.date) -> Summary:
    """How much is open in a period."""
    found = open_doubts(start, end, today)
    labels = {doubt.code: doubt.label for doubt in found}
    counts = Counter(doubt.code for doubt in found)
    rules = tuple((code, labels[code], counts[code]) for code in RULES if counts[code])
    return Summary(len(found), sum(1 for doubt in found if doubt.severity == "error"), rules)


def usual_span(today: dt.date) -> tuple[dt.date, dt.date]:
    """The days looked at unless a person says otherwise: this year."""
    return dt.date(today.year, 1, 1), dt.date(today.year, 12, 31)


# --- what a person does about them -------------------------------------------------------------------------------


def waive(tx: Transaction, chosen: Sequence[Doubt], reason: str) -> int:
    """Note why some odd records are right as they are, until their facts change; returns how many.

    Raises Refused without a reason.
    """
    if not reason.strip():
        raise Refused("请写明为什么不用改。")
    fresh = [doubt for doubt in chosen if doubt.open]
    for doubt in fresh:
        tx.insert(
            Waiver, table=doubt.table, row=doubt.record, field=doubt.field[:60], rule=doubt.code, value=doubt.value,
            reason=reason.strip()[:200], who=tx.action.actor,
        )  # fmt: skip
    return len(fresh)


def take_back(tx: Transaction, chosen: Sequence[Doubt]) -> int:
    """Remove the reasons of some doubts, so that they are open again; returns how many."""
    given = [doubt.reason for doubt in chosen if doubt.reason is not None]
    for reason in given:
        tx.remove(Waiver.get_by_id(reason.waiver))
    return len(given)


def release(tx: Transaction, start: dt.date, end: dt.date, count: int, reason: str) -> ReportRelease:
    """Keep why a report of a period is written although doubts are open. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused("请写明为什么现在就生成报告。")
    columns = {
        "from_day": start, "to_day": end, "doubts": count, "reason": reason.strip(), "who": tx.action.actor,
        "released_on": tx.today,
    }  # fmt: skip
    made: ReportRelease = tx.insert(ReportRelease, **columns, **search_columns(ReportRelease, columns))
    return made


# --- figures -----------------------------------------------------------------------------------------------------


def _doubted(name: str, model: Any) -> Callable[[dt.date, dt.date], Any]:
    """The query of the records of a register with something open in a period, as of its last day at the latest."""

    def query(start: dt.date, end: dt.date) -> Any:
        # A figure knows no clock: what is asked of a period is asked as of its end.
        found = {one.record for one in open_doubts(start, end, end) if one.register == name and one.day <= end}
        keys = ",".join(map(str, sorted(found))) or "0"
        chosen = peewee.Expression(model.id, peewee.OP.IN, peewee.SQL(f"({keys})"))
        return model.live().select(model.id).where(chosen)

    return query


for _name, _code, _model, _unit, _label in (
    ("inspections", "doubts.inspections", Inspection, "家次", "存疑的监督检查"),
    ("notices", "doubts.notices", Notice, "份", "存疑的通知书"),
    ("leader_duties", "doubts.duties", LeaderDuty, "次", "存疑的督导工时"),
):
    Figure(
        name=_code,
        label=_label,
        unit=_unit,
        kind="count",
        basis="flow",
        register=_name,
        rule=f"期内按数据核查规则有疑点、还没有改正或说明理由的{_label.removeprefix('存疑的')}{_unit}数，截至期末。",
        query=_doubted(_name, _model),
    )
