"""What each row of a payment settles: rules ask it before, posting asks it while booking."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from erp.accounts.payment.facts import PaymentFacts
from erp.accounts.payment.model import Payment, PaymentAllocation
from erp.accounts.payment.plan import Spread, as_wanted, spread
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.items import as_open


def spread_of(payment: Payment, facts: PaymentFacts, amount: Decimal | None) -> list[Spread]:
    """Return how the payment is spread over its rows; a row for an order settles nothing yet."""
    wanted = [as_wanted(row, [as_open(item) for item in items_for(row, facts)]) for row in payment.allocations]
    wanted = [replace(one, amount=ZERO) if not one.items else one for one in wanted]
    return spread(
        wanted, amount, payment.sign, payment.posting_date, take_discount=payment.take_discount, units=facts.units
    )


def items_for(row: PaymentAllocation, facts: PaymentFacts) -> list[Any]:
    """Return the open items a row may settle: of its document, of its instalment where it names one."""
    items = facts.items.get(row.voucher_key or ("", 0), [])
    return [item for item in items if row.instalment is None or item.instalment == row.instalment]
