# ruff: noqa: E501 - tables of data, one row a line
"""Lantern Coffee GmbH, Hamburg: VAT of 19 and 7 %, a shop whose prices include it, and a customer in dollars."""

from typing import Any

from erp.company.exchange_rate import ExchangeRate
from erp.demo.small import Desk, Row, SmallCompany, line
from erp.kernel.change import Work, submit
from erp.selling.sales_invoice.commands import credit_note
from erp.selling.sales_order.commands import invoice as invoice_order

COMPANY: Row = {
    "code": "LANTERN", "name": "Lantern Coffee", "legal_name": "Lantern Coffee GmbH", "country": "DE", "currency": "EUR",
    "timezone": "Europe/Berlin", "language": "en", "number_format": "de_DE", "tax_id": "DE318442900",
    "street": "Am Sandtorkai 30", "postal_code": "20457", "city": "Hamburg", "phone": "+49 40 5550142",
    "email": "rechnung@lantern-coffee.example", "website": "lantern-coffee.example", "bank_name": "Elbbank Hamburg",
    "bank_account": "DE89 3704 0044 0532 0130 00", "bank_code": "COBADEFFXXX", "bank_account_holder": "Lantern Coffee GmbH",
    "letterhead_text": "Lantern Coffee GmbH\nSitz Hamburg, HRB 123456\n\nGeschäftsführung\nAmara Okafor\n\nElbbank Hamburg\nDE89 3704 0044 0532 0130 00",
    "approval_limit": "5000",
}  # fmt: skip
FOOD = {"unit": "kg", "group": "COFFEE", "tax_codes": ["VAT7"], "income_account": {"code": "4300"}}
GEAR = {"unit": "pc", "group": "GEAR", "tax_codes": ["VAT19"], "income_account": {"code": "4400"}}
ITEMS: tuple[Row, ...] = (
    {"code": "GUJI", "name": "Guji Natural, roasted", "sales_price": "24.50", "standard_cost": "14.20", **FOOD},
    {"code": "HARBOUR", "name": "Harbour Blend, roasted", "sales_price": "17.80", "standard_cost": "9.60", **FOOD},
    {"code": "DECAF", "name": "Decaf Huila, roasted", "sales_price": "21.90", "standard_cost": "13.10", **FOOD},
    {"code": "GRINDER", "name": "Grinder with 64 mm burrs", "sales_price": "389.00", "standard_cost": "262.00", **GEAR},
    {"code": "DRIPPER", "name": "Dripper, porcelain", "sales_price": "24.00", "standard_cost": "9.50", **GEAR},
    {"code": "TRAINING", "name": "Barista training, half a day", "type": "service", "sales_price": "420.00", "standard_cost": "180.00", **GEAR},
)  # fmt: skip


def customer(code: str, name: str, country: str, street: str, postal_code: str, city: str, **more: Any) -> Row:
    """Return a customer with one address."""
    address = {"street": street, "postal_code": postal_code, "city": city, "country": country}
    return {"code": code, "name": name, "country": country, "addresses": [address], **more}


CUSTOMERS: tuple[Row, ...] = (
    customer(
        "ALTONA", "Hafenrösterei Altona", "DE", "Große Elbstraße 145", "22767", "Hamburg", tax_id="DE274618355",
        email="einkauf@hafenroesterei-altona.example", credit_limit="20000", terms={"code": "2-10-N30"},
        contacts=[{"name": "Jana Petersen", "job_title": "Einkauf", "email": "einkauf@hafenroesterei-altona.example"}],
    ),
    customer(
        "NORDKAFFEE", "Nordkaffee AG", "DE", "Lange Reihe 12", "20099", "Hamburg", tax_id="DE813579029",
        email="buchhaltung@nordkaffee.example", credit_limit="15000", terms={"code": "N30"},
        contacts=[{"name": "Ole Brandt", "job_title": "Buchhaltung", "email": "buchhaltung@nordkaffee.example"}],
    ),
    customer(
        "BLUEHARBOR", "Blue Harbor Coffee, Inc.", "US", "88 Atlantic Avenue", "02110", "Boston", currency="USD",
        email="ap@blueharbor.example", credit_limit="30000", terms={"code": "N30"},
    ),
    {"code": "SHOP", "name": "Shop customers", "country": "DE", "terms": {"code": "NOW"}},
)  # fmt: skip
SUPPLIERS: tuple[Row, ...] = (
    customer("GREENBEAN", "Green Bean Import KG", "DE", "Überseeallee 1", "20457", "Hamburg", email="office@greenbean.example", terms={"code": "N30"}),
    customer("KAIENERGIE", "Kai Energie GmbH", "DE", "Kaistraße 3", "20457", "Hamburg", email="service@kai-energie.example", terms={"code": "N14"}),
)  # fmt: skip


