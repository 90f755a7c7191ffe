"""The papers of the two small companies: what the law of each country wants on an invoice, to the figure."""

from typing import Any

from sqlalchemy import select

from erp.company.company import Company
from erp.demo.lantern import LANTERN
from erp.demo.masters import seed_basics
from erp.demo.rantan import RANTAN
from erp.demo.small import SmallCompany, add_small_company
from erp.kernel.change import Work, find
from erp.kernel.change.audit_checks import run_audit
from erp.kernel.paper.layouts import sheet
from erp.kernel.paper.prints import composed, wanted
from erp.selling.sales_invoice.model import SalesInvoice


def first_invoice(work: Work, small: SmallCompany) -> tuple[Any, dict[str, Any], str]:
    """Add the company; return its first invoice, the strings of its paper, and the sheet."""
    seed_basics(work)
    add_small_company(work, small)
    company = work.session.scalars(select(Company.id).where(Company.code == small.company["code"])).one()
    first = select(SalesInvoice.id).where(SalesInvoice.company_id == company).order_by(SalesInvoice.id).limit(1)
    invoice = find(work, SalesInvoice, work.session.scalars(first).one())
    what = wanted(work, invoice)
    paper = composed(work, what)
    return invoice, paper, sheet(what.layout.template, paper)


def test_a_japanese_invoice_is_a_qualified_one(work: Work) -> None:
    invoice, paper, page = first_invoice(work, RANTAN)
    assert (paper["title"], paper["language"], paper["total_money"]) == ("請求書", "ja", "¥850,179")
    assert paper["sender"]["tax_number"] == "T9234567890123"
    assert [(tax["rate"], tax["base"], tax["tax"], tax["gross"], tax["reduced"]) for tax in paper["taxes"]] == [
        ("10%", "204,300", "20,430", "224,730", False), ("8%", "579,120", "46,329", "625,449", True),
    ]  # fmt: skip
    labels = dict(paper["facts"])
    assert labels["請求書番号"] == invoice.number
    assert labels["取引日"] == labels["請求日"]
    assert [line["description"] for line in paper["lines"] if line["reduced"]] == [
        "ハーバーブレンド エスプレッソ 1kg", "グジ ナチュラル（エチオピア）1kg", "デカフェ ウィラ 1kg",
    ]  # fmt: skip
    for words in (
        "株式会社ミナト珈琲　御中", "購買部　佐藤 健一 様", "〒650-0042 兵庫県神戸市中央区波止場町5-4",
        "下記のとおりご請求申し上げます。", "ご請求金額（税込）", "ハーバーブレンド エスプレッソ 1kg ※", "※は軽減税率（8%）対象品目です。",
        "8%対象（軽減税率 ※）", "消費税額は税率ごとに合計し、1円未満を切り捨てています。", "登録番号　T9234567890123",
        "月末締め翌月末払い", "TEL 045-555-0142", "振込手数料は貴社にてご負担をお願いいたします。",
    ):  # fmt: skip
        assert words in page, words
    assert [sign["text"] for sign in paper["sender"]["seal"]] == list("ランタン珈琲之印章")
    assert paper["sender"]["foot"] == [
        ["株式会社ランタン珈琲　〒231-0023 神奈川県横浜市中区山下町1-2-3　登録番号 T9234567890123　TEL 045-555-0142"]
    ]


def test_a_german_invoice_names_numbers_days_and_taxes(work: Work) -> None:
    invoice, paper, page = first_invoice(work, LANTERN)
    assert (paper["title"], paper["total_money"], paper["net"]) == ("Invoice", "€3,064.75", "2,777.00")
    assert [(tax["label"], tax["base"], tax["tax"]) for tax in paper["taxes"]] == [
        ("USt 7 %", "1,999.00", "139.93"), ("USt 19 %", "778.00", "147.82"),
    ]  # fmt: skip
    labels = dict(paper["facts"])
    assert labels["Invoice number"] == invoice.number
    assert labels["Date of supply"] == labels["Invoice date"]
    assert labels["Your tax number"] == "DE274618355"
    assert paper["sender"]["foot"][0] == ["Lantern Coffee GmbH", "Sitz Hamburg, HRB 123456", "VAT number DE318442900"]
    assert dict(paper["payment"]["account"])["IBAN"] == "DE89 3704 0044 0532 0130 00"
    assert [line["detail"] for line in paper["lines"]] == ["HARBOUR", "GUJI", "GRINDER"]
    assert "Thank you for your order." in page
    assert paper["payment"]["qr"].startswith("data:image/svg+xml;base64,")


def test_the_books_of_both_are_clean_and_the_japanese_year_begins_in_april(work: Work) -> None:
    for small in (LANTERN, RANTAN):
        first_invoice(work, small)
    assert [(one.name, one.documents) for one in run_audit(work) if not one.ok] == []
    months = dict(work.session.execute(select(Company.code, Company.fiscal_year_month)).all())  # type: ignore[arg-type]
    assert (months["LANTERN"], months["RANTAN"]) == ("1", "4")
