"""Tax of the lines of a document: which taxes, on what base, rounded where the company says."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from erp.accounts.billing.figures import HUNDRED, ZERO, TaxRule, TaxTotal
from erp.accounts.conventions import Conventions
from erp.accounts.rounding import round_to, split

Key = tuple[str, bool]
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Taxable:
    """A line, or a document allowance, that is taxed: what is taken as its base, and its quantity."""

    amount: Decimal
    quantity: Decimal
    rules: tuple[TaxRule, ...]
    gross: bool = False
    early_discount_percent: Decimal = ZERO
    deductible_percent: Decimal = HUNDRED


@dataclass(slots=True)
class Cell:
    """One tax on one line: ``exact`` is unrounded, ``lost`` is the rounded part that may not be deducted."""

    line: int
    rule: TaxRule
    base: Decimal
    exact: Decimal
    negative: bool
    amount: Decimal = ZERO
    lost: Decimal = ZERO
    share: Decimal = HUNDRED


def cascade(net: Decimal, quantity: Decimal, rules: Iterable[TaxRule]) -> list[tuple[TaxRule, Decimal, Decimal]]:
    """Return (tax, its base, its amount), unrounded, in order of sequence."""
    result: list[tuple[TaxRule, Decimal, Decimal]] = []
    added, pending, current = ZERO, ZERO, None
    for rule in sorted(rules, key=lambda rule: rule.sequence):
        if rule.sequence != current:
            added, pending, current = added + pending, ZERO, rule.sequence
        base = net + added
        amount = _tax_on(rule, base, quantity)
        if rule.affects_base:
            pending += amount
        result.append((rule, base, amount))
    return result


def _tax_on(rule: TaxRule, base: Decimal, quantity: Decimal) -> Decimal:
    if rule.kind == "fixed_per_unit":
        return quantity * rule.rate
    if rule.kind == "percent_of_gross":
        return base * rule.rate / (HUNDRED - rule.rate)
    return base * rule.rate / HUNDRED


def net_from_gross(gross: Decimal, quantity: Decimal, rules: Sequence[TaxRule]) -> Decimal:
    """Return the amount before tax that becomes ``gross`` once taxed; unrounded."""
    fixed = sum((tax for _, _, tax in cascade(ZERO, quantity, rules)), ZERO)
    on_hundred = sum((tax for _, _, tax in cascade(HUNDRED, quantity, rules)), ZERO)
    return (gross - fixed) * HUNDRED / (HUNDRED + on_hundred - fixed)


def tax_cells(lines: Sequence[Taxable], ways: Conventions) -> list[Cell]:
    """Return every tax of every line, rounded and allotted as the company's conventions say."""
    cells = [cell for place, line in enumerate(lines) for cell in _cells_of(place, line)]
    _ROUNDERS[ways.tax_rounding](cells, ways)
    return cells


def _cells_of(place: int, line: Taxable) -> list[Cell]:
    net = net_from_gross(line.amount, line.quantity, line.rules) if line.gross else line.amount
    negative = (line.amount or line.quantity) < 0  # what is given away for nothing is taken back by its quantity
    cells = [Cell(place, rule, base, exact, negative) for rule, base, exact in
             cascade(net, line.quantity, line.rules)]  # fmt: skip
    if line.early_discount_percent:
        for cell in cells:
            if cell.rule.discounted and cell.rule.kind != "fixed_per_unit":
                cell.exact -= cell.exact * line.early_discount_percent / HUNDRED
    return cells


def _round_by_line(cells: list[Cell], ways: Conventions) -> None:
    for cell in cells:
        cell.amount = round_to(cell.exact, ways.rounding_unit, ways.rounding_mode)


def _round_by_line_combination(cells: list[Cell], ways: Conventions) -> None:
    for group in cells_by_line(cells).values():
        _round_together(group, ways)


def _round_by_document(cells: list[Cell], ways: Conventions) -> None:
    for group in _grouped(cells, lambda cell: group_key(cell, ways)).values():
        _round_together(group, ways)


