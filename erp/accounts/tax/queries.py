"""The taxes of a company with the rate in force on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from erp.accounts.billing.figures import TaxRule
from erp.accounts.tax.model import Tax, TaxRate
from erp.kernel.change import Work, kept
from erp.kernel.records.types import normal_code


@dataclass(frozen=True, slots=True)
class DatedTax:
    """A tax as it stands on a day: what to compute, and where to book it."""

    id: int
    rule: TaxRule
    sales_account: int | None
    purchase_account: int | None


def taxes_on(work: Work, company_id: int, codes: Iterable[str], on: date) -> dict[str, DatedTax]:
    """Return the taxes of these codes that have a rate on the day, by code, in one query."""
    wanted = tuple(sorted({normal_code(code) for code in codes}))
    if not wanted:
        return {}
    return kept(work, ("taxes", company_id, wanted, on), lambda: _read(work, company_id, wanted, on))


def _read(work: Work, company_id: int, codes: tuple[str, ...], on: date) -> dict[str, DatedTax]:
    query = (
        select(
            Tax.id, Tax.code, Tax.tax_kind, Tax.sequence, Tax.affects_base, Tax.head, Tax.category, Tax.deductible,
            Tax.discounted, Tax.cash_basis, Tax.sales_account_id, Tax.purchase_account_id, TaxRate.rate,
        )
        .join(TaxRate, TaxRate.tax_id == Tax.id)
        .where(Tax.company_id == company_id, Tax.code.in_(codes))
        .where(or_(TaxRate.valid_from.is_(None), TaxRate.valid_from <= on))
        .where(or_(TaxRate.valid_to.is_(None), TaxRate.valid_to >= on))
        .order_by(TaxRate.valid_from)
    )  # fmt: skip
    return {row.code: _dated(row) for row in work.session.execute(query)}


def _dated(r: Any) -> DatedTax:
    rule = TaxRule(
        r.code, r.rate, r.tax_kind, r.sequence, r.affects_base, r.head or "", r.category or "", r.deductible,
        r.discounted, r.cash_basis,
    )  # fmt: skip
    return DatedTax(r.id, rule, r.sales_account_id, r.purchase_account_id)


def known_codes(work: Work, company_id: int, codes: Iterable[str]) -> set[str]:
    """Return which of these codes are taxes of the company at all, in force or not."""
    wanted = {normal_code(code) for code in codes}
    if not wanted:
        return set()
    return set(work.session.scalars(select(Tax.code).where(Tax.company_id == company_id, Tax.code.in_(wanted))))
