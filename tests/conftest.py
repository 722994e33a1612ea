"""What every test stands on: Qt without a screen, a private home, Hypothesis's profile.

Qt's warnings fail a test through pytest-qt (``qt_log_level_fail`` in setup.cfg). Of the program it knows only
how to make the demo ledger, once for all workers; fixtures for a topic live beside that topic's tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from models.core.engine import ADDRESS_FILE
from models.core.files import FILE_NAME
from tests import databases

if TYPE_CHECKING:
    from models.core.ledger import Ledger

ROOT = Path(__file__).resolve().parents[1]
# Before anything imports Qt.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Shared machines pause at the wrong moment: an example's time says nothing. CI replays the same examples
# every time, so that a red run there can be repeated.
settings.register_profile(
    "quick", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("ci", settings.get_profile("quick"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "quick")


@pytest.fixture(scope="session", autouse=True)
def private_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep tests, and the processes they start, away from the user's own ledger and settings."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(home / name.lower()))
        yield home


def pytest_configure(config: pytest.Config) -> None:
    if databases.URL:
        databases.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if databases.URL and not hasattr(config, "workerinput"):
        databases.end_run()


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The kind of database under test: sqlite, or postgresql where the test's folder asks for both."""
    return getattr(request, "param", "sqlite")


@pytest.fixture(scope="session")
def shared_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of the run share."""
    root = tmp_path_factory.getbasetemp()
    return root.parent if "PYTEST_XDIST_WORKER" in os.environ else root


# In a process of its own: the tables of a process are bound to one ledger at a time.
MAKE_OFFICE = """
import sys
from pathlib import Path
from models.opening import open_office
open_office(Path(sys.argv[1])).close()
"""
MAKE_DEMO = """
import sys
from pathlib import Path
from models.demo import fill_demo
from models.opening import open_office
ledger = open_office(Path(sys.argv[1]))
fill_demo(ledger)
ledger.close()
"""


@pytest.fixture(scope="session")
def new_place(engine: str, shared_root: Path) -> Iterator[Callable[[Path], Path]]:
    """Make a folder's ledger one of the engine under test: of PostgreSQL a database, seeded, of the folder's own."""
    made: list[str] = []

    def prepare(folder: Path) -> Path:
        if engine == "postgresql" and not (folder / ADDRESS_FILE).exists() and not (folder / FILE_NAME).exists():
            made.append(databases.new(databases.template(shared_root, "office", MAKE_OFFICE)))
            databases.place(folder, made[-1])
        return folder

    yield prepare
    for name in made:
        databases.drop(name)


@pytest.fixture(scope="session")
def demo_folder(shared_root: Path, engine: str) -> Path:
    """The folder of a demo ledger that nobody has open, made once for all workers. Not to be written to."""
    if engine == "postgresql":
        name = databases.template(shared_root, "demo", MAKE_DEMO)
        return databases.place(shared_root / f"{name}-folder", name)
    folder = shared_root / "demo-ledger"
    with FileLock(shared_root / "demo-ledger.lock"):
        if not folder.exists():
            making = shared_root / "demo-ledger.new"
            command = [sys.executable, "-c", MAKE_DEMO, str(making)]
            subprocess.run(command, cwd=ROOT, check=True, timeout=300)
            making.rename(folder)
    return folder


@pytest.fixture(scope="session")
def demo_file(demo_folder: Path, engine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as a ledger file: the file itself, of PostgreSQL its backup. Not to be written to."""
    from models.core.engine import engine_of

    if engine == "sqlite":
        return demo_folder / FILE_NAME
    target = tmp_path_factory.mktemp("demo-file") / FILE_NAME
    engine_of(demo_folder).copy(target)
    return target


@pytest.fixture(scope="session")
def copy_demo(demo_folder: Path, engine: str) -> Iterator[Callable[[Path], Path]]:
    """Make a folder's ledger a copy of the demo, on the engine under test."""
    from models.core.ledger import copy_database

    made: list[str] = []

    def copy(folder: Path) -> Path:
        if engine == "sqlite":
            copy_database(demo_folder / FILE_NAME, folder / FILE_NAME)
            return folder
        made.append(databases.new(databases.template(demo_folder.parent, "demo", MAKE_DEMO)))
        return databases.place(folder, made[-1])

    yield copy
    for name in made:
        databases.drop(name)


@pytest.fixture
def demo_copy(copy_demo: Callable[[Path], Path], tmp_path: Path) -> Path:
    """The folder of a test's own copy of the demo ledger, not open."""
    return copy_demo(tmp_path / "demo")


@pytest.fixture
def demo(demo_copy: Path) -> Iterator[Ledger]:
    """A test's own copy of the demo ledger, open for writing."""
    from models.opening import open_office

    ledger = open_office(demo_copy)
    yield ledger
    ledger.close()


@pytest.fixture
def demo_reader(demo_folder: Path) -> Iterator[Ledger]:
    """The demo ledger itself, open for reading only; quicker than a copy."""
    from models.opening import open_office

    ledger = open_office(demo_folder, write=False)
    yield ledger
    ledger.close()
