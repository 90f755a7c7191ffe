"""Sales documents for tests, without a database."""

from datetime import date
from decimal import Decimal
from typing import Any

from erp.accounts.currency import Rate
from erp.catalog.item import ItemFacts
from erp.selling.sales_invoice.model import SalesInvoice, SalesInvoiceLine
from erp.selling.sales_order.model import SalesOrder, SalesOrderLine
from erp.selling.sales_order.rules import ApprovalFacts
from erp.selling.settings import CustomerFacts

D = Decimal
DAY = date(2026, 6, 18)
APPLE = ItemFacts(
    id=1, code="A", name="Apple", type="stock", unit_id=1, sales_price=D(10), standard_cost=D(6), description=None
)


def a_line(quantity: str = "1", price: str | None = "10", cls: type[Any] = SalesOrderLine, **more: Any) -> Any:
    """Return a line of an item."""
    values = {
        "item_id": 1, "quantity": D(quantity), "price": None if price is None else D(price), "discount_percent": D(0),
        "base_quantity": D(1), "amount": D(quantity) * D(price or 0), "billed_quantity": D(0),
    } | more  # fmt: skip
    if cls is SalesInvoiceLine:
        values.pop("billed_quantity")
    return cls(**values)


def an_order(*lines: Any, **more: Any) -> SalesOrder:
    """Return an order of company 1 for customer 7, its totals the sum of its lines."""
    return _document(SalesOrder, lines or (a_line(),), {"order_date": DAY} | more)


def an_invoice(*lines: Any, **more: Any) -> SalesInvoice:
    """Return an invoice of company 1 for customer 7, its totals the sum of its lines."""
    given = lines or (a_line(cls=SalesInvoiceLine),)
    return _document(SalesInvoice, given, {"posting_date": DAY, "outstanding": D(0), "credit_note": False} | more)


def _document(cls: type[Any], lines: Any, more: dict[str, Any]) -> Any:
    total = sum((line.amount for line in lines), D(0))
    values = {
        "company_id": 1, "customer_id": 7, "currency": "EUR", "state": "draft", "status": "draft", "net": total,
        "tax": D(0), "total": total, "rounding": D(0), "payable": total, "prepaid": D(0), "prices_include_tax": False,
        "lines": list(lines),
    } | more  # fmt: skip
    return cls(**values)


def a_customer(**more: Any) -> CustomerFacts:
    """Return a customer without limits."""
    values = {
        "name": "Hanari Carnes", "state": "active", "company_id": None, "currency": None, "language": "en",
        "email": "hanari@example.com", "credit_limit": None, "price_list_id": None, "approval_limit": None,
        "usual_price_list_id": None,
    } | more  # fmt: skip
    return CustomerFacts(**values)


def approval_facts(**more: Any) -> ApprovalFacts:
    """Return what an approval is decided on: a limit of 1000, nothing open, apples that cost 6."""
    values = {
        "customer": a_customer(approval_limit=D(1000)), "balance": D(0), "items": {1: APPLE}, "rate": Rate(),
        "currency": "EUR", "unit": D("0.01"),
    } | more  # fmt: skip
    return ApprovalFacts(**values)
