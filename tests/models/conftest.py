"""A small office in a real ledger file, for the tests of the data layer."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from models.area import Area
from models.core.ledger import Ledger
from models.core.saving import save
from models.enterprise import Enterprise, Party
from models.inspection import Finding, Inspection
from models.opening import open_office
from models.organization import Branch, Officer
from models.responsibility import Official
from tests import databases

TODAY = dt.date(2024, 6, 30)


class Office:
    """An open ledger with a branch, officers and a canteen, and short ways to make more."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.today = TODAY
        self._numbers = itertools.count(1)

    def save(self, model: Any, values: dict[str, Any], record: Any = None, **options: Any) -> Any:
        """One saved record as one action, every warning waived."""
        from models.core.checks import CheckFailed

        try:
            with self.ledger.write("登记") as tx:
                return save(tx, model, values, record, **options)
        except CheckFailed as failed:
            if not failed.only_warnings or "waivers" in options:
                raise
            waivers = {p.rule: "已核对" for p in failed.problems}
        with self.ledger.write("登记") as tx:
            return save(tx, model, values, record, waivers=waivers, **options)

    def area(self, name: str = "新枫街道") -> Any:
        return Area.get(Area.name == name)

    def party(self, **values: Any) -> Any:
        number = next(self._numbers)
        return self.save(Party, {"name": f"示例当事人{number}", "kind": "organization", **values})

    def enterprise(self, **values: Any) -> Any:
        number = next(self._numbers)
        if "party" not in values:
            values["party"] = self.party().id
        return self.save(
            Enterprise,
            {
                "name": f"示例小吃店{number}",
                "address": f"示例路{number}号",
                "category": "catering",
                "status": "open",
                "area": self.area().id,
                **values,
            },
        )

    def branch(self, **values: Any) -> Any:
        return self.save(Branch, {"name": f"示例分局{next(self._numbers)}", **values})

    def officer(self, **values: Any) -> Any:
        number = next(self._numbers)
        return self.save(Officer, {"name": f"示例甲{number}", "certificate": f"360202{number:04d}", **values})

    def official(self, **values: Any) -> Any:
        number = next(self._numbers)
        level = values.get("level", "township")
        area = self.area("昌江区") if level == "district" else self.area()
        return self.save(Official, {"name": f"示例干部{number}", "level": level, "area": area.id, **values})

    def officers(self, count: int = 2) -> list[int]:
        return [self.officer().id for _ in range(count)]

    def inspection(self, place: Any = None, findings: int = 2, **values: Any) -> Any:
        place = place or self.enterprise()
        lines = [
            {"wording": f"示例问题{n}", "legal_basis": f"《示例条例》第{n}条"} for n in range(1, findings + 1)
        ]
        return self.save(
            Inspection,
            {
                "enterprise": place.id,
                "inspected_on": dt.date(2024, 6, 3),
                "kind": "routine",
                "result": "ordered" if findings else "none",
                "officers": self.officers(),
                "findings": lines,
                **values,
            },
        )

    def findings(self, inspection: Any) -> list[Any]:
        return list(Finding.live().where(Finding.inspection == inspection.id).order_by(Finding.id))

    def notice(self, inspection: Any = None, **values: Any) -> Any:
        """A draft of a notice on all findings of an inspection."""
        from models.notice import Notice
        from models.notice_steps import notice_values

        inspection = inspection or self.inspection()
        ids = [f.id for f in self.findings(inspection)]
        draft = notice_values(ids, self.today) | {"due_on": dt.date(2024, 6, 20), **values}
        return self.save(Notice, draft)

    def issued(self, on: dt.date = dt.date(2024, 6, 5), number: str = "", **values: Any) -> Any:
        """A notice issued on a day."""
        from models.notice_steps import issue

        draft = self.notice(**values)
        with self.ledger.write("签发", final=True) as tx:
            return issue(tx, draft, on, number)


#: What needs a server is not there without one.
collect_ignore = [] if databases.URL else ["core/test_postgres.py"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What stands on a ledger runs on SQLite and, where a server is given, on PostgreSQL too."""
    if databases.URL and "engine" in metafunc.fixturenames:
        only_server = metafunc.definition.get_closest_marker("postgresql") is not None
        kinds = [] if only_server else [pytest.param("sqlite")]
        if metafunc.definition.get_closest_marker("file_bound") is None:
            kinds.append(pytest.param("postgresql", marks=pytest.mark.postgresql))
        metafunc.parametrize("engine", kinds, indirect=True, scope="session")


@pytest.fixture
def make_office(tmp_path: Path, new_place: Callable[[Path], Path]) -> Iterator[Callable[..., Office]]:
    """Open an office's ledger in a folder of its own (or another one); all are closed afterwards."""
    opened: list[Ledger] = []

    def make(folder: Path = tmp_path / "office", today: dt.date = TODAY, **options: Any) -> Office:
        ledger = open_office(new_place(folder), today=today, **options)
        opened.append(ledger)
        return Office(ledger)

    yield make
    for ledger in opened:
        ledger.close()


@pytest.fixture
def office(make_office: Callable[..., Office]) -> Office:
    """A small office of 2024-06-30."""
    return make_office()
