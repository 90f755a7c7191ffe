"""The shapes of what documents carry as JSON, checked before anything is computed with it. Pure."""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from erp.company.currency import code_problems
from erp.kernel.errors import Problem
from erp.kernel.records.types import fits
from erp.kernel.text import _

LARGEST = Decimal("1e15")
DECIMALS = 8
WHOLE = 100
BASES = ("actual", "net", "lines", "row_amount", "row_total")
Problems = Iterator[Problem]


def shape_problems(document: Any) -> list[Problem]:
    """Refuse discounts, allowances, charges, taxes by hand and dimensions that are not made as documented."""
    found = [*_discount(document.discount), *_rows(document, "allowances", _allowance)]
    found += [*_rows(document, "charges", _charge), *_rows(document, "manual_taxes", manual_tax)]
    for place, line in enumerate(document.lines, 1):
        own = [*_rows(line, "allowances", _allowance), *dimension_problems(line), *_deductible(line)]
        found += [problem.under("lines", place) for problem in own]
    return found


def manual_tax_problems(document: Any) -> list[Problem]:
    """Refuse taxes by hand that are not made as documented."""
    return list(_rows(document, "manual_taxes", manual_tax))


def dimension_problems(line: Any) -> Problems:
    """Refuse dimensions that are not words by name."""
    given = line.dimensions
    if given and not (isinstance(given, dict) and all(isinstance(one, str) for pair in given.items() for one in pair)):
        yield Problem("dimensions", "wrong_shape", _("Send dimensions as {name: value}, both of them texts."))


def _deductible(line: Any) -> Problems:
    if line.deductible_percent is not None and not 0 <= line.deductible_percent <= WHOLE:
        yield Problem("deductible_percent", "out_of_range", _("Between %(least)s and %(most)s.", least=0, most=WHOLE))


def _discount(given: Any) -> Problems:
    if given is None:
        return
    known = isinstance(given, dict) and given.get("on", "net") in ("net", "gross")
    stated = known and any(given.get(name) not in (None, "") for name in ("amount", "percent"))
    if not stated or not _figures(given, "amount", "percent"):
        yield Problem("discount", "wrong_shape", _("Send a discount as {on: net or gross, amount or percent}."))


def _rows(owner: Any, name: str, check: Callable[[dict[str, Any], int], bool]) -> Problems:
    rows = getattr(owner, name, None)
    if rows is None:
        return
    if not isinstance(rows, list):
        yield Problem(name, "wrong_shape", _("Send a list of objects whose amounts are strings."))
        return
    for place, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not check(row, place):
            message = _("Row %(n)s is not made as documented; amounts are strings.", n=place)
            yield Problem(name, "wrong_shape", message)


def _allowance(row: dict[str, Any], _place: int) -> bool:
    codes = row.get("tax_codes")
    listed = codes is None or (isinstance(codes, list) and all(isinstance(code, str) for code in codes))
    stated = any(row.get(name) not in (None, "") for name in ("amount", "percent"))
    return listed and stated and _figures(row, "amount", "percent", "base")


def _charge(row: dict[str, Any], place: int) -> bool:
    basis, rates = row.get("basis", "actual"), row.get("line_rates")
    account = row.get("account")
    if basis not in BASES or not _figures(row, "amount", "rate") or not isinstance(account, str | None):
        return False
    if not (rates is None or (isinstance(rates, list) and all(is_figure(rate) for rate in rates))):
        return False
    above = str(row.get("row") or "")
    return not basis.startswith("row_") or (above.isascii() and above.isdigit() and 1 <= int(above) < place)


def manual_tax(row: dict[str, Any], _place: int) -> bool:
    """Return whether a tax by hand names a tax and an amount."""
    stated = row.get("amount") not in (None, "")
    return isinstance(row.get("tax"), str) and stated and _figures(row, "amount", "base")


def _figures(row: dict[str, Any], *names: str) -> bool:
    return all(row.get(name) in (None, "") or is_figure(row[name]) for name in names)


def is_figure(value: Any) -> bool:
    """Return whether a value is an exact number that books can hold."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return False
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return False
    return number.is_finite() and abs(number) < LARGEST and fits(number, 60, DECIMALS)


def number(value: Any) -> Decimal:
    """Return a figure of a JSON column as an exact number; absent is zero."""
    return Decimal(str(value)) if value not in (None, "") else Decimal(0)


def too_precise(unit: Decimal) -> str:
    """Return the message about an amount with more digits than its currency has."""
    return _("This currency is counted in %(unit)s.", unit=format(unit, "f"))


def currency_problems(currency: str | None, rate: Decimal | None) -> list[Problem]:
    """Refuse a currency that does not exist, and an exchange rate that is not above zero."""
    found = code_problems("currency", currency)
    if rate is not None and rate <= 0:
        found.append(Problem("rate", "not_positive", _("A rate is more than zero.")))
    return found
