"""From a document's columns to pure figures and back: what every save computes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from erp.accounts.billing.facts import BillingFacts, PartyFacts, account_codes_of, tax_codes_of
from erp.accounts.billing.figures import (
    HUNDRED,
    Allowance,
    Bill,
    BillLine,
    Charge,
    Discount,
    ManualTax,
    TaxRule,
    Totals,
)
from erp.accounts.billing.model import plain
from erp.accounts.billing.shapes import number, too_precise
from erp.accounts.billing.terms import Instalment, early_discount_percent, instalments_of
from erp.accounts.billing.totals import totals
from erp.accounts.rounding import ZERO, is_finer
from erp.kernel.errors import Problem
from erp.kernel.text import _


def fill_in(document: Any, facts: PartyFacts) -> None:
    """Fill what was left empty with what is usual: currency, terms, and the taxes of each item."""
    if not document.currency:
        document.currency = facts.currency or facts.books.currency
    if document.terms_id is None and getattr(document, "due_date", None) is None and facts.terms:
        document.terms_id = facts.terms
    for line in document.lines:
        if line.tax_codes is None:
            item = facts.items.get(line.item_id)
            line.tax_codes = list(item.tax_codes or ()) if item is not None else []


def compute(document: Any, facts: BillingFacts) -> None:
    """Set the amounts of the lines and the totals of the document."""
    result = totals(bill_of(document, facts), facts.ways)
    chosen = due = _chosen_due(document)
    given_back = getattr(document, "credits_id", None) or getattr(document, "credit_note", False)
    if given_back or result.total < 0:
        due = due or document.posting_date
    result, parts = instalments_of(result, document.posting_date, facts.terms, facts.ways, due=due)
    _set_lines(document, result)
    document.net, document.tax, document.total = result.net, result.tax, result.total
    document.rounding, document.payable = result.rounding, result.payable
    document.taxes = [
        {
            "code": row.code, "rate_percent": plain(row.rate_percent), "base": plain(row.base),
            "amount": plain(row.amount), **({"negative": True} if row.negative else {}),
        }
        for row in result.taxes
    ]  # fmt: skip
    document.instalments = [_instalment(part) for part in parts]
    document.breakdown = _breakdown(result, parts) | _in_company_currency(result, facts)
    if hasattr(document, "due_date"):
        document.due_date = parts[-1].due
        if chosen is None:
            document.breakdown |= {"due_followed": document.due_date.isoformat()}


def _chosen_due(document: Any) -> date | None:
    """Return the due date that somebody chose; one that followed the date of the document goes on following it."""
    due: date | None = getattr(document, "due_date", None)
    followed = (getattr(document, "breakdown", None) or {}).get("due_followed")
    return None if document.terms_id or due is None or due.isoformat() == followed else due


def _set_lines(document: Any, result: Totals) -> None:
    for line, figures in zip(document.lines, result.lines, strict=True):
        line.amount = figures.amount
        line.tax_amounts = [{"tax": code, "amount": plain(amount)} for code, amount in figures.taxes]


def _instalment(part: Instalment) -> dict[str, str]:
    row = {"due": part.due.isoformat(), "amount": plain(part.amount), "outstanding": plain(part.amount)}
    if part.discount_until is not None:
        row |= {"discount_until": part.discount_until.isoformat(), "discount": plain(part.discount)}
    return row


def _breakdown(result: Totals, parts: Iterable[Instalment]) -> dict[str, Any]:
    until = [part.discount_until for part in parts if part.discount_until is not None]
    return {
        "line_total": plain(result.line_total),
        "allowance_total": plain(result.allowance_total),
        "charge_total": plain(result.charge_total),
        "before_discount": plain(result.before_discount),
        "allowances": [plain(amount) for amount in result.allowances],
        "charges": [
            {"charge": row.name, "amount": plain(row.amount), "running_total": plain(row.running_total)}
            for row in result.charges
        ],
        "heads": [{"head": head, "amount": plain(amount)} for head, amount in result.heads],
        "discount_until": until[0].isoformat() if until else None,
    }


def _in_company_currency(result: Totals, facts: BillingFacts) -> dict[str, Any]:
    """Return total and charges of a foreign document as the books will have them."""
    if facts.rate is None:
        return {}
    rate, unit = facts.rate, facts.books.unit
    charges = [
        {
            "charge": row.name, "amount": plain(row.amount), "running_total": plain(row.running_total),
            "company_amount": plain(rate.to_company(row.amount, unit)),
        }
        for row in result.charges
    ]  # fmt: skip
    return {"company_total": plain(rate.to_company(result.total, unit)), "charges": charges}


def bill_of(document: Any, facts: BillingFacts) -> Bill:
    """Return the document as pure figures."""
    early = facts.ways.discount_tax == "on_invoice"
    return Bill(
        lines=tuple(figures_of(line, document.__side__) for line in document.lines),
        taxes=tuple(_rule(tax.rule, document.__side__) for tax in facts.taxes.values()),
        prices_include_tax=document.prices_include_tax,
        discount=_discount(document.discount),
        allowances=tuple(_allowances(document.allowances)),
        charges=tuple(_charge(row) for row in document.charges or ()),
        manual_taxes=tuple(
            ManualTax(row["tax"], number(row["amount"]), number(row.get("base"))) for row in document.manual_taxes or ()
        ),
        prepaid=document.prepaid or ZERO,
        rounding=document.rounding_given,
        early_discount_percent=early_discount_percent(facts.terms) if early else ZERO,
    )


def _rule(rule: TaxRule, side: str) -> TaxRule:
    """Return a tax as the side has it: only what one is charged may be lost, never what one charges."""
    return rule if side == "purchase" else replace(rule, deductible=True)


def _maybe(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def figures_of(line: Any, side: str) -> BillLine:
    """Return a line as pure figures."""
    return BillLine(
        quantity=line.quantity,
        price=line.price,
        base_quantity=line.base_quantity or Decimal(1),
        discount_percent=line.discount_percent or ZERO,
        amount=line.amount_given,
        taxes=tuple(line.tax_codes or ()),
        allowances=tuple(_allowances(line.allowances)),
        deductible_percent=line.deductible_percent if side == "purchase" else HUNDRED,
    )


def _allowances(rows: Any) -> Iterable[Allowance]:
    for row in rows or ():
        yield Allowance(
            bool(row.get("charge")), _maybe(row.get("amount")), _maybe(row.get("percent")), _maybe(row.get("base")),
            tuple(row.get("tax_codes") or ()),
        )  # fmt: skip


def _charge(row: Any) -> Charge:
    rates = tuple(number(rate) for rate in row.get("line_rates") or ())
    basis = row.get("basis", "actual")
    above = int(row["row"]) if basis.startswith("row_") else 0
    return Charge(
        str(row.get("charge", "")), basis, number(row.get("amount")), number(row.get("rate")), rates, above,
        bool(row.get("included")),
    )  # fmt: skip


def _discount(stored: Any) -> Discount | None:
    if not stored:
        return None
    return Discount(stored.get("on", "net"), _maybe(stored.get("amount")), _maybe(stored.get("percent")))


def problems(document: Any, facts: BillingFacts, known: set[str], accounts: set[str]) -> list[Problem]:
    """Return what is wrong with a document that is to be submitted: its lines, taxes and charges, all at once.

    ``known`` are codes of taxes that exist without a rate on the day, ``accounts`` the accounts of charges.
    """
    found = []
    if not document.lines and not document.manual_taxes:
        found.append(Problem("lines", "no_lines", _("Add at least one line.")))
    unknown = {code for code in tax_codes_of(document) if code not in known and code not in facts.taxes}
    for place, line in enumerate(document.lines, 1):
        codes = line.tax_codes or ()
        found += [_unknown_tax(f"lines.{place}.tax_codes", code, place) for code in codes if code in unknown]
    named = [code for row in document.allowances or () for code in row.get("tax_codes") or ()]
    found += [_unknown_tax("allowances", code) for code in named if code in unknown]
    by_hand = [row["tax"] for row in document.manual_taxes or ()]
    found += [_unknown_tax("manual_taxes", code) for code in by_hand if code not in facts.taxes]
    found += _precision_problems(document, facts)
    missing = sorted(account_codes_of(document) - accounts)
    return found + [Problem("charges", "not_found", _("There is no account %(code)s.", code=code)) for code in missing]


def _precision_problems(document: Any, facts: BillingFacts) -> list[Problem]:
    """Refuse amounts by hand with digits that the currency does not have: nothing rounds them afterwards."""
    unit, company = facts.books.finest(document.currency), facts.books.finest()
    amounts = [(name, getattr(document, name), unit) for name in ("prepaid", "rounding_given")]
    amounts.append(("company_amount", document.company_amount, company))
    amounts += [("manual_taxes", number(row["amount"]), unit) for row in document.manual_taxes or ()]
    return [Problem(name, "too_precise", too_precise(one)) for name, amount, one in amounts if is_finer(amount, one)]


def _unknown_tax(field: str, code: str, line: int | None = None) -> Problem:
    return Problem(field, "unknown_tax", _("There is no tax %(code)s.", code=code), line)
