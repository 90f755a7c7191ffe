"""Rules about parties, dates and quantities, and which lines go over to another document: both sides. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from erp.accounts.billing.shapes import LARGEST
from erp.kernel.change import decimal_text
from erp.kernel.errors import Problem, Problems
from erp.kernel.records import ACTIVE
from erp.kernel.text import _


def party_problems(document: Any, party: Any) -> list[Problem]:
    """Refuse a party who is archived or belongs to another company; ``party`` has name, state and company."""
    if party is None:
        return []
    if party.state != ACTIVE:
        return [Problem(document.__party__, "archived", _("%(name)s is archived.", name=party.name))]
    if party.company_id is not None and party.company_id != document.company_id:
        words = (
            _("%(name)s is a customer of another company.", name=party.name)
            if document.__side__ == "sale"
            else _("%(name)s is a supplier of another company.", name=party.name)
        )
        return [Problem(document.__party__, "other_company", words)]
    return []


def due_problems(document: Any) -> list[Problem]:
    """Refuse a document that is due before its own day."""
    if document.due_date is None or document.due_date >= document.posting_date:
        return []
    return [Problem("due_date", "before_posting", _("Before the date of the invoice. Choose that day or a later one."))]


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


def draft_problems(document: Any) -> list[Problem]:
    """Return what is not even a draft: amounts that no book could hold, discounts above all of it."""
    found = size_problems(document)
    for place, line in enumerate(document.lines, 1):
        if abs(line.discount_percent or 0) > 100:
            message = _("A discount is between 0 and 100 %.")
            found.append(Problem(f"lines.{place}.discount_percent", "out_of_range", message, place))
        if line.price is not None and line.price < 0 and not line.item_id and not line.description:
            found.append(Problem(f"lines.{place}.description", "required", _("Say what this deduction is for."), place))
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


def read_head(given: dict[str, Any]) -> dict[str, Any]:
    """Return the dates with which a document is made from another; raise ``Problems`` for anything else."""
    given = {name: value for name, value in given.items() if name not in {"reason", "comment"}}
    if "date" in given:
        given.setdefault("posting_date", given.pop("date"))
    unknown = [name for name in given if name not in {"posting_date", "due_date"}]
    if unknown:
        raise Problems([Problem(name, "unknown_field", _("There is no such field here.")) for name in unknown])
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items() if value}
