"""Taxes on cash basis: reported in proportion to what is paid of their document, and taken back with it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from erp.accounts.ledger.entry import Entry
from erp.accounts.payment.facts import BookedTax
from erp.accounts.rounding import ZERO, round_to
from erp.accounts.settlement.model import CREDIT_NOTE


def reported_side(item: Any) -> str:
    """Return where a tax report shows the taxes of a document, by one of its open items."""
    side = "sale" if item.party_kind == "customer" else "purchase"
    return side + ("_credit" if item.nature == CREDIT_NOTE else "")


def released(
    taxes: Iterable[BookedTax], items: Sequence[Any], paid: Decimal, unit: Decimal, rule: str, on: date | None = None
) -> list[Entry]:
    """Return the entries that move pending tax to where it is reported, once ``paid`` more of a document is paid.

    ``items`` are all open items of the document as they stand before; a negative ``paid`` takes back.
    """
    whole = abs(sum((item.invoiced for item in items), ZERO))
    before = whole - abs(sum((item.outstanding for item in items), ZERO))
    if not whole:
        return []
    side = reported_side(items[0])

    def share(amount: Decimal) -> Decimal:
        return round_to(amount * (before + paid) / whole, unit) - round_to(amount * before / whole, unit)

    result = []
    for tax in taxes:
        if tax.pending:
            entry = Entry(
                tax.account,
                share(tax.amount),
                rule,
                tax=tax.tax,
                tax_base=share(tax.base),
                tax_side=side,
                effective_on=on,
            )
            opposite = replace(entry, amount=-entry.amount, tax_base=-share(tax.base), tax_side="pending")
            result += [opposite, entry]
    return result
