"""Tasks from before they named their campaign get it by their words, else by the one campaign of their place."""

from __future__ import annotations

from pathlib import Path

from models.core.schema import schema_findings
from models.inspection_task import InspectionTask
from models.opening import open_office
from tests.upgrades.older import older_ledger

TASKS = (
    (1, "campaign", "示例米面专项"),
    (2, "campaign", "另有事由"),
    (3, "campaign", "另有事由"),
    (4, "campaign", "另有事由"),
    (1, "risk", "示例米面专项"),
)
ROWS: dict[str, list[dict[str, object]]] = {
    "party": [{"name": "示例学校"}],
    "area": [{"name": "昌江区", "level": "district"}, {"name": "新枫街道", "level": "township"}],
    "enterprise": [{"name": f"示例食堂{n}", "party_id": 1} for n in range(4)],
    "campaign": [{"name": name, "starts_on": "2024-01-01"} for name in ("示例校园专项", "示例米面专项")],
    "campaign_target": [
        {"campaign_id": campaign, "enterprise_id": place, "valid_from": "2024-01-01"}
        for campaign, place in ((1, 1), (1, 2), (1, 3), (2, 3))
    ],
    "inspection_task": [
        {"enterprise_id": place, "source": source, "reason": reason, "assigned_on": "2024-02-01", "state": "open"}
        for place, source, reason in TASKS
    ],
    "action": [{"kind": "建立台账", "at": "2024-01-01 08:00:00", "schema": "0018"}],
}


def test_tasks_learn_whose_they_are(tmp_path: Path) -> None:
    ledger = open_office(older_ledger(tmp_path, "0019_campaign_tasks", ROWS))
    found = [task.campaign_id for task in InspectionTask.live().order_by(InspectionTask.id)]
    assert found == [2, 1, None, None, None], "words, the only campaign, one of two, no target, another source"
    assert schema_findings(ledger.path) == []
    ledger.close()
