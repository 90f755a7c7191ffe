"""``bin/test``: everything that must hold, or the part that is named."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from deploy import environment, packages
from deploy.layout import ROOT

COUNTS = re.compile(r"(\d+) (passed|failed|skipped|errors?)")
LOAD_CASES = ROOT / "tests" / "conformance" / "acceptance"


class Tally:
    """What passed, failed and was skipped, over all steps."""

    def __init__(self) -> None:
        self.passed = self.failed = self.skipped = 0

    def add(self, name: str, seconds: float, passed: int, failed: int, skipped: int) -> None:
        """Count a step and say how it went."""
        self.passed, self.failed, self.skipped = self.passed + passed, self.failed + failed, self.skipped + skipped
        state = "ok" if not failed else "FAILED"
        print(f"--- {name}: {state} ({passed} passed, {failed} failed, {skipped} skipped, {seconds:.0f} s)", flush=True)


def tool(name: str) -> str:
    """Return a program of the virtual environment."""
    return str(environment.VENV / "bin" / name)


def run(*command: str, **more: str) -> tuple[int, str]:
    """Run a step, showing and returning what it prints."""
    values = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", **environment.BYTECODE, **more}
    process = subprocess.Popen(
        command, cwd=ROOT, env=values, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines = []
    for line in process.stdout or []:
        print(line, end="", flush=True)
        lines.append(line)
    return process.wait(), "".join(lines)


def check(*command: str) -> Callable[[], tuple[int, int, int]]:
    """Return a step that passes when its command ends with 0."""

    def step() -> tuple[int, int, int]:
        code, _text = run(*command)
        return (1, 0, 0) if code == 0 else (0, 1, 0)

    return step


def tests(*where: str, parallel: bool = True) -> Callable[[], tuple[int, int, int]]:
    """Return a step that runs pytest on some folders."""

    def step() -> tuple[int, int, int]:
        workers = ["-n", "2"] if parallel else []
        code, text = run(environment.python(), "-m", "pytest", "-q", "-p", "no:cacheprovider", *workers, *where)
        return counted(code, text)

    return step


def counted(code: int, text: str) -> tuple[int, int, int]:
    """Return the counts of a run's closing line; a run that broke counts as a failure."""
    closing = next((line for line in reversed(text.splitlines()) if COUNTS.search(line)), "")
    found = {word.rstrip("s") if word.startswith("error") else word: int(n) for n, word in COUNTS.findall(closing)}
    failed = found.get("failed", 0) + found.get("error", 0)
    if code not in {0, 5} and not failed:
        failed = 1
    return found.get("passed", 0), failed, found.get("skipped", 0)


BOOKS = ("accounts", "buying", "pricing", "selling")


def coverage() -> tuple[int, int, int]:
    """Run the tests of the books and hold posting, rules and taxes to every branch; what is measured: pyproject.toml."""
    with tempfile.TemporaryDirectory(prefix="daifuku-coverage-") as folder:
        measured = {"COVERAGE_FILE": f"{folder}/data", "COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml")}
        where = [f"tests/{name}" for name in BOOKS]
        python = [environment.python(), "-m"]
        pytest = ["pytest", "-q", "-p", "no:cacheprovider", "-n", "2", *where]
        code, text = run(*python, "coverage", "run", "-m", *pytest, **measured)
        passed, failed, skipped = counted(code, text)
        run(*python, "coverage", "combine", "-q", **measured)
        short, _text = run(*python, "coverage", "report", **measured)
    return passed + (short == 0), failed + (short != 0), skipped


def departments() -> list[str]:
    """Return the folders of ordinary tests; those of the books run while their branches are counted."""
    special = {"browser", "faults", "load", "fresh", "docs", "conformance", "__pycache__", *BOOKS}
    return sorted(f"tests/{one.name}" for one in (ROOT / "tests").iterdir() if one.is_dir() and one.name not in special)


def conformance() -> tuple[int, int, int]:
    """Run the acceptance cases through the product's own commands, on a private server."""
    folders = [one for one in (LOAD_CASES, ROOT.parent / "shared" / "acceptance") if one.exists()][:1]
    if not folders:
        return 0, 1, 0
    code, text = run(environment.python(), "-m", "tests.conformance.run", str(folders[0]))
    return counted(code, text.replace("passed, ", "passed "))


def fresh() -> tuple[int, int, int]:
    """Prove the installation in a minimal Debian."""
    code, text = run(environment.python(), "-m", "deploy.fresh")
    return counted(code, text)


STEPS: dict[str, Callable[[], tuple[int, int, int]]] = {
    "format": check(tool("ruff"), "format", "--check", "."),
    "lint": check(tool("ruff"), "check", "."),
    "types": check(tool("mypy")),
    "imports": check(tool("lint-imports")),
    "tests": lambda: tests(*departments())(),
    "coverage": coverage,
    "conformance": conformance,
    "docs": tests("tests/docs", parallel=False),
    "browser": tests("tests/browser", parallel=False),
    "faults": tests("tests/faults", parallel=False),
}
ASKED_ONLY: dict[str, Callable[[], tuple[int, int, int]]] = {
    "load": tests("tests/load", parallel=False),
    "fresh": fresh,
}


def main() -> None:
    """Run what is asked for and close with the counts; exit 1 when anything failed."""
    asked = sys.argv[1:]
    packages.ensure(tests=True)
    environment.ensure(tests=True)
    tally = Tally()
    for name, step in chosen(asked).items():
        print(f"=== {name}", flush=True)
        started = time.monotonic()
        counts = step()
        tally.add(name, time.monotonic() - started, *counts)
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped")
    sys.exit(1 if tally.failed else 0)


def chosen(asked: list[str]) -> dict[str, Callable[[], tuple[int, int, int]]]:
    """Return the steps: all, or those named; any other word is a folder or file of tests."""
    if not asked:
        return {
            name: step for name, step in STEPS.items() if name not in {"docs", "browser", "faults"} or has_tests(name)
        }
    known = {**STEPS, **ASKED_ONLY}
    return {one: known.get(one) or tests(one if one.startswith("tests") else f"tests/{one}") for one in asked}


def has_tests(name: str) -> bool:
    """Return whether a folder of tests exists."""
    return any((ROOT / "tests" / name).glob("test_*.py"))


if __name__ == "__main__":
    main()
