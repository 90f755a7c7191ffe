"""What a payment books: money, the party at the booked amounts, discount with its tax, write-off, exchange."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from erp.accounts.billing.shapes import number
from erp.accounts.ledger.entry import Entry, merged
from erp.accounts.payment.facts import BookedTax, PaymentFacts, posting_facts
from erp.accounts.payment.model import Payment, PaymentAllocation
from erp.accounts.payment.plan import Spread
from erp.accounts.payment.settling import items_for, spread_of
from erp.accounts.payment.taxes import released, reported_side
from erp.accounts.rounding import ZERO, round_to
from erp.accounts.settlement.allocation import Allocation
from erp.accounts.settlement.arithmetic import Settled, discount_shares
from erp.kernel.change import posts

RULE = "payment"


@dataclass(slots=True)
class Booking:
    """Entries and allocations of one payment while they are put together."""

    payment: Payment
    facts: PaymentFacts
    value: Decimal
    entries: list[Entry] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)

    @property
    def is_foreign(self) -> bool:
        """Return whether the payment is in another currency than the books."""
        return self.payment.currency != self.facts.books.currency

    def valued(self, amount: Decimal) -> Decimal:
        """Return the company amount of a part of the payment, at what the payment itself is worth."""
        if not self.is_foreign or not self.payment.amount:
            return amount
        return round_to(self.value * amount / self.payment.amount, self.facts.books.unit)

    def book(self, account: int, amount: Decimal, company: Decimal, **more: Any) -> None:
        """Add an entry: ``amount`` in the payment's currency, ``company`` in that of the books."""
        rate = self.facts.rate.direct if self.is_foreign else None
        self.entries.append(
            Entry(account, company, RULE, self.payment.currency, amount, rate, **more)
        )  # fmt: skip

    def place_of(self, account: int) -> int:
        """Return the instalment under which the payment's own item on an account stands."""
        return self.places.setdefault(account, len(self.places) + 1)

    def book_party(self, account: int, amount: Decimal, company: Decimal) -> None:
        """Add an entry on the party's account: the payment's own open item there."""
        self.book(account, amount, company, party=self.payment.party, instalment=self.place_of(account))


@posts(Payment, given=posting_facts)
def payment_entries(payment: Payment, facts: PaymentFacts) -> list[Entry | Allocation]:
    """Money in or out at its own value; each open item at the amount it is booked with; the rest is exchange."""
    money = payment.sign * payment.amount
    booking = Booking(payment, facts, _value(payment, facts))
    booking.book(payment.account_id, money, payment.sign * booking.value)
    used = ZERO
    for row, found in zip(payment.allocations, spread_of(payment, facts, payment.amount), strict=True):
        if found.settled:
            _settle_row(booking, row, found)
            used += found.money
    used += _manual_taxes(booking)
    _excess(booking, money - used)
    _exchange(booking)
    return [*merged(booking.entries), *booking.allocations]


def _value(payment: Payment, facts: PaymentFacts) -> Decimal:
    if payment.currency == facts.books.currency:
        return payment.amount
    if payment.company_amount is not None:
        return payment.company_amount
    return facts.rate.to_company(payment.amount, facts.books.unit)


def _settle_row(booking: Booking, row: PaymentAllocation, found: Spread) -> None:
    items = {item.key: item for item in items_for(row, booking.facts)}
    settled = found.settled
    if booking.facts.books.ways.fx_settlement == "payment_value" and booking.is_foreign:
        settled = tuple(Settled(one.item, one.amount, booking.valued(one.amount)) for one in settled)
    amount, company = found.amount, sum((one.company for one in settled), ZERO)
    for one in settled:
        account = items[one.item].account_id
        booking.book_party(account, -one.amount, -one.company)
        own = f"payment:{booking.payment.id}:{booking.place_of(account)}"
        booking.allocations.append(Allocation(one.item, own, one.amount, one.company))
    _discount(booking, row, found, company)
    if found.write_off:
        part = _share(company, found.write_off, amount, booking.facts)
        booking.book(booking.facts.chart.of("write_off"), found.write_off, part)
    _release_taxes(booking, row, amount)


