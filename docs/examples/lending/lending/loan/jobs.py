"""What happens every morning: who lent out a tool that should be back hears of it."""

from sqlalchemy import select

from erp.kernel.change import Work
from erp.kernel.paper.notifications import N_, notice
from erp.kernel.work import job, schedule
from lending.loan.model import Loan


@schedule("lending.overdue", cron="0 7 * * *")
@job("lending.overdue", label="Loans that should be back")
def remind(work: Work) -> dict[str, int]:
    """Notify whoever submitted a loan that is late. Runs once a day, whatever happens to the clock."""
    late = select(Loan).where(
        Loan.state == "submitted",
        Loan.returned_on.is_(None),
        Loan.due_date < work.today(),
        Loan.submitted_by_id.is_not(None),
    )
    told = 0
    for loan in work.session.scalars(late.order_by(Loan.id)):
        sentence = N_("%(number)s should be back since %(day)s")
        values = {"number": loan.title, "day": loan.due_date.isoformat()}
        notice(work, loan.submitted_by_id or 0, sentence, values=values, url=f"/loans/{loan.id}", about=loan)
        told += 1
    return {"told": told}
