"""What an inspection answered of a checklist: one compact row a form; knows neither screen nor paper."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.checklist import LEVELS, Checklist, ChecklistItem, items_of
from models.core.attachments import Attachment
from models.core.checks import Problems
from models.core.choices import split_codes
from models.core.errors import FieldError
from models.core.fields import Choice, Integer, LongText, Ref
from models.core.record import Record
from models.core.register import Column, Condition, Preset, Register
from models.inspection import Finding, Inspection
from models.rules import checklist as rules

ANSWERS = (("yes", "是"), ("no", "否"), ("skip", "合理缺项"))
#: Kinds of inspection that must cover every item of the form (令49号 art. 27); others may leave items out.
WHOLE = frozenset({"routine", "system"})


class Numbers(LongText):
    """Numbers of items, runs drawn together: 1.1-1.4、2.2."""

    def parse(self, text: str, today: dt.date) -> Any:
        value = super().parse(text, today)
        if refusal := self.refuse(value):
            raise FieldError(refusal)
        return self.clean(value)

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        return value if not value or self.refuse(value) else rules.pack(rules.unpack(value))

    def refuse(self, value: Any) -> str:
        try:
            rules.unpack(str(value or ""))
        except ValueError as exc:
            return str(exc)
        return ""


class ChecklistAnswer(Record):
    """The answers to a form: packed numbers of the items passed, failed and left out, and the counts from them."""

    title = "要点表检查结果"
    label_field = "checklist"
    owner = "inspection"
    inspection = Ref(Inspection, "监督检查", required=True, backref="checklist_rows")
    inspection_id: int
    checklist = Ref(
        Checklist,
        "要点表",
        required=True,
        narrow=lambda v: (Condition("valid_from", "<=", v["inspected_on"]),) if v.get("inspected_on") else (),
        width=16,
    )
    checklist_id: int
    passed = Numbers("符合的项目", help="序号，连着的可写成1.1-1.4", width=16)
    failed = Numbers("不符合的项目", width=12)
    skipped = Numbers("合理缺项", width=12)
    notes = LongText("备注", help="每行一项：2.3：冷藏柜8℃", search=True, width=16)
    checked = Integer("检查项数", required=True, default=0, unit="项", editable=False, width=6)
    key_checked = Integer("重点项", required=True, default=0, unit="项", editable=False, width=6)
    key_failed = Integer("重点项不符合", required=True, default=0, unit="项", editable=False, width=7)
    failed_count = Integer("不符合项数", required=True, default=0, unit="项", editable=False, width=7)
    skipped_count = Integer("缺项数", required=True, default=0, unit="项", editable=False, width=6)
    level = Choice("档次", LEVELS, editable=False, width=7)
    reckoning = LongText("判定过程", editable=False, width=24)

    live_indexes = ((("inspection", "checklist"), True), (("checklist",), False))

    @staticmethod
    def failed_items(line: Mapping[str, Any]) -> dict[str, int]:
        """The ids of the failed items of a line's values by their numbers."""
        numbers = _read(line.get("failed")) or []
        if not numbers or not line.get("checklist"):
            return {}
        return {item.number: item.id for item in items_of(line["checklist"]) if item.number in numbers}

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        form = draft.ref("checklist")
        numbers = {name: _read(draft[name]) for name in ("passed", "failed", "skipped")}
        if form is None or None in numbers.values():
            return {}
        if draft.record is not None and not any(draft.changed(n) for n in ("checklist", *numbers)):
            return {}  # an old result stays as the rule of its day gave it
        counts = rules.tally(keys_of(form.id), *(numbers[n] or () for n in ("passed", "failed", "skipped")))
        return result_values(counts, form)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        form, visit = draft.ref("checklist"), draft.parent
        if form is None or visit is None:
            return
        day = visit["inspected_on"]
        fresh = draft.record is None or draft.changed("checklist") or visit.changed("inspected_on")
        if fresh and day is not None and not (
            form.valid_from <= day and (form.valid_to is None or day <= form.valid_to)
        ):
            until = f"至{form.valid_to}" if form.valid_to else "起"
            words = (
                f"“{form.name}”的使用期是{form.valid_from}{until}，不能用于{day}的检查，请选当日现行的要点表"
            )
            problems.error("checklist", "not_valid", words)
        same = [line for line in visit["checklists"] or [] if line.get("checklist") == form.id]
        if len(same) > 1:
            problems.error("checklist", "twice", f"“{form.name}”填了两次，请去掉其一")
        place = visit.ref("enterprise")
        state = place.fact(day) if place is not None and day is not None else None
        if state is not None and form.categories and state.category not in split_codes(form.categories):
            words = f"“{form.name}”不适用于这类主体，请核对"
            problems.warn("checklist", "category", words, f"{form.id}/{state.category}")
        if (
            draft.record is None
            or any(draft.changed(n) for n in ("checklist", "passed", "failed", "skipped"))
        ) or (visit.changed("state")):
            cls._check_answers(draft, form, problems)

    @classmethod
    def _check_answers(cls, draft: Any, form: Checklist, problems: Problems) -> None:
        visit, items = draft.parent, {item.number: item for item in items_of(form.id)}
        answers = {name: _read(draft[name]) for name in ("passed", "failed", "skipped")}
        if None in answers.values():
            return  # each field said so itself
        seen: dict[str, str] = {}
        for name, numbers in answers.items():
            for number in numbers or ():
                if number not in items:
                    problems.error(name, "unknown", f"“{form.name}”没有第{number}项，请核对")
                elif number in seen:
                    problems.error(name, "twice", f"第{number}项有两个结果，请去掉其一")
                seen[number] = name
        notes = read_notes(draft["notes"])
        for number in notes.keys() - items.keys():
            problems.error("notes", "unknown", f"备注里的第{number}项不在要点表中，请核对")
        if visit["state"] != "done":
            return
        missing = [n for n in items if n not in seen]
        whole = form.coverage == "all" and visit["kind"] in WHOLE
        due = missing if whole else [n for n in missing if items[n].is_key] if visit["kind"] in WHOLE else []
        if due:
            words = f"还有{len(due)}项没有作答：{rules.pack(due)}。请补上，或先存为草稿"
            problems.error("passed", "missing", words)
        elif not seen:
            problems.error("passed", "missing", "还没有作答，请填写，或去掉这张要点表")
        must = failed_before(visit["enterprise"], form, visit["inspected_on"], visit.record)
        if again := [n for n in must if n in missing and n not in due]:
            problems.error("passed", "mandatory", f"上次不符合的项目必须检查：{rules.pack(again)}")
        for number in must:
            if seen.get(number) == "skipped" and not notes.get(number):
                words = f"第{number}项上次不符合，填合理缺项的请在备注写明理由（{number}：……）"
                problems.error("notes", "mandatory", words)


