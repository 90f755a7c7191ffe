"""What sales documents say on paper and by mail, in the customer's language."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from erp.accounts.billing.shapes import number
from erp.accounts.company import books_of
from erp.accounts.payment_terms.model import PaymentTerms as Terms
from erp.accounts.rounding import ZERO
from erp.accounts.tax.model import Tax
from erp.catalog.unit import Unit
from erp.company.company import Company, company_of
from erp.company.letterhead import paper_of
from erp.kernel.change import Work, labels
from erp.kernel.paper.billing import (
    Bill,
    BilledLine,
    Letterhead,
    PaymentTerms,
    Recipient,
    TaxTotal,
    billing_print,
    transfer_code,
)
from erp.kernel.paper.letters import Letter, letter, mails
from erp.kernel.paper.prints import prints
from erp.kernel.paper.words import Words
from erp.kernel.text import _, _l, in_language
from erp.parties.customer import Customer
from erp.parties.party import address_lines, chosen_address
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.model import SalesOrder


def customer_of(work: Work, document: Any) -> Customer:
    """Return the customer with his addresses and contacts."""
    query = select(Customer).where(Customer.id == document.customer_id)
    loaded = query.options(selectinload(Customer.addresses), selectinload(Customer.contacts))
    return work.once(("customer on paper", document.customer_id), lambda: work.session.scalars(loaded).one())


def language_of(work: Work, document: Any) -> str:
    """Return the language of the customer's papers, else of the company."""
    return customer_of(work, document).language or company_of(work, document.company_id).language or "en"


@prints(SalesInvoice, "invoice", label=_l("Invoice"), speaks=language_of)
def print_invoice(work: Work, invoice: SalesInvoice, language: str) -> dict[str, Any]:
    """Return the strings of an invoice or credit note."""
    with in_language(language):
        title = _("Credit note") if invoice.gives_back else _("Invoice")
        facts = [(_("Your reference"), invoice.customer_reference)] if invoice.customer_reference else []
        facts += _numbers(work, invoice)
        facts.insert(0, (_("Date of supply"), Words(language, invoice.currency).date(_supplied(work, invoice))))
        terms = payment_terms(work, invoice, language)
        asked = language == "ja" or invoice.order_id is not None
        greeting = _("Thank you for your order.") if asked and not invoice.gives_back else ""
        date_word = _("Date of credit note") if invoice.gives_back else _("Invoice date")
    paper = bill(work, invoice, language, title, facts, terms)
    return billing_print(replace(paper, greeting=greeting, date_word=date_word))


def _supplied(work: Work, invoice: SalesInvoice) -> date:
    """Return the day of delivery, which tax law wants on an invoice: that of the order if it is past, else its own."""
    order = select(SalesOrder.delivery_date).where(SalesOrder.id == (invoice.order_id or 0))
    delivered = work.session.scalar(order)
    return min(delivered, invoice.posting_date) if delivered is not None else invoice.posting_date


@prints(SalesOrder, "confirmation", label=_l("Order confirmation"), speaks=language_of)
def print_order(work: Work, order: SalesOrder, language: str) -> dict[str, Any]:
    """Return the strings of an order confirmation."""
    with in_language(language):
        words = Words(language, order.currency)
        facts = [(_("Your reference"), order.customer_reference)] if order.customer_reference else []
        if order.delivery_date is not None:
            facts.append((_("Delivery"), words.date(order.delivery_date)))
        return billing_print(bill(work, order, language, _("Order confirmation"), facts, PaymentTerms()))


def _numbers(work: Work, invoice: SalesInvoice) -> list[tuple[str, str]]:
    """Return the numbers of the documents that the invoice belongs to."""
    found = []
    for kind, record_id, label in (
        ("sales_order", invoice.order_id, _("Order number")), ("sales_invoice", invoice.credits_id, _("Credits invoice")),
    ):  # fmt: skip
        if record_id:
            named = labels(work.session, kind, [record_id]).get(record_id)
            found += [(label, str(named.number))] if named is not None and named.number else []
    return found


def payment_terms(work: Work, invoice: SalesInvoice, language: str) -> PaymentTerms:
    """Return how and when to pay; a credit note asks for nothing."""
    if invoice.gives_back:
        return PaymentTerms()
    company = company_of(work, invoice.company_id)
    paper = paper_of(company, language)
    terms = labels(work.session, Terms.__kind__, [invoice.terms_id]) if invoice.terms_id else {}
    words = next((_(one.text) for one in terms.values()), "")
    return PaymentTerms(
        due=invoice.due_date, terms=words, account=paper.account, remark=paper.remark,
        qr=transfer_code(
            company.bank_account_holder or paper.name, company.bank_account or "", company.bank_code or "",
            invoice.payable, invoice.currency, invoice.number or "",
        ) if invoice.number else "",
    )  # fmt: skip


