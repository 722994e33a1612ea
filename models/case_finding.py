"""Whose case a name, code or number on the command line means; tells the candidates where it fits nobody or several."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from models.case_file import CaseScope
from models.core.errors import NotFound
from models.core.merged import Merged, survivor_of
from models.enterprise import Enterprise, Permit
from models.inspection import KINDS, Inspection
from models.notice import Notice
from models.party import Party
from models.rules import identifiers, numbering
from models.rules.dates import parse_date
from models.scene_record import SceneRecord

MOST = 12
"""Candidates that are named."""


def find_enterprise(text: str) -> int:
    """The enterprise of a uid, name, permit number or credit code; 「名称/地址」 tells namesakes apart.

    The former name or uid of a merged one leads to the one it went into. Raises NotFound with the candidates.
    """
    wanted = text.strip()
    if not wanted:
        raise NotFound("没有写是哪一户。", "请写名称、许可证编号、统一社会信用代码或 uid。")
    for find in (_by_uid, _by_name, _by_permit, _by_code, _by_old_name, _by_name_and_more):
        found = list({place.id: place for place in find(wanted)}.values())
        if len(found) == 1:
            return int(found[0].id)
        if found:
            raise NotFound(
                f"“{wanted}”有{len(found)}户：{_listed(found, uid=True)}。",
                "请改用许可证编号或 uid，或写成“名称/地址”指明是哪一户。",
            )
    near = list(
        Enterprise.live()
        .where(Enterprise.search_text.contains(re.split(r"[/／]", wanted)[0].strip().lower()))
        .order_by(Enterprise.name_key, Enterprise.id)
        .limit(MOST + 1)
    )
    hint = f"相近的有：{_listed(near)}。" if near else ""
    raise NotFound(f"主体名册里没有“{wanted}”。{hint}", "请核对名称、许可证编号、统一社会信用代码或 uid。")


def _by_uid(text: str) -> Iterable[Enterprise]:
    place = Enterprise.get_or_none(Enterprise.uid == text.lower())
    if place is not None and place.removed_at is not None:
        survivor = survivor_of(Enterprise, place.id)
        return [Enterprise.get_by_id(survivor)] if survivor is not None else []
    return [place] if place is not None else []


def _by_name(text: str) -> Iterable[Enterprise]:
    found: Iterable[Enterprise] = Enterprise.live().where(Enterprise.name == text).order_by(Enterprise.id)
    return found


def _by_permit(text: str) -> Iterable[Enterprise]:
    permits = Permit.live().select(Permit.enterprise).where(Permit.number.in_([text, identifiers.normalise(text)]))
    return _of(Enterprise.id.in_(permits))


def _by_code(text: str) -> Iterable[Enterprise]:
    parties = Party.live().select(Party.id).where(Party.uscc == identifiers.normalise(text), Party.uscc != "")
    return _of(Enterprise.party.in_(parties))


def _by_old_name(text: str) -> Iterable[Enterprise]:
    mine = Merged.live().select(Merged.survivor).where(Merged.table == "enterprise", Merged.name == text)
    return _of(Enterprise.id.in_(mine))


def _by_name_and_more(text: str) -> Iterable[Enterprise]:
    """「名称/地址」: what stands after the stroke is part of the address, the party or a permit number."""
    name, stroke, more = (part.strip() for part in re.sub("／", "/", text).rpartition("/"))
    if not stroke or not name or not more:
        return []
    return [place for place in _by_name(name) if more in _about(place) or more in place.party.name]


def _of(condition: Any) -> Iterable[Enterprise]:
    found: Iterable[Enterprise] = Enterprise.live().where(condition).order_by(Enterprise.name_key, Enterprise.id)
    return found


def _about(place: Enterprise) -> str:
    numbers = [p.number for p in Permit.live().where(Permit.enterprise == place.id).order_by(Permit.id)]
    return "　".join(part for part in (place.address, *numbers) if part)


def _listed(places: Sequence[Enterprise], uid: bool = False) -> str:
    words = "；".join(
        f"{place.name}（{_about(place)}{f'，uid {place.uid}' if uid else ''}）" for place in places[:MOST]
    )
    return f"{words}等" if len(places) > MOST else words


def find_inspection(enterprise: int, text: str, today: dt.date) -> int:
    """The visit of an enterprise by the number of its record of results, its number in the ledger, its day or uid.

    Raises NotFound with the visits of the enterprise.
    """
    mine = Inspection.live().where(Inspection.enterprise == enterprise)
    wanted = text.strip()
    numbered = SceneRecord.live().select(SceneRecord.inspection).where(SceneRecord.number == wanted)
    ways: list[Any] = [Inspection.id.in_(numbered)] if wanted else []
    if wanted.isdigit() and len(wanted) < 8:
        ways.append(Inspection.id == int(wanted))
    else:
        try:
            ways.append(Inspection.inspected_on == parse_date(wanted, today))
        except ValueError:
            ways.append(Inspection.uid == wanted.lower())
    for way in ways:
        found = list(mine.where(way).order_by(Inspection.id))
        if len(found) == 1:
            return int(found[0].id)
        if found:
            raise NotFound(f"{wanted}有{len(found)}次检查：{_visits(found)}。", "请写检查的编号。")
    newest = list(mine.order_by(Inspection.inspected_on.desc(), Inspection.id.desc()).limit(MOST + 1))
    hint = f"这一户的检查有：{_visits(newest)}。" if newest else "这一户还没有检查。"
    raise NotFound(f"没有“{wanted}”这次检查。{hint}", "请写检查的编号（list inspections --json 里的 id）或日期。")


def _visits(found: Sequence[Inspection]) -> str:
    kinds = dict(KINDS)
    words = "；".join(f"{v.inspected_on} {kinds.get(v.kind, '')}（编号{v.id}）" for v in found[:MOST])
    return f"{words}等" if len(found) > MOST else words


def find_notice(enterprise: int, text: str) -> int:
    """The notice of an enterprise by its printed number, whatever its brackets. Raises NotFound with its notices."""
    mine = Notice.live().where(Notice.enterprise == enterprise, Notice.number.is_null(False))
    known = list(mine.order_by(Notice.issued_on.desc(), Notice.id.desc()))
    key = _key(text)
    found = [notice for notice in known if _key(notice.number) == key]
    if found:
        return int(found[0].id)
    listed = "、".join(notice.number for notice in known[:MOST])
    hint = f"这一户的有：{listed}{'等' if len(known) > MOST else ''}。" if known else "这一户还没有签发的通知书。"
    raise NotFound(f"没有文号为“{text.strip()}”的责令改正通知书。{hint}", "请核对文号后再试。")


def _key(text: str) -> Any:
    try:
        number = numbering.parse_number(text)
    except ValueError:
        return text.strip()
    return numbering.series_key(number.prefix), number.year, number.serial


def scope_of_inspection(key: int) -> CaseScope:
    """The case of one visit. Raises NotFound where it is gone."""
    return CaseScope(_enterprise_of(Inspection, key), inspection=key)


def scope_of_notice(key: int) -> CaseScope:
    """The case of one notice. Raises NotFound where it is gone."""
    return CaseScope(_enterprise_of(Notice, key), notice=key)


def _enterprise_of(model: Any, key: int) -> int:
    record = model.get_or_none(model.id == key, model.removed_at.is_null())
    if record is None:
        raise NotFound(f"这{model.title}已被移除。", "请刷新后重新选择。")
    return int(record.enterprise_id)
