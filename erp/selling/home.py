"""What selling shows on the home page: orders to bill, and what one does most."""

from typing import Any

from sqlalchemy import func, select

from erp.accounts.rounding import ZERO
from erp.company.company import currency_of
from erp.kernel.change import visible
from erp.kernel.text import _, ngettext
from erp.kernel.web.home import Desk, fills_home
from erp.selling.sales_order.model import SalesOrder


@fills_home("kpis")
def to_bill(desk: Desk) -> list[dict[str, Any]]:
    """Show what is ordered and not invoiced yet, in company currency."""
    if not desk.may("read", "sales_order"):
        return []
    currency = currency_of(desk.work, desk.company_id)
    query = select(func.count(), func.sum(SalesOrder.total - SalesOrder.billed)).where(
        SalesOrder.company_id == desk.company_id, SalesOrder.status == "to_bill", SalesOrder.currency == currency,
        visible(desk.work.actor, SalesOrder),
    )  # fmt: skip
    count, amount = desk.work.session.execute(query).one()
    return [
        {
            "label": _("To invoice"), "value": desk.fmt.money(amount or ZERO, currency), "currency": currency,
            "hint": ngettext("%(n)s order", "%(n)s orders", count), "url": "/sales-orders?status=to_bill",
            "topic": "sales_order",
        }
    ]  # fmt: skip


@fills_home("shortcuts")
def shortcuts(desk: Desk) -> list[tuple[str, str, str]]:
    """Offer what sales people do most."""
    return [(_("New order"), "/sales-orders/new", "plus")] if desk.may("create", "sales_order") else []
