"""Inspection tasks for a campaign's targets that are still to be inspected. Knows no screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from models.campaign import Campaign
from models.core.changes import Transaction
from models.core.errors import Refused
from models.core.record import database
from models.core.saving import save
from models.inspection_task import InspectionTask

SOURCE = "campaign"


def with_open_task(campaign_id: int, enterprises: Collection[int]) -> set[int]:
    """Those of some enterprises that an inspection task of a campaign still waits for."""
    task = InspectionTask
    query = task.live().select(task.enterprise)
    query = query.where(task.campaign == campaign_id, task.state == "open", task.enterprise.in_(list(enterprises)))
    return {row[0] for row in database.execute(query)}


def make_tasks(
    tx: Transaction, campaign_id: int, enterprises: Collection[int], due_on: dt.date | None, reason: str = ""
) -> int:
    """Make an inspection task of each enterprise that has none from this campaign yet; how many.

    Raises Refused where the campaign is gone or all have one.
    """
    campaign: Campaign | None = Campaign.live().where(Campaign.id == campaign_id).first()
    if campaign is None:
        raise Refused("这项专项已不在，请刷新列表。")
    busy = with_open_task(campaign.id, enterprises)
    wanted = [key for key in dict.fromkeys(enterprises) if key not in busy]
    if not wanted:
        raise Refused("选中的主体都已有这项专项的检查任务，不用重复安排。")
    for key in wanted:
        values = {
            "enterprise": key,
            "source": SOURCE,
            "campaign": campaign.id,
            "reason": reason.strip() or campaign.name,
            "assigned_on": tx.today,
            "due_on": due_on,
        }
        save(tx, InspectionTask, values)
    return len(wanted)
