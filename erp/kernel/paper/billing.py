"""What a bill says: the shape that a department fills and the layouts print, in the party's language.

``billing_print(bill)`` turns exact figures into the strings of ``templates/print/billing.html``. Amounts are in the
document's currency; nothing is computed here that the books would not know.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import segno

from erp.kernel.paper.words import Words
from erp.kernel.text import _, in_language

IBAN = re.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
BIC = re.compile("[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who sends the paper: name, address lines, and the small print at the foot (columns of lines)."""

    name: str
    short_name: str = ""
    address: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    foot: tuple[tuple[str, ...], ...] = ()
    tax_number: str = ""
    seal: str = ""
    logo: str = ""
    """A ``data:`` address of the logo; empty prints the initial in a square."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives it; ``attention`` is the person, ``tax_number`` theirs."""

    name: str
    address: tuple[str, ...] = ()
    attention: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class BilledLine:
    """One line as booked: ``amount`` is the rounded line amount, ``reduced`` marks a reduced tax rate."""

    description: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    detail: str = ""
    unit: str = ""
    discount_percent: Decimal = Decimal(0)
    rate_percents: tuple[Decimal, ...] = ()
    reduced: bool = False
    on: date | None = None


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One tax rate of the document: tax is rounded once per rate, so base and tax are what the books hold."""

    label: str
    rate_percent: Decimal
    base: Decimal
    tax: Decimal
    reduced: bool = False


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """How and when to pay. ``qr`` is the text of the payment code, empty for none."""

    due: date | None = None
    terms: str = ""
    account: tuple[tuple[str, str], ...] = ()
    qr: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """Everything a bill, credit note, quotation or order confirmation prints."""

    title: str
    number: str
    on: date
    language: str
    currency: str
    sender: Letterhead
    recipient: Recipient
    lines: Sequence[BilledLine]
    taxes: Sequence[TaxTotal]
    net: Decimal
    tax: Decimal
    total: Decimal
    facts: Sequence[tuple[str, str]] = ()
    payment: PaymentTerms = field(default_factory=PaymentTerms)
    greeting: str = ""
    remark: str = ""
    prices_include_tax: bool = False
    is_draft: bool = False
    is_cancelled: bool = False
    tax_word: str = ""
    tax_note: str = ""
    number_word: str = ""
    date_word: str = ""
    discount: Decimal = Decimal(0)
    deposits: Sequence[tuple[str, Decimal]] = ()
    """Taken off the total, as (words, amount): payments in advance, roundings of cash."""
    payable: Decimal | None = None


def billing_print(bill: Bill) -> dict[str, Any]:
    """Return ``bill`` as the strings that its layout shows, in the bill's own language."""
    with in_language(bill.language):
        words = Words(bill.language, bill.currency)
        payable = bill.total if bill.payable is None else bill.payable
        return {
            "layout": "ja" if bill.language == "ja" else "en",
            "language": bill.language,
            "title": bill.title,
            "number": bill.number,
            "currency": bill.currency,
            "stamp": _stamp(bill),
            "sender": sender_strings(bill.sender),
            "recipient": _recipient(bill.recipient),
            "facts": _facts(bill, words),
            "greeting": bill.greeting,
            "lines": [_line(line, words) for line in bill.lines],
            "has_dates": any(line.on for line in bill.lines),
            "has_discounts": any(line.discount_percent for line in bill.lines),
            "has_rates": any(line.rate_percents for line in bill.lines),
            "has_reduced": any(line.reduced for line in bill.lines),
            "reduced_rate": next((words.percent(tax.rate_percent) for tax in bill.taxes if tax.reduced), ""),
            "tax_word": bill.tax_word or _("Tax"),
            "prices_include_tax": bill.prices_include_tax,
            "taxes": [_tax(tax, words) for tax in _in_order(bill)],
            "net": words.amount(bill.net),
            "tax": words.amount(bill.tax),
            "total": words.amount(bill.total),
            "total_money": words.money(payable),
            "total_in_currency": words.money(bill.total),
            "tax_note": bill.tax_note,
            "discount": words.amount(bill.discount) if bill.discount else "",
            "deposits": [(label, words.amount(amount)) for label, amount in bill.deposits],
            "payable": words.amount(payable) if payable != bill.total else "",
            "payment": _payment(bill, words),
            "remark": bill.remark,
        }


