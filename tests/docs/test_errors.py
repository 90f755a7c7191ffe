"""Every code that the product can answer is documented, and nothing else is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from werkzeug.http import HTTP_STATUS_CODES

from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "errors.md"
PLACE = {"Problem": 1, "Unreadable": 0, "at": 2}
"""Which argument is the code; ``plan.at(entry, field, code, message)`` makes a problem at a line."""

PASSED_ON = {
    ("erp/accounts/ledger/writer.py", "code"),
    ("erp/kernel/change/payload.py", "code"),
    ("erp/kernel/change/values.py", "self.code"),
    ("erp/kernel/rights/cli.py", "error.code"),
    ("erp/kernel/web/batches.py", "refused.code"),
}
"""Where a code that was made elsewhere is passed on."""


def documented() -> set[str]:
    """The codes in the first column of the page's tables."""
    rows = [line.split("|")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return {code for cell in rows for code in re.findall(r"`([a-z_]+)`", cell)}


def answered() -> Iterator[tuple[str, str]]:
    """(code, where) of every refusal in the source."""
    for path in sorted((ROOT / "erp").rglob("*.py")):
        where = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield from _codes(node, where)


def _codes(node: ast.AST, where: str) -> Iterator[tuple[str, str]]:
    name = _called(node)
    if isinstance(node, ast.Call) and name in PLACE and len(node.args) + len(node.keywords) > PLACE[name]:
        given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        code = given[0] if given else node.args[PLACE[name]]
        for one in [code.body, code.orelse] if isinstance(code, ast.IfExp) else [code]:
            if isinstance(one, ast.Constant):
                yield str(one.value), f"{where}:{node.lineno}"
            else:
                known = (where, ast.unparse(one)) in PASSED_ON
                assert known, f"{where}:{node.lineno}: write the code as a word, so that it can be documented"
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        if any(isinstance(target, ast.Name) and target.id == "code" for target in node.targets):
            yield node.value.value, f"{where}:{node.lineno}"
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
        for target, value in zip(node.targets[0].elts, node.value.elts, strict=False):
            if isinstance(target, ast.Attribute) and target.attr == "code" and isinstance(value, ast.Constant):
                yield str(value.value), f"{where}:{node.lineno}"


def _called(node: ast.AST) -> str:
    """The name of the function or method that a call calls."""
    function = node.func if isinstance(node, ast.Call) else None
    return getattr(function, "id", None) or getattr(function, "attr", None) or ""


def of_http(app: Flask) -> set[str]:
    """The codes of the statuses for which the application has a handler."""
    handled = {status for status in app.error_handler_spec[None] if status and status < 500}
    return {HTTP_STATUS_CODES[status].lower().replace(" ", "_") for status in handled}


def test_every_code_is_documented_and_nothing_else(app: Flask):
    found = dict(answered())
    ours = set(found) | of_http(app)
    missing = {code: where for code, where in found.items() if code not in documented()}
    assert missing == {}, "add them to docs/errors.md"
    assert ours - documented() == set()
    assert documented() - ours - {"request_entity_too_large", "content_too_large"} == set(), (
        "these are answered no more"
    )


def test_the_problem_type_leads_to_the_page():
    body = Path(ROOT / "erp/kernel/web/problems.py").read_text(encoding="utf-8")
    assert "/docs/errors#" in body
    assert PAGE.exists()
