"""The program's source as data: its files, what each imports, its classes and functions.

Reads with ast and runs nothing, so that the house rules also hold for a file that cannot be imported.
"""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("models", "reports", "ui")


@dataclass(frozen=True)
class Module:
    """One source file: its path from the root, its dotted name, its text."""

    path: str
    name: str
    source: str

    @property
    def tree(self) -> ast.Module:
        return parse(self.source)

    @property
    def package(self) -> str:
        """The dotted name that a relative import starts from."""
        return self.name if self.path.endswith("__init__.py") else self.name.rpartition(".")[0]


@functools.cache
def parse(source: str) -> ast.Module:
    return ast.parse(source)


def read_module(path: Path) -> Module:
    relative = path.relative_to(ROOT)
    parts = list(relative.with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return Module(relative.as_posix(), ".".join(parts), path.read_text(encoding="utf-8"))


@functools.cache
def program() -> tuple[Module, ...]:
    """Every module of the program: the three packages and, where it is there, app.py."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    paths += [path for path in [ROOT / "app.py"] if path.exists()]
    return tuple(read_module(path) for path in paths)


@functools.cache
def module_names() -> frozenset[str]:
    return frozenset(module.name for module in program())


@dataclass(frozen=True)
class Import:
    """One imported module (never the name inside it), the line, and whether it runs at import time."""

    target: str
    line: int
    at_top: bool


def imports_of(module: Module) -> Iterator[Import]:
    """All imports of a module: at the top, in functions, relative, and by importlib with a plain string."""
    for node, at_top in walk(module.tree, at_top=True):
        for target in imported_by(node, module):
            yield Import(target, getattr(node, "lineno", 0), at_top)


def walk(node: ast.AST, at_top: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        inside = at_top and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if at_top and isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            inside = False
        yield child, inside
        yield from walk(child, inside)


def imported_by(node: ast.AST, module: Module) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=base, names=names, level=level):
            if level:
                above = module.package.split(".")[: len(module.package.split(".")) - level + 1]
                base = ".".join(above + ([base] if base else []))
            assert base is not None
            inner = [f"{base}.{alias.name}" for alias in names]
            return [name if name in module_names() else base for name in inner]
        case ast.Call(func=ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__")):
            return [a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return []
