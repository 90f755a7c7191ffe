"""The product's own source as trees, read once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[str, ast.Module]:
    """Return every module of the product by its path: what runs in production, without migrations and tests."""
    paths = [ROOT / "app.py", *(ROOT / "erp").rglob("*.py"), *(ROOT / "workers").glob("*.py")]
    kept = [path for path in sorted(paths) if "versions" not in path.parts]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in kept}


def templates() -> Iterator[tuple[str, str]]:
    """Return path and text of every template."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Return (path, node) of every node of these kinds."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                yield path, node


def functions() -> Iterator[tuple[str, Function]]:
    """Return (path, function) of every function and method."""
    for path, node in nodes(*FUNCTIONS):
        assert isinstance(node, FUNCTIONS)
        yield path, node


def length(node: Function | ast.ClassDef) -> int:
    """Return how many lines a definition takes, its docstring included."""
    return (node.end_lineno or 0) - node.lineno + 1


def called(node: ast.AST) -> str:
    """Return the last name of what a call calls: ``commit`` of ``session.commit()``."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
