"""A small company with a chart, and short ways to book in it."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import select

from erp.accounts.charts.commands import lay_out_chart
from erp.accounts.journal_entry.model import JournalEntry
from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.payment.model import Payment
from erp.accounts.settlement.model import OpenItem
from erp.accounts.tax.model import Tax
from erp.company.company import Company
from erp.kernel.change import Work, save, submit
from erp.parties.customer import Customer
from erp.parties.supplier import Supplier
from erp.selling.sales_invoice.model import SalesInvoice

_numbers = count(1)


@dataclass
class Books:
    """A company to book in: its documents are made and submitted in the test's unit of work."""

    work: Work
    company: int
    customer: int
    supplier: int

    def journal(self, *lines: dict[str, Any], day: str = "2026-03-01", **more: Any) -> Any:
        """Enter and submit a journal entry."""
        payload = {"company": self.company, "date": day, "reason": "test", "lines": list(lines), **more}
        return self.submitted(JournalEntry, payload)

    def invoice(self, price: str = "100", day: str = "2026-03-01", **more: Any) -> Any:
        """Enter and submit a sales invoice of one line."""
        line = {"description": "Tea", "quantity": "1", "price": price, "tax_codes": more.pop("taxes", [])}
        payload = {"company": self.company, "customer": self.customer, "posting_date": day, "lines": [line], **more}
        return self.submitted(SalesInvoice, payload)

    def payment(self, amount: str | None, *allocations: dict[str, Any], day: str = "2026-03-10", **more: Any) -> Any:
        """Enter and submit a payment of the customer."""
        payload = {
            "company": self.company, "date": day, "allocations": list(allocations), "account": {"code": "1110"},
            "customer": self.customer, **({"amount": amount} if amount else {}), **more,
        }  # fmt: skip
        return self.submitted(Payment, payload)

    def submitted(self, kind: Any, payload: dict[str, Any]) -> Any:
        """Save and submit a document."""
        document = save(self.work, kind, payload)
        submit(self.work, document)
        return document

    def entries(self, document: Any) -> list[tuple[str, Any]]:
        """Return (code, amount) of each entry of a document, in order."""
        from_codes = dict(self.codes())
        table = LedgerEntry.__table__.c
        query = select(table.account_id, table.amount).where(
            table.voucher_kind == document.__kind__, table.voucher_id == document.id
        )
        rows = self.work.session.execute(query.order_by(table.seq))
        return [(from_codes[row.account_id], row.amount.normalize()) for row in rows]

    def codes(self) -> list[tuple[int, str]]:
        """Return the codes of the chart by id."""
        from erp.accounts.account.model import Account

        query = select(Account.id, Account.code).where(Account.company_id == self.company)
        return [(row.id, row.code) for row in self.work.session.execute(query)]

    def item(self, document: Any, instalment: int = 1) -> Any:
        """Return an open item of a document as the table has it."""
        table = OpenItem.__table__
        key = f"{document.__kind__}:{document.id}:{instalment}"
        return self.work.session.execute(select(table).where(table.c.key == key)).one()

    def tax(self, code: str, rate: str, **more: Any) -> str:
        """Make a tax and return its code."""
        save(self.work, Tax, {"company": self.company, "code": code, "name": code, "rates": [{"rate": rate}], **more})
        return code


def books(work: Work, currency: str = "EUR", **settings: str) -> Books:
    """Return a company with a generic chart, a customer and a supplier."""
    code = f"T{next(_numbers)}"
    payload = {"code": code, "name": code, "country": "US", "currency": currency, "conventions": settings}
    company = save(work, Company, payload)
    lay_out_chart(work, company.id)
    customer = save(work, Customer, {"company": company.id, "code": "C", "name": "Customer"})
    supplier = save(work, Supplier, {"company": company.id, "code": "S", "name": "Supplier"})
    return Books(work, company.id, customer.id, supplier.id)


def named(document: Any) -> dict[str, Any]:
    """Return how a request names a document."""
    return {"kind": document.__kind__, "number": document.number}


def day(text: str) -> date:
    """Return a date."""
    return date.fromisoformat(text)
