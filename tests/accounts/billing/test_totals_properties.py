"""Whatever is billed, under whatever conventions: it adds up, in units, and a credit note mirrors it.

``expected`` is another reading of the conventions, in fractions and without the product's code.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from erp.accounts.billing.figures import Allowance, Bill, BillLine, Discount, TaxRule
from erp.accounts.billing.totals import totals
from erp.accounts.conventions import CHOICES, Conventions

RATES = ("10", "8", "19", "7", "5.5", "0", "33.333", "-15")


def figures(least: int, most: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(least, most).map(lambda n: Decimal(n).scaleb(-places))


rules = st.builds(
    TaxRule, code=st.just("T"), rate=st.sampled_from(RATES).map(Decimal),
    kind=st.sampled_from(["percent", "percent", "percent", "fixed_per_unit", "percent_of_gross"]),
    sequence=st.sampled_from([0, 0, 10]), affects_base=st.booleans(), head=st.sampled_from(["", "state", "city"]),
)  # fmt: skip
ways = st.builds(
    Conventions, **{key: st.sampled_from(CHOICES[key]) for key in (
        "tax_rounding", "tax_base", "tax_grouping", "tax_residual", "rounding_mode",
    )}, rounding_unit=st.sampled_from(["0.01", "1", "0.001", "0.05"]).map(Decimal),
)  # fmt: skip


@st.composite
def bills(draw: st.DrawFn) -> Bill:
    taxes = tuple(replace(rule, code=f"T{n}") for n, rule in enumerate(draw(st.lists(rules, max_size=3))))
    codes = st.lists(st.sampled_from([rule.code for rule in taxes] or ["NONE"]), unique=True, max_size=3).map(tuple)
    line = st.builds(
        BillLine, quantity=figures(-3000, 200_000, 3), price=figures(0, 9_999_999, 4),
        base_quantity=st.sampled_from([1, 1, 12, 100]).map(Decimal),
        discount_percent=st.sampled_from(["0", "0", "10", "33.3"]).map(Decimal), taxes=codes,
    )  # fmt: skip
    return Bill(tuple(draw(st.lists(line, min_size=1, max_size=5))), taxes, draw(st.booleans()))


def rounded(exact: Fraction, unit: Decimal, mode: str) -> Fraction:
    steps = abs(exact / Fraction(unit))
    whole, rest = divmod(steps, 1)
    more = {
        "half_up": rest >= Fraction(1, 2), "up": rest > 0, "down": False,
        "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
    }[mode]  # fmt: skip
    return (whole + more) * Fraction(unit) * (1 if exact >= 0 else -1)


def taxes_of(net: Fraction, quantity: Decimal, wanted: Sequence[TaxRule]) -> list[tuple[TaxRule, Fraction]]:
    found: list[tuple[TaxRule, Fraction]] = []
    for rule in sorted(wanted, key=lambda one: one.sequence):
        rate = Fraction(rule.rate)
        base = net + sum(tax for one, tax in found if one.affects_base and one.sequence < rule.sequence)
        tax = {
            "fixed_per_unit": Fraction(quantity) * rate, "percent": base * rate / 100,
            "percent_of_gross": base * rate / (100 - rate),
        }[rule.kind]  # fmt: skip
        found.append((rule, tax))
    return found


def net_of(gross: Fraction, quantity: Decimal, wanted: Sequence[TaxRule]) -> Fraction:
    fixed = sum((tax for _, tax in taxes_of(Fraction(0), quantity, wanted)), Fraction(0))
    slope = sum((tax for _, tax in taxes_of(Fraction(1), quantity, wanted)), Fraction(0)) - fixed
    return (gross - fixed) / (1 + slope)


def expected(bill: Bill, how: Conventions) -> tuple[Fraction, Fraction, Fraction]:
    known = {rule.code: rule for rule in bill.taxes}
    sums: dict[object, Fraction] = {}
    amounts = Fraction(0)
    for place, line in enumerate(bill.lines):
        exact = Fraction(line.quantity) * Fraction(line.price) / Fraction(line.base_quantity)
        exact -= exact * Fraction(line.discount_percent) / 100
        amount = rounded(exact, how.rounding_unit, how.rounding_mode)
        amounts += amount
        base = amount if how.tax_base == "rounded" else exact
        wanted = [known[code] for code in line.taxes if code in known]
        net = net_of(base, line.quantity, wanted) if bill.prices_include_tax else base
        for rule, tax in taxes_of(net, line.quantity, wanted):
            sign = how.tax_grouping == "tax_and_sign" and (base or line.quantity) < 0
            group = rule.head if how.tax_grouping == "head" and rule.head else rule.code
            key = {
                "document": (group, sign), "line": (place, rule.code), "line_combination": place,
                "document_combination": None,
            }[how.tax_rounding]  # fmt: skip
            sums[key] = sums.get(key, Fraction(0)) + tax
    tax = sum((rounded(one, how.rounding_unit, how.rounding_mode) for one in sums.values()), Fraction(0))
    return (amounts - tax, tax, amounts) if bill.prices_include_tax else (amounts, tax, amounts + tax)


@settings(max_examples=300, deadline=None)
@given(bills(), ways)
def test_totals_are_those_of_another_reading_of_the_conventions(bill: Bill, how: Conventions) -> None:
    found = totals(bill, how)
    assert (Fraction(found.net), Fraction(found.tax), Fraction(found.total)) == expected(bill, how)


@settings(max_examples=300, deadline=None)
@given(bills(), ways)
def test_parts_add_up_and_are_whole_units(bill: Bill, how: Conventions) -> None:
    found = totals(bill, how)
    assert found.net + found.tax == found.total
    assert sum(line.amount for line in found.lines) == found.net
    assert sum(row.amount for row in found.taxes) == found.tax
    of_lines: dict[str, Decimal] = {}
    for line in found.lines:
        for code, amount in line.taxes:
            of_lines[code] = of_lines.get(code, Decimal(0)) + amount
    of_rows: dict[str, Decimal] = {}
    for row in found.taxes:
        of_rows[row.code] = of_rows.get(row.code, Decimal(0)) + row.amount
    assert of_lines == of_rows
    parts = [found.net, found.tax, found.total, *of_rows.values(), *(line.amount for line in found.lines)]
    assert all(part % how.rounding_unit == 0 for part in parts)


@settings(max_examples=200, deadline=None)
@given(bills(), ways, st.sampled_from([None, "0.05", "1"]), figures(0, 9999, 2), st.sampled_from(["net", "gross"]))
def test_a_credit_note_mirrors_its_invoice(
    bill: Bill, how: Conventions, cash: str | None, discount: Decimal, on: str
) -> None:
    how = replace(how, cash_rounding_unit=Decimal(cash) if cash else None)
    whole = replace(bill, discount=Discount(on, discount), allowances=(Allowance(False, Decimal("1.23")),))
    back = replace(
        whole, lines=tuple(replace(line, quantity=-line.quantity) for line in bill.lines),
        discount=Discount(on, -discount), allowances=(Allowance(False, Decimal("-1.23")),),
    )  # fmt: skip
    found, mirror = totals(whole, how), totals(back, how)
    assert (mirror.net, mirror.tax, mirror.total) == (-found.net, -found.tax, -found.total)
    assert (mirror.rounding, mirror.payable) == (-found.rounding, -found.payable)
    assert [line.amount for line in mirror.lines] == [-line.amount for line in found.lines]
    if how.tax_grouping != "tax_and_sign":
        assert [(row.code, -row.base, -row.amount) for row in mirror.taxes] == [
            (row.code, row.base, row.amount) for row in found.taxes
        ]
