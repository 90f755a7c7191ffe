"""To whom a user reports: through the employee that the user is."""

from sqlalchemy import select
from sqlalchemy.orm import aliased

from erp.kernel.change import Work
from erp.kernel.flows import knows_managers
from erp.kernel.records import ACTIVE
from erp.people.employee import Employee


@knows_managers
def managers_of(work: Work, user_id: int | None, company_id: int | None) -> list[int]:
    """Return the users of those to whom a user reports, in the document's company first."""
    boss = aliased(Employee)
    query = (
        select(boss.user_id, Employee.company_id)
        .join(boss, Employee.reports_to_id == boss.id)
        .where(Employee.user_id == user_id, Employee.state == ACTIVE, boss.state == ACTIVE, boss.user_id.is_not(None))
        .order_by(Employee.id)
    )
    found = [(row.user_id, row.company_id) for row in work.session.execute(query)]
    here = [user for user, company in found if company == company_id]
    return here or [user for user, _company in found][:1]