def bill(
    work: Work, document: Any, language: str, title: str, facts: Sequence[tuple[str, str]], payment: PaymentTerms
) -> Bill:  # fmt: skip
    """Return a sales document as the layouts print it; figures are those of the books."""
    company = company_of(work, document.company_id)
    paper = paper_of(company, language)
    rates = {row["code"]: number(row["rate_percent"]) for row in document.taxes or ()}
    reduced = _reduced(company, rates)
    return Bill(
        title=title, number=document.number or document.title, on=document.posting_date, language=language,
        currency=document.currency, sender=_sender(paper), recipient=_recipient(customer_of(work, document), language),
        lines=_lines(work, document, rates, reduced, named=language != "ja"), taxes=_taxes(work, document, reduced), net=document.net,
        tax=document.tax, total=document.total, facts=facts, payment=payment,
        remark=document.note or "", tax_note=_rounding_note(work, company, language),
        prices_include_tax=document.prices_include_tax, is_draft=document.state == "draft",
        is_cancelled=document.state == "cancelled", discount=_discount(document),
        deposits=_deposits(document), payable=document.payable,
    )  # fmt: skip


def _rounding_note(work: Work, company: Company, language: str) -> str:
    """Return how the tax of a Japanese invoice is rounded: once for each rate, always the same way."""
    if language != "ja" or company.country != "JP":
        return ""
    ways = books_of(work, company.id).ways
    words = {"down": "切り捨て", "up": "切り上げ"}.get(ways.rounding_mode, "四捨五入し")
    return f"消費税額は税率ごとに合計し、1円未満を{words}ています。"


def _sender(paper: Any) -> Letterhead:
    return Letterhead(
        name=paper.name, short_name=paper.short_name, address=paper.address, contact=paper.contact, foot=paper.foot,
        tax_number=paper.tax_number, seal=paper.seal,
    )  # fmt: skip


def _recipient(customer: Customer, language: str) -> Recipient:
    address = chosen_address(customer)
    name = (address.name if address is not None else None) or customer.name
    attention = customer.contacts[0].name if customer.contacts else ""
    title = customer.contacts[0].job_title if customer.contacts else ""
    lines = tuple(address_lines(address))
    if language == "ja":
        attention = "　".join(part for part in (title, attention) if part)
        lines = (" ".join(lines[:2]), *lines[2:]) if lines and lines[0].startswith("〒") else lines
    return Recipient(name, lines, attention, customer.tax_id or "")


def _reduced(company: Company, rates: dict[str, Decimal]) -> set[str]:
    """Return the taxes that a Japanese invoice marks with ※: the reduced rate."""
    return {code for code, rate in rates.items() if company.country == "JP" and rate == 8}


def _lines(
    work: Work, document: Any, rates: dict[str, Decimal], reduced: set[str], *, named: bool
) -> list[BilledLine]:  # fmt: skip
    items = labels(work.session, "item", {line.item_id for line in document.lines if line.item_id}) if named else {}
    ids = {line.unit_id for line in document.lines if line.unit_id}
    units = (
        {row.id: row.code for row in work.session.execute(select(Unit.id, Unit.code).where(Unit.id.in_(ids)))}
        if ids
        else {}
    )
    return [
        BilledLine(
            description=line.description or "", quantity=line.quantity, price=line.price, amount=line.amount,
            detail=str(items[line.item_id].number or "") if line.item_id in items else "",
            unit=units.get(line.unit_id, ""), discount_percent=line.discount_percent or ZERO,
            rate_percents=tuple(rates[code] for code in line.tax_codes or () if code in rates),
            reduced=any(code in reduced for code in line.tax_codes or ()),
        )
        for line in document.lines
    ]  # fmt: skip


def _taxes(work: Work, document: Any, reduced: set[str]) -> list[TaxTotal]:
    codes = {row["code"] for row in document.taxes or ()}
    query = select(Tax.code, Tax.name).where(Tax.company_id == document.company_id, Tax.code.in_(codes))
    names = {row.code: row.name for row in work.session.execute(query)} if codes else {}
    return [
        TaxTotal(
            label=names.get(row["code"], row["code"]), rate_percent=number(row["rate_percent"]),
            base=number(row["base"]), tax=number(row["amount"]), reduced=row["code"] in reduced,
        )
        for row in document.taxes or ()
    ]  # fmt: skip


def _discount(document: Any) -> Decimal:
    """Return the discount on the whole document, as an amount taken off."""
    if not document.discount:
        return ZERO
    before = number((document.breakdown or {}).get("before_discount"))
    after: Decimal = document.total if document.prices_include_tax else document.net
    return before - after


def _deposits(document: Any) -> list[tuple[str, Decimal]]:
    found = [
        (str(row["charge"]) or _("Charge"), number(row["amount"]))
        for row in (document.breakdown or {}).get("charges", ())
    ]
    if document.rounding:
        found.append((_("Rounding"), document.rounding))
    if document.prepaid:
        found.append((_("Prepaid"), -document.prepaid))
    return found


@mails(SalesInvoice)
def invoice_letter(work: Work, invoice: SalesInvoice) -> Letter:
    """Return the mail that brings an invoice."""
    customer, company = customer_of(work, invoice), company_of(work, invoice.company_id)
    language = language_of(work, invoice)
    words = Words(language, invoice.currency)
    due = words.date(invoice.due_date) if invoice.due_date and not invoice.gives_back else ""
    return letter(
        "invoice", language, to=addresses_of(customer), reply_to=company.email, number=invoice.title,
        recipient=customer.contacts[0].name if customer.contacts else customer.name, amount=words.money(invoice.payable),
        due=due, sender=company.name,
    )  # fmt: skip


def addresses_of(customer: Customer) -> list[str]:
    """Return where papers are mailed: the customer's own address, else his first contact's."""
    found = [customer.email, *(contact.email for contact in customer.contacts)]
    return [one for one in found if one][:1]
