"""The words of a 责令改正通知书 as they were printed; knows neither the tables nor the page."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import date


@dataclass(frozen=True, slots=True)
class NoticeText:
    """All words of one notice (form 33 of 国市监法发〔2021〕42号); what is kept is what was printed.

    `number` is the whole printed string, empty in a draft; `issued_on` None leaves the date blank to be
    filled in by hand; `void_reason` is set only on a void notice; `demo` marks a made-up one.
    """

    office: str
    title: str
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    contact_lines: tuple[str, ...] = ()
    issued_on: date | None = None
    footnote: str = ""
    draft: bool = False
    void_reason: str = ""
    demo: bool = False

    def to_json(self) -> str:
        """One JSON object with the fields' English names; the date in ISO 8601 or null."""
        data = asdict(self)
        data["issued_on"] = self.issued_on.isoformat() if self.issued_on else None
        return json.dumps(data, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> NoticeText:
        """The inverse of `to_json`; unknown keys of a later version are left out. Raises ValueError."""
        data = json.loads(text)
        if not isinstance(data, dict):
            raise ValueError("文书正文的格式不对：应为一个 JSON 对象。")
        known = {field.name for field in fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        for key in ("paragraphs", "contact_lines"):
            values[key] = tuple(values.get(key) or ())
        day = values.get("issued_on")
        values["issued_on"] = date.fromisoformat(day) if day else None
        try:
            return cls(**values)
        except TypeError as error:
            raise ValueError("文书正文缺少必需的内容，无法读出。") from error
