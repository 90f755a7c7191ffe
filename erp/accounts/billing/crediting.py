"""Rules about quantities, and what a credit note takes back: the same for both sides. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from erp.accounts.billing.shapes import LARGEST
from erp.accounts.rounding import ZERO
from erp.kernel.change import decimal_text
from erp.kernel.errors import Problem, Problems
from erp.kernel.text import _

COPIED = (
    "item_id", "description", "unit_id", "price", "base_quantity", "discount_percent", "tax_codes", "account_id",
    "deductible_percent", "dimensions", "allowances",
)  # fmt: skip


def quantity_problems(document: Any) -> list[Problem]:
    """Refuse lines of nothing, and negative documents that are no credit note.

    A negative line is a deduction as long as the document stays positive.
    """
    gives_back = bool(getattr(document, "credits_id", None) or getattr(document, "credit_note", False))
    found = []
    for place, line in enumerate(document.lines, 1):
        if not line.quantity and line.amount_given is None:
            found.append(Problem(f"lines.{place}.quantity", "zero", _("Enter a quantity."), place))
        if gives_back and line.quantity > 0 and line.price > 0 and document.total >= 0:
            message = _("A credit note takes back: enter a negative quantity.")
            found.append(Problem(f"lines.{place}.quantity", "not_negative", message, place))
        if not gives_back and line.quantity < 0 and document.total < 0:
            message = _("Enter a quantity above zero. To give something back, make a credit note.")
            found.append(Problem(f"lines.{place}.quantity", "negative", message, place))
    if not gives_back and document.total < 0 and not found:
        found.append(
            Problem("total", "negative", _("The total is negative. To give something back, make a credit note."))
        )
    return found


def size_problems(document: Any) -> list[Problem]:
    """Refuse amounts that no book could hold."""
    message = _("This amount is too large.")
    found = [
        Problem(f"lines.{place}.amount", "too_large", message, place)
        for place, line in enumerate(document.lines, 1)
        if abs(line.amount) >= LARGEST
    ]
    if not found and abs(document.total) >= LARGEST:
        found.append(Problem("total", "too_large", message))
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the source and how much of it is taken; positive."""

    line: Any
    quantity: Decimal


def parts_of(lines: Iterable[Any], left: dict[int, Decimal], wanted: Any, key: str) -> list[Part]:
    """Return which lines are taken, and how much: all that is left, or what ``wanted`` says ([{key, quantity}]).

    Raises ``Problems`` for lines of another document and for more than is left.
    """
    by_id = {line.id: line for line in lines}
    if wanted is None:
        return [Part(line, left[line.id]) for line in by_id.values() if left.get(line.id)]
    if not isinstance(wanted, list) or not all(isinstance(row, dict) for row in wanted):
        raise Problems([Problem("lines", "not_a_list", _("Send a list of lines."))])
    parts, problems = [], []
    for place, row in enumerate(wanted, 1):
        line = by_id.get(_id(row.get(key, row.get("id"))))
        if line is None:
            problems.append(
                Problem(f"lines.{place}.{key}", "not_found", _("This line is not of this document."), place)
            )
            continue
        quantity = _quantity(row.get("quantity"), left[line.id])
        if quantity is None or not quantity:
            problems.append(
                Problem(f"lines.{place}.quantity", "not_a_number", _("Enter a quantity above zero."), place)
            )
        elif abs(quantity) > abs(left[line.id]) or quantity * left[line.id] < 0:
            message = _("Only %(quantity)s is left.", quantity=decimal_text(left[line.id]))
            problems.append(Problem(f"lines.{place}.quantity", "more_than_left", message, place))
        else:
            parts.append(Part(line, quantity))
    if problems:
        raise Problems(problems)
    return parts


def _id(value: Any) -> int:
    if isinstance(value, dict):
        value = value.get("id")
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else 0


def _quantity(value: Any, left: Decimal) -> Decimal | None:
    if value is None:
        return left
    try:
        quantity = Decimal(value) if isinstance(value, str | int) else None
    except InvalidOperation:
        return None
    return quantity if quantity is not None and quantity.is_finite() else None


def line_payload(part: Part, sign: int = 1) -> dict[str, Any]:
    """Return a line of a new document that takes ``part``; names as the API has them."""
    line, payload = part.line, {}
    for name in COPIED:
        value = getattr(line, name, None)
        if value is not None:
            payload[name.removesuffix("_id")] = value
    payload["quantity"] = sign * part.quantity
    if line.amount_given is not None and line.quantity:
        payload["amount_given"] = sign * line.amount_given if part.quantity == line.quantity else None
    return payload


def head_payload(document: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return the named columns of a document as a payload for one that is made from it; empty ones left out."""
    values = {name: getattr(document, name) for name in names}
    return {name.removesuffix("_id"): value for name, value in values.items() if value not in (None, "", ZERO)}


def share_of(parts: Iterable[Part], lines: Iterable[Any]) -> Decimal:
    """Return which share of a document's line amounts the parts are: 1 for all of it."""
    whole, taken = ZERO, ZERO
    by_line = {part.line.id: part.quantity for part in parts}
    for line in lines:
        whole += line.amount
        taken += line.amount * by_line.get(line.id, ZERO) / line.quantity if line.quantity else ZERO
    return taken / whole if whole else Decimal(1)


def scaled(document: Any, factor: Decimal) -> dict[str, Any]:
    """Return discount, allowances, charges and taxes by hand of a document times ``factor`` (-1 takes all back)."""
    payload: dict[str, Any] = {}
    if document.discount:
        payload["discount"] = _times(document.discount, factor, ("amount",))
    for name, figures in (
        ("allowances", ("amount", "base")),
        ("charges", ("amount",)),
        ("manual_taxes", ("amount", "base")),
    ):
        rows = getattr(document, name, None)
        if rows:
            payload[name] = [_times(row, factor, figures) for row in rows]
    if document.rounding_given is not None and abs(factor) == 1:
        payload["rounding_given"] = document.rounding_given * factor
    if document.company_amount is not None and abs(factor) == 1:
        payload["company_amount"] = document.company_amount * factor
    return payload


def _times(row: dict[str, Any], factor: Decimal, names: Iterable[str]) -> dict[str, Any]:
    changed = {
        name: decimal_text(Decimal(str(row[name])) * factor) for name in names if row.get(name) not in (None, "")
    }
    return {**row, **changed}


def read_head(given: dict[str, Any]) -> dict[str, Any]:
    """Return the dates with which a document is made from another; raise ``Problems`` for anything else."""
    given = {name: value for name, value in given.items() if name not in {"reason", "comment"}}
    if "date" in given:
        given.setdefault("posting_date", given.pop("date"))
    unknown = [name for name in given if name not in {"posting_date", "due_date"}]
    if unknown:
        raise Problems([Problem(name, "unknown_field", _("There is no such field here.")) for name in unknown])
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items() if value}
