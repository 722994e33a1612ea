"""Who may import whom: ui → reports → models; inside each, topic files → rules, core; never back."""

import subprocess
import sys

import pytest

from tests.architecture.source_tree import PACKAGES, ROOT, Import, Module, imports_of, program

# A lower layer never imports a higher one.
LEVEL = {"models": 0, "reports": 1, "ui": 2, "app": 3}

# Inside a package: the machinery below, the topic files above.
MACHINERY = {"models": {"core", "rules"}, "reports": {"core"}, "ui": {"kit"}}

# The rules that know no topic and that the core may therefore use.
RULES_FOR_CORE = {"models.rules", "models.rules.dates", "models.rules.identifiers"}
# Rules are functions of plain values. Of the core they know the words for what is wrong, nothing else.
CORE_FOR_RULES = {"models.core.errors"}

FORBIDDEN = {
    "models": {"PySide6", "shiboken6", "reportlab", "pyqtgraph", "pypdfium2"},
    "reports": {"PySide6", "shiboken6", "pyqtgraph", "sqlite3", "peewee", "playhouse"},
    "ui": {"sqlite3", "peewee", "playhouse"},
    "models.rules": {"peewee", "playhouse", "sqlite3"},
    # These run without a screen.
    "ui.commands": {"PySide6", "shiboken6", "pyqtgraph"},
}

# Slow to load (0.2–0.35 s each): imported inside the function that first needs them.
SLOW = {"pyqtgraph", "reportlab", "pypinyin", "holidays", "chinese_calendar", "pypdfium2", "pikepdf"}
# Documents are made of ReportLab's classes; what uses a document imports it at first use.
MAY_LOAD_AT_TOP = {"reports": {"reportlab"}, "ui.kit.charts": {"pyqtgraph"}}


def inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def faults(module: Module) -> list[str]:
    """What a module's imports break, one line each."""
    return [
        f"{module.path}:{item.line}: {module.name} imports {item.target}: {why}"
        for item in imports_of(module)
        for why in complaints(module.name, item)
    ]


def complaints(name: str, item: Import) -> list[str]:
    found = []
    package, target = name.partition(".")[0], item.target.partition(".")[0]
    if target in LEVEL and LEVEL[target] > LEVEL[package]:
        found.append(f"{package} must not know {target}")
    if target == package and target in MACHINERY:
        found += complaints_inside(name, item.target)
    areas = [area for area in FORBIDDEN if inside(name, area) and target in FORBIDDEN[area]]
    found += [f"{area} must not know {target}" for area in areas]
    if item.at_top and target in SLOW:
        allowed = set().union(*(MAY_LOAD_AT_TOP[area] for area in MAY_LOAD_AT_TOP if inside(name, area)))
        if target not in allowed:
            found.append("slow to load: import it inside the function that first needs it")
    return found


def complaints_inside(name: str, target: str) -> list[str]:
    """Imports within one package: the core and the rules know no topic, a migration knows no present table."""
    package = name.partition(".")[0]
    machinery = [f"{package}.{part}" for part in sorted(MACHINERY[package])]
    if target == package:
        return []
    if inside(name, "models.core") and inside(target, "models.rules"):
        return [] if target in RULES_FOR_CORE else ["the core may use only rules that know no topic"]
    if inside(name, "models.rules") and inside(target, "models.core"):
        return [] if target in CORE_FOR_RULES else ["a rule is a function of plain values"]
    if inside(name, "models.migrations") and not inside(target, "models.migrations"):
        return ["a migration is frozen and must not use code that goes on changing"]
    for area in machinery:
        if inside(name, area) and not any(inside(target, other) for other in [*machinery, "models.migrations"]):
            return [f"{area} must not know a topic"]
    return []


def test_imports_go_down() -> None:
    found = [line for module in program() for line in faults(module)]
    assert not found, "\n".join(found)


