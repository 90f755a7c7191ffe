"""What people see of loans beyond the derived pages: what is out right now."""

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from erp.kernel.change import visible
from erp.kernel.change.work import current_work
from erp.kernel.rights.registry import surface
from erp.kernel.web.pages import DocumentPages
from lending.loan.model import Loan

pages = DocumentPages(Loan, __name__)
SHOWN = 100


@pages.get("/out")
@surface("loan.show_out", kind="loan", verb="read")
def show_out() -> ResponseReturnValue:
    """List what is out, soonest return first; asked by htmx, only the part that changes."""
    work = current_work()
    query = select(Loan).where(visible(work.actor, Loan), Loan.state == "submitted", Loan.returned_on.is_(None))
    loans = list(work.session.scalars(query.order_by(Loan.due_date, Loan.id).limit(SHOWN)))
    template = "_out" if request.headers.get("HX-Request") else "out"
    return pages.render(template, loans=loans, today=work.today(), title="Out now", crumbs=[("Out now", None)])
