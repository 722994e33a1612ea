"""What is wrong with the attachments of a ledger: missing, altered and orphaned contents. Knows no screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from models.core.attachments import Attachment
from models.core.blob_copies import contents
from models.core.blobs import in_words
from models.core.changes import table_named, title_of
from models.core.errors import LedgerError
from models.core.files import BACKUPS
from models.core.ledger import Ledger

MOST_ORPHANS = 20
FAULTS = {
    "missing": "文件不见了",
    "altered": "文件被改动过，与添加时不一样",
    "unreadable": "文件不能读取",
}


def attachment_findings(
    ledger: Ledger, told: Callable[[int, int], object] = lambda done, total: None
) -> list[str]:
    """Missing, altered and orphaned contents as Chinese lines naming record and file; reads every content once.

    ``told(done, total)`` in files. A content that only a removed attachment or a backup names is no orphan.
    """
    rows = list(Attachment.select().order_by(Attachment.id))
    faults: dict[str, str] = {}
    lines = []
    for done, row in enumerate(rows):
        told(done, len(rows))
        if row.digest not in faults:
            faults[row.digest] = ledger.blobs.fault(row.digest, row.size)
        if faults[row.digest]:
            where = str(ledger.blobs.path(row.digest).relative_to(ledger.folder))
            removed = "（已移除的）" if row.removed_at is not None else ""
            advice = "，请从备份恢复或重新添加" if not removed else ""
            lines.append(f"{removed}{owner_words(row)}的附件“{row.name}”：{FAULTS[faults[row.digest]]}（{where}）{advice}")
    return lines + list(_orphans(ledger, set(faults)))


def owner_words(row: Attachment) -> str:
    """The record of an attachment in words: «主体“示例店”»."""
    try:
        model = table_named(row.table)
    except StopIteration:
        return f"{row.table} 第{row.row}行"
    record = model.get_or_none(model.id == row.row)
    title = title_of(model) or row.table
    return f"{title}“{record.label()}”" if record is not None else f"{title}第{row.row}号（记录不存在）"


def _orphans(ledger: Ledger, named: set[str]) -> Iterator[str]:
    for backup in (ledger.folder / BACKUPS).glob("*.db"):
        with suppress(LedgerError):  # a damaged backup names nothing
            named |= contents(backup).keys()
    loose = [digest for digest in ledger.blobs.digests() if digest not in named]
    for digest in loose[:MOST_ORPHANS]:
        path = ledger.blobs.path(digest)
        size = in_words(path.stat().st_size)
        yield f"附件文件夹里多出一个文件 {path.relative_to(ledger.folder)}（{size}）：没有记录用到它，可以删除"
    if len(loose) > MOST_ORPHANS:
        yield f"附件文件夹里另有{len(loose) - MOST_ORPHANS}个没有记录用到的文件"
