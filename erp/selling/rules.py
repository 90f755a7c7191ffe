"""What is right for every sales document: its customer, its quantities, the size of its amounts."""

from typing import Any

from erp.accounts.billing.crediting import quantity_problems, size_problems
from erp.kernel.change import Work
from erp.kernel.errors import Problem
from erp.kernel.text import _
from erp.selling.settings import CustomerFacts, customer_facts


def customer_of(work: Work, document: Any) -> CustomerFacts | None:
    """Find the customer of a document."""
    return customer_facts(work, document.company_id, document.customer_id)


def sale_problems(document: Any, customer: CustomerFacts | None) -> list[Problem]:
    """Return what refuses any sale at submit."""
    return [*customer_problems(document, customer), *quantity_problems(document)]


def customer_problems(document: Any, customer: CustomerFacts | None) -> list[Problem]:
    """Refuse a customer who is archived or belongs to another company."""
    if customer is None:
        return []
    if customer.state != "active":
        return [Problem("customer", "archived", _("%(name)s is archived.", name=customer.name))]
    if customer.company_id is not None and customer.company_id != document.company_id:
        message = _("%(name)s is a customer of another company.", name=customer.name)
        return [Problem("customer", "other_company", message)]
    return []


def draft_problems(document: Any) -> list[Problem]:
    """Return what is not even a draft: amounts that no book could hold, discounts above all of it."""
    found = size_problems(document)
    for place, line in enumerate(document.lines, 1):
        if abs(line.discount_percent or 0) > 100:
            message = _("A discount is between 0 and 100 %.")
            found.append(Problem(f"lines.{place}.discount_percent", "out_of_range", message, place))
        if line.price is not None and line.price < 0 and not line.item_id and not line.description:
            found.append(Problem(f"lines.{place}.description", "required", _("Say what this deduction is for."), place))
    return found
