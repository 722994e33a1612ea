"""A ledger of benchmark size, filled by plain SQL: 100,000 enterprises and 1,000,000 inspections by default."""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIRST_DAY = dt.date(2022, 1, 1)
DAYS = 1096
CATEGORIES = (("catering",) * 8 + ("sale",) * 6 + ("small_eatery",) * 3 + ("school_canteen", "kindergarten_canteen", "production"))
SYLLABLES = (("老", "lao"), ("周", "zhou"), ("香", "xiang"), ("江", "jiang"), ("湖", "hu"), ("春", "chun"), ("景", "jing"),
             ("瓷", "ci"), ("昌", "chang"), ("南", "nan"), ("河", "he"), ("山", "shan"), ("茶", "cha"), ("米", "mi"))


def _uid(rng: random.Random) -> str:
    return uuid.UUID(int=rng.getrandbits(128)).hex


def _insert(conn: sqlite3.Connection, table: str, names: str, rows: Iterator[tuple[Any, ...]]) -> None:
    """Store rows; columns that may not be NULL and are not named get an empty text or 0, as the program gives them."""
    given = [name.strip() for name in names.split(",")]
    blank = {
        name: "" if "CHAR" in kind or "TEXT" in kind else 0
        for _, name, kind, needed, default, key in conn.execute(f'PRAGMA table_info("{table}")')
        if needed and default is None and not key and name not in given
    }
    columns = ", ".join(f'"{name}"' for name in [*given, *blank])
    marks = ", ".join("?" for _ in [*given, *blank])
    rest = tuple(blank.values())
    conn.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', (row + rest for row in rows))