def test_every_package_was_read() -> None:
    """Guards the test above against an empty list of files or of imports."""
    for package in PACKAGES:
        names = [module.name for module in program() if inside(module.name, package)]
        assert len(names) > 3, f"only {names} of {package} were read"
    within = [item for module in program() for item in imports_of(module) if item.target.partition(".")[0] in LEVEL]
    assert len(within) > 30


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("models.enterprise", "from ui.kit import table"),
        ("models.enterprise", "import reports"),
        ("models.enterprise", "def show():\n    from PySide6.QtWidgets import QLabel"),
        ("models.enterprise", "import importlib\nimportlib.import_module('ui.commands')"),
        ("models.enterprise", "import pypinyin"),
        ("models.core.fields", "from models.enterprise import Enterprise"),
        ("models.core.fields", "from ..enterprise import Enterprise"),
        ("models.core.fields", "from models.rules.numbering import next_number"),
        ("models.rules.grading", "from models.core.record import Record"),
        ("models.rules.grading", "from peewee import fn"),
        ("models.migrations.m0001", "from models.enterprise import Enterprise"),
        ("reports.notice", "from PySide6.QtGui import QFont"),
        ("reports.notice", "import sqlite3"),
        ("reports.core.page", "from reports.notice import write"),
        ("ui.kit.table", "from ui import notices_tab\nfrom ui.notices import NoticesTab"),
        ("ui.overview", "import pyqtgraph as pg"),
        ("ui.commands", "def window():\n    from PySide6.QtWidgets import QApplication"),
    ],
)
def test_a_wrong_import_is_found(name: str, source: str) -> None:
    assert faults(Module(name.replace(".", "/") + ".py", name, source))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("models.enterprise", "from models.core.fields import Text\nfrom .rules import identifiers"),
        ("models.enterprise", "def initials(text):\n    import pypinyin"),
        ("reports.notice", "from reportlab.platypus import Paragraph\nfrom models.notice import Notice"),
        ("ui.notices", "from PySide6.QtWidgets import QLabel\nfrom reports.core import fonts"),
    ],
)
def test_a_right_import_passes(name: str, source: str) -> None:
    assert not faults(Module(name.replace(".", "/") + ".py", name, source))


def run_python(code: str) -> str:
    """What a fresh interpreter prints; its failure is the test's failure."""
    command = [sys.executable, "-B", "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def names_below(*packages: str) -> list[str]:
    """Modules of these packages that can be imported by name (a migration's file name may begin with a digit)."""
    return [
        module.name
        for module in program()
        if any(inside(module.name, package) for package in packages)
        and all(part.isidentifier() for part in module.name.split("."))
    ]


LOADED = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


@pytest.mark.parametrize("package", ["models", "reports", "ui.commands"])
def test_loads_no_qt(package: str) -> None:
    names = names_below(package)
    loaded = run_python(f"import {', '.join(names)}\n{LOADED}").split()
    assert package.partition(".")[0] in loaded
    assert not {"PySide6", "shiboken6"} & set(loaded)


@pytest.mark.parametrize("name", ["app", "ui.commands", "ui.main_window"])
def test_starts_without_what_is_slow_to_load(name: str) -> None:
    loaded = run_python(f"import {name}\n{LOADED}").split()
    assert name.partition(".")[0] in loaded
    assert not SLOW & set(loaded)


# Asks the interpreter itself what importing does: it may read Python's own files and nothing else.
WATCH = """
import sys
done = []
def watch(event, arguments):
    if event in ("sqlite3.connect", "subprocess.Popen", "socket.connect", "os.mkdir", "os.rename", "os.remove"):
        done.append(event)
    elif event == "open" and isinstance(arguments[0], str):
        path, mode = arguments[0].replace("\\\\", "/"), arguments[1] or "r"
        ours = "/resources/" in path and "/importlib/" not in path
        if ours or (set(mode) & set("wax+") and "__pycache__" not in path):
            done.append(f"open {path} {mode}")
"""


def test_importing_does_no_work() -> None:
    names = names_below("models", "reports", "ui.commands")
    found = run_python(f"{WATCH}\nsys.addaudithook(watch)\nimport {', '.join(names)}\nprint(*done, sep=chr(10))")
    assert found == ""


def test_work_at_import_would_be_seen() -> None:
    found = run_python(
        f"{WATCH}\nsys.addaudithook(watch)\nimport sqlite3\nsqlite3.connect(':memory:').close()\nprint(*done)"
    )
    assert found == "sqlite3.connect"
