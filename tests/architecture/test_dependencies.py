"""The declared dependencies: all pinned, all used within their bounds, and a Qt binding that counts right."""

import configparser
import importlib.metadata
import re
import subprocess
import sys

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.architecture.source_tree import PACKAGES, ROOT, Module, imports_of, program, read_module

VOID_CALLS = 20_000

# Halves of one package.
COMES_WITH = {"shiboken6": "pyside6-essentials"}


def requirements(*extras: str) -> list[Requirement]:
    """What setup.cfg asks for to run the program, and for these extras."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lists = [config["options"]["install_requires"], *(config["options.extras_require"][name] for name in extras)]
    lines = [line.strip() for text in lists for line in text.splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def pins() -> dict[str, str]:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE)}


def test_every_requirement_is_pinned_within_its_bounds() -> None:
    asked = requirements("test", "dev", "postgresql")
    assert len(asked) > 10
    for requirement in asked:
        assert requirement.specifier.contains(pins()[canonicalize_name(requirement.name)]), requirement


def test_what_is_installed_is_what_was_pinned() -> None:
    """Also for what came along as a dependency of a dependency."""
    waiting = [requirement.name for requirement in requirements("test", "postgresql")]
    seen: set[str] = set()
    while waiting:
        name = canonicalize_name(waiting.pop())
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system or Python
        if name in seen:
            continue
        seen.add(name)
        needs = [Requirement(text) for text in distribution.requires or []]
        waiting += [need.name for need in needs if not need.marker or need.marker.evaluate({"extra": ""})]
    assert {"peewee", "shiboken6", "numpy", "pillow"} <= seen
    assert seen <= pins().keys()


def undeclared(modules: list[Module], declared: list[Requirement]) -> list[str]:
    """Imports of packages that happen to be installed, for another's sake or by hand, but were not asked for."""
    names = {canonicalize_name(requirement.name) for requirement in declared}
    owners = importlib.metadata.packages_distributions()
    found = []
    for module in modules:
        for item in imports_of(module):
            top = item.target.partition(".")[0]
            if (ROOT / module.path).with_name(f"{top}.py").exists():
                continue  # a script's neighbour: benchmarks are run by path
            if top in sys.stdlib_module_names or top in {*PACKAGES, "app", "tests", "scripts"}:
                continue
            # An extra need not be installed; what it brings is named like its package then.
            belongs_to = {canonicalize_name(owner) for owner in owners.get(top, [top])}
            if not names & (belongs_to | {COMES_WITH.get(top, "")}):
                found.append(f"{module.path}:{item.line}: {item.target}")
    return found


def test_what_the_program_imports_is_declared() -> None:
    assert undeclared(list(program()), requirements()) == []


def test_only_a_folder_that_names_a_server_loads_its_part() -> None:
    """A clerk with a file needs no driver; the part that works with one takes what Peewee has found."""
    code = "import sys, app, models.opening, ui.commands; sys.exit('models.core.postgres' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_what_the_tests_import_is_declared() -> None:
    paths = [path for folder in ("tests", "scripts") for path in sorted((ROOT / folder).rglob("*.py"))]
    assert undeclared([read_module(path) for path in paths], requirements("test", "postgresql")) == []


def test_an_undeclared_import_would_be_seen() -> None:
    module = Module("models/example.py", "models.example", "import peewee, pluggy\nfrom iniconfig import IniConfig")
    assert len(undeclared([module], requirements())) == 2


def test_the_qt_binding_that_leaks_is_refused() -> None:
    [binding] = [r for r in requirements() if canonicalize_name(r.name) == "pyside6-essentials"]
    assert binding.specifier.contains("6.11.3")
    assert not binding.specifier.contains("6.12.0")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal and not counted")
def test_void_calls_leave_none_alone(qtbot: QtBot) -> None:
    """PySide6 6.12.0 takes one reference from None a call; after enough of them the process dies."""
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(VOID_CALLS):
        label.setText("示例")
    assert abs(sys.getrefcount(None) - before) < VOID_CALLS / 10
