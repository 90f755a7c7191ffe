"""What a bill prints, in the languages of those who pay it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

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
from erp.kernel.paper.layouts import sheet

REDUCED = TaxTotal("消費税 8%", Decimal(8), Decimal(579120), Decimal(46329), reduced=True)
STANDARD = TaxTotal("消費税 10%", Decimal(10), Decimal(204300), Decimal(20430))
SENDER = Letterhead("株式会社ランタン珈琲", tax_number="T8700110005901", seal="ランタン珈琲之印章")


def a_bill(**changes: object) -> Bill:
    lines = [
        BilledLine(
            "豆 1kg", Decimal(120), Decimal(2480), Decimal(297600), unit="袋", rate_percents=(Decimal(8),), reduced=True
        ),
        BilledLine("刃 98mm", Decimal(4), Decimal(27000), Decimal(108000), unit="組", rate_percents=(Decimal(10),)),
    ]
    bill = Bill(
        "請求書",
        "SI-2026-0226",
        date(2026, 6, 16),
        "ja",
        "JPY",
        SENDER,
        Recipient("株式会社ミナト珈琲"),
        lines,
        [STANDARD, REDUCED],
        Decimal(783420),
        Decimal(66759),
        Decimal(850179),
        payment=PaymentTerms(date(2026, 7, 31)),
    )
    return replace(bill, **changes)  # type: ignore[arg-type]


def test_a_japanese_invoice_has_everything_a_qualified_invoice_must_say() -> None:
    page = sheet("print/billing.html", billing_print(a_bill()))
    for required in (
        "請求書",
        "株式会社ミナト珈琲　御中",
        "登録番号　T8700110005901",
        "2026年6月16日",
        "豆 1kg ※",
        "※は軽減税率（8%）対象品目です",
        "10%対象",
        "8%対象（軽減税率 ※）",
        "204,300",
        "20,430",
        "579,120",
        "46,329",
        "¥850,179",
        "2026年7月31日",
        "120袋",
    ):
        assert required in page, required
    assert "刃 98mm ※" not in page


def test_an_english_invoice_speaks_english_and_writes_cents() -> None:
    bill = a_bill(
        title="Invoice",
        language="en",
        currency="EUR",
        net=Decimal("1459.26"),
        tax=Decimal("177.75"),
        total=Decimal("1637.01"),
        taxes=[TaxTotal("VAT 19 %", Decimal(19), Decimal(630), Decimal("119.70"))],
        tax_word="VAT",
        payment=PaymentTerms(date(2026, 7, 18), "30 days net", (("IBAN", "DE89 3704"),)),
    )
    page = sheet("print/billing.html", billing_print(bill))
    for required in ("Please pay", "€1,637.01", "18 July 2026", "VAT 19 % on 630.00", "119.70", "DE89 3704"):
        assert required in page, required


def test_a_draft_and_a_cancelled_bill_say_so() -> None:
    assert billing_print(a_bill(is_draft=True, language="en"))["stamp"] == "Draft"
    assert billing_print(a_bill(is_cancelled=True, language="en"))["stamp"] == "Cancelled"


def test_nothing_that_a_customer_is_called_becomes_markup() -> None:
    page = sheet("print/billing.html", billing_print(a_bill(recipient=Recipient("<script>alert(1)</script>"))))
    assert "<script>" not in page


def test_what_was_paid_in_advance_is_taken_off() -> None:
    paper = billing_print(a_bill(language="en", deposits=[("Deposit", Decimal(-100000))], payable=Decimal(750179)))
    assert paper["total"] == "850,179"
    assert paper["payable"] == "750,179"
    assert paper["total_money"].endswith("750,179")


def test_a_transfer_in_euro_has_a_code_that_banking_apps_read() -> None:
    code = transfer_code(
        "Lantern GmbH", "DE89 3704 0044 0532 0130 00", "COBADEFFXXX", Decimal("1637.01"), "EUR", "SI-1"
    )
    assert code.split("\n") == [
        "BCD", "002", "1", "SCT", "COBADEFFXXX", "Lantern GmbH", "DE89370400440532013000", "EUR1637.01", "", "", "SI-1",
    ]  # fmt: skip
    assert transfer_code("Lantern GmbH", "DE89 3704 0044 0532 0130 00", "", Decimal(1), "USD", "SI-1") == ""
    assert transfer_code("Lantern GmbH", "0001 234", "", Decimal(1), "EUR", "SI-1") == ""
