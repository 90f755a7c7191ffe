"""An employee of a company, who may also be a user."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from erp.kernel.change import valid_if
from erp.kernel.errors import Problem
from erp.kernel.records import CompanyBound, Master, Name, field, link
from erp.kernel.text import _, _l


class Employee(Master, CompanyBound):
    """Somebody who works for a company."""

    __label__ = _l("Employee")
    __plural_label__ = _l("Employees")
    __company_bound__ = True
    __icon__ = "id-card"

    job_title: Mapped[Name | None] = field(_l("Job"), in_list=True, search=True)
    email: Mapped[Name | None] = field(_l("E-mail"), in_list=True, search=True)
    phone: Mapped[str | None] = field(_l("Phone"), String(60), in_list=True)
    reports_to_id: Mapped[int | None] = link("employee", _l("Reports to"), in_filter=True)
    hired_on: Mapped[date | None] = field(_l("Hired on"))
    left_on: Mapped[date | None] = field(_l("Left on"), group="More")
    born_on: Mapped[date | None] = field(_l("Born on"), group="More")
    user_id: Mapped[int | None] = link("user", _l("User"), group="More")
    branch_id: Mapped[int | None] = link("branch", _l("Branch"), group="More")


@valid_if(Employee)
def employee_problems(employee: Employee) -> list[Problem]:
    """Refuse somebody who leaves before he comes, or reports to himself."""
    found = []
    if employee.hired_on and employee.left_on and employee.left_on < employee.hired_on:
        found.append(Problem("left_on", "before_start", _("This is before the day of hiring.")))
    if employee.id and employee.reports_to_id == employee.id:
        found.append(Problem("reports_to", "itself", _("Nobody reports to themselves.")))
    return found
