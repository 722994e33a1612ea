"""House rules that no linter knows: docstrings of modules, lengths of files, names, no trace of one machine."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from tests.architecture.source_tree import PACKAGES, ROOT, Module, program, read_module

MOST_LINES = 500
MOST_LINES_OF_APP = 150

SNAKE_CASE = re.compile(r"_{0,2}[a-z][a-z0-9_]*|_")

# Paths of one machine have no place in the project. (Written so that this file does not find itself.)
MACHINE_PATH = re.compile(r"(?<![\w./])" + r"/(work|root|tmp|home)/" + r"|\.\./" + "shared")
TEXT_FILES = {".py", ".md", ".cfg", ".toml", ".txt", ".sh", ".json", ".csv", ".qss", ".yml", ""}
NOT_OURS = {"out", "demo-ledger", "build", "dist", "__pycache__"}


def all_python() -> list[Module]:
    """The program, its tests and its scripts."""
    others = [path for folder in ("tests", "scripts") for path in sorted((ROOT / folder).rglob("*.py"))]
    return [*program(), *map(read_module, others)]


def test_every_module_says_what_it_is_for() -> None:
    modules = all_python()
    assert len(modules) > 20
    assert [module.path for module in modules if not ast.get_docstring(module.tree)] == []


def test_files_are_short() -> None:
    lengths = {module.path: module.source.count("\n") for module in all_python()}
    assert max(lengths.values()) > 100
    frozen = "models/migrations/"  # written by a tool from the models, read by nobody again
    long = {path: n for path, n in lengths.items() if n > MOST_LINES and not path.startswith(frozen)}
    assert not long, "each usually hides two files"
    assert lengths.get("app.py", 0) < MOST_LINES_OF_APP


def test_folders_are_packages_and_tests_are_not() -> None:
    for package in PACKAGES:
        for folder in {path.parent for path in (ROOT / package).rglob("*.py")}:
            assert (folder / "__init__.py").exists(), f"setuptools would leave out {folder.relative_to(ROOT)}"
    assert list((ROOT / "tests").rglob("__init__.py")) == [], "it would shadow the package of that name"


def wrong_names(module: Module, classes: dict[str, list[object]]) -> list[str]:
    """Functions that are not snake_case, unless they override a method of a class from outside the program."""
    found = []
    for node in ast.walk(module.tree):
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) or SNAKE_CASE.fullmatch(child.name):
                continue
            foreign = classes.get(node.name, []) if isinstance(node, ast.ClassDef) else []
            if not any(hasattr(base, child.name) for base in foreign):
                found.append(f"{module.path}:{child.lineno}: {child.name}")
    return found


def foreign_bases(modules: list[Module]) -> dict[str, list[object]]:
    """The name of each class of the program → the classes from outside that it descends from."""
    named: dict[str, list[str]] = {}
    origins: dict[str, object] = {}
    for module in modules:
        wanted = set()
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                bases = [ast.unparse(base).partition("[")[0] for base in node.bases]
                named.setdefault(node.name, []).extend(bases)
                wanted.update(bases)
        origins.update(resolve(module, wanted))

    def collect(name: str, seen: frozenset[str]) -> list[object]:
        if name in seen:
            return []
        below = [found for base in named.get(name, []) for found in collect(base, seen | {name})]
        return below if name in named else ([origins[name]] if name in origins else [])

    return {name: collect(name, frozenset()) for name in named}


def resolve(module: Module, names: set[str]) -> dict[str, object]:
    """The classes behind these names of a module, as far as they come from outside the program."""
    found: dict[str, object] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            source, aliases = node.module, [(alias.asname or alias.name, alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            source, aliases = "", [(alias.asname or alias.name, alias.name) for alias in node.names]
        else:
            continue
        for local, original in aliases:
            for name in names:
                first, _, rest = name.partition(".")
                if first != local or (source or original).partition(".")[0] in {*PACKAGES, "app"}:
                    continue
                found[name] = attribute(importlib.import_module(source or original), original if source else "", rest)
    return found


def attribute(start: object, *paths: str) -> object:
    for name in filter(None, ".".join(paths).split(".")):
        start = getattr(start, name)
    return start


def test_functions_are_snake_case() -> None:
    modules = list(program())
    classes = foreign_bases(modules)
    found = [line for module in modules for line in wrong_names(module, classes)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def openLedger(): pass", 1),
        ("class Table:\n    def rowCount(self): pass", 1),
        ("from PySide6.QtCore import QAbstractTableModel\n"
         "class Rows(QAbstractTableModel):\n    def rowCount(self): pass\n    def fetchRows(self): pass", 1),
        ("from PySide6 import QtWidgets\nclass Base(QtWidgets.QWidget): pass\n"
         "class View(Base):\n    def paintEvent(self, event): pass", 0),
    ],
)  # fmt: skip
def test_a_wrong_name_is_found(source: str, found: int) -> None:
    module = Module("ui/example.py", "ui.example", source)
    assert len(wrong_names(module, foreign_bases([module]))) == found


def text_files() -> list[Path]:
    def ours(path: Path) -> bool:
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in {".ci", ".gitignore"} for part in parts)
        return not hidden and not NOT_OURS & set(parts) and not any(part.endswith(".egg-info") for part in parts)

    folders = [ROOT / name for name in (*PACKAGES, "tests", "scripts", "resources", ".ci")]
    paths = [path for folder in folders for path in folder.rglob("*")] + list(ROOT.glob("*"))
    return [path for path in paths if path.suffix in TEXT_FILES and path.is_file() and ours(path)]


def test_nothing_names_a_machine() -> None:
    files = text_files()
    assert {"Makefile", "setup.cfg"} <= {path.name for path in files}
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("text", ["open('/ro" + "ot/x')", "see .." + "/shared/design", '"/tm' + 'p/a"'])
def test_a_machine_path_would_be_seen(text: str) -> None:
    assert MACHINE_PATH.search(text)
