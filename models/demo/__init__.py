"""The demo ledger (演示台账): an invented district filled in one action. Knows no screen and no document."""

from __future__ import annotations

from collections.abc import Callable

from models.annual_rating import AnnualRating
from models.area import Area
from models.campaign import Campaign, untouched_seeds
from models.campaign_target import CampaignTarget
from models.checklist_answer import ChecklistAnswer
from models.commitment import Commitment
from models.coordination import Coordination
from models.core.errors import KnownError
from models.core.ledger import Ledger
from models.demo import (
    activities,
    assignments,
    campaigns,
    enterprises,
    inspections,
    notices,
    people,
    places,
    planning,
    profiles,
    ratings,
    staffing,
    supervision,
    visit_papers,
)
from models.demo.kit import Demo
from models.demo.plan import SETTINGS, TODAY
from models.draw import Draw
from models.duty import LeaderDuty
from models.enterprise import Enterprise, Party
from models.handover import Handover
from models.inspection import Finding, Inspection
from models.inspection_plan import PlannedVisit
from models.inspection_task import InspectionTask
from models.notice import Notice
from models.organization import Branch, Officer
from models.outreach import Outreach
from models.rating import HygieneRating, RiskAssessment
from models.responsibility import Assignment, Official
from models.sample import Sample
from models.settings import DEMO_TODAY, Setting, change_settings
from models.visit import SupervisionVisit

KIND = "建立演示台账"
Progress = Callable[[int, int, str], None]
#: The tables of records that the demo fills; all must be empty.
FILLED = (
    *(Enterprise, Party, Official, Assignment, Inspection, Finding, Notice, Branch, Officer, Campaign),
    *(RiskAssessment, HygieneRating, Sample, Outreach, LeaderDuty, Coordination),
    *(Commitment, SupervisionVisit, Handover, InspectionTask, PlannedVisit, Draw, CampaignTarget),
    *(ChecklistAnswer, AnnualRating),
)
STEPS = (
    ("区划与分局", places.fill),
    ("干部与执法人员", people.fill),
    ("主体名册", enterprises.fill),
    ("包保关系", assignments.fill),
    ("监督检查", inspections.fill),
    ("专项对象", campaigns.fill),
    ("责令改正通知书", notices.fill),
    ("风险因素", profiles.fill),
    ("分级评定", ratings.fill),
    ("抽检、宣传、督导与协作", activities.fill),
    ("管理人员培训与制度检查", staffing.fill),
    ("承诺书、包保督导与交接", supervision.fill),
    ("年度检查计划与双随机", planning.fill),
    ("现场记录", visit_papers.fill),
)


def fill_demo(ledger: Ledger, progress: Progress | None = None) -> None:
    """Fill an empty ledger with the demo, in one action that cannot be undone, and set its «today».

    ``progress(done, total, text)`` is called before each step and once at the end. Raises KnownError, with nothing
    written, where the ledger holds any record beyond those every ledger begins with.
    """
    tell = progress or (lambda done, total, text: None)
    with ledger.write(KIND, final=True) as tx:
        _refuse_used()
        stored = {row.key for row in Setting.live()}
        change_settings(tx, {key: text for key, text in SETTINGS.items() if key not in stored})
        tx.insert(Setting, key=DEMO_TODAY, value=TODAY.isoformat())
        demo = Demo(tx)
        for done, (text, fill) in enumerate(STEPS):
            tell(done, len(STEPS), text)
            fill(demo)
            ledger.settle(tx)
    ledger.own_today = TODAY
    tell(len(STEPS), len(STEPS), "完成")


def _refuse_used() -> None:
    """Raise KnownError where any of the tables the demo fills holds a record; seeded townships do not count."""
    queries = [(model.title, model.live()) for model in FILLED if model is not Campaign]
    queries.append((Campaign.title, Campaign.live().where(~untouched_seeds())))
    queries.append(("村（社区）", Area.live().where(Area.level == "village")))
    for title, query in queries:
        if query.exists():
            raise KnownError(
                f"台账里已有{title}记录，不能再建立演示台账，台账没有改动。",
                "请换一个空的文件夹建立演示台账（启动时用 --data-dir 指定），您的记录不受影响。",
            )
