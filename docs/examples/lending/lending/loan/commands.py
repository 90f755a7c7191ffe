"""What people do with a loan beyond submitting it: take the tools back."""

from typing import Any

from erp.kernel.change import Work, command
from erp.kernel.errors import Conflict
from erp.kernel.live import event, publish
from lending.loan.model import Loan

RETURNED = event("lending.returned", audience="company", reasons=("in_time", "late"))


@command(
    Loan,
    "take_back",
    route="taking-back",
    label="Take back",
    told="took the tools back",
    primary=True,
    when=lambda loan: loan.is_out,
)
def take_back(work: Work, loan: Loan, **given: Any) -> None:  # noqa: ARG001 - a form sends more than is asked
    """Put the tools back on the shelf."""
    if not loan.is_out:
        raise Conflict("These tools are not out. Nothing was changed.")
    loan.returned_on, loan.updated_at = work.today(loan.company_id), work.now
    reason = "late" if loan.returned_on > loan.due_date else "in_time"
    publish(work, RETURNED.name, to=f"company:{loan.company_id}", ref={"loan": loan.id}, reason=reason)