def _round_by_document_combination(cells: list[Cell], ways: Conventions) -> None:
    if ways.tax_residual == "first_tax":
        _round_together(cells, ways)
        return
    groups = list(_grouped(cells, lambda cell: cell.rule.code).values())
    sums = [sum((cell.exact for cell in group), ZERO) for group in groups]
    whole = round_to(sum(sums, ZERO), ways.rounding_unit, ways.rounding_mode)
    for group, total in zip(groups, split(whole, sums, ways.rounding_unit, ways.rounding_mode), strict=True):
        _allot(group, total, ways)


_ROUNDERS: dict[str, Callable[[list[Cell], Conventions], None]] = {
    "line": _round_by_line,
    "line_combination": _round_by_line_combination,
    "document": _round_by_document,
    "document_combination": _round_by_document_combination,
}


def _round_together(cells: list[Cell], ways: Conventions) -> None:
    total = sum((cell.exact for cell in cells), ZERO)
    _allot(cells, round_to(total, ways.rounding_unit, ways.rounding_mode), ways)


def _allot(cells: list[Cell], total: Decimal, ways: Conventions) -> None:
    parts = split(total, [cell.exact for cell in cells], ways.rounding_unit, ways.rounding_mode)
    for cell, part in zip(cells, parts, strict=True):
        cell.amount = part


def _grouped(cells: Iterable[Cell], key: Callable[[Cell], K]) -> dict[K, list[Cell]]:
    groups: dict[K, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(key(cell), []).append(cell)
    return groups


def cells_by_line(cells: Iterable[Cell]) -> dict[int, list[Cell]]:
    """Return the taxes of each line, found by its place in the document."""
    return _grouped(cells, lambda cell: cell.line)


def group_key(cell: Cell, ways: Conventions) -> Key:
    """Return what makes a tax row of its own: the tax, its head, or the tax and the sign of the line."""
    if ways.tax_grouping == "head" and cell.rule.head:
        return cell.rule.head, False
    return cell.rule.code, ways.tax_grouping == "tax_and_sign" and cell.negative


def tax_rows(cells: list[Cell], lines: Sequence[Taxable], ways: Conventions) -> list[TaxTotal]:
    """Return the tax rows of a document: one a tax; lines of negative amount apart where the company says so."""
    bases = _bases(cells, lines)
    rows: dict[Key, TaxTotal] = {}
    for cell, base in zip(cells, bases, strict=True):
        rule, negative = cell.rule, ways.tax_grouping == "tax_and_sign" and cell.negative
        row = rows.get((rule.code, negative)) or TaxTotal(rule.code, rule.rate, ZERO, ZERO, negative)
        rows[rule.code, negative] = replace(row, base=row.base + base, amount=row.amount + cell.amount)
    return [replace(row, base=round_to(row.base, ways.rounding_unit, ways.rounding_mode)) for row in rows.values()]


def _bases(cells: list[Cell], lines: Sequence[Taxable]) -> list[Decimal]:
    """Return the base of each cell; with prices including tax it is what remains after rounding."""
    by_line = cells_by_line(cells)
    return [_base(cell, lines[cell.line], by_line[cell.line]) for cell in cells]


def _base(cell: Cell, line: Taxable, own: list[Cell]) -> Decimal:
    base = cell.base
    if line.gross:
        before = (o.amount for o in own if o.rule.affects_base and o.rule.sequence < cell.rule.sequence)
        base = line.amount - sum((o.amount + o.lost for o in own), ZERO) + sum(before, ZERO)
    return base * cell.share / HUNDRED


def lose_what_is_not_deductible(cells: list[Cell], lines: Sequence[Taxable], ways: Conventions) -> None:
    """Move the part of each tax that may not be deducted into the cost of its line."""
    for cell in cells:
        cell.share = lines[cell.line].deductible_percent if cell.rule.deductible else ZERO
        if cell.share != HUNDRED:
            kept = round_to(cell.amount * cell.share / HUNDRED, ways.rounding_unit, ways.rounding_mode)
            cell.amount, cell.lost = kept, cell.amount - kept
