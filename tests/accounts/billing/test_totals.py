"""Adding up a billable document: the conventions of rounding, taxing and discounting, each with its figures."""

from dataclasses import replace
from decimal import Decimal

import pytest

from erp.accounts.billing.figures import (
    Allowance,
    Bill,
    BillLine,
    Charge,
    Discount,
    ManualTax,
    TaxRule,
)
from erp.accounts.billing.taxes import net_from_gross
from erp.accounts.billing.totals import totals
from erp.accounts.conventions import Conventions

WAYS = Conventions()
T10, T20 = TaxRule("T10", Decimal(10)), TaxRule("T20", Decimal(20))


def a_line(quantity: str, price: str, *taxes: str, **more: object) -> BillLine:
    return BillLine(Decimal(quantity), Decimal(price), taxes=taxes, **more)  # type: ignore[arg-type]


def a_bill(*lines: BillLine, taxes: tuple[TaxRule, ...] = (T10, T20), **more: object) -> Bill:
    return Bill(lines, taxes, **more)  # type: ignore[arg-type]


def sums(bill: Bill, ways: Conventions = WAYS) -> tuple[Decimal, Decimal, Decimal]:
    result = totals(bill, ways)
    return result.net, result.tax, result.total


def rows(bill: Bill, ways: Conventions = WAYS) -> list[tuple[str, Decimal, Decimal]]:
    return [(row.code, row.base, row.amount) for row in totals(bill, ways).taxes]


def test_a_taxed_and_an_untaxed_line_make_one_tax_row() -> None:
    bill = a_bill(a_line("5", "40", "T10"), a_line("1", "20"))
    assert sums(bill) == (Decimal(220), Decimal(20), Decimal(240))
    assert rows(bill) == [("T10", Decimal(200), Decimal(20))]


def test_each_tax_of_lines_with_different_taxes_has_one_row() -> None:
    bill = a_bill(a_line("1", "10", "T10"), a_line("1", "20", "T10", "T20"))
    assert rows(bill) == [("T10", Decimal(30), Decimal(3)), ("T20", Decimal(20), Decimal(4))]


def test_an_unknown_or_lapsed_tax_is_not_charged() -> None:
    assert sums(a_bill(a_line("1", "10", "GONE"))) == (Decimal(10), Decimal(0), Decimal(10))


def test_a_fixed_tax_is_an_amount_for_each_unit() -> None:
    fixed = TaxRule("F", Decimal(10), "fixed_per_unit")
    assert rows(a_bill(a_line("2", "100", "T20", "F"), taxes=(T20, fixed))) == [
        ("T20", Decimal(200), Decimal(40)),
        ("F", Decimal(200), Decimal(20)),
    ]
    assert net_from_gross(Decimal(130), Decimal(1), (T20, fixed)) == 100


def test_a_tax_may_enlarge_the_base_of_later_taxes() -> None:
    eco = TaxRule("ECO", Decimal(5), "fixed_per_unit", 10, True)
    vat = TaxRule("VAT", Decimal(20), "percent", 20)
    bill = a_bill(a_line("5", "100", "ECO", "VAT"), taxes=(eco, vat))
    assert rows(bill) == [("ECO", Decimal(500), Decimal(25)), ("VAT", Decimal(525), Decimal(105))]
    gross = a_bill(a_line("5", "126", "ECO", "VAT"), taxes=(eco, vat), prices_include_tax=True)
    assert rows(gross) == [("ECO", Decimal(500), Decimal(25)), ("VAT", Decimal(525), Decimal(105))]


def test_a_percentage_of_gross_is_taken_from_the_outside() -> None:
    outside = TaxRule("G", Decimal(20), "percent_of_gross")
    assert sums(a_bill(a_line("1", "80", "G"), taxes=(outside,))) == (Decimal(80), Decimal(20), Decimal(100))


def test_the_tax_of_a_price_with_tax_is_rounded_and_the_net_is_what_remains() -> None:
    t14 = TaxRule("T14", Decimal(14))
    bill = a_bill(a_line("100", "50", "T14"), taxes=(t14,), prices_include_tax=True)
    assert sums(bill) == (Decimal("4385.96"), Decimal("614.04"), Decimal(5000))
    assert totals(bill, WAYS).taxes[0].base == Decimal("4385.96")
    off = replace(bill, discount=Discount("gross", Decimal(100)))
    assert sums(off) == (Decimal("4298.25"), Decimal("601.75"), Decimal(4900))
    net_off = replace(bill, discount=Discount("net", percent=Decimal(10)))
    assert sums(net_off) == (Decimal("3947.37"), Decimal("552.63"), Decimal("4500.00"))


