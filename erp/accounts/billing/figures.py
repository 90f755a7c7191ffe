"""The figures that go into a billable document, and those that come out of it. Amounts in its own currency."""

from dataclasses import dataclass
from decimal import Decimal

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)


@dataclass(frozen=True, slots=True)
class TaxRule:
    """A tax with the rate in force on the day of the document.

    ``rate`` is a percentage, or an amount for one unit when ``kind`` is fixed_per_unit. Taxes of the same
    ``sequence`` share a base; one that ``affects_base`` enlarges the base of later sequences.
    """

    code: str
    rate: Decimal
    kind: str = "percent"
    sequence: int = 0
    affects_base: bool = False
    head: str = ""
    category: str = ""
    deductible: bool = True
    discounted: bool = True
    cash_basis: bool = False


@dataclass(frozen=True, slots=True)
class Allowance:
    """An allowance, or a charge, on a line or on the document: an amount, or a percentage of ``base``."""

    charge: bool
    amount: Decimal | None = None
    percent: Decimal | None = None
    base: Decimal | None = None
    taxes: tuple[str, ...] = ()

    def value(self, base: Decimal) -> Decimal:
        """Return the amount, unrounded; charges positive, allowances negative."""
        amount = self.amount
        if amount is None:
            amount = (base if self.base is None else self.base) * (self.percent or ZERO) / HUNDRED
        return amount if self.charge else -amount


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line: quantity times price for ``base_quantity``, less discount; an ``amount`` given by hand rules."""

    quantity: Decimal = ONE
    price: Decimal = ZERO
    base_quantity: Decimal = ONE
    discount_percent: Decimal = ZERO
    amount: Decimal | None = None
    taxes: tuple[str, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    deductible_percent: Decimal = HUNDRED


@dataclass(frozen=True, slots=True)
class Charge:
    """A row after the lines: actual ``amount``, or ``rate`` % of net, of a row's amount or of a running total.

    ``row`` counts from 1. With basis ``lines`` each line has a rate of its own.
    """

    name: str
    basis: str = "actual"
    amount: Decimal = ZERO
    rate: Decimal = ZERO
    line_rates: tuple[Decimal, ...] = ()
    row: int = 0
    included: bool = False


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount on the whole document: an amount or a percentage, of the net or of the gross total."""

    on: str = "net"
    amount: Decimal | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ManualTax:
    """A tax entered by hand, such as the import tax on a customs paper."""

    code: str
    amount: Decimal
    base: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Bill:
    """A billable document as far as adding up goes."""

    lines: tuple[BillLine, ...]
    taxes: tuple[TaxRule, ...] = ()
    prices_include_tax: bool = False
    discount: Discount | None = None
    allowances: tuple[Allowance, ...] = ()
    charges: tuple[Charge, ...] = ()
    manual_taxes: tuple[ManualTax, ...] = ()
    prepaid: Decimal = ZERO
    rounding: Decimal | None = None
    early_discount_percent: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class LineTotal:
    """What a line comes to: ``amount`` is its net, rounded, non-deductible tax included."""

    amount: Decimal
    taxes: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One tax row of a document. ``negative`` rows hold the lines of negative amount where those stand apart."""

    code: str
    rate_percent: Decimal
    base: Decimal
    amount: Decimal
    negative: bool = False


@dataclass(frozen=True, slots=True)
class ChargeTotal:
    """One charge row with the running total after it."""

    name: str
    amount: Decimal
    running_total: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """What a document adds up to.

    ``net`` holds lines and document allowances; ``total`` = net + tax + charges; ``payable`` = total + rounding -
    prepaid. ``before_discount`` is the sum of the lines before the document discount.
    """

    lines: tuple[LineTotal, ...]
    taxes: tuple[TaxTotal, ...]
    charges: tuple[ChargeTotal, ...]
    allowances: tuple[Decimal, ...]
    line_total: Decimal
    allowance_total: Decimal
    charge_total: Decimal
    before_discount: Decimal
    net: Decimal
    tax: Decimal
    total: Decimal
    rounding: Decimal
    prepaid: Decimal
    payable: Decimal
    heads: tuple[tuple[str, Decimal], ...] = ()