def result_values(counts: rules.Tally, form: Checklist) -> dict[str, Any]:
    """The columns of the counts and of the result they give by the form's own rule."""
    found = rules.judge(counts, form.rule())
    return {
        "checked": counts.checked,
        "key_checked": counts.key_checked,
        "key_failed": counts.key_failed,
        "failed_count": counts.failed,
        "skipped_count": counts.skipped,
        "level": found.level,
        "reckoning": "\n".join((f"{found.word}（{found.handling}）", *found.reasons)),
    }


def _read(text: str | None) -> list[str] | None:
    """The numbers of a field, None where they cannot be read."""
    try:
        return rules.unpack(text)
    except ValueError:
        return None


def keys_of(checklist_id: int) -> frozenset[str]:
    """The numbers of a form's key items."""
    mine = ChecklistItem.live().select(ChecklistItem.number)
    rows = mine.where(ChecklistItem.checklist == checklist_id, ChecklistItem.is_key)
    return frozenset(row[0] for row in rows.tuples())


def read_notes(text: str | None) -> dict[str, str]:
    """Notes by number from their lines; a line without a number belongs to the one before."""
    found: dict[str, str] = {}
    last = ""
    for line in (text or "").splitlines():
        head, sign, rest = line.replace(":", "：", 1).partition("：")
        number = rules.fold_number(head).lstrip("*")
        if sign and rules.NUMBER.fullmatch(number):
            last = number
            found[number] = rest.strip()
        elif last:
            found[last] = f"{found[last]} {line.strip()}".strip()
    return found