def _enterprises(count: int, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for number in range(1, count + 1):
        signs = rng.choices(SYLLABLES, k=4)
        name = "示例" + "".join(s for s, _ in signs) + f"店{number}"
        key = "shi li " + " ".join(p for _, p in signs) + f" dian{number}"
        initials = "sl" + "".join(p[0] for _, p in signs) + f"d{number}"
        address = f"示例路{number}号"
        yield (number, _uid(rng), 1, f"{name}\n{initials}\n{address}", key, name, initials, 1 + number % 5_000, address,
               "", "", 0, "", 20 + number % 400)


#: The risk factors each category is graded by.
FACTORS = {
    "sale": ("ambient_prepacked", "chilled_prepacked", "frozen_prepacked", "ambient_bulk", "chilled_bulk", "frozen_bulk",
             "suppliers"),
    "production": ("workers", "varieties"),
}
DISHES = ("cold_dishes", "cold_perishable", "raw_dishes", "pastries", "pastries_perishable", "hot_dishes", "hot_perishable",
          "drinks")


def _profiles(conn: sqlite3.Connection, rng: random.Random) -> None:
    """The risk factors of 98 of each hundred enterprises."""
    names = (*FACTORS["production"], *FACTORS["sale"], *DISHES)
    rows = []
    for key, category in conn.execute("SELECT enterprise_id, category FROM enterprise_state").fetchall():
        if rng.random() < 0.98:
            mine = FACTORS.get(category, DISHES)
            rows.append((_uid(rng), 1, "", "", key, "2023-01-01", "",
                         *(rng.randrange(12) if name in mine else None for name in names)))
    _insert(conn, "risk_profile", "uid, version, search_text, name_key, enterprise_id, valid_from, note, " + ", ".join(names),
            iter(rows))
    conn.execute("UPDATE enterprise_state SET diners = enterprise_id % 900 WHERE category LIKE '%canteen'")


def _states(count: int, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for number in range(1, count + 1):
        category = rng.choice(CATEGORIES)
        yield (number, _uid(rng), 1, number, "2020-01-01", None, category, "open" if rng.random() < 0.93 else "closed",
               2 + number % 10, "campus" if rng.random() < 0.03 else None, rng.choice("BCDD"),
               "0102" if category == "production" and rng.random() < 0.2 else None, "")


def _inspections(count: int, enterprises: int, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    days = [(FIRST_DAY + dt.timedelta(days=n)).isoformat() for n in range(DAYS)]
    for number in range(1, count + 1):
        yield (number, _uid(rng), 1, "", "", rng.randint(1, enterprises), rng.choice(days), "routine",
               "ordered" if number % 5 == 0 else "none", "draft" if number % 211 == 0 else "done", "")


def _findings(conn: sqlite3.Connection, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    query = "SELECT id, enterprise_id, inspected_on FROM inspection WHERE id % 5 = 0"
    for number, (inspection, enterprise, day) in enumerate(conn.execute(query).fetchall(), 1):
        yield (number, _uid(rng), 1, "示例问题\nslwt", "", inspection, enterprise, day, "routine", "minor", "示例问题", "", 0,
               "", day if number % 3 else None, "", "", "", "")


def _answers(conn: sqlite3.Connection, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    """The answered form of every third inspection; where something was found an item failed, at times a key one."""
    form = conn.execute("SELECT id FROM checklist WHERE kind = 'catering'").fetchone()[0]
    words = "基本符合（书面限期整改）\n重点项检查18项，不符合0项；一般项检查38项，不符合1项；合理缺项0项\n一般项合格率＝37÷38＝97.3%"
    for inspection in [row[0] for row in conn.execute("SELECT id FROM inspection WHERE id % 3 = 0").fetchall()]:
        failed, key = int(inspection % 5 == 0), int(inspection % 45 == 0)
        yield (_uid(rng), 1, inspection, form, "1.1-1.4、2.1-2.8、3.1-3.8、4.1-4.3、5.1-5.5、6.1、6.3-6.8、7.1-7.5、8.1-8.5、9.1-9.5",
               "6.2" if failed else "", "", "", 56, 18, key, failed + key, 0, "basic" if failed else "passed", words)


def _notices(count: int, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for number in range(1, count + 1):
        day = (FIRST_DAY + dt.timedelta(days=rng.randrange(DAYS))).isoformat()
        yield (number, _uid(rng), 1, f"昌市监责改〔2022〕{number}号", "", f"昌市监责改〔2022〕{number}号", number, 1 + number % 5_000,
               "inspection", "示例问题", "示例条款", "示例依据", "deadline", day, "改正", "", "closed", day, day, "", "", "", "", "", "", "")


def _yearly(count: int, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for number in range(1, count + 1):
        yield (number, _uid(rng), 1, "", "", number, 2024, "B", "2024-03-01", "")


def fill(path: Path, enterprises: int, inspections: int) -> None:
    """Fill an opened, seeded and closed ledger file; everything is made from one seed."""
    rng = random.Random(20240630)
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA synchronous = OFF")
    with conn:
        head = "id, uid, version, search_text, name_key"
        _insert(conn, "party", f"{head}, name, kind, uscc, id_number, principal, phone, address",
                ((n, _uid(rng), 1, f"示例当事人{n}", "", f"示例当事人{n}", "organization", "", "", "", "", "")
                 for n in range(1, 5_001)))
        _insert(conn, "enterprise", f"{head}, name, initials, party_id, address, principal, phone, chain, note, floor_area",
                _enterprises(enterprises, rng))
        _insert(conn, "enterprise_state", "id, uid, version, enterprise_id, valid_from, valid_to, category, status, area_id, "
                "key_area, tier, product, tier_reason", _states(enterprises, rng))
        _profiles(conn, rng)
        _insert(conn, "inspection", f"{head}, enterprise_id, inspected_on, kind, result, state, situation",
                _inspections(inspections, enterprises, rng))
        _insert(conn, "finding", f"{head}, inspection_id, enterprise_id, found_on, channel, severity, wording, legal_basis, "
                "corrected_on_spot, measure, resolved_on, checked_by, extended_by, extension_reason, referral", _findings(conn, rng))
        _insert(conn, "checklist_answer", "uid, version, inspection_id, checklist_id, passed, failed, skipped, notes, checked, "
                "key_checked, key_failed, failed_count, skipped_count, level, reckoning", _answers(conn, rng))
        _insert(conn, "notice", f"{head}, number, enterprise_id, party_id, source, facts_text, violates, basis, mode, due_on, "
                "requirements, consequence, state, issued_on, closed_on, extension_reason, receiver, referral, void_reason, "
                "service_way, printed, extended_by", _notices(max(1, inspections // 50), rng))
        _insert(conn, "notice_finding", "id, uid, version, notice_id, finding_id",
                ((n, _uid(rng), 1, n, n) for n in range(1, max(1, inspections // 50) + 1)))
        _insert(conn, "risk_assessment", f"{head}, enterprise_id, year, grade, assessed_on, reason, number, detail",
                ((*row, "", "") for row in _yearly(enterprises, rng)))
        _insert(conn, "hygiene_rating", f"{head}, enterprise_id, rated_on, rating, note",
                ((n, u, v, s, k, e, day, "good", note) for n, u, v, s, k, e, _, _, day, note in _yearly(enterprises, rng)))
    conn.execute("ANALYZE")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def build(folder: Path, enterprises: int = 100_000, inspections: int = 1_000_000) -> Path:
    """A benchmark ledger in ``folder``, made once and kept for the next run; returns the folder."""
    from models.core.ledger import FILE_NAME
    from models.core.schema import schema_findings
    from models.opening import open_office

    done = folder / f"filled-{enterprises}-{inspections}-4"
    if not done.exists() or schema_findings(folder / FILE_NAME):
        (folder / FILE_NAME).unlink(missing_ok=True)
        open_office(folder).close()
        fill(folder / FILE_NAME, enterprises, inspections)
        done.touch()
    return folder
