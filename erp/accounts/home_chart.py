"""Where the bars and lines of the cash chart stand: figures become places, the template only draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_compact_decimal

from erp.accounts.rounding import ZERO, round_to
from erp.kernel.format import Format
from erp.kernel.text import _

LEFT, RIGHT = Decimal(52), Decimal(716)
TOP, ZERO_AT = Decimal(16), Decimal(150)
BAND_TOP, BAND_LOW = Decimal(168), Decimal(194)
WIDEST_BAR = Decimal(18)
TENTH = Decimal("0.1")
STEPS = 3
NICE = (
    Decimal(1),
    Decimal("1.5"),
    Decimal(2),
    Decimal("2.5"),
    Decimal(3),
    Decimal(4),
    Decimal(5),
    Decimal(8),
    Decimal(10),
)
Month = tuple[str, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Bar:
    """Both bars of a month, from the top left corner of each."""

    label: str
    middle: Decimal
    width: Decimal
    into_top: Decimal
    out_top: Decimal
    expected: bool

    @property
    def into(self) -> tuple[Decimal, Decimal, Decimal]:
        """Return x, y and height of the money that came in."""
        return self.middle - self.width - 1, self.into_top, ZERO_AT - self.into_top

    @property
    def out(self) -> tuple[Decimal, Decimal, Decimal]:
        """Return x, y and height of the money that went out."""
        return self.middle + 1, self.out_top, ZERO_AT - self.out_top


def nice_step(top: Decimal, steps: int = STEPS) -> Decimal:
    """Return a round distance between the lines of an axis: ``steps`` of them reach ``top``."""
    least = max(top, Decimal(1)) / steps
    power = Decimal(10) ** (least.adjusted())
    return next(nice * power for nice in NICE if nice * power >= least)


def cash_picture(
    fmt: Format, currency: str, months: Sequence[Month], balance: Sequence[Decimal], expected: int
) -> dict[str, Any]:
    """Return the chart of money in and out by month, the last ``expected`` of them to come, and of the balance."""
    step = nice_step(max((max(into, out) for _label, into, out in months), default=ZERO))
    top = step * STEPS
    slot = (RIGHT - LEFT) / max(len(months), 1)
    width = min(slot / 2 - 4, WIDEST_BAR)
    known = len(months) - expected
    bars = [
        Bar(label, LEFT + slot * (n + Decimal("0.5")), width, height(into, top), height(out, top), n >= known)
        for n, (label, into, out) in enumerate(months)
    ]
    points = line([bar.middle for bar in bars], balance)
    shown = ((known - 1, points[known - 1]), (0, points[0])) if points else ()
    return {
        "title": _("Cash flow, %(currency)s", currency=currency), "words": (_("Money in"), _("Money out"), _("Balance")),
        "desc": _("Money in and out of bank and cash accounts, and their balance, month by month."),
        "bars": bars, "axis": [(height(step * n, top), compact(fmt, step * n)) for n in range(STEPS + 1)],
        "line": points[:known], "dashed": points[known - 1 :] if expected else [],
        "ends": [(x, y, compact(fmt, balance[n])) for n, (x, y) in shown],
        "shade": (LEFT + slot * known, slot * expected) if expected else None,
        "rows": [
            (label, fmt.money(into, currency), fmt.money(out, currency), fmt.money(left, currency), n >= known)
            for n, ((label, into, out), left) in enumerate(zip(months, balance, strict=True))
        ],
    }  # fmt: skip


def height(amount: Decimal, top: Decimal) -> Decimal:
    """Return where a bar of this amount ends above the base line."""
    return round_to(ZERO_AT - max(amount, ZERO) / top * (ZERO_AT - TOP), TENTH)


def line(middles: Sequence[Decimal], values: Sequence[Decimal]) -> list[tuple[Decimal, Decimal]]:
    """Return the points of a line in the band below the bars; equal values are a level line."""
    low, high = min(values, default=ZERO), max(values, default=ZERO)
    span = high - low or Decimal(1)
    return [
        (round_to(x, TENTH), round_to(BAND_LOW - (value - low) / span * (BAND_LOW - BAND_TOP), TENTH))
        for x, value in zip(middles, values, strict=True)
    ]


def compact(fmt: Format, amount: Decimal) -> str:
    """Return an amount in few signs: ``120K``, ``12万``."""
    rounded = round_to(amount, Decimal(1)) if abs(amount) >= STEPS else amount
    digits = 1 if rounded.adjusted() % 3 == 0 else 0
    return str(format_compact_decimal(rounded, locale=fmt.locale, fraction_digits=digits))