def test_net_and_tax_may_be_rounded_apart_with_the_difference_on_rounding() -> None:
    thirds = (TaxRule("A", Decimal(10)), TaxRule("B", Decimal(10)))
    bill = a_bill(a_line("1", "1.00", "A", "B"), taxes=thirds, prices_include_tax=True)
    result = totals(bill, replace(WAYS, included_tax_residual="rounding_account"))
    assert (result.net, result.tax, result.rounding, result.payable) == (
        Decimal("0.83"),
        Decimal("0.16"),
        Decimal("0.01"),
        Decimal(1),
    )
    allowed = replace(bill, allowances=(Allowance(False, Decimal("0.10")),))
    apart = totals(allowed, replace(WAYS, included_tax_residual="rounding_account"))
    assert apart.payable == Decimal("0.90")


def test_a_discount_on_net_is_spread_before_tax() -> None:
    vat = TaxRule("VAT", Decimal(24))
    prices = ("75", "500", "200", "100", "50", "50")
    bill = a_bill(*(a_line("1", price, "VAT") for price in prices), taxes=(vat,), discount=Discount("net", Decimal(75)))
    assert sums(bill) == (Decimal(900), Decimal(216), Decimal(1116))
    assert totals(bill, WAYS).before_discount == 975


def test_a_discount_on_gross_fixes_the_gross_total() -> None:
    bill = a_bill(a_line("1", "100", "T20"), a_line("1", "50"), discount=Discount("gross", Decimal(17)))
    assert sums(bill)[2] == 153


def test_lines_of_next_to_nothing_leave_nothing() -> None:
    assert sums(a_bill(a_line("1", "0.0035", "T10"), a_line("1", "0.0035", "T10"))) == (
        Decimal(0),
        Decimal(0),
        Decimal(0),
    )


@pytest.mark.parametrize(("rounding", "tax"), [("line", "20.00"), ("document", "20.02")])
def test_tax_on_unrounded_amounts_by_line_and_by_document_differs(rounding: str, tax: str) -> None:
    ways = replace(WAYS, tax_rounding=rounding, tax_base="unrounded")
    assert sums(a_bill(*[a_line("1", "1.001", "T20")] * 100), ways)[:2] == (Decimal(100), Decimal(tax))


def line_taxes(bill: Bill, ways: Conventions) -> list[list[Decimal]]:
    return [[amount for _, amount in line.taxes] for line in totals(bill, ways).lines]


TWO = (TaxRule("1", Decimal(10)), TaxRule("2", Decimal(10)))


@pytest.mark.parametrize(
    ("rounding", "residual", "expected"),
    [
        ("line", "first_tax", [["4.25", "4.25"], ["4.25", "4.25"]]),
        ("document", "first_tax", [["4.25", "4.25"], ["4.24", "4.24"]]),
        ("line_combination", "first_tax", [["4.25", "4.24"], ["4.25", "4.24"]]),
        ("document_combination", "first_tax", [["4.25", "4.24"], ["4.24", "4.24"]]),
        ("document_combination", "first_line", [["4.25", "4.24"], ["4.24", "4.24"]]),
    ],
)
def test_each_rounding_scope_allots_its_cents(rounding: str, residual: str, expected: list[list[str]]) -> None:
    ways = replace(WAYS, tax_rounding=rounding, tax_residual=residual, rounding_mode="up")
    bill = a_bill(a_line("1", "42.42", "1", "2"), a_line("1", "42.42", "1", "2"), taxes=TWO)
    assert line_taxes(bill, ways) == [[Decimal(part) for part in line] for line in expected]


def test_the_cent_of_a_negative_line_stands_on_its_first_tax() -> None:
    ways = replace(WAYS, tax_rounding="line_combination", rounding_mode="half_even")
    bill = a_bill(a_line("1", "30", "1"), a_line("1", "-2.95", "1", "2"), taxes=TWO)
    assert line_taxes(bill, ways) == [[Decimal(3)], [Decimal("-0.29"), Decimal("-0.30")]]


def test_lines_of_negative_amount_may_make_a_tax_row_of_their_own() -> None:
    ways = replace(WAYS, tax_grouping="tax_and_sign")
    assert rows(a_bill(a_line("5", "10", "T10"), a_line("-2", "5", "T10")), ways) == [
        ("T10", Decimal(50), Decimal(5)),
        ("T10", Decimal(-10), Decimal(-1)),
    ]


def test_taxes_of_one_head_are_rounded_together() -> None:
    ways = replace(WAYS, tax_grouping="head")
    taxes = (TaxRule("A", Decimal("10"), head="excise"), TaxRule("B", Decimal("5"), head="excise"), T10)
    result = totals(a_bill(a_line("1", "0.04", "A"), a_line("1", "0.02", "B", "T10"), taxes=taxes), ways)
    assert result.heads == (("excise", Decimal("0.01")), ("T10", Decimal("0.00")))


