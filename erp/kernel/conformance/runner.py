"""Reading case files, running each case in a scratch company, and telling what differs."""

import importlib
import importlib.util
import json
import logging
import pkgutil
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from erp.kernel.change.work import use_sessions
from erp.kernel.conformance.compare import Diff, differences
from erp.kernel.conformance.registry import Unsupported, check_conventions, found
from erp.kernel.conformance.run import Made, Run, day_of
from erp.kernel.errors import Refused
from erp.kernel.records.base import db

log = logging.getLogger("erp.conformance")
OK, FAIL, UNSUPPORTED = "ok", "fail", "unsupported"
READ_AFTER = ("documents_after", "balances_after", "tax_report")
BESIDE = {"documents", "documents_after", "balances", "balances_after", "turnover", "ledger", "tax_report", "plans",
          "reports", "refused", "accepted", "rules"}  # fmt: skip


@dataclass
class Result:
    """What came of one case."""

    id: str
    topic: str
    status: str = OK
    reason: str = ""
    diffs: list[Diff] = field(default_factory=list)
    documents: dict[str, Made] = field(default_factory=dict)
    company: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the result as the contract has it."""
        return {
            "id": self.id, "topic": self.topic, "status": self.status, "reason": self.reason, "company": self.company,
            "diffs": [diff.as_json() for diff in self.diffs],
            "documents": {
                key: {"kind": made.kind, "id": made.id, "number": made.number} for key, made in self.documents.items()
            },
        }  # fmt: skip


def load_adapters(departments: tuple[str, ...]) -> None:
    """Import what each department offers to the cases."""
    for name in departments:
        module = f"erp.{name}.conformance"
        if importlib.util.find_spec(f"erp.{name}") and importlib.util.find_spec(module):
            package = importlib.import_module(module)
            for part in pkgutil.iter_modules(getattr(package, "__path__", ())):
                importlib.import_module(f"{module}.{part.name}")


NOT_RUN = "advisory_public"


def cases(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (topic, case) of every case file below a folder, or of one file; other JSON files are passed over."""
    files = [folder] if folder.is_file() else sorted(folder.rglob("*.json"))
    for file in files:
        if NOT_RUN in file.relative_to(folder).parts:
            continue
        content = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(content, dict) and isinstance(content.get("cases"), list) and "topic" in content:
            for case in content["cases"]:
                yield content["topic"], case


def run_case(topic: str, case: dict[str, Any], *, keep: bool) -> Result:
    """Run a case and its variants; a case passes when no variant fails."""
    result = Result(case["id"], topic)
    reasons = []
    variants = case.get("variants")
    parts = variants or [{"events": case["events"], "expected": case["expected"]}]
    for place, part in enumerate(parts, 1):
        name = f"{part.get('name', place)}: " if variants else ""
        convention = {**case.get("convention", {}), **part.get("convention", {})}
        given = {**case.get("given", {}), **part.get("given", {})}
        try:
            _run_part(result, name, convention, given, part, keep=keep)
        except Unsupported as missing:
            reasons.append(f"{name}{missing}")
        except Exception as error:
            log.warning("case %s broke", case["id"], exc_info=True)
            result.diffs.append(Diff(f"{name}error", "no error", f"{type(error).__name__}: {error}"[:500]))
    if result.diffs:
        result.status = FAIL
    elif reasons and (len(reasons) == len(parts) or case.get("strength") == "general"):
        result.status = UNSUPPORTED
    result.reason = "; ".join(reasons)
    return result


def _run_part(
    result: Result, name: str, convention: dict[str, Any], given: dict[str, Any], part: dict[str, Any], *, keep: bool
) -> None:
    check_conventions(convention)
    _check_known(part)
    with scratch(keep=keep):
        run = Run(f"CF-{result.id}-{secrets.token_hex(3)}", convention, given)
        result.company = f"{result.company} {run.code}".strip()
        try:
            found("reads", "company")(run)
            for key, value in given.items():
                found("given", key)(run, value)
            result.diffs += [Diff(f"{name}{diff.path}", diff.expected, diff.actual) for diff in _carry_out(run, part)]
        finally:
            result.documents |= run.documents


def _check_known(part: dict[str, Any]) -> None:
    """Say what the product cannot do before anything is done."""
    for event in part["events"]:
        kind = event["type"]
        if kind == "plan":
            found("plan", event["kind"])
        elif kind == "report":
            found("report", event["name"])
        else:
            found("event", kind)
    for key in part["expected"]:
        if key not in BESIDE:
            raise Unsupported(f"expected.{key}: the product has nothing to read it from yet")


