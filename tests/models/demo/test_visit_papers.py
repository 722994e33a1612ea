"""The demo's visits and notices have what their papers say."""

from __future__ import annotations

import datetime as dt

from models.core.ledger import Ledger
from models.notice import Notice
from models.scene_record import SceneRecord
from models.service import ProofOfService


def test_visits_and_notices_have_what_their_papers_say(demo_reader: Ledger) -> None:
    assert SceneRecord.live().count() > 100
    assert SceneRecord.live().where(SceneRecord.opinion == "refused").exists()
    ways = {row.notice.service_way for row in ProofOfService.live()}
    assert {"direct", "left", "mail"} <= ways
    late = Notice.live().where(Notice.served_on >= dt.date(2024, 1, 1)).count()
    assert ProofOfService.live().count() == late
