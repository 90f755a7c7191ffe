"""Questions about payments."""

from decimal import Decimal

from sqlalchemy import func, select

from erp.accounts.payment.model import Payment, PaymentAllocation
from erp.accounts.rounding import ZERO
from erp.kernel.change import Work
from erp.kernel.records import SUBMITTED


def advances_for(work: Work, kind: str, record_id: int) -> Decimal:
    """Return what submitted payments name as paid in advance for an order, in the currency of the payments."""
    query = (
        select(func.sum(func.coalesce(PaymentAllocation.amount, Payment.amount)))
        .join(Payment, Payment.id == PaymentAllocation.payment_id)
        .where(Payment.state == SUBMITTED)
        .where(PaymentAllocation.voucher_kind == kind, PaymentAllocation.voucher_id == record_id)
    )
    return work.session.scalar(query) or ZERO
