"""Stroke order: frozen, never edited after a release."""

import re
from pathlib import Path
from typing import Any

TABLES = (
    "area", "party", "branch", "enterprise", "official", "assignment", "campaign", "commitment",
    "coordination", "director_rule", "inspection", "supervision_visit", "finding", "handover",
    "header_alias", "hygiene_rating", "officer", "inspection_task", "leader_duty", "legal_basis",
    "number_series", "notice", "outreach", "permit", "reinspection", "risk_assessment", "safety_staff",
    "sample", "task_item", "threshold", "tier_rule", "merged", "adjustment_rule",
    "annual_rating", "checklist", "checklist_item", "grade_condition", "risk_profile", "score_item",
)
NAMED = {
    "adjustment_rule": "name",
    "checklist": "name",
    "score_item": "name",
    "area": "name",
    "branch": "name",
    "campaign": "name",
    "coordination": "topic",
    "enterprise": "name",
    "header_alias": "written",
    "legal_basis": "wording",
    "notice": "number",
    "officer": "name",
    "official": "name",
    "outreach": "topic",
    "party": "name",
    "safety_staff": "name",
    "sample": "product",
    "task_item": "wording",
    "tier_rule": "name",
}
INDEXES = {
    "adjustment_rule_live_2": "adjustment_rule",
    "checklist_live_4": "checklist",
    "score_item_live_2": "score_item",
    "header_alias_live_3": "header_alias",
    "area_live_2": "area",
    "branch_live_2": "branch",
    "officer_live_2": "officer",
    "party_live_2": "party",
    "enterprise_live_2": "enterprise",
    "campaign_live_2": "campaign",
    "legal_basis_live_2": "legal_basis",
    "official_live_2": "official",
    "task_item_live_2": "task_item",
    "notice_live_4": "notice",
    "coordination_live_2": "coordination",
    "safety_staff_live_2": "safety_staff",
    "tier_rule_live_2": "tier_rule",
    "outreach_live_3": "outreach",
    "sample_live_3": "sample",
}
ORDER = Path(__file__).resolve().parents[2] / "resources" / "strokes" / "stroke_order.txt"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def up(migrator: Any, db: Any) -> None:
    for table in TABLES:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "stroke_key" VARCHAR(400) NOT NULL DEFAULT \'\'')
    places = read_places()
    for table, name in NAMED.items():
        rows = db.execute_sql(f'SELECT "id", "{name}" FROM "{table}"').fetchall()
        keyed = [(key_of(text or "", places), row) for row, text in rows]
        if keyed:
            query = f'UPDATE "{table}" SET "stroke_key" = {db.param} WHERE "id" = {db.param}'
            db.cursor().executemany(query, keyed)
    for index, table in INDEXES.items():
        db.execute_sql(f'CREATE INDEX "{index}" ON "{table}" ("stroke_key") WHERE "removed_at" IS NULL')


def read_places() -> dict[str, str]:
    every = "".join(line.partition("\t")[2] for line in ORDER.read_text(encoding="utf-8").splitlines())
    first = 10 * 36 * 36
    return {
        character: DIGITS[n // 1296] + DIGITS[n // 36 % 36] + DIGITS[n % 36]
        for n, character in enumerate(every, first)
    }


def key_of(text: str, places: dict[str, str]) -> str:
    return "".join(
        "0" + piece.zfill(8)
        if piece.isascii() and piece.isdigit()
        else "1" + piece
        if piece.isascii()
        else places.get(piece, "zzz")
        for piece in re.findall(r"[0-9]+|[a-z]|[^\W\d_a-z]", text.lower())
    )[:400]
