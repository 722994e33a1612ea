"""Field kinds: each carries its Chinese label, how a person writes it and how it is shown. Knows no table."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

import peewee

from models.core.errors import FieldError
from models.rules import dates

Choices = Sequence[tuple[str, str]]
#: Invisible signs of pasted text: joiners, direction marks, byte order mark.
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff")


def clean_text(text: str, lines: bool = False) -> str:
    """A text without signs nobody sees and without outer blanks; line ends become blanks unless ``lines``."""
    if text.isprintable():  # neither control nor format signs, and no line end
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = "".join(
        c
        for c in text
        if c in "\n\t" or (c not in _INVISIBLE and unicodedata.category(c) not in ("Cc", "Cs"))
    )
    return kept.strip() if lines else re.sub(r"[ \t]*\n[ \t\n]*|\t+", " ", kept).strip()


def tidy(text: str) -> str:
    """A typed line with full-width digits and Latin folded and outer blanks gone; Chinese punctuation stays."""
    text = clean_text(text)
    if unicodedata.is_normalized("NFKC", text):
        return text
    folded = "".join(unicodedata.normalize("NFKC", c) if c.isalnum() or c in "－　" else c for c in text)
    return clean_text(folded)


def read_number(text: str) -> Decimal | None:
    """A typed number, None where it is empty. Raises FieldError."""
    value = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", clean_text(text))).replace("。", ".")
    if not value:
        return None
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", value, re.ASCII):
        raise FieldError(f"“{text.strip()}”不是数字")
    if len(value) > 20:
        raise FieldError("数字太长，请核对")
    return Decimal(value)


def bounds_refusal(number: Decimal | int, least: float | None, most: float | None) -> str:
    """Why a number is outside its bounds, in Chinese; '' where it is inside."""
    if least is not None and number < Decimal(str(least)):
        return f"不能小于{least:g}"
    if most is not None and number > Decimal(str(most)):
        return f"不能大于{most:g}"
    return ""


@dataclass(frozen=True)
class Suggestion:
    """A ready answer offered while a field is typed: its text, a second line, what it is found by, what it fills."""

    text: str
    detail: str = ""
    key: str = ""
    fills: Mapping[str, Any] = field(default_factory=dict)


class Described:
    """What every field of a register knows of itself.

    ``label`` is the only place of the Chinese name; ``required`` refuses emptiness; ``check`` takes the value and
    returns a ``(severity, rule, message)`` or None; ``search`` puts the text into the search column (``pinyin``
    its initials too); ``sort`` names the column to order by instead; ``width`` is in Chinese characters.
    ``suggest(values, parent_values, today)`` gives the Suggestions a form offers, read off the GUI thread.
    ``required_when`` (a field's name, a value) marks it as required in a form while that field has that value;
    the table's own check refuses.
    """

    kind: ClassVar[str] = "text"
    name: str

    def describe(self, label: str, options: dict[str, Any]) -> dict[str, Any]:
        """Take this class's own options out of ``options``; what is left is peewee's."""
        self.label = label
        self.required: bool = options.pop("required", False)
        self.help: str = options.pop("help", "")
        self.unit: str = options.pop("unit", "")
        self.required_when: tuple[str, Any] | None = options.pop("required_when", None)
        self.width: int = options.pop("width", 10)
        self.check: Callable[[Any], tuple[str, str, str] | None] | None = options.pop("check", None)
        self.search: bool = options.pop("search", False)
        self.pinyin: bool = options.pop("pinyin", False)
        self.sort: str | None = options.pop("sort", None)
        self.editable: bool = options.pop("editable", True)
        self.group: str = options.pop("group", "")
        self.hint: str = options.pop("hint", "")
        self.suggest: (
            Callable[[Mapping[str, Any], Mapping[str, Any], dt.date], Sequence[Suggestion]] | None
        ) = options.pop("suggest", None)
        return {"verbose_name": label, "help_text": self.help or None, **options}

    def parse(self, text: str, today: dt.date) -> Any:
        """The value a typed text means, None where it is empty. Raises FieldError with the mend."""
        return tidy(text) or None

    def clean(self, value: Any) -> Any:
        """A value as this field keeps it; what a program hands over need not have been typed."""
        return value

    def refuse(self, value: Any) -> str:
        """Why a value is no value of this field, in Chinese; '' where it is one."""
        return ""

    def format(self, value: Any) -> str:
        """The value as the screen shows it."""
        return "" if value is None else str(value)


class Text(Described, peewee.CharField):
    """A line of text; empty is '' and never NULL."""

    def __init__(self, label: str = "", *, max_length: int = 200, **options: Any) -> None:
        super().__init__(max_length=max_length, **self.describe(label, {"default": "", **options}))

    def parse(self, text: str, today: dt.date) -> Any:
        value = tidy(text)
        if refusal := self.refuse(value):
            raise FieldError(refusal)
        return value

    def clean(self, value: Any) -> Any:
        return clean_text(value) if isinstance(value, str) else value

    def refuse(self, value: Any) -> str:
        size = len(str(value))
        return f"最多{self.max_length}个字，现有{size}个，请缩短" if size > self.max_length else ""


class LongText(Described, peewee.TextField):
    """Several lines of text; empty is ''."""

    kind = "long"

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(**self.describe(label, {"default": "", "width": 24, **options}))

    def parse(self, text: str, today: dt.date) -> Any:
        return clean_text(text, lines=True)

    def clean(self, value: Any) -> Any:
        return clean_text(value, lines=True) if isinstance(value, str) else value


class Code(Text):
    """A code or number kept as text; ``normalise`` folds what people type into the code's own form."""

    kind = "code"

    def __init__(
        self,
        label: str = "",
        *,
        normalise: Callable[[str], str] | None = None,
        mask: Callable[[str], str] | None = None,
        **options: Any,
    ) -> None:
        self.normalise = normalise
        self.mask = mask
        super().__init__(label, **{"width": 12, **options})

    def parse(self, text: str, today: dt.date) -> Any:
        return self.clean(super().parse(text, today))

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        return self.normalise(value) if self.normalise and value else value

    def format(self, value: Any) -> str:
        return self.mask(value) if self.mask and value else super().format(value)


class Choice(Described, peewee.CharField):
    """One of a fixed list; stored by its English code, shown by its Chinese label."""

    kind = "choice"

    def __init__(self, label: str = "", options: Choices = (), **kwargs: Any) -> None:
        self.labels: dict[str, str] = dict(options)
        if not kwargs.get("required"):
            kwargs.setdefault("null", True)
        super().__init__(max_length=32, choices=list(options), **self.describe(label, kwargs))

    def parse(self, text: str, today: dt.date) -> Any:
        value = tidy(text)
        if not value:
            return None
        if value in self.labels:
            return value
        for code, label in self.labels.items():
            if label == value:
                return code
        raise FieldError(f"没有“{value}”这一项，请从下列中选：{'、'.join(self.labels.values())}")

    def refuse(self, value: Any) -> str:
        return "" if value in self.labels else f"没有“{value}”这一项，请从列表中选"

    def format(self, value: Any) -> str:
        return "" if value is None else self.labels.get(value, str(value))


class Integer(Described, peewee.IntegerField):
    """A whole number with bounds (inclusive)."""

    kind = "integer"

    def __init__(
        self, label: str = "", *, least: int | None = 0, most: int | None = None, **options: Any
    ) -> None:
        self.least, self.most = least, most
        if not options.get("required"):
            options.setdefault("null", True)
        super().__init__(**self.describe(label, {"width": 6, **options}))

    def parse(self, text: str, today: dt.date) -> Any:
        number = read_number(text)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise FieldError("请填整数")
        if refusal := self.refuse(int(number)):
            raise FieldError(refusal)
        return int(number)

    def refuse(self, value: Any) -> str:
        if abs(value) >= 10**12:
            return "数字太大，请核对"
        return bounds_refusal(value, self.least, self.most)


class Number(Described, peewee.DecimalField):
    """A decimal number with a fixed number of places."""

    kind = "number"

    def __init__(
        self,
        label: str = "",
        *,
        places: int = 2,
        least: float | None = 0,
        most: float | None = None,
        **options: Any,
    ) -> None:
        self.least, self.most = least, most
        if not options.get("required"):
            options.setdefault("null", True)
        super().__init__(
            max_digits=14,
            decimal_places=places,
            auto_round=True,
            rounding=ROUND_HALF_UP,
            **self.describe(label, {"width": 6, **options}),
        )

    def parse(self, text: str, today: dt.date) -> Any:
        number = read_number(text)
        if number is None:
            return None
        if refusal := self.refuse(number):
            raise FieldError(refusal)
        return number.quantize(Decimal(1).scaleb(-self.decimal_places), ROUND_HALF_UP)

    def refuse(self, value: Any) -> str:
        if abs(value) >= 10 ** (self.max_digits - self.decimal_places):
            return "数字太大，请核对"
        return bounds_refusal(value, self.least, self.most)

    def format(self, value: Any) -> str:
        if value is None:
            return ""
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


class Date(Described, peewee.DateField):
    """A day; typed as 2024.6.5, 6/5, 今天, +15 …, shown as 2024-06-05; a new form has today by ``default_today``."""

    kind = "date"

    def __init__(self, label: str = "", *, default_today: bool = False, **options: Any) -> None:
        self.default_today = default_today
        if not options.get("required"):
            options.setdefault("null", True)
        super().__init__(**self.describe(label, {"width": 7, **options}))

    def parse(self, text: str, today: dt.date) -> Any:
        if not tidy(text):
            return None
        try:
            return dates.parse_date(text, today)
        except ValueError as exc:
            raise FieldError(str(exc)) from None

    def format(self, value: Any) -> str:
        return "" if value is None else value.isoformat()


class Time(Described, peewee.TimeField):
    """A time of day to the minute; typed as 9:30, 930, 下午2点; shown as 09:30."""

    kind = "time"

    def __init__(self, label: str = "", **options: Any) -> None:
        if not options.get("required"):
            options.setdefault("null", True)
        super().__init__(**self.describe(label, {"width": 5, **options}))

    def parse(self, text: str, today: dt.date) -> Any:
        if not tidy(text):
            return None
        try:
            return dates.parse_time(text)
        except ValueError as exc:
            raise FieldError(str(exc)) from None

    def format(self, value: Any) -> str:
        return "" if value is None else value.strftime("%H:%M")


class Bool(Described, peewee.BooleanField):
    """Yes or no; typed as 是/否/√."""

    kind = "bool"
    YES = frozenset({"是", "有", "√", "y", "yes", "true", "1", "对", "✓"})
    NO = frozenset({"否", "无", "×", "n", "no", "false", "0", "x", ""})

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(**self.describe(label, {"default": False, "width": 4, **options}))

    def parse(self, text: str, today: dt.date) -> Any:
        value = tidy(text).lower()
        if value in self.YES:
            return True
        if value in self.NO:
            return False
        raise FieldError("请填“是”或“否”")

    def format(self, value: Any) -> str:
        return "" if value is None else "是" if value else "否"


class Ref(Described, peewee.ForeignKeyField):
    """A record of another register.

    ``narrow(values)`` gives the conditions that limit the choice, from the values typed so far: register Conditions
    of the target's register, as ``lambda v: (Condition("parent", "in", (v["area"],)),)``; it is called off the GUI
    thread and may read. ``narrowed_by`` names the fields it reads: a form empties the choice when one of them changes.
    """

    kind = "ref"

    def __init__(
        self,
        model: Any,
        label: str = "",
        *,
        backref: str | None = None,
        narrow: Callable[[Mapping[str, Any]], Sequence[Any]] | None = None,
        narrowed_by: Sequence[str] = (),
        **options: Any,
    ) -> None:
        self.narrow, self.narrowed_by = narrow, tuple(narrowed_by)
        if not options.get("required"):
            options.setdefault("null", True)
        super().__init__(
            model,
            backref=backref or "+",
            on_delete="RESTRICT",
            lazy_load=True,
            **self.describe(label, {"width": 12, **options}),
        )

    def parse(self, text: str, today: dt.date) -> Any:
        value = tidy(text)
        if not value:
            return None
        return find_by_label(self.rel_model, value)

    def format(self, value: Any) -> str:
        return "" if value is None else str(value)


def find_by_label(model: Any, text: str) -> int:
    """The id of the one live record whose label is ``text``. Raises FieldError where there is none or several."""
    query = model.live().select(model.id)
    label, at = model._meta.fields[model.label_field], model
    while isinstance(label, Ref):
        query = query.join_from(at, label.rel_model, on=(label == label.rel_model.id))
        at, label = label.rel_model, label.rel_model._meta.fields[label.rel_model.label_field]
    return only_one(model, text, [row[0] for row in query.where(label == text).limit(2).tuples()])


def only_one(model: Any, text: str, found: Sequence[int]) -> int:
    """The one id of the records called ``text``. Raises FieldError where there is none or several."""
    if not found:
        raise FieldError(f"{model.title}里没有“{text}”，请先登记或改正名称")
    if len(found) > 1:
        raise FieldError(f"{model.title}里有多个“{text}”，请从列表中选定一个")
    return int(found[0])


class Json(Described, peewee.TextField):
    """A frozen piece of plain data kept as JSON text; not edited by hand."""

    kind = "json"

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(**self.describe(label, {"default": "", "editable": False, **options}))


class Lines:
    """Child records that live and die with their parent (findings of an inspection).

    ``prepared`` (a column, its values) has a form show one line ready for each value; such a line counts only when
    something else was entered in it. ``offer`` (a word, values) lets a person fill all of them at one stroke. ``skip``
    (a column, its values): after such a value Enter goes on to the next line. ``face`` names an editor of its own
    instead of the table of lines; a screen decides what it is. ``told``: columns read beside a record, if others.
    """

    kind = "lines"

    def __init__(
        self,
        child: Callable[[], Any],
        label: str,
        *,
        parent: str,
        columns: Sequence[str],
        least: int = 0,
        help: str = "",
        prepared: tuple[str, tuple[str, ...]] | None = None,
        offer: tuple[str, Mapping[str, Any]] | None = None,
        skip: tuple[str, tuple[str, ...]] | None = None,
        face: str = "",
        told: Sequence[str] = (),
    ) -> None:
        self.prepared, self.offer, self.skip, self.face, self.told = prepared, offer, skip, face, tuple(told or columns)
        self.child, self.label, self.parent, self.columns = child, label, parent, tuple(columns)
        self.required, self.least, self.help = least > 0, least, help
        self.editable, self.group, self.width, self.unit, self.hint = True, "", 24, "", ""
        self.name = ""

    def __set_name__(self, owner: Any, name: str) -> None:
        self.name = name

    def format(self, value: Any) -> str:  # how many lines there are
        return str(value)


class Links:
    """Records of another register tied to this one through a table; ``narrow`` as of a Ref.

    ``propose(values)``, called as ``narrow`` is, gives the ids a new form shows chosen until a person changes them."""

    kind = "links"

    def __init__(
        self,
        through: Callable[[], Any],
        label: str,
        *,
        parent: str,
        target: str,
        least: int = 0,
        least_message: str = "",
        help: str = "",
        narrow: Callable[[Mapping[str, Any]], Sequence[Any]] | None = None,
        propose: Callable[[Mapping[str, Any]], Sequence[int]] | None = None,
    ) -> None:
        self.narrow, self.propose = narrow, propose
        self.through, self.label, self.parent, self.target = through, label, parent, target
        self.least, self.least_message, self.help, self.required = least, least_message, help, least > 0
        self.editable, self.group, self.width, self.unit, self.hint = True, "", 14, "", ""
        self.name = ""

    def __set_name__(self, owner: Any, name: str) -> None:
        self.name = name

    @property
    def target_model(self) -> Any:
        """The model at the far end."""
        return getattr(self.through(), self.target).rel_model