def write_notes(notes: Mapping[str, str]) -> str:
    """Notes as lines, in the order of the form."""
    kept = {n: " ".join(t.split()) for n, t in notes.items() if t.strip()}
    return "\n".join(f"{n}：{kept[n]}" for n in sorted(kept, key=rules.sort_key))


def last_answer(
    enterprise: int | None, form: Checklist, before: dt.date | None, this: Inspection | None = None
) -> ChecklistAnswer | None:
    """The answers of the enterprise's last inspection done with a form of the same kind, None without."""
    if enterprise is None or before is None:
        return None
    query = (
        ChecklistAnswer.live()
        .join(Inspection, on=(ChecklistAnswer.inspection == Inspection.id))
        .switch(ChecklistAnswer)
        .join(Checklist, on=(ChecklistAnswer.checklist == Checklist.id))
        .where(
            Inspection.enterprise == enterprise,
            Inspection.removed_at.is_null(),
            Inspection.state == "done",
            Inspection.inspected_on <= before,
            Checklist.kind == form.kind,
        )
        .order_by(Inspection.inspected_on.desc(), Inspection.id.desc())
    )
    if this is not None:
        query = query.where(Inspection.id != this.id)
    found: ChecklistAnswer | None = query.first()
    return found


def failed_before(
    enterprise: int | None, form: Checklist, before: dt.date | None, this: Inspection | None = None
) -> list[str]:
    """The numbers in ``form`` of the items failed at the last inspection of the kind: mandatory this time.

    In another version of the form an item is the one with the same content, else the one with the same number.
    """
    last = last_answer(enterprise, form, before, this)
    numbers = rules.unpack(last.failed) if last is not None else []
    if last is None or not numbers:
        return []
    mine = items_of(form.id)
    if last.checklist_id == form.id:
        return [item.number for item in mine if item.number in numbers]
    old = {item.content.strip() for item in items_of(last.checklist_id) if item.number in numbers}
    same = {item.number for item in mine if item.content.strip() in old}
    return [item.number for item in mine if item.number in same or (item.number in numbers and not same)]


# --- what a paper shows ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnsweredItem:
    """One item as it was answered; ``answer`` is yes, no, skip or '' (not checked)."""

    id: int
    topic: str
    number: str
    is_key: bool
    content: str
    answer: str
    note: str
    #: The finding's wording where the item was failed and written down.
    finding: str = ""
    #: How many photos or files were kept of it (份).
    files: int = 0

    @property
    def marked(self) -> str:
        """The number as it is printed: *2.3."""
        return f"*{self.number}" if self.is_key else self.number


@dataclass(frozen=True)
class AnsweredChecklist:
    """A form with the answers of an inspection; ``title`` is safe to print (a sample says that it is one)."""

    checklist_id: int
    title: str
    official: bool
    kind: str
    table_number: str
    edition: str
    items: tuple[AnsweredItem, ...]
    counts: rules.Tally
    level: str
    word: str
    handling: str
    reasons: tuple[str, ...]

    def numbers(self, *answers: str, key: bool | None = None) -> list[str]:
        """The printed numbers of the items with these answers, ``key`` or general ones only where it is given."""
        return [i.marked for i in self.items if i.answer in answers and key in (None, i.is_key)]

    @property
    def groups(self) -> list[tuple[str, tuple[AnsweredItem, ...]]]:
        """The items by their groups, in the order of the form."""
        names = dict.fromkeys(item.topic for item in self.items)
        return [(name, tuple(i for i in self.items if i.topic == name)) for name in names]


def part_of(item_id: int) -> str:
    """What an attachment of an inspection names as its part when it shows an item of a form."""
    return f"item:{item_id}"


