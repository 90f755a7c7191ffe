"""Nothing grows without somebody noticing: every exception stands here by name, with its reason."""

import ast
import json
import subprocess
import sys

from tests.architecture.source import FUNCTIONS, ROOT, functions, length, modules, nodes, templates

FILE, FUNCTION, CLASS, VIEW, TEMPLATE, PARAMETERS, COMPLEXITY = 400, 50, 250, 20, 150, 5, 8
VERBS = {"get", "post", "patch", "put", "delete", "route"}

LONG_TEMPLATES = {
    "templates/print/print.css": "one style sheet for all papers: cut in pieces it could not be read beside the design",
}
LONG_VIEWS = {
    "erp/kernel/paper/table_pages.py hand_in": "a file and five options of the form, each said once",
}
MANY_PARAMETERS = {
    "erp/accounts/closing/commands.py revalue": "what a valuation is of, at which rate, on which day",
    "erp/accounts/closing/commands.py _items_valued": "the same, with the rate made ready",
    "erp/accounts/payment/taxes.py released": "pure arithmetic over what was booked and what is paid",
    "erp/demo/lantern.py customer": "a row of a table of addresses",
    "erp/demo/rantan.py party": "a row of a table of addresses",
    "erp/kernel/paper/billing.py transfer_code": "the fields of EPC069-12, in its order",
    "erp/selling/prints.py bill": "what a layout prints, in its order",
}
MANY_WAYS = {
    "erp/accounts/conformance/billing.py line_payload": "one word of the case format after the other",
    "erp/accounts/conformance/events.py _journal_line": "one word of the case format after the other",
    "erp/kernel/conformance/runner.py _at_the_end": "one word of the case format after the other",
    "erp/kernel/change/save.py save": "the one way in: read top to bottom, it is the order of a save",
    "erp/kernel/web/present.py _links": "fields, lines, and who did it: one loop each",
}


def test_no_file_is_longer_than_four_hundred_lines():
    sizes = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {path: lines for path, lines in sizes.items() if lines > FILE} == {}


def test_no_function_is_longer_than_fifty_lines():
    assert [f"{path} {one.name}" for path, one in functions() if length(one) > FUNCTION] == []


def test_no_class_is_longer_than_two_hundred_and_fifty_lines():
    found = [(path, node) for path, node in nodes(ast.ClassDef) if isinstance(node, ast.ClassDef)]
    assert [f"{path} {node.name}" for path, node in found if length(node) > CLASS] == []


def test_views_hand_on_within_twenty_lines():
    long = {f"{path} {one.name}" for path, one in functions() if _is_view(one) and length(one) > VIEW}
    assert long == set(LONG_VIEWS)


def _is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    decorators = [one.func for one in function.decorator_list if isinstance(one, ast.Call)]
    return any(isinstance(one, ast.Attribute) and one.attr in VERBS for one in decorators)


def test_templates_stay_within_a_hundred_and_fifty_lines():
    assert {path for path, text in templates() if len(text.splitlines()) > TEMPLATE} == set(LONG_TEMPLATES)


def test_after_five_parameters_the_rest_is_named():
    many = {f"{path} {one.name}" for path, one in functions() if len(_positional(one)) > PARAMETERS}
    assert many == set(MANY_PARAMETERS)


def _positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    return [name for name in names if name not in {"self", "cls"}]


def test_no_function_has_more_than_eight_ways_through():
    options = ["--select", "C901", "--config", f"lint.mccabe.max-complexity={COMPLEXITY}", "--output-format", "json"]
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", *options, "erp", "workers", "app.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = {
        f"{one['filename'].removeprefix(str(ROOT) + '/')} {one['message'].split('`')[1]}"
        for one in json.loads(done.stdout)
    }
    assert found == set(MANY_WAYS)


IMPORTED_LATE = {
    "erp/kernel/realtime/server.py _serve_eventlet": "eventlet warns and patches on import; other engines never load it",
}


def test_imports_stand_at_the_top():
    late = {
        f"{path} {function.name}"
        for path, function in functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert late == set(IMPORTED_LATE)


def test_public_functions_and_classes_say_what_they_are():
    silent = [
        f"{path} {node.name}"
        for path, node in nodes(*FUNCTIONS, ast.ClassDef)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []
    assert [path for path, tree in modules().items() if tree.body and not ast.get_docstring(tree)] == []