def _share(company: Decimal, part: Decimal, whole: Decimal, facts: PaymentFacts) -> Decimal:
    return company if part == whole else round_to(company * part / whole, facts.books.unit)


def _discount(booking: Booking, row: PaymentAllocation, found: Spread, company: Decimal) -> None:
    """Book the discount: the taxes that fall with it take their share, the rest is cash discount."""
    if not found.discount:
        return
    facts = booking.facts
    left = found.discount
    left_company = _share(company, found.discount, found.amount, facts)
    for tax, part, base in _tax_parts(booking, row, found.discount):
        part_company = _share(left_company, part, left, facts) if booking.is_foreign else part
        side = reported_side(items_for(row, facts)[0]) if tax.pending else tax.side
        booking.book(tax.account, part, part_company, tax=tax.tax, tax_base=base, tax_side=side)
        left, left_company = left - part, left_company - part_company
    if left:
        booking.book(facts.chart.of("cash_discount"), left, left_company)


def _tax_parts(
    booking: Booking, row: PaymentAllocation, discount: Decimal
) -> Iterable[tuple[BookedTax, Decimal, Decimal]]:
    """Return each tax that falls with the discount, by how much, and the base that goes with it."""
    facts = booking.facts
    if facts.books.ways.discount_tax != "on_payment":
        return
    whole = abs(sum((item.invoiced for item in facts.items.get(row.voucher_key or ("", 0), [])), ZERO))
    taxes = [tax for tax in facts.taxes.get(row.voucher_key or ("", 0), ()) if tax.discounted]
    exact = discount_shares(
        discount, whole, [(n, abs(t.amount_transaction)) for n, t in enumerate(taxes)], facts.units[0]
    )
    for place, part in exact:
        tax = taxes[place]
        base = -round_to(tax.base * abs(discount) / whole, facts.books.unit)
        yield tax, part, base


def _release_taxes(booking: Booking, row: PaymentAllocation, amount: Decimal) -> None:
    """Report taxes on cash basis in proportion to what is paid by now."""
    voucher = row.voucher_key or ("", 0)
    facts = booking.facts
    items = facts.items.get(voucher, [])
    booking.entries += released(facts.taxes.get(voucher, ()), items, abs(amount), facts.books.unit, RULE)


def _manual_taxes(booking: Booking) -> Decimal:
    """Book taxes entered by hand on the payment itself; return what money they took."""
    used, sign = ZERO, booking.payment.sign
    for row in booking.payment.manual_taxes or ():
        tax = booking.facts.manual_taxes[row["tax"]]
        amount, base = -sign * number(row["amount"]), -sign * number(row.get("base"))
        account = (tax.sales_account if sign > 0 else tax.purchase_account) or booking.facts.chart.of(
            "tax_payable" if sign > 0 else "tax_receivable"
        )
        side = "sale" if sign > 0 else "purchase"
        booking.book(account, amount, booking.valued(amount), tax=tax.id, tax_base=base, tax_side=side)
        used -= amount
    return used


def _excess(booking: Booking, excess: Decimal) -> None:
    """Keep what is not allocated on the party's account, or write it off."""
    if not excess:
        return
    company, chart = booking.valued(excess), booking.facts.chart
    if booking.payment.excess == "write_off":
        booking.book(chart.of("write_off"), -excess, -company)
    else:
        usual = "receivable" if booking.payment.customer_id else "payable"
        booking.book_party(booking.facts.party_account or chart.of(usual), -excess, -company)


def _exchange(booking: Booking) -> None:
    """Book what the payment is worth more or less than what it settles."""
    difference = sum((entry.amount for entry in booking.entries), ZERO)
    if difference and booking.is_foreign:
        account = booking.facts.chart.of("fx_gain_loss")
        booking.entries.append(Entry(account, -difference, RULE))
