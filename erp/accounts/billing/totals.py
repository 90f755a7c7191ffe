"""Adding up a billable document: lines, discount, allowances, taxes, charges, rounding.

Pure: figures in, figures out. Line amounts are rounded when made; tax is rounded once per document and tax
unless the company's conventions say otherwise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from erp.accounts.billing.charges import charge_rows, without_included
from erp.accounts.billing.figures import (
    HUNDRED,
    ZERO,
    Bill,
    BillLine,
    ChargeTotal,
    Discount,
    LineTotal,
    TaxRule,
    TaxTotal,
    Totals,
)
from erp.accounts.billing.taxes import (
    Cell,
    Taxable,
    cascade,
    cells_by_line,
    group_key,
    lose_what_is_not_deductible,
    net_from_gross,
    tax_cells,
    tax_rows,
)
from erp.accounts.conventions import Conventions
from erp.accounts.rounding import round_to, shares

ENOUGH_DIGITS = 60


def totals(bill: Bill, ways: Conventions) -> Totals:
    """Return what the document adds up to."""
    with localcontext(prec=ENOUGH_DIGITS):
        return _totals(bill, ways)


def _totals(bill: Bill, ways: Conventions) -> Totals:
    exact = [line_amount(line) for line in bill.lines]
    rounded = [_round(amount, ways) for amount in exact]
    before = sum(rounded, ZERO)
    if any(charge.included for charge in bill.charges):
        exact = without_included(bill.charges, exact)
        rounded = [_round(amount, ways) for amount in exact]
    bases = rounded if ways.tax_base == "rounded" else exact
    lines = _taxable_lines(bill, bases)
    if bill.discount is not None:
        lines = _discounted(lines, bill, bill.discount, ways)
        rounded = [_round(line.amount, ways) for line in lines]
    allowances = _taxable_allowances(bill, sum(rounded, ZERO), ways)
    return _added_up(bill, ways, before, rounded, lines=lines, allowances=allowances)


def line_amount(line: BillLine) -> Decimal:
    """Return the amount of a line, unrounded: quantity x price / base quantity, less discount and allowances."""
    if line.amount is not None:
        return line.amount
    plain = line.quantity * line.price / line.base_quantity
    amount = plain - plain * line.discount_percent / HUNDRED
    return amount + sum((allowance.value(plain) for allowance in line.allowances), ZERO)


def _round(amount: Decimal, ways: Conventions) -> Decimal:
    return round_to(amount, ways.rounding_unit, ways.rounding_mode)


def _rules(bill: Bill, codes: Sequence[str]) -> tuple[TaxRule, ...]:
    """Return the taxes of these codes that are in force on the day of the document."""
    known = {rule.code: rule for rule in bill.taxes}
    return tuple(known[code] for code in codes if code in known)


def _taxable_lines(bill: Bill, bases: Sequence[Decimal]) -> list[Taxable]:
    return [
        Taxable(
            base,
            line.quantity,
            _rules(bill, line.taxes),
            bill.prices_include_tax,
            bill.early_discount_percent,
            line.deductible_percent,
        )
        for line, base in zip(bill.lines, bases, strict=True)
    ]


def _taxable_allowances(bill: Bill, base: Decimal, ways: Conventions) -> list[Taxable]:
    return [
        Taxable(
            _round(allowance.value(base), ways),
            ZERO,
            _rules(bill, allowance.taxes),
            bill.prices_include_tax,
            bill.early_discount_percent,
        )
        for allowance in bill.allowances
    ]


def _discounted(lines: list[Taxable], bill: Bill, discount: Discount, ways: Conventions) -> list[Taxable]:
    """Return the lines less the document discount, which is spread over them in proportion.

    A discount on the gross total fixes that total: the lines are turned gross and their net follows.
    """
    nets = [_net_of(line) for line in lines]
    if discount.on == "gross":
        gross = [_gross_of(line) for line in lines]
        whole = _round(sum(gross, ZERO), ways)
        taken = _taken_from_lines(bill, discount, nets, whole, ways)
        left = shares(whole - taken, gross, ways.rounding_unit)
        return [replace(line, amount=amount, gross=True) for line, amount in zip(lines, left, strict=True)]
    parts = shares(_discount_of(discount, sum(nets, ZERO), ways), nets, ways.rounding_unit)
    return [_less(line, net, part) for line, net, part in zip(lines, nets, parts, strict=True)]


def _taken_from_lines(
    bill: Bill, discount: Discount, nets: Sequence[Decimal], whole: Decimal, ways: Conventions
) -> Decimal:
    """Return what of a discount on the gross total falls on lines and taxes: charges that follow the net take part."""
    net, nothing = sum(nets, ZERO), [ZERO] * len(nets)
    charged = _charged(charge_rows(bill.charges, nets, net, whole, ways))
    fixed = _charged(charge_rows(bill.charges, nothing, ZERO, ZERO, ways))
    amount, follows = _discount_of(discount, whole + charged, ways), whole + charged - fixed
    return _round(amount * whole / follows, ways) if bill.charges and follows else amount


def _charged(rows: Iterable[ChargeTotal]) -> Decimal:
    return sum((row.amount for row in rows), ZERO)


def _discount_of(discount: Discount, base: Decimal, ways: Conventions) -> Decimal:
    amount = discount.amount
    return _round(base * (discount.percent or ZERO) / HUNDRED if amount is None else amount, ways)


def _gross_of(line: Taxable) -> Decimal:
    if line.gross:
        return line.amount
    return line.amount + sum((tax for _, _, tax in cascade(line.amount, line.quantity, line.rules)), ZERO)


def _net_of(line: Taxable) -> Decimal:
    return net_from_gross(line.amount, line.quantity, line.rules) if line.gross else line.amount


def _less(line: Taxable, net: Decimal, part: Decimal) -> Taxable:
    """Return a line whose net is lower by ``part``; a price with tax falls with its tax."""
    if not line.gross:
        return replace(line, amount=line.amount - part)
    return replace(line, amount=_gross_of(replace(line, amount=net - part, gross=False)))


def _added_up(
    bill: Bill,
    ways: Conventions,
    before: Decimal,
    rounded: list[Decimal],
    *,
    lines: list[Taxable],
    allowances: list[Taxable],
) -> Totals:
    taxed = [*lines, *allowances]
    cells = tax_cells(taxed, ways)
    lose_what_is_not_deductible(cells, taxed, ways)
    nets = _nets([*rounded, *(allowance.amount for allowance in allowances)], taxed, cells, ways)
    rows = [*tax_rows(cells, taxed, ways), *_manual(bill)]
    net, tax = sum(nets, ZERO), sum((row.amount for row in rows), ZERO)
    line_nets, allowance_nets = nets[: len(lines)], nets[len(lines) :]
    charges = charge_rows(bill.charges, line_nets, sum(line_nets, ZERO), net + tax, ways)
    total = net + tax + _charged(charges)
    rounding = _rounding(bill, ways, total) + _included_difference(rounded, allowances, net + tax, ways, taxed)
    return Totals(
        lines=_line_totals(line_nets, cells),
        taxes=tuple(rows),
        charges=tuple(charges),
        allowances=tuple(allowance_nets),
        line_total=sum(line_nets, ZERO),
        allowance_total=-sum((n for n, a in zip(allowance_nets, bill.allowances, strict=True) if not a.charge), ZERO),
        charge_total=sum((n for n, a in zip(allowance_nets, bill.allowances, strict=True) if a.charge), ZERO),
        before_discount=before,
        net=net,
        tax=tax,
        total=total,
        rounding=rounding,
        prepaid=bill.prepaid,
        payable=total + rounding - bill.prepaid,
        heads=_heads(cells, ways),
    )


def _nets(amounts: list[Decimal], taxed: list[Taxable], cells: list[Cell], ways: Conventions) -> list[Decimal]:
    """Return the net of each line: its amount without the tax it holds, with the tax that may not be deducted."""
    result = []
    by_line = cells_by_line(cells)
    for place, (amount, line) in enumerate(zip(amounts, taxed, strict=True)):
        own = by_line.get(place, [])
        lost = sum((cell.lost for cell in own), ZERO)
        if not line.gross:
            result.append(amount + lost)
        elif ways.included_tax_residual == "rounding_account":
            result.append(_round(_net_of(line), ways) + lost)
        else:
            result.append(amount - sum((cell.amount for cell in own), ZERO))
    return result


def _manual(bill: Bill) -> list[TaxTotal]:
    rates = {rule.code: rule.rate for rule in bill.taxes}
    return [TaxTotal(tax.code, rates.get(tax.code, ZERO), tax.base, tax.amount) for tax in bill.manual_taxes]


def _rounding(bill: Bill, ways: Conventions, total: Decimal) -> Decimal:
    """Return what is added to the total so that it can be paid in cash; the document may state it itself."""
    if bill.rounding is not None:
        return bill.rounding
    if ways.cash_rounding_unit is None or ways.cash_rounding_scope != "document":
        return ZERO
    due = total - bill.prepaid
    return round_to(due, ways.cash_rounding_unit) - due


def _included_difference(
    rounded: list[Decimal], allowances: list[Taxable], taxed_total: Decimal, ways: Conventions, taxed: list[Taxable]
) -> Decimal:
    """Return what prices with tax differ from net and taxes rounded apart, where that is the convention."""
    if ways.included_tax_residual != "rounding_account" or not any(line.gross for line in taxed):
        return ZERO
    return sum(rounded, ZERO) + sum((allowance.amount for allowance in allowances), ZERO) - taxed_total


def _line_totals(amounts: Sequence[Decimal], cells: list[Cell]) -> tuple[LineTotal, ...]:
    by_line = cells_by_line(cells)
    return tuple(
        LineTotal(amount, tuple((cell.rule.code, cell.amount) for cell in by_line.get(place, ())))
        for place, amount in enumerate(amounts)
    )


def _heads(cells: list[Cell], ways: Conventions) -> tuple[tuple[str, Decimal], ...]:
    """Return the tax of each head, where the company groups taxes by head."""
    if ways.tax_grouping != "head":
        return ()
    sums: dict[str, Decimal] = {}
    for cell in cells:
        head = group_key(cell, ways)[0]
        sums[head] = sums.get(head, ZERO) + cell.amount
    return tuple(sums.items())
