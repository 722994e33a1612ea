"""What every test stands on: Qt without a screen, a private home, Hypothesis's profile.

Qt's warnings fail a test through pytest-qt (``qt_log_level_fail`` in setup.cfg). Of the program it knows only
how to make the demo ledger, once for all workers; fixtures for a topic live beside that topic's tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

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


# In a process of its own: the tables of a process are bound to one ledger at a time.
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
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo ledger that nobody has open, made once for all workers. Not to be written to."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / "demo-ledger"
    with FileLock(root / "demo-ledger.lock"):
        if not folder.exists():
            making = root / "demo-ledger.new"
            command = [sys.executable, "-c", MAKE_DEMO, str(making)]
            subprocess.run(command, cwd=ROOT, check=True, timeout=300)
            making.rename(folder)
    return folder


@pytest.fixture
def demo_copy(demo_folder: Path, tmp_path: Path) -> Path:
    """The folder of a test's own copy of the demo ledger, not open."""
    from models.core.ledger import FILE_NAME, copy_database

    copy_database(demo_folder / FILE_NAME, tmp_path / "demo" / FILE_NAME)
    return tmp_path / "demo"


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