def _in_order(bill: Bill) -> Sequence[TaxTotal]:
    """Return the taxes as readers expect them: in Japan the standard rate before the reduced one."""
    if bill.language != "ja":
        return bill.taxes
    return sorted(bill.taxes, key=lambda tax: -tax.rate_percent)


def _stamp(bill: Bill) -> str:
    if bill.is_cancelled:
        return _("Cancelled")
    return _("Draft") if bill.is_draft else ""


def sender_strings(sender: Letterhead) -> dict[str, Any]:
    """Return a letterhead as the strings that layouts show."""
    return {
        "name": sender.name,
        "short_name": sender.short_name or sender.name,
        "initial": (sender.short_name or sender.name)[:1],
        "address": list(sender.address),
        "return_line": " · ".join((sender.name, *sender.address)),
        "contact": list(sender.contact),
        "foot": [list(column) for column in sender.foot],
        "tax_number": sender.tax_number,
        "seal": _seal_columns(sender.seal),
        "logo": sender.logo,
    }


def _seal_columns(seal: str) -> list[dict[str, Any]]:
    """Return the characters of a square seal, written downwards and from right to left, with their places."""
    text = seal[:9]
    return [{"text": sign, "x": 60 - 20 * (at // 3), "y": 25 + 21 * (at % 3)} for at, sign in enumerate(text)]


def _recipient(recipient: Recipient) -> dict[str, Any]:
    return {
        "name": recipient.name,
        "address": list(recipient.address),
        "attention": recipient.attention,
        "tax_number": recipient.tax_number,
    }


def _facts(bill: Bill, words: Words) -> list[tuple[str, str]]:
    number_word = bill.number_word or _("%(title)s number", title=bill.title)
    date_word = bill.date_word or _("%(title)s date", title=bill.title)
    facts = [(number_word, bill.number), (date_word, words.date(bill.on)), *bill.facts]
    if bill.recipient.tax_number:
        facts.append((_("Your tax number"), bill.recipient.tax_number))
    return facts


def _line(line: BilledLine, words: Words) -> dict[str, Any]:
    return {
        "description": line.description,
        "detail": line.detail,
        "quantity": words.measured(line.quantity, line.unit),
        "price": words.price(line.price),
        "discount": words.percent(line.discount_percent) if line.discount_percent else "",
        "rate": " + ".join(words.percent(rate) for rate in line.rate_percents),
        "amount": words.amount(line.amount),
        "on": words.short_date(line.on) if line.on else "",
        "reduced": line.reduced,
    }


def _tax(tax: TaxTotal, words: Words) -> dict[str, Any]:
    gross = tax.base + tax.tax
    return {
        "label": tax.label,
        "rate": words.percent(tax.rate_percent),
        "base": words.amount(tax.base),
        "tax": words.amount(tax.tax),
        "gross": words.amount(gross),
        "reduced": tax.reduced,
        "sentence": _("%(label)s on %(base)s", label=tax.label, base=words.amount(tax.base)),
    }


def _payment(bill: Bill, words: Words) -> dict[str, Any] | None:
    terms = bill.payment
    if not (terms.account or terms.due or terms.terms or terms.remark):
        return None
    return {
        "due": words.date(terms.due) if terms.due else "",
        "terms": terms.terms,
        "account": list(terms.account),
        "qr": qr_image(terms.qr) if terms.qr else "",
        "remark": terms.remark,
    }


def transfer_code(holder: str, account: str, bank: str, amount: Decimal, currency: str, reference: str) -> str:
    """Return the text of a payment code (EPC069-12) that banking apps in the euro area read; empty where it cannot be."""
    iban = "".join(account.split()).upper()
    if currency != "EUR" or amount <= 0 or not IBAN.fullmatch(iban) or not holder.strip():
        return ""
    bic = "".join(bank.split()).upper()
    parts = ["BCD", "002", "1", "SCT", bic if BIC.fullmatch(bic) else "", holder.strip()[:70], iban, f"EUR{amount:.2f}"]
    return "\n".join([*parts, "", "", reference[:140]])


def qr_image(text: str) -> str:
    """Return ``text`` as a QR code in a ``data:`` address."""
    image = BytesIO()
    segno.make(text, error="m").save(image, kind="svg", xmldecl=False, border=2, dark="#15191b", light="#fff")
    return "data:image/svg+xml;base64," + base64.b64encode(image.getvalue()).decode()
