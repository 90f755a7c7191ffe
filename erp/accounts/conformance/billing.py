"""Documents that bill, from an event to a request: the same for both sides."""

from functools import partial
from typing import Any

from erp.accounts.conformance.events import entered, of, refuse_fields
from erp.accounts.conformance.given import category_tax, item, terms_code, unit
from erp.accounts.conformance.roles import account_of
from erp.accounts.payment.model import Payment
from erp.kernel.conformance.registry import Unsupported
from erp.kernel.conformance.run import Run
from erp.kernel.errors import Problems

NOT_YET = ("updates_stock", "deposits", "withhold", "price_correction")
MONEY_ACCOUNTS = {"sale": "tax_payable", "purchase": "tax_receivable"}


def document_payload(run: Run, about: dict[str, Any], side: str) -> dict[str, Any]:
    """Return the request that makes the document of an event."""
    refuse_fields(about, *NOT_YET)
    payload: dict[str, Any] = {
        "company": run.company, "posting_date": run.today.isoformat(),
        "prices_include_tax": bool(run.convention.get("prices_include_tax", False)),
        "lines": [line_payload(run, line) for line in about.get("lines", ())],
    }  # fmt: skip
    for name, key in (
        ("currency", "currency"), ("rate", "rate"), ("company_amount", "company_amount"), ("due_date", "due"),
        ("prepaid", "prepaid"), ("rounding_given", "rounding"), ("discount", "discount"),
        ("manual_taxes", "manual_taxes"),
    ):  # fmt: skip
        if key in about:
            payload[name] = about[key]
    if "terms" in about:
        payload["terms"] = {"code": terms_code(run, about["terms"])}
    if "allowances" in about:
        payload["allowances"] = [allowance(run, row) for row in about["allowances"]]
    if "charges" in about:
        payload["charges"] = [charge(run, row, side) for row in about["charges"]]
    return payload


def line_payload(run: Run, line: dict[str, Any]) -> dict[str, Any]:
    """Return a line of a request; without item and account it sells item A."""
    if line.get("service_from") or line.get("service_to"):
        raise Unsupported("lines.service_from: deferral waits for accounting")
    given: dict[str, Any] = {"quantity": line.get("qty", "1"), "tax_codes": list(line.get("taxes", ()))}
    if "item" in line or "account" not in line:
        given["item"] = {"code": item(run, line.get("item", "A"))}
    for name, key in (
        ("price", "price"), ("base_quantity", "base_qty"), ("amount_given", "amount"),
        ("deductible_percent", "deductible_percent"),
    ):  # fmt: skip
        if key in line:
            given[name] = line[key]
    if "tax_rate" in line or "tax_category" in line:
        given["tax_codes"] = [category_tax(run, line.get("tax_category", "S"), line.get("tax_rate", "0"))]
    if "allowances" in line:
        given["allowances"] = [allowance(run, row) for row in line["allowances"]]
    if "account" in line:
        given["account"] = {"code": account_of(run, line["account"])}
        given.setdefault("description", line["account"])
    if "unit" in line:
        own = run.facts.get("item units", {}).get(line.get("item", "A"), {})
        given["unit"] = {"code": own.get(line["unit"]) or unit(run, line["unit"])}
    return given


def allowance(run: Run, row: dict[str, Any]) -> dict[str, Any]:
    """Return an allowance or charge; its amount rules over its percentage."""
    given: dict[str, Any] = {"charge": row["charge"], "amount": row["amount"]}
    if "category" in row or "rate" in row:
        given["tax_codes"] = [category_tax(run, row.get("category", "S"), row.get("rate", "0"))]
    return given


def charge(run: Run, row: dict[str, Any], side: str) -> dict[str, Any]:
    """Return a charge row."""
    if row.get("into_value"):
        raise Unsupported("charges.into_value: waits for stock")
    account = account_of(run, row.get("account", MONEY_ACCOUNTS[side]))
    return {**{key: row[key] for key in row if key not in {"account", "into_value"}}, "account": account}


def pay_at_once(run: Run, about: dict[str, Any], party: dict[str, Any]) -> None:
    """Enter the payments that an event says were made at once."""
    made = of(run, about["id"])
    for row in about.get("payments", ()):
        payload = {
            "company": run.company, "direction": "receive", "date": run.today.isoformat(), **party,
            "account": {"code": account_of(run, row["account"])}, "amount": row["amount"],
            "allocations": [{"voucher": {"kind": made.kind, "id": made.id}}],
        }  # fmt: skip
        run.does(partial(entered, kind=Payment, payload=payload))


def credited_of(run: Run, about: dict[str, Any]) -> int | None:
    """Return the invoice that a credit note names."""
    source = about.get("of")
    if source is None:
        return None
    if isinstance(source, list):
        if len(source) != 1:
            raise Unsupported("a credit note of several invoices")
        source = source[0]
    return of(run, source).id


def corrected(run: Run, kind: Any, payload: dict[str, Any]) -> Any:
    """Enter and submit an invoice; one whose total is negative is, in this product, a credit note."""
    try:
        return run.does(partial(entered, kind=kind, payload=payload))
    except Problems as refused:
        if {problem.code for problem in refused.problems} != {"negative"}:
            raise
    return run.does(partial(entered, kind=kind, payload={**payload, "credit_note": True}))