def test_charges_cascade_on_rounded_rows() -> None:
    charges = (
        Charge("shipping", "actual", Decimal(2)),
        Charge("customs", "net", rate=Decimal(10)),
        Charge("excise", "lines", line_rates=(Decimal(10), Decimal(12))),
        Charge("cess", "row_amount", rate=Decimal(2), row=3),
        Charge("cess", "row_amount", rate=Decimal(1), row=3),
        Charge("cst", "row_total", rate=Decimal(2), row=5),
        Charge("vat", "net", rate=Decimal("12.5")),
        Charge("discount", "row_total", rate=Decimal(-10), row=7),
    )
    result = totals(a_bill(a_line("10", "1"), a_line("5", "3"), charges=charges), WAYS)
    assert [row.amount for row in result.charges] == list(
        map(Decimal, ("2", "2.50", "2.80", "0.06", "0.03", "0.65", "3.13", "-3.62"))
    )
    assert (result.net, result.total, result.charges[-1].running_total) == (
        Decimal(25),
        Decimal("32.55"),
        Decimal("32.55"),
    )


def test_charges_that_prices_include_are_taken_out_of_the_net() -> None:
    charges = (
        Charge("freight", "actual", Decimal(10), included=True),
        Charge("levy", "net", rate=Decimal(20), included=True),
        Charge("fee", "lines", line_rates=(Decimal(5),)),
        Charge("cess", "row_amount", rate=Decimal(50), row=2, included=True),
    )
    result = totals(a_bill(a_line("1", "140"), charges=charges), WAYS)
    assert result.net == 100
    assert [row.amount for row in result.charges] == [Decimal(10), Decimal(20), Decimal(5), Decimal(10)]
    free = totals(a_bill(a_line("1", "0"), a_line("1", "0"), charges=charges), WAYS)
    assert free.net == 0


def test_tax_that_may_not_be_deducted_joins_the_cost_of_its_line() -> None:
    half = a_bill(a_line("10", "50", "T10", deductible_percent=Decimal(50)))
    assert sums(half) == (Decimal(525), Decimal(25), Decimal(550))
    assert rows(half) == [("T10", Decimal(250), Decimal(25))]
    never = a_bill(a_line("10", "50", "T10"), taxes=(replace(T10, deductible=False),))
    assert sums(never) == (Decimal(550), Decimal(0), Decimal(550))
    gross = a_bill(a_line("1", "110", "T10", deductible_percent=Decimal(0)), prices_include_tax=True)
    assert sums(gross) == (Decimal(110), Decimal(0), Decimal(110))


def test_a_tax_may_be_entered_by_hand() -> None:
    bill = a_bill(manual_taxes=(ManualTax("T10", Decimal(10), Decimal(100)),))
    assert sums(bill) == (Decimal(0), Decimal(10), Decimal(10))
    assert totals(bill, WAYS).taxes[0].rate_percent == 10


def test_line_and_document_allowances_keep_their_tax() -> None:
    line = a_line(
        "10", "410", "T20",
        allowances=(Allowance(True, percent=Decimal(1), base=Decimal(100)), Allowance(False, Decimal(101))),
    )  # fmt: skip
    bill = a_bill(
        line,
        allowances=(
            Allowance(True, Decimal(200), taxes=("T20",)),
            Allowance(False, percent=Decimal(5), taxes=("T20",)),
        ),
        prepaid=Decimal(1000),
    )
    result = totals(bill, WAYS)
    assert (result.line_total, result.allowance_total, result.charge_total) == (
        Decimal(4000),
        Decimal(200),
        Decimal(200),
    )
    assert (result.net, result.tax, result.total, result.payable) == (
        Decimal(4000),
        Decimal(800),
        Decimal(4800),
        Decimal(3800),
    )


def test_price_for_several_units_and_an_amount_by_hand() -> None:
    dozen = a_line("132", "15.24", base_quantity=Decimal(12))
    by_hand = a_line("6", "18.33", amount=Decimal("-109.98"))
    less = a_line("1", "100", discount_percent=Decimal("12.5"))
    assert [line.amount for line in totals(a_bill(dozen, by_hand, less), WAYS).lines] == [
        Decimal("167.64"),
        Decimal("-109.98"),
        Decimal("87.50"),
    ]


def test_the_total_may_be_rounded_for_cash_or_by_hand() -> None:
    bill = a_bill(a_line("1", "42.03"))
    cash = totals(bill, replace(WAYS, cash_rounding_unit=Decimal("0.05")))
    assert (cash.rounding, cash.payable) == (Decimal("0.02"), Decimal("42.05"))
    by_hand = totals(replace(bill, rounding=Decimal("-0.03")), WAYS)
    assert by_hand.payable == Decimal(42)


def test_the_possible_discount_may_lower_the_tax_at_once() -> None:
    fixed = TaxRule("F", Decimal("0.05"), "fixed_per_unit")
    kept = TaxRule("K", Decimal(10), discounted=False)
    bill = a_bill(a_line("1", "1000", "T10", "F", "K"), taxes=(T10, fixed, kept), early_discount_percent=Decimal(10))
    assert [amount for _, _, amount in rows(bill)] == [Decimal(90), Decimal("0.05"), Decimal(100)]