def answers_of(inspection: Inspection) -> list[AnsweredChecklist]:
    """Every form answered at an inspection, in the order of entry; empty where none was used.

    Word and handling are those of the result as it was stored, so that a later change of the form's rule leaves them.
    """
    mine = (
        ChecklistAnswer.live().where(ChecklistAnswer.inspection == inspection.id).order_by(ChecklistAnswer.id)
    )
    return [_answered(row) for row in mine]


def _answered(row: ChecklistAnswer) -> AnsweredChecklist:
    form, notes = row.checklist, read_notes(row.notes)
    wordings = dict(
        Finding.live()
        .select(Finding.item, Finding.wording)
        .where(Finding.inspection == row.inspection_id, Finding.item.is_null(False))
        .tuples()
    )
    files = Counter(one.part for one in Attachment.of(Inspection._meta.table_name, row.inspection_id))
    answer = dict.fromkeys(rules.unpack(row.passed), "yes")
    answer |= dict.fromkeys(rules.unpack(row.failed), "no") | dict.fromkeys(rules.unpack(row.skipped), "skip")
    items = tuple(
        AnsweredItem(
            i.id, i.topic, i.number, i.is_key, i.content, answer.get(i.number, ""), notes.get(i.number, ""),
            wordings.get(i.id, ""), files.get(part_of(i.id), 0),
        )
        for i in items_of(form.id)
    )  # fmt: skip
    counts = rules.Tally(
        row.key_checked,
        row.key_failed,
        row.checked - row.key_checked,
        row.failed_count - row.key_failed,
        row.skipped_count,
    )
    first, *reasons = (row.reckoning or "").split("\n")
    word, _, handling = first.removesuffix("）").partition("（")
    return AnsweredChecklist(
        form.id, form.paper_title, form.official, form.kind, form.table_number, form.edition, items, counts,
        row.level or "", word, handling, tuple(reasons),
    )  # fmt: skip


def by_answer(answers: Mapping[str, str]) -> dict[str, str]:
    """The three packed columns from answers by number."""
    columns = {"passed": "yes", "failed": "no", "skipped": "skip"}
    return {name: rules.pack(n for n, a in answers.items() if a == code) for name, code in columns.items()}


def answers_by_number(line: Mapping[str, Any]) -> dict[str, str]:
    """Answers by number from the three packed columns; an unreadable column gives none."""
    columns = {"passed": "yes", "failed": "no", "skipped": "skip"}
    return {n: code for name, code in columns.items() for n in _read(line.get(name)) or ()}


def level_of(lines: Iterable[Mapping[str, Any]]) -> str:
    """The worst level of several lines' counts; '' without lines."""
    order: Sequence[str] = [code for code, _ in LEVELS]
    found = [line["level"] for line in lines if line.get("level") in order]
    return max(found, key=order.index) if found else ""


REGISTER = Register(
    name="checklist_answers",
    title="要点表检查结果",
    model=ChecklistAnswer,
    icon="check-circle",
    unit="张次",
    editable=False,
    creatable=False,
    columns=(
        Column("inspection.inspected_on"),
        Column("inspection.enterprise", width=18),
        Column("inspection.enterprise.category", width=8),
        Column("checklist"),
        Column("level"),
        Column("checked"),
        Column("key_checked", shown=False),
        Column("key_failed"),
        Column("failed_count"),
        Column("skipped_count"),
        Column("failed"),
        Column("skipped", shown=False),
        Column("passed", shown=False),
        Column("notes"),
        Column("reckoning", shown=False),
    ),
    order=(("inspection.inspected_on", True),),
    through=("inspection.enterprise",),
    filters=("level", "checklist", "checklist.kind", "inspection.enterprise.category"),
    presets=(
        Preset("clean", "无不符合", lambda s: s.col("level") == "passed", "success"),
        Preset("basic", "一般不符合", lambda s: s.col("level") == "basic", "warning"),
        Preset("failed", "严重不符合", lambda s: s.col("level") == "failed", "danger"),
    ),
)
