"""What a loan costs, and what it must be before it is handed out."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import select

from erp.kernel.change import Work, checks, computes, fills_in
from erp.kernel.errors import Problem
from lending.loan.model import ZERO, Loan
from lending.tool import Tool

CENT = Decimal("0.01")


@fills_in(Loan, given=lambda work, loan: work.today(loan.company_id))
def fill_in(loan: Loan, today: object) -> None:
    """A loan begins today unless somebody says otherwise."""
    loan.posting_date = loan.posting_date or today


def daily_fees(work: Work, loan: Loan) -> Mapping[int, Decimal]:
    """Find what the tools of a loan cost a day: one query, however many lines."""
    ids = {line.tool_id for line in loan.lines if line.tool_id}
    query = select(Tool.id, Tool.daily_fee).where(Tool.id.in_(ids))
    return {row.id: row.daily_fee for row in work.session.execute(query)}


@computes(Loan, given=daily_fees)
def add_up(loan: Loan, fees: Mapping[int, Decimal]) -> None:
    """Set the fee of each line, rounded to cents, and their sum."""
    for line in loan.lines:
        days = loan.days if loan.due_date else 0
        line.amount = (fees.get(line.tool_id, ZERO) * days).quantize(CENT)
    loan.total = sum((line.amount for line in loan.lines), ZERO)


@checks(Loan)
def problems(loan: Loan) -> list[Problem]:
    """Return everything that keeps the tools on the shelf."""
    found = []
    if not loan.lines:
        found.append(Problem("lines", "no_lines", "Add the tools that are lent."))
    if loan.due_date < loan.posting_date:
        found.append(Problem("due_date", "before_loan", "Due back before it begins."))
    return found