def documents(desk: Desk) -> None:
    """Write the documents: orders, invoices of each kind, a credit note, suppliers' bills, payments."""
    for days, rate in ((120, "0.9100"), (60, "0.9240"), (10, "0.9310")):
        desk.save(ExchangeRate, {"currency": "USD", "valid_from": desk.ago(days), "rate": rate})
    desk.made = 0
    _wholesale(desk)
    _shop(desk)
    _dollars(desk)
    _suppliers(desk)
    _open_orders(desk)


def _wholesale(desk: Desk) -> None:
    """Sell coffee at 7 % and gear at 19 % on one invoice, pay it early, and take something back of another."""
    order = desk.done(
        desk.order(
            "ALTONA", 52, [line("HARBOUR", "60"), line("GUJI", "40", discount_percent="5"), line("GRINDER", "2")]
        )
    )
    invoice = desk.done(invoice_order(desk.work, order, posting_date=desk.today.fromisoformat(desk.ago(48))))
    desk.pay(invoice, 41, take_discount=True)
    second = desk.invoice("NORDKAFFEE", 45, [line("DECAF", "24"), line("TRAINING", "2")])
    note = credit_note(desk.work, second, posting_date=desk.today.fromisoformat(desk.ago(38)),
                       lines=[{"line": second.lines[0].id, "quantity": "4"}])  # fmt: skip
    desk.done(note)
    desk.made += 2


def _shop(desk: Desk) -> None:
    """Sell over the counter: prices include tax, money comes at once."""
    lines = [line("GUJI", "1", "26.90"), line("HARBOUR", "2", "19.50"), line("DRIPPER", "1", "28.50")]
    desk.pay(desk.invoice("SHOP", 9, lines, prices_include_tax=True), 9, role="cash")


def _dollars(desk: Desk) -> None:
    """Sell to America in dollars, free of tax; the payment comes at another rate."""
    lines = [line("HARBOUR", "300", "18.40", tax_codes=["EXPORT"]), line("GUJI", "120", "25.60", tax_codes=["EXPORT"])]
    invoice = desk.invoice("BLUEHARBOR", 40, lines, currency="USD")
    desk.pay(invoice, 6, amount="5000.00", currency="USD")


def _suppliers(desk: Desk) -> None:
    """Buy beans and power; pay one of the bills."""
    beans = {
        "description": "Green coffee, Ethiopia, 600 kg",
        "quantity": "600",
        "price": "6.85",
        "tax_codes": ["VAT7"],
        "account": {"code": "5200"},
    }
    power = {
        "description": "Electricity",
        "quantity": "1",
        "price": "640.00",
        "tax_codes": ["VAT19"],
        "account": {"code": "6310"},
    }
    desk.pay(desk.bill("GREENBEAN", 33, [beans], supplier_reference="GB-20731"), 5)
    desk.bill("KAIENERGIE", 12, [power], supplier_reference="4711-11")


def _open_orders(desk: Desk) -> None:
    """Leave something to do: an order to invoice, a draft."""
    desk.done(desk.order("NORDKAFFEE", 3, [line("HARBOUR", "48"), line("DRIPPER", "12")], delivery_date=desk.ago(-4)))
    desk.order("ALTONA", 0, [line("GUJI", "80"), line("GRINDER", "14")], delivery_date=desk.ago(-10))


def leave_waiting(work: Work, company_id: int) -> int:
    """Submit an order above the company's limit as a seller would; return how many documents were written."""
    desk = Desk(work, company_id, work.today(company_id))
    order = desk.order("ALTONA", 1, [line("GRINDER", "20"), line("TRAINING", "1")], delivery_date=desk.ago(-7))
    submit(work, order)
    return desk.made


LANTERN = SmallCompany(
    company=COMPANY, template="germany",
    groups=({"code": "COFFEE", "name": "Coffee"}, {"code": "GEAR", "name": "Gear and services"}),
    items=ITEMS, customers=CUSTOMERS, suppliers=SUPPLIERS,
    employees=(
        {"code": "1", "name": "Amara Okafor", "job_title": "Operations lead", "email": "amara@lantern-coffee.example"},
        {"code": "2", "name": "Jonas Weber", "job_title": "Head of sales", "email": "jonas@lantern-coffee.example"},
    ),
    documents=documents,
)  # fmt: skip
