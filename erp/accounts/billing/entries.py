"""What a billable document books: the party owes the total, income or cost takes the lines, the state its tax."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from erp.accounts.billing.facts import PostingFacts
from erp.accounts.billing.shapes import number
from erp.accounts.ledger.entry import Entry, in_company_currency, merged
from erp.accounts.rounding import ZERO, shares
from erp.accounts.settlement.allocation import Allocation
from erp.accounts.settlement.arithmetic import Settled, settle
from erp.accounts.settlement.items import as_open

INCOME = {"sale": "revenue", "purchase": "expense"}
TAX = {"sale": "tax_payable", "purchase": "tax_receivable"}


def entries(document: Any, facts: PostingFacts) -> list[Entry | Allocation]:
    """Return the entries of an invoice or credit note of either side, and what it settles.

    A return is a document with negative quantities and needs no rule of its own.
    """
    booked = [
        *_party_entries(document, facts),
        *_line_entries(document, facts),
        *_allowance_entries(document, facts),
        *_tax_entries(document, facts),
        *_charge_entries(document, facts),
        *_rounding_entries(document, facts),
    ]
    booked = [replace(entry, rule=document.__kind__) for entry in booked]
    if document.currency != facts.books.currency:
        booked = _converted(document, facts, booked)
    settled = _settled(document, facts)
    exchange = _exchange_of_credit(document, facts, booked, settled)
    return [*merged(booked), *exchange, *_allocations(document, settled)]


def _party_entries(document: Any, facts: PostingFacts) -> list[Entry]:
    return [
        Entry(
            facts.party_account,
            document.sign * number(row["amount"]),
            party=document.party,
            due=date.fromisoformat(row["due"]),
            instalment=place,
            discount=document.sign * number(row.get("discount")),
            discount_until=date.fromisoformat(row["discount_until"]) if row.get("discount_until") else None,
        )
        for place, row in enumerate(document.instalments, 1)
    ]


def _line_entries(document: Any, facts: PostingFacts) -> list[Entry]:
    return [
        Entry(
            _line_account(document, line, facts),
            -document.sign * line.amount,
            dimensions=tuple(sorted((line.dimensions or {}).items())),
            line=line.id,
        )
        for line in document.lines
    ]


def _line_account(document: Any, line: Any, facts: PostingFacts) -> int:
    """Return the account of a line: its own, that of its item, or the company's."""
    if line.account_id:
        return int(line.account_id)
    item = facts.items.get(line.item_id)
    usual = None
    if item is not None:
        usual = item.income_account_id if document.__side__ == "sale" else item.expense_account_id
    return usual or facts.chart.of(INCOME[document.__side__])


def _allowance_entries(document: Any, facts: PostingFacts) -> list[Entry]:
    amounts = (document.breakdown or {}).get("allowances", ())
    if not amounts:
        return []
    account = facts.chart.of(INCOME[document.__side__])
    return [Entry(account, -document.sign * number(amount)) for amount in amounts]


def _tax_entries(document: Any, facts: PostingFacts) -> list[Entry]:
    """Return one entry a tax row; a tax on cash basis stays pending until it is paid."""
    result = []
    for row in document.taxes or ():
        tax = facts.taxes[row["code"]]
        given = tax.sales_account if document.__side__ == "sale" else tax.purchase_account
        is_credit = row.get("negative") or document.is_credit_note
        side = "pending" if tax.rule.cash_basis else document.__side__ + ("_credit" if is_credit else "")
        result.append(
            Entry(
                given or facts.chart.of(TAX[document.__side__]),
                -document.sign * number(row["amount"]),
                tax=tax.id,
                tax_base=-document.sign * number(row["base"]),
                tax_side=side,
            )
        )
    return result


def _charge_entries(document: Any, facts: PostingFacts) -> list[Entry]:
    found = []
    for row, figures in zip(document.charges or (), (document.breakdown or {}).get("charges", ()), strict=True):
        account = facts.charge_accounts.get(str(row.get("account", ""))) or facts.chart.of("freight")
        found.append(Entry(account, -document.sign * number(figures["amount"])))
    return found


def _rounding_entries(document: Any, facts: PostingFacts) -> list[Entry]:
    if not document.rounding:
        return []
    return [Entry(facts.chart.of("rounding"), -document.sign * document.rounding)]


def _converted(document: Any, facts: PostingFacts, booked: list[Entry]) -> list[Entry]:
    """Return the entries in company currency: each converted by itself, instalments together unless told apart."""
    exchange = facts.chart.of("fx_gain_loss")
    alike = merged([entry for entry in booked if entry.instalment is None])
    party = [entry for entry in booked if entry.instalment is not None]
    whole = [replace(party[0], amount=sum((entry.amount for entry in party), ZERO))]
    together = facts.books.ways.fx_conversion == "per_entry"
    converted = in_company_currency(
        [*(whole if together else party), *alike],
        document.currency,
        facts.rate,
        facts.unit,
        exchange_account=exchange,
    )
    result = [replace(entry, rule=document.__kind__) for entry in converted]
    if not together:
        return result
    parts = shares(result[0].amount, [entry.amount for entry in party], facts.unit)
    split = [
        replace(entry, amount=part, amount_transaction=entry.amount, currency=document.currency, rate=result[0].rate)
        for entry, part in zip(party, parts, strict=True)
    ]
    return [*split, *result[1:]]


def _settled(document: Any, facts: PostingFacts) -> list[Settled]:
    """Return what a credit note settles of the invoice it names: what is still open, oldest instalment first."""
    if not facts.credited:
        return []
    amount = -document.sign * (document.total + document.rounding)
    settled, _left = settle([as_open(row) for row in facts.credited], amount, facts.unit)
    return settled


def _exchange_of_credit(
    document: Any, facts: PostingFacts, booked: Iterable[Entry], settled: list[Settled]
) -> list[Entry]:
    """Book the settled part at the amount of the invoice; what the day's rate differs is an exchange difference."""
    if not settled or document.currency == facts.books.currency:
        return []
    own = next(entry for entry in booked if entry.instalment is not None)
    settled_amount = sum((one.amount for one in settled), ZERO)
    settled_company = sum((one.company for one in settled), ZERO)
    at_own_rate = facts.rate.to_company(settled_amount, facts.unit)
    difference = at_own_rate - settled_company
    if not difference:
        return []
    party = replace(own, amount=difference, amount_transaction=ZERO)
    exchange = Entry(facts.chart.of("fx_gain_loss"), -difference, rule=document.__kind__)
    return [party, exchange]


def _allocations(document: Any, settled: Iterable[Settled]) -> list[Allocation]:
    own = f"{document.__kind__}:{document.id}:1"
    return [Allocation(one.item, own, one.amount, one.company) for one in settled]
