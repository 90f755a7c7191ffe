"""What flows about orders may ask beside their fields, and what approvers are shown: margin, credit, the last prices."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from erp.catalog.item import Item
from erp.kernel.change import Work
from erp.kernel.expressions import NUMBER
from erp.kernel.flows import flow_fact
from erp.kernel.flows.evidence import Evidence, shows_evidence
from erp.kernel.format import Format
from erp.kernel.records.record import SUBMITTED
from erp.kernel.text import _, _l
from erp.selling.sales_order.model import SalesOrder, SalesOrderLine
from erp.selling.sales_order.rules import approval_facts, margin_of

PRICES_SHOWN, ITEMS_SHOWN = 3, 5


@flow_fact(SalesOrder, "company_total", NUMBER, _l("Total in company currency"))
def company_total(work: Work, order: SalesOrder) -> Decimal:
    """Return the total in company currency."""
    facts = approval_facts(work, order)
    return facts.rate.to_company(order.total, facts.unit)


@flow_fact(SalesOrder, "margin_percent", NUMBER, _l("Margin in percent of the net amount"))
def margin_percent(work: Work, order: SalesOrder) -> Decimal | None:
    """Return the margin by the items' standard cost in percent of net; None when no cost is known."""
    found = margin_of(order, approval_facts(work, order))
    return found[1] if found is not None else None


@flow_fact(
    SalesOrder, "credit_left", NUMBER, _l("What is left of the credit limit with this order, in company currency")
)
def credit_left(work: Work, order: SalesOrder) -> Decimal | None:
    """Return the customer's credit limit less what is open and this order; None without a limit."""
    facts = approval_facts(work, order)
    if facts.customer is None or facts.customer.credit_limit is None:
        return None
    return facts.customer.credit_limit - facts.balance - facts.rate.to_company(order.total, facts.unit)


@shows_evidence(SalesOrder)
def last_prices(work: Work, order: Any, fmt: Format) -> list[Evidence]:
    """Return the prices this customer paid last for the items of the order."""
    items = list(dict.fromkeys(line.item_id for line in order.lines if line.item_id))[:ITEMS_SHOWN]
    found = []
    rows = work.session.execute(select(Item.id, Item.name).where(Item.id.in_(items)))
    names = {row.id: row.name for row in rows}
    for item in items:
        query = (
            select(SalesOrderLine.price, SalesOrder.currency)
            .join(SalesOrder, SalesOrder.id == SalesOrderLine.sales_order_id)
            .where(SalesOrderLine.item_id == item, SalesOrder.customer_id == order.customer_id,
                   SalesOrder.state == SUBMITTED, SalesOrder.id != order.id, SalesOrder.company_id == order.company_id)
            .order_by(SalesOrder.id.desc()).limit(PRICES_SHOWN)
        )  # fmt: skip
        prices = [f"{currency} {fmt.money(price, currency)}" for price, currency in work.session.execute(query)]
        if prices:
            found.append(Evidence(_("Last prices of %(item)s", item=names.get(item, "")), " · ".join(prices)))
    return found
