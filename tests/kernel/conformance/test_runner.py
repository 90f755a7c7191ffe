"""Cases run through the product: what passes, what is told when it does not, and that nothing is left behind."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from erp import DEPARTMENTS
from erp.company.company import Company
from erp.kernel.conformance.cli import as_contract, line_of
from erp.kernel.conformance.runner import Result, cases, load_adapters, run_case
from erp.kernel.records import db

TAXES = {"T10": {"kind": "percent", "rate": "10"}}


@pytest.fixture(autouse=True)
def adapters(app: Flask) -> None:
    load_adapters(DEPARTMENTS)


def a_case(events: list[dict[str, Any]], expected: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "TST-001", "given": {}, "convention": {}, "strength": "general", **more} | {
        "events": events, "expected": expected,
    }  # fmt: skip


def run(events: list[dict[str, Any]], expected: dict[str, Any], **more: Any) -> Result:
    return run_case("test", a_case(events, expected, **more), keep=False)


INVOICE = {"id": "i", "type": "sales_invoice", "lines": [{"qty": "2", "price": "50", "taxes": ["T10"]}]}
BOOKED = [
    {"account": "receivable", "debit": "110", "credit": "0"},
    {"account": "revenue", "debit": "0", "credit": "100"},
    {"account": "tax_payable", "debit": "0", "credit": "10"},
]


def test_an_invoice_is_driven_and_read_back() -> None:
    expected = {
        "documents": {"i": {"net": "100", "tax": "10", "gross": "110", "status": "unpaid", "line_nets": ["100"]}},
        "ledger": [{"event": "i", "entries": BOOKED}],
        "balances": {"receivable": "110"},
        "turnover": {"revenue": {"debit": "0", "credit": "100"}},
        "tax_report": [
            {"side": "invoice", "base": "100", "amount": "10"},
            {"after": "i", "side": "credit", "base": "0"},
        ],
        "balances_after": [{"after": "i", "account": "cash", "balance": "0"}],
    }
    result = run([INVOICE], expected, given={"taxes": TAXES})
    assert (result.status, result.diffs) == ("ok", [])
    assert result.documents["i"].number is not None
    assert line_of(result, keep=False) == "TST-001 ok"


def test_a_wrong_figure_is_told_with_what_was_expected() -> None:
    result = run([INVOICE], {"documents": {"i": {"net": "99"}}}, given={"taxes": TAXES})
    assert line_of(result, keep=False) == "TST-001 FAIL documents.i.net expected 99 got 100"
    assert as_contract([result], keep=False)["failed"] == 1


def test_a_refusal_is_expected_or_told() -> None:
    journal: dict[str, Any] = {
        "id": "j",
        "type": "journal",
        "entries": [{"account": "cash", "debit": "1", "credit": "0"}],
    }
    assert run([journal], {"refused": ["j"]}).status == "ok"
    told = run([journal], {})
    assert told.diffs[0].actual.startswith("refused: lines: ")
    balanced = {**journal, "entries": [*journal["entries"], {"account": "bank", "debit": "0", "credit": "1"}]}
    assert run([balanced], {"refused": ["j"]}).diffs[0].actual == "accepted"


def test_what_the_product_cannot_do_is_unsupported_with_its_reason() -> None:
    missing = run([{"id": "r", "type": "receipt"}], {})
    assert line_of(missing, keep=False) == "TST-001 unsupported event type receipt: waits for stock"
    assert run([INVOICE], {"cost_total": "1"}).status == "unsupported"
    assert run([], {}, convention={"cost_period": "day"}).status == "unsupported"
    assert (
        run([INVOICE], {"documents": {"i": {"returned_percent": "1"}}}, given={"taxes": TAXES}).status == "unsupported"
    )


def test_variants_each_run_in_a_company_of_their_own() -> None:
    case = a_case([], {})
    del case["events"], case["expected"]
    expected = {"documents": {"i": {"gross": "110"}}}
    case |= {
        "given": {"taxes": TAXES},
        "variants": [
            {"name": "one", "events": [INVOICE], "expected": expected},
            {"name": "two", "events": [INVOICE], "expected": expected, "convention": {"rounding_mode": "up"}},
        ],
    }  # fmt: skip
    result = run_case("test", case, keep=False)
    assert (result.status, len(result.company.split())) == ("ok", 2)


def test_plans_and_reports_are_compared() -> None:
    events: list[dict[str, Any]] = [
        {"id": "p", "type": "plan", "kind": "rounding", "input": {"amount": "1.5", "rows": [{"unit": "1"}]}},
        INVOICE,
        {"id": "q", "type": "report", "name": "trial_balance", "params": {}},
        {"id": "o", "type": "report", "name": "open_items", "params": {}},
    ]
    expected = {
        "plans": {"p": [{"result": "2"}]},
        "reports": {
            "q": [{"account": "total", "debit": "110", "credit": "110"}],
            "o": [{"document": "i", "outstanding": "110"}],
        },
    }  # fmt: skip
    assert run(events, expected, given={"taxes": TAXES}).diffs == []
    assert run(events[:1], {"plans": {"p": []}}).diffs[0].path == "plans.p.length"


def test_a_case_leaves_nothing_behind() -> None:
    def companies() -> int:
        with db.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(Company.__table__)) or 0

    before = companies()
    run([INVOICE], {}, given={"taxes": TAXES})
    assert companies() == before


def test_case_files_are_found_and_others_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"topic": "t", "cases": [{"id": "TST-001"}]}))
    (tmp_path / "b.json").write_text(json.dumps({"japan": []}))
    assert [(topic, case["id"]) for topic, case in cases(tmp_path)] == [("t", "TST-001")]
    assert len(list(cases(tmp_path / "a.json"))) == 1
