"""The lines of terms, ready for computing."""

from sqlalchemy import select

from erp.accounts.billing.terms import TermLine
from erp.accounts.payment_terms.model import PaymentTermsLine
from erp.accounts.rounding import ZERO
from erp.kernel.change import Work, kept


def term_lines(work: Work, terms_id: int | None) -> tuple[TermLine, ...]:
    """Return the lines of terms in order; without terms there are none."""
    if terms_id is None:
        return ()
    return kept(work, ("terms", terms_id), lambda: _read(work, terms_id))


def _read(work: Work, terms_id: int) -> tuple[TermLine, ...]:
    query = select(PaymentTermsLine).where(PaymentTermsLine.payment_terms_id == terms_id)
    found = work.session.scalars(query.order_by(PaymentTermsLine.position, PaymentTermsLine.id))
    return tuple(term_line(row) for row in found)


def term_line(row: PaymentTermsLine) -> TermLine:
    """Return one line of terms as a pure value."""
    return TermLine(
        kind=row.part, percent=row.percent or ZERO, amount=row.amount or ZERO, parts=row.parts or 1, months=row.months,
        days=row.days, set_day=row.set_day, discount_percent=row.discount_percent or ZERO,
        discount_amount=row.discount_amount or ZERO, discount_days=row.discount_days,
    )  # fmt: skip
