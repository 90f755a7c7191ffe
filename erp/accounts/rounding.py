"""Rounding of amounts to a unit, and shares that add up to the whole."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal, localcontext

ZERO = Decimal(0)
WIDE = Context(prec=60)
NOISE = Decimal("1E-25")
"""Finer than any amount that is entered: what a division leaves beyond it is no reason to round up, or down."""
MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}


def round_to(amount: Decimal, unit: Decimal, mode: str = "half_up") -> Decimal:
    """Return ``amount`` as a multiple of ``unit``; half_up goes away from zero, down towards it."""
    with localcontext(WIDE):
        return (amount / unit).quantize(NOISE).quantize(Decimal(1), MODES[mode]) * unit


def is_finer(amount: Decimal | None, unit: Decimal) -> bool:
    """Return whether an amount has digits that a currency does not have."""
    return bool(amount and amount % unit)


def shares(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Return ``total`` divided in proportion to ``weights``, each a multiple of ``unit``, adding up exactly.

    Without any weight the first share takes all of it.
    """
    whole = sum(weights, ZERO)
    if not whole:
        return [total, *[ZERO] * (len(weights) - 1)] if weights else []
    taken, passed, result = ZERO, ZERO, []
    for weight in weights:
        passed += weight
        upto = total if passed == whole else round_to(total * passed / whole, unit)
        result.append(upto - taken)
        taken = upto
    return result


def split(total: Decimal, exact: Sequence[Decimal], unit: Decimal, mode: str) -> list[Decimal]:
    """Return ``exact`` parts rounded to the nearest unit so that they add up to ``total``.

    What is left over stands on the first parts, one unit each.
    """
    nearest = mode if mode == "half_even" else "half_up"
    parts = [round_to(part, unit, nearest) for part in exact]
    left = total - sum(parts, ZERO)
    step = unit if left > 0 else -unit
    place = 0
    while parts and left:
        change = step if abs(left) >= unit else left
        parts[place % len(parts)] += change
        left -= change
        place += 1
    return parts
