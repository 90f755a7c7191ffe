"""Is the order right, and who must approve it?"""

from dataclasses import dataclass
from decimal import Decimal

from erp.accounts.billing.crediting import draft_problems
from erp.accounts.billing.facts import document_rate
from erp.accounts.company import books_of
from erp.accounts.currency import Rate
from erp.accounts.ledger.model import PartyBalance
from erp.accounts.rounding import ZERO, round_to
from erp.catalog.item import ItemFacts, items_by_id
from erp.kernel.change import ApprovalNeed, Work, cancel_checks, checks, fills_in, needs_approval, valid_if
from erp.kernel.errors import Problem
from erp.kernel.format import Format
from erp.kernel.paper.notifications import N_
from erp.kernel.text import _
from erp.selling.fills import FillFacts, fill, fill_facts
from erp.selling.rules import customer_of, sale_problems
from erp.selling.sales_order.model import SalesOrder
from erp.selling.settings import CustomerFacts

HUNDRED = Decimal(100)


@fills_in(SalesOrder, given=fill_facts)
def fill_order(order: SalesOrder, facts: FillFacts) -> None:
    """Fill the order's day and its lines."""
    fill(order, facts)


@valid_if(SalesOrder)
def order_draft_problems(order: SalesOrder) -> list[Problem]:
    """Return what is not even a draft."""
    return draft_problems(order)


@checks(SalesOrder, given=customer_of)
def order_problems(order: SalesOrder, customer: CustomerFacts | None) -> list[Problem]:
    """Return what refuses an order: no customer to sell to, quantities of nothing, a delivery before the order."""
    found = sale_problems(order, customer)
    if order.delivery_date is not None and order.delivery_date < order.order_date:
        found.append(Problem("delivery_date", "before_order", _("Before the order date. Choose a later day.")))
    for place, line in enumerate(order.lines, 1):
        if line.quantity < 0 and order.total >= 0:
            found.append(Problem(f"lines.{place}.quantity", "negative", _("Enter a quantity above zero."), place))
    return found


@cancel_checks(SalesOrder)
def billed_orders_stay(order: SalesOrder) -> list[Problem]:
    """Refuse to cancel an order of which something is invoiced."""
    if any(line.billed_quantity for line in order.lines):
        return [
            Problem(
                "lines", "invoiced", _("Something of it is invoiced. Cancel the invoices first, or close the order.")
            )
        ]
    return []


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """What decides whether an order needs an approval, and what the approver is shown. Company currency."""

    customer: CustomerFacts | None
    balance: Decimal
    items: dict[int, ItemFacts]
    rate: Rate
    currency: str
    unit: Decimal


def approval_facts(work: Work, order: SalesOrder) -> ApprovalFacts:
    """Find limit, what the customer owes already, and what the items cost."""
    books = books_of(work, order.company_id)
    balance = work.session.get(PartyBalance, (order.company_id, "customer", order.customer_id))
    return ApprovalFacts(
        customer=customer_of(work, order),
        balance=balance.balance if balance is not None else ZERO,
        items=items_by_id(work, {line.item_id for line in order.lines if line.item_id}),
        rate=document_rate(work, order, books),
        currency=books.currency,
        unit=books.unit,
    )


@needs_approval(SalesOrder, given=approval_facts)
def approval_need(order: SalesOrder, facts: ApprovalFacts) -> ApprovalNeed | None:
    """Ask for an approval above the company's limit, or where the customer's credit would not reach."""
    customer = facts.customer
    if customer is None:
        return None
    total = facts.rate.to_company(order.total, facts.unit)
    reasons = []
    if customer.approval_limit is not None and total > customer.approval_limit:
        reasons.append(N_("The total is above the limit."))
    if customer.credit_limit is not None and facts.balance + total > customer.credit_limit:
        reasons.append(N_("The customer’s credit limit would be exceeded."))
    if not reasons:
        return None
    return ApprovalNeed(reason="\n".join(reasons), amount=order.total, facts=shown_facts(order, facts, total))


def shown_facts(order: SalesOrder, facts: ApprovalFacts, total: Decimal) -> tuple[tuple[str, str], ...]:
    """Return label and text pairs for the one who decides; labels are translated when shown."""
    fmt = Format("en", "UTC", facts.currency)

    def money(amount: Decimal) -> str:
        return f"{facts.currency} {fmt.money(amount)}"

    customer = facts.customer
    shown = [(N_("Customer"), customer.name if customer else ""), (N_("Order total"), money(total))]
    if customer is not None and customer.approval_limit is not None:
        shown.append((N_("Limit"), money(customer.approval_limit)))
    margin = margin_of(order, facts)
    if margin is not None:
        amount, percent = margin
        shown.append((N_("Margin"), f"{money(amount)} ({fmt.number(percent)} %)"))
    shown.append((N_("Open already"), money(facts.balance)))
    if customer is not None and customer.credit_limit is not None:
        shown.append((N_("Credit limit"), money(customer.credit_limit)))
    return tuple(shown)


def margin_of(order: SalesOrder, facts: ApprovalFacts) -> tuple[Decimal, Decimal] | None:
    """Return (margin, percent of net) by the items' standard cost; None when no cost is known."""
    net, cost = ZERO, ZERO
    for line in order.lines:
        item = facts.items.get(line.item_id or 0)
        if item is not None and item.standard_cost is not None:
            net += facts.rate.to_company(line.amount, facts.unit)
            cost += line.quantity * item.standard_cost
    if not net:
        return None
    margin = round_to(net - cost, facts.unit)
    return margin, round_to(margin * HUNDRED / net, Decimal("0.1"))
