"""The nightly batch: what became overdue is announced, each customer gets one reminder, the books are audited."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from erp.accounts.rounding import ZERO
from erp.company.company import Company, company_of
from erp.kernel.change import Work, announce
from erp.kernel.operate.nightly import audit_and_tell
from erp.kernel.paper.letters import letter
from erp.kernel.paper.mail import Mail, send_mail
from erp.kernel.paper.words import Words
from erp.kernel.text import _l
from erp.kernel.work import job, schedule
from erp.parties.customer import Customer
from erp.selling.prints import addresses_of
from erp.selling.sales_invoice.model import SalesInvoice

CHUNK = 500
Reminded = dict[tuple[int, int, str], list[SalesInvoice]]


@schedule("overdue", cron="0 2 * * *")
@job("overdue", queue="long", label=_l("Overdue invoices"))
def overdue(work: Work) -> dict[str, Any]:
    """Announce, remind, audit; run by hand as ``erp run overdue``. Running it twice a day reminds once."""
    announced, reminded = 0, 0
    for company_id in work.session.scalars(select(Company.id).where(Company.state == "active").order_by(Company.id)):
        found = overdue_invoices(work, company_id)
        announced += announce_overdue(work, found)
        reminded += sum(remind(work, key, invoices) for key, invoices in by_customer(found).items())
    wrong = {finding.name: finding.documents for finding in audit_and_tell(work) if not finding.ok}
    return {"overdue": announced, "reminders": reminded, "audit": wrong or "clean"}


def overdue_invoices(work: Work, company_id: int) -> list[SalesInvoice]:
    """Return the invoices of a company that are past due today, oldest first."""
    today = work.today(company_id)
    query = select(SalesInvoice).where(
        SalesInvoice.company_id == company_id, SalesInvoice.state == "submitted", SalesInvoice.outstanding > 0,
        SalesInvoice.open_due < today,
    )  # fmt: skip
    return list(work.session.scalars(query.order_by(SalesInvoice.open_due, SalesInvoice.id)))


def announce_overdue(work: Work, invoices: Iterable[SalesInvoice]) -> int:
    """Tell open pages of those that became overdue since the last run; the status itself is derived."""
    fresh = [invoice for invoice in invoices if invoice.status != "overdue"]
    for invoice in fresh:
        invoice.status = "overdue"
    work.session.flush()
    for invoice in fresh:
        announce(work, invoice, "overdue")
    return len(fresh)


def by_customer(invoices: Iterable[SalesInvoice]) -> Reminded:
    """Return the invoices of each customer and currency of a company."""
    found: Reminded = {}
    for invoice in invoices:
        found.setdefault((invoice.company_id, invoice.customer_id, invoice.currency), []).append(invoice)
    return found


def remind(work: Work, key: tuple[int, int, str], invoices: list[SalesInvoice]) -> int:
    """Mail one reminder about all overdue invoices of a customer, once for each set of them; 0: no address."""
    company_id, customer_id, currency = key
    query = select(Customer).where(Customer.id == customer_id).options(selectinload(Customer.contacts))
    customer = work.session.scalars(query).one()
    to, company = addresses_of(customer), company_of(work, company_id)
    name = f"reminder:{company_id}:{customer_id}:{currency}:{max(invoice.id for invoice in invoices)}:{len(invoices)}"
    if not to or work.session.scalar(select(func.count()).where(Mail.key == name)):
        return 0
    language = customer.language or company.language or "en"
    words = Words(language, currency)
    rows = [
        {"number": invoice.number, "due": words.date(invoice.open_due), "amount": words.money(invoice.outstanding)}
        for invoice in invoices if invoice.open_due
    ]  # fmt: skip
    total = sum((invoice.outstanding for invoice in invoices), ZERO)
    draft = letter(
        "reminder", language, to=to, reply_to=company.email, recipient=customer.name, invoices=rows,
        total=words.money(total), sender=company.name,
    )  # fmt: skip
    send_mail(
        work, to=draft.to, subject=draft.subject, text=draft.text, reply_to=draft.reply_to, about=customer, key=name
    )
    return 1
