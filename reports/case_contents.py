"""What goes into a case file (案卷), item by item in the order of filing, to choose from; knows no page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.attachment_check import FAULTS
from models.case_file import CaseRow, CaseScope, Cover, cover_of, parts_of, words_of
from models.core.attachments import Attachment
from models.core.blobs import Blobs
from models.core.changes import table_named
from reports.case_papers import CasePaper, Setting, papers_of

PAPER, PICTURE, PDF, FILE = "paper", "picture", "pdf", "file"
KINDS = {PAPER: "文书", PICTURE: "照片、图片", PDF: "PDF", FILE: "其他文件"}
PICTURES = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp", "image/tiff", "image/heic", "image/heif"}
)
PHOTOS = {
    "inspection": "现场检查照片",
    "scene_record": "现场检查照片",
    "finding": "隐患照片",
    "finding_check": "复核照片",
    "checklist_answer": "要点表照片",
    "reinspection": "复查照片",
    "supervision_visit": "督导照片",
    "talk": "约谈照片",
}
"""Tables whose pictures are filed as one item of the table of contents."""


@dataclass(frozen=True)
class Item:
    """One paper or file. ``part`` is the title it is filed under, ``group`` draws the pictures of a record together.

    ``fault`` says what is wrong with a file; ``usual`` is False for what is not filed unless asked for (a draft).
    """

    key: str
    part: str
    kind: str
    name: str
    table: str
    row: int
    number: str = ""
    day: dt.date | None = None
    remark: str = ""
    usual: bool = True
    group: str = ""
    fault: str = ""
    paper: CasePaper | None = field(default=None, compare=False)
    digest: str = ""
    size: int = 0
    file_name: str = ""
    media_type: str = ""
    owner: str = ""
    taken_on: dt.date | None = None

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return _stem(self.file_name)


@dataclass(frozen=True)
class Contents:
    """A case before it is put together: its cover and its items in the order of filing."""

    cover: Cover
    items: tuple[Item, ...]
    scope: CaseScope
    how: Setting

    def usual(self) -> list[Item]:
        """What is filed where nobody chooses."""
        return [item for item in self.items if item.usual]

    def faults(self) -> list[str]:
        """A sentence for each file that is missing or altered."""
        return [fault_words(item) for item in self.items if item.fault]


def fault_words(item: Item) -> str:
    """What is wrong with a file, with its name and its record."""
    return f"{item.owner}的附件“{item.file_name}”：{item.fault}"


def contents_of(
    scope: CaseScope,
    blobs: Blobs,
    how: Setting,
    told: Callable[[int, int], object] = lambda done, total: None,
) -> Contents:
    """What a case holds; each file is read once to see whether it is as it was added.

    ``told(done, total)`` in records may raise to stop. Raises NotFound for a record that is gone.
    """
    parts = parts_of(scope)
    total, done = sum(len(part.rows) for part in parts), 0
    checked: dict[str, str] = {}
    filed: set[tuple[Any, ...]] = set()
    items: list[Item] = []
    for part in parts:
        for row in part.rows:
            items += _papers(part.title, row, how, filed)
            items += _files(part.title, row, blobs, checked)
            done += 1
            told(done, total)
    return Contents(cover_of(scope, parts), tuple(items), scope, how)


def _papers(part: str, row: CaseRow, how: Setting, filed: set[tuple[Any, ...]]) -> Iterable[Item]:
    papers = papers_of(row.table)
    record: Any = table_named(row.table).get_by_id(row.row) if papers else None
    for number, paper in enumerate(papers):
        told = paper.tell(record, how)
        if told is not None and not (told.once and told.once in filed):
            filed.add(told.once)
            yield Item(
                f"{row.table}/{row.row}/{number}", part, PAPER, told.name or paper.name, row.table, row.row,
                told.number, told.day, told.remark or ("草稿" if row.draft else ""), told.usual and not row.draft,
                paper=paper,
            )  # fmt: skip


def _files(part: str, row: CaseRow, blobs: Blobs, checked: dict[str, str]) -> Iterable[Item]:
    files = Attachment.of(row.table, row.row)
    owner = words_of(row) if files else ""
    for one in files:
        if one.digest not in checked:
            checked[one.digest] = blobs.fault(one.digest, one.size)
        kind = kind_of(one.media_type)
        yield Item(
            f"file/{one.id}", part, kind, one.caption or _stem(one.name), row.table, row.row,
            day=one.taken_on or row.day, usual=not row.draft,
            group=PHOTOS.get(row.table, "") if kind == PICTURE else "",
            fault=FAULTS.get(checked[one.digest], ""), digest=one.digest, size=one.size, file_name=one.name,
            media_type=one.media_type, owner=owner, taken_on=one.taken_on,
        )  # fmt: skip


def kind_of(media_type: str) -> str:
    """How a file of a media type is filed: on pages of its own, page by page, or only listed."""
    if media_type in PICTURES:
        return PICTURE
    return PDF if media_type == "application/pdf" else FILE


def _stem(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return stem if dot and stem and len(ending) <= 5 else name


def chosen(contents: Contents, keys: Iterable[str] | None = None) -> Sequence[Item]:
    """The items of some keys in the order of filing; without keys those that are usual."""
    if keys is None:
        return contents.usual()
    wanted = set(keys)
    return [item for item in contents.items if item.key in wanted]
