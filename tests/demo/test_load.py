"""The demo as everybody gets it: Northwind's figures read back from the ledger."""

from decimal import Decimal

from flask import Flask
from sqlalchemy import func, select

from erp.accounts.account.model import Account
from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.payment.model import Payment
from erp.catalog.item import Item
from erp.company.company import Company
from erp.demo import northwind
from erp.demo.load import figures, load_demo
from erp.kernel.change import Work, run_work
from erp.kernel.change.audit import AuditEntry
from erp.kernel.change.audit_checks import run_audit
from erp.kernel.paper.imports import NOT_REQUIRED
from erp.kernel.paper.reports import run as run_report
from erp.kernel.rights import system_actor
from erp.selling.sales_invoice.model import SalesInvoice, SalesInvoiceLine
from erp.selling.sales_order.model import SalesOrder

D = Decimal
GOODS, FREIGHT, TOTAL, OWED = D("1265793.29"), D("64942.69"), D("1330735.98"), D("265751.34")


def test_northwind_is_in_the_books_to_the_cent(app: Flask, committed: None) -> None:
    load_demo()
    again = load_demo()
    assert set(again.counts.values()) <= {0}
    run_work(system_actor("test"), the_figures)


def the_figures(work: Work) -> None:
    company = work.session.scalars(select(Company.id).where(Company.code == northwind.CODE)).one()
    assert figures(work, company) == {"invoices": 830, "total": TOTAL}
    freight = work.session.scalars(select(Item.id).where(Item.code == northwind.FREIGHT)).one()
    lines = select(func.sum(SalesInvoiceLine.amount)).join(
        SalesInvoice, SalesInvoice.id == SalesInvoiceLine.sales_invoice_id
    )
    lines = lines.where(SalesInvoice.company_id == company)
    assert work.session.scalar(lines.where(SalesInvoiceLine.item_id != freight)) == GOODS
    assert work.session.scalar(lines.where(SalesInvoiceLine.item_id == freight)) == FREIGHT
    income = select(func.sum(LedgerEntry.amount)).join(Account, Account.id == LedgerEntry.account_id)
    income = income.where(LedgerEntry.company_id == company, Account.root_type == "income")
    assert work.session.scalar(income) == -TOTAL
    trial = run_report(work, "trial-balance", {"company": str(company)})
    assert trial.totals["debit_balance"] == trial.totals["credit_balance"] == TOTAL
    assert sum(row["closing"] for row in trial.rows) == 0
    profit = run_report(work, "profit-and-loss", {"company": str(company)})
    assert next(row["amount"] for row in profit.rows if row.get("key") == "net_income") == TOTAL
    paid = select(func.sum(Payment.amount)).where(Payment.company_id == company, Payment.state == "submitted")
    assert work.session.scalar(paid) == TOTAL - OWED
    assert run_report(work, "receivables-ageing", {"company": str(company)}).totals["total"] == OWED
    waived = select(func.count()).select_from(AuditEntry).where(AuditEntry.note == NOT_REQUIRED)
    assert (
        work.session.scalar(waived.where(AuditEntry.kind == SalesOrder.__kind__, AuditEntry.company_id == company))
        == 830
    )
    assert [(one.name, one.documents) for one in run_audit(work) if not one.ok] == []