def _carry_out(run: Run, part: dict[str, Any]) -> list[Diff]:
    events, expected = part["events"], part["expected"]
    refused, diffs = set(expected.get("refused", ())), list[Diff]()
    rows: dict[str, Any] = {}
    for place, event in enumerate(events):
        run.today = day_of(event, place)
        before = found("reads", "mark")(run)
        try:
            answer = _one(run, event)
        except Refused as refusal:
            if event["id"] not in refused:
                return [*diffs, Diff(f"events.{event['id']}", "accepted", _told(refusal))]
            if found("reads", "mark")(run) != before:
                diffs.append(Diff(f"refused.{event['id']}", "nothing left behind", "entries were written"))
        else:
            if event["id"] in refused:
                diffs.append(Diff(f"refused.{event['id']}", "refused", "accepted"))
            if answer is not None:
                rows[event["id"]] = answer
        found("reads", "marked")(run, event["id"], before)
        diffs += _after(run, event["id"], expected)
    return diffs + _at_the_end(run, expected, rows)


def _told(refusal: Refused) -> str:
    """Return why the product refused, each problem by its field."""
    problems = "; ".join(f"{one.field}: {one.message}" for one in refusal.problems)
    return f"refused: {problems or refusal.message}"


def _one(run: Run, event: dict[str, Any]) -> Any:
    if event["type"] == "plan":
        return found("plan", event["kind"])(run, event["input"])
    if event["type"] == "report":
        return found("report", event["name"])(run, event.get("params", {}))
    found("event", event["type"])(run, event)
    return None


def _after(run: Run, event_id: str, expected: dict[str, Any]) -> list[Diff]:
    """Compare what is expected right after an event."""
    diffs: list[Diff] = []
    for place, row in enumerate(expected.get("documents_after", ())):
        if row["after"] == event_id:
            fields = {key: value for key, value in row.items() if key not in {"after", "document"}}
            actual = found("reads", "document")(run, row["document"], list(fields))
            diffs += differences(f"documents_after[{place}]", fields, actual)
    for place, row in enumerate(expected.get("balances_after", ())):
        if row["after"] == event_id:
            actual = found("reads", "balances")(run)
            diffs += differences(f"balances_after[{place}]", row["balance"], actual.get(row["account"], "0"))
    for place, row in enumerate(expected.get("tax_report", ())):
        if row.get("after") == event_id:
            diffs += _tax_report(run, place, row)
    return diffs


def _tax_report(run: Run, place: int, row: dict[str, Any]) -> list[Diff]:
    actual = found("reads", "tax_report")(run, row.get("tax"), row["side"])
    wanted = {key: row[key] for key in ("base", "amount") if key in row}
    return differences(f"tax_report[{place}]", wanted, actual)


def _at_the_end(run: Run, expected: dict[str, Any], rows: dict[str, Any]) -> list[Diff]:
    diffs: list[Diff] = []
    for event_id, fields in expected.get("documents", {}).items():
        diffs += differences(f"documents.{event_id}", fields, found("reads", "document")(run, event_id, list(fields)))
    by_event: dict[str, list[dict[str, Any]]] = {}
    for journal in expected.get("ledger", ()):
        by_event.setdefault(journal["event"], []).append(journal)
    for event_id, journals in by_event.items():
        diffs += found("reads", "ledger")(run, event_id, journals)
    if "balances" in expected:
        actual = found("reads", "balances")(run)
        diffs += differences("balances", expected["balances"], {k: actual.get(k, "0") for k in expected["balances"]})
    if "turnover" in expected:
        turnover, none = found("reads", "turnover")(run), {"debit": "0", "credit": "0"}
        diffs += differences("turnover", expected["turnover"], {k: turnover.get(k, none) for k in expected["turnover"]})
    for place, row in enumerate(expected.get("tax_report", ())):
        if "after" not in row:
            diffs += _tax_report(run, place, row)
    for event_id, wanted in expected.get("plans", {}).items():
        diffs += _plan(event_id, wanted, rows)
    for event_id, wanted in expected.get("reports", {}).items():
        diffs += differences(f"reports.{event_id}", wanted, rows.get(event_id))
    return diffs


def _plan(event_id: str, wanted: list[Any], rows: dict[str, Any]) -> list[Diff]:
    """Compare the rows of a plan in order and in number."""
    actual = rows.get(event_id)
    if not isinstance(actual, list) or len(actual) != len(wanted):
        return [Diff(f"plans.{event_id}.length", len(wanted), len(actual) if isinstance(actual, list) else None)]
    return [
        diff
        for place, (one, other) in enumerate(zip(wanted, actual, strict=True))
        for diff in differences(f"plans.{event_id}[{place}]", one, other)
    ]


@contextmanager
def scratch(*, keep: bool) -> Iterator[None]:
    """Run everything inside in one transaction that is rolled back at the end; with ``keep`` it is real."""
    if keep:
        yield
        return
    connection = db.engine.connect()
    transaction = connection.begin()
    make = sessionmaker(
        connection, class_=Session, join_transaction_mode="create_savepoint", autoflush=False, expire_on_commit=False
    )
    use_sessions(make)
    try:
        yield
    finally:
        use_sessions(None)
        transaction.rollback()
        connection.close()


def run_all(folder: Path, *, keep: bool, only: tuple[str, ...] = ()) -> Iterator[Result]:
    """Run every case below a folder, in order of files."""
    for topic, case in cases(folder):
        if not only or topic in only or case["id"] in only:
            yield run_case(topic, case, keep=keep)
