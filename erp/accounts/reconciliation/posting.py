"""What a reconciliation books: the rest written off, the exchange difference, and the matches themselves."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from erp.accounts.account.queries import Chart, chart_of
from erp.accounts.company import Books, books_of, day_rate
from erp.accounts.currency import Rate
from erp.accounts.ledger.entry import Entry
from erp.accounts.payment.facts import BookedTax, booked_taxes
from erp.accounts.payment.rules import voucher_behind
from erp.accounts.payment.taxes import released
from erp.accounts.reconciliation.model import Reconciliation
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.allocation import Allocation
from erp.accounts.settlement.items import as_open, items_of
from erp.accounts.settlement.matching import Matched, Pair, match, pairs
from erp.accounts.settlement.model import CREDIT_NOTE, INVOICE
from erp.kernel.change import Work, checks, fills_in, posts
from erp.kernel.errors import Problem
from erp.kernel.text import _

RULE = "reconciliation"
BILLS = {INVOICE, CREDIT_NOTE}


@dataclass(frozen=True, slots=True)
class MatchFacts:
    """The open items of the documents, locked, those that are settled already, and the rate of the day."""

    books: Books
    chart: Chart
    items: list[Any]
    rate: Rate
    missing: tuple[int, ...] = ()
    settled: tuple[Any, ...] = ()
    taxes: dict[tuple[str, int], list[BookedTax]] = field(default_factory=dict)


def match_facts(work: Work, document: Reconciliation) -> MatchFacts:
    """Find and lock what is open of the documents."""
    books = books_of(work, document.company_id)
    vouchers, missing = [], []
    for place, line in enumerate(document.lines, 1):
        found = voucher_behind(work, document.company_id, line.voucher)
        if found is None:
            missing.append(place)
        else:
            vouchers.append(found)
    every = items_of(work, vouchers)
    rows = [row for row in every if row.is_open]
    settled = tuple(row for row in every if not row.is_open)
    rate = Rate()
    if rows and rows[0].currency != books.currency and document.write_off:
        rate = day_rate(work, books, rows[0].currency, document.posting_date)
    taxes = booked_taxes(work, {(row.voucher_kind, row.voucher_id) for row in rows})
    return MatchFacts(books, chart_of(work, document.company_id), rows, rate, tuple(missing), settled, taxes)


@fills_in(Reconciliation, given=lambda work, document: books_of(work, document.company_id))
def fill_in(document: Reconciliation, books: Books) -> None:
    """A reconciliation books in company currency."""
    document.currency = document.currency or books.currency


@checks(Reconciliation, given=match_facts)
def problems(_document: Reconciliation, facts: MatchFacts) -> list[Problem]:
    """Return what is wrong: unknown documents, nothing open, items that do not belong together."""
    found = [
        Problem(f"lines.{place}.voucher", "not_found", _("There is no such document."), place)
        for place in facts.missing
    ]
    if not facts.items and not facts.missing:
        found.append(Problem("lines", "nothing_open", _("Nothing is open there.")))
    if len({(row.account_id, row.party_kind, row.party_id, row.currency) for row in facts.items}) > 1:
        message = _("Only items of one account, party and currency settle each other.")
        found.append(Problem("lines", "items_differ", message))
    return found


@posts(Reconciliation, given=match_facts)
def reconciliation_entries(document: Reconciliation, facts: MatchFacts) -> list[Entry | Allocation]:
    """Book the rest at the rate of the day on write-off, the remaining difference on exchange, and match the items."""
    if not facts.items:
        return []
    found = match([as_open(row) for row in facts.items], facts.books.unit, write_off=document.write_off)
    first = facts.items[0]
    result: list[Entry | Allocation] = []
    if found.difference or found.rest:
        rest = (
            found.rest
            if first.currency == facts.books.currency
            else facts.rate.to_company(found.rest, facts.books.unit)
        )
        result.append(
            Entry(
                first.account_id, -found.difference, RULE, first.currency, -found.rest,
                party=(first.party_kind, first.party_id), open_item=found.adjusted,
            )
        )  # fmt: skip
        if rest:
            result.append(Entry(facts.chart.of("write_off"), rest, RULE))
        if found.difference - rest:
            result.append(Entry(facts.chart.of("fx_gain_loss"), found.difference - rest, RULE))
    matched = pairs(found, facts.books.unit)
    result += _released_taxes(facts, found, matched)
    return [*result, *(Allocation(p.item, p.against, p.amount, p.company, p.against_company) for p in matched)]


def _released_taxes(facts: MatchFacts, found: Matched, matched: Iterable[Pair]) -> Iterator[Entry]:
    """Report taxes on cash basis of what is settled by anything but another bill, or written off."""
    rows = {row.key: row for row in facts.items}
    paid: dict[tuple[str, int], Decimal] = {}
    for key, amount in _settled(found, matched, rows):
        voucher = (rows[key].voucher_kind, rows[key].voucher_id)
        paid[voucher] = paid.get(voucher, ZERO) + abs(amount)
    for voucher, amount in paid.items():
        every = (*facts.items, *facts.settled)
        own = [row for row in every if (row.voucher_kind, row.voucher_id) == voucher]
        yield from released(facts.taxes.get(voucher, ()), own, amount, facts.books.unit, RULE)


def _settled(found: Matched, matched: Iterable[Pair], rows: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """Return which item is settled by how much that is no other bill's."""
    for pair in matched:
        for key, other in ((pair.item, pair.against), (pair.against, pair.item)):
            if rows[other].nature not in BILLS:
                yield key, pair.amount
    if found.rest:
        yield found.adjusted, found.rest
