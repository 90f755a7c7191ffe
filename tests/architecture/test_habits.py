"""Rules of the house that a reader would otherwise have to trust: commits, amounts, SQL, safe methods, contracts."""

import ast
import tomllib

from flask import Flask
from sqlalchemy import Float, Numeric

from erp.kernel.database.schema import whole_metadata
from erp.kernel.records import Voucher, all_kinds
from erp.kernel.records.types import Exact
from tests.architecture.source import ROOT, called, functions, modules, nodes

COMMITS = {
    "erp/kernel/change/work.py": "the unit of work",
    "erp/kernel/database/migrate.py": "migrations run as another user, before the product does",
}


def test_nothing_commits_but_the_unit_of_work():
    assert {path for path, node in nodes(ast.Call) if called(node) == "commit"} == set(COMMITS)


SESSIONS = {
    "erp/kernel/database/migrate.py": "seeds rights as the migration user",
    "erp/kernel/conformance/runner.py": "one transaction around a whole case, rolled back unless it is kept",
    "erp/kernel/operate/health.py": "asks a database that may hang, through an engine that soon gives up",
}


def test_sessions_are_made_by_the_unit_of_work():
    made = {path for path, node in nodes(ast.Call) if called(node) in {"Session", "sessionmaker", "scoped_session"}}
    assert made == set(SESSIONS)


SECONDS = {
    "erp/kernel/change/work.py": "how long to wait",
    "erp/kernel/live/views.py": "how long a session still lasts, in seconds",
    "erp/kernel/operate/cli.py": "since when a process runs, in seconds",
    "erp/kernel/paper/store.py": "the age of a file, in seconds",
    "erp/kernel/realtime/asking.py": "time limits",
    "erp/kernel/realtime/server.py": "time limits",
    "erp/kernel/redis_roles.py": "time limits",
    "erp/kernel/work/nudge.py": "how long to wait",
    "erp/kernel/work/processes.py": "time limits",
    "erp/kernel/paper/reports.py": "how long a report took",
    "erp/kernel/paper/tables.py": "a cell of a spreadsheet that came as a float is read by its shortest text",
}


def test_no_amount_is_a_float():
    named = {path for path, node in nodes(ast.Name) if isinstance(node, ast.Name) and node.id == "float"}
    assert named == set(SECONDS)
    departments = [path for path in modules() if path.startswith("erp/") and not path.startswith("erp/kernel/")]
    numbers = {
        path
        for path, node in nodes(ast.Constant)
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and path in departments
    }
    assert numbers == set()


def test_every_decimal_column_is_of_the_table_of_exact_types():
    wrong = [
        f"{table.name}.{column.name}"
        for table in whole_metadata().tables.values()
        for column in table.columns
        if isinstance(column.type, Float) or (isinstance(column.type, Numeric) and not isinstance(column.type, Exact))
    ]
    assert wrong == []


BUILT_FROM_CONSTANTS = {
    "erp/kernel/rights/loading.py": "one list of columns in four statements, put together when imported",
    "erp/kernel/rights/tables.py": "an expression of the server's clock in a statement, put together when imported",
    "erp/kernel/rights/who.py": "the same list of columns",
}
NAMES_OF_TABLES = {
    "erp/kernel/database/backup.py": "DROP TABLE takes no parameters; the names come from information_schema",
    "erp/kernel/database/grants.py": "GRANT takes no parameters; the names are checked letter by letter",
}


def test_no_sql_is_put_together_from_what_was_sent():
    built = {path for path, node in nodes(ast.Call) if _is_built(path, node)}
    assert built == set(BUILT_FROM_CONSTANTS) | set(NAMES_OF_TABLES)
    for path in BUILT_FROM_CONSTANTS:
        inside = {id(one) for _path, one in functions() if _path == path for one in ast.walk(one)}
        assert not [node for node in ast.walk(modules()[path]) if _is_built(path, node) and id(node) in inside], path


def _is_sql(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and called(node) in {"text", "exec_driver_sql", "literal_column"} and bool(node.args)
    )


def _is_built(path: str, node: ast.AST) -> bool:
    """Return whether a statement is anything but a constant, or a name that only ever is one."""
    if not _is_sql(node):
        return False
    assert isinstance(node, ast.Call)
    given = node.args[0]
    if isinstance(given, ast.Name):
        set_to = [one.value for one in ast.walk(modules()[path]) if isinstance(one, ast.Assign) and _names(one, given)]
        return not set_to or not all(isinstance(value, ast.Constant) for value in set_to)
    return not isinstance(given, ast.Constant)


def _names(assignment: ast.Assign, name: ast.Name) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name.id for one in assignment.targets)


def test_a_safe_request_runs_in_a_unit_of_work_that_is_rolled_back(app: Flask):
    """``Daifuku.dispatch_request`` opens ``reading`` for them: a view that answers both ways would slip through."""
    mixed = [
        f"{rule.rule} {sorted(rule.methods or ())}"
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) & {"GET"} and (rule.methods or set()) & {"POST", "PATCH", "PUT", "DELETE"}
    ]
    assert mixed == []


CHANGERS = {"save", "submit", "cancel", "amend", "approve", "archive", "restore", "delete", "audit", "later", "perform"}


def test_no_view_of_a_safe_request_calls_what_changes_something():
    guilty = [
        f"{path} {view.name} calls {called(node)}"
        for path, view in functions()
        if any(isinstance(one, ast.Call) and called(one) == "get" for one in view.decorator_list)
        for node in ast.walk(view)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and called(node) in CHANGERS
    ]
    assert guilty == []


CONTRACTS = {
    "Departments depend downward only",
    "Inside a document: views over commands over posting over model",
    "Posting and rules are pure",
}


def test_the_contracts_on_imports_are_three():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {one["name"] for one in told["tool"]["importlinter"]["contracts"]} == CONTRACTS


def test_the_kernel_knows_no_department():
    guilty = [
        f"{path}: {name}"
        for path, node in nodes(ast.Import, ast.ImportFrom)
        if path.startswith("erp/kernel/")
        for name in _imported(node)
        if name.startswith("erp.") and name.split(".")[1] not in {"kernel", "settings"}
    ]
    assert guilty == []


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [one.name for one in node.names] if isinstance(node, ast.Import) else []


def test_every_voucher_has_tests_beside_its_path(app: Flask):
    lacking = []
    for record in all_kinds():
        if issubclass(record, Voucher) and record.__module__.startswith("erp."):
            folder = ROOT / "tests" / record.__department__ / record.__kind__
            if not list(folder.glob("test_*.py")):
                lacking.append(record.__kind__)
    assert lacking == []
