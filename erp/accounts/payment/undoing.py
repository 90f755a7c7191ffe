"""What must be taken back before a document is: a discount or a write-off booked while it was settled.

Taking an allocation back opens both sides again, but not what was booked beside it: the party would be owed more than
he paid. Whoever booked the discount takes it back with it: the payment, or the reconciliation, is cancelled first.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, or_, select

from erp.accounts.account.queries import chart_of
from erp.accounts.journal_entry.model import JournalEntry
from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.payment.model import Payment, PaymentAllocation
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.items import items_of
from erp.kernel.change import Work, cancel_checks
from erp.kernel.errors import Problem
from erp.kernel.records import SUBMITTED, Voucher
from erp.kernel.text import _

E = LedgerEntry.__table__.c
RECONCILIATION = "reconciliation"


def booked_beside(work: Work, document: Voucher) -> list[str]:
    """Return the numbers of payments and reconciliations that booked more than money while they settled a document."""
    paying = payments_with_extras(work, document.company_id, [(document.__kind__, document.id)])
    return [*(row.number for row in paying), *_reconciliations(work, document)]


def payments_with_extras(work: Work, company_id: int, vouchers: Iterable[tuple[str, int]]) -> list[Any]:
    """Return id and number of posted payments that settled one of the vouchers with a discount or a write-off."""
    row = PaymentAllocation
    discounts = chart_of(work, company_id).by_role.get("cash_discount", 0)
    discounted = select(E.voucher_id).where(E.voucher_kind == Payment.__kind__, E.account_id == discounts)
    taken = Payment.take_discount & row.discount.is_(None) & Payment.id.in_(discounted)
    stated = (func.coalesce(row.discount, ZERO) != 0) | (func.coalesce(row.write_off, ZERO) != 0)
    meant = or_(*((row.voucher_kind == kind) & (row.voucher_id == one) for kind, one in vouchers))
    query = select(Payment.id, Payment.number).join(row, row.payment_id == Payment.id)
    query = query.where(Payment.state == SUBMITTED, meant, taken | stated).distinct().order_by(Payment.id)
    return list(work.session.execute(query))


def _reconciliations(work: Work, document: Voucher) -> list[str]:
    """Return the reconciliations that changed an open item of the document by more than settling it."""
    keys = [row.key for row in items_of(work, [(document.__kind__, document.id)], lock=False)]
    query = select(E.voucher_number).where(E.voucher_kind == RECONCILIATION, E.open_item.in_(keys))
    query = query.group_by(E.voucher_id, E.voucher_number)
    changed = (func.sum(E.amount) != 0) | (func.coalesce(func.sum(E.amount_transaction), 0) != 0)
    return [str(number) for number in work.session.scalars(query.having(changed).order_by(E.voucher_id))]


def stays_while_booked_beside(_document: Any, numbers: list[str]) -> list[Problem]:
    """Refuse to cancel what was settled with a discount or a write-off: who booked that takes it back."""
    if not numbers:
        return []
    message = _("It was settled with a discount or a write-off. Cancel %(numbers)s first.", numbers=", ".join(numbers))
    return [Problem("allocations", "settled_with_discount", message)]


for kind in (Payment, JournalEntry):
    cancel_checks(kind, given=booked_beside)(stays_while_booked_beside)
