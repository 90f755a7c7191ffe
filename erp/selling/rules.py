"""What is right for every sales document: its customer, its quantities, the size of its amounts."""

from typing import Any

from erp.accounts.billing.crediting import party_problems, quantity_problems
from erp.kernel.change import Work
from erp.kernel.errors import Problem
from erp.selling.settings import CustomerFacts, customer_facts


def customer_of(work: Work, document: Any) -> CustomerFacts | None:
    """Find the customer of a document."""
    return customer_facts(work, document.company_id, document.customer_id)


def sale_problems(document: Any, customer: CustomerFacts | None) -> list[Problem]:
    """Return what refuses any sale at submit."""
    return [*party_problems(document, customer), *quantity_problems(document)]
