"""What a credit note takes back of the invoice it names, line by line, less what earlier ones took: both sides."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from erp.accounts.billing.crediting import parts_of, read_head
from erp.accounts.billing.passing_on import (
    Passing,
    booked_amount,
    fits,
    fixed_amounts,
    head_payload,
    is_reduction,
    line_payload,
    share_of,
    taken_by,
)
from erp.accounts.company import books_of
from erp.accounts.conventions import Conventions
from erp.accounts.rounding import ZERO
from erp.kernel.change import Work, decimal_text, save
from erp.kernel.errors import Conflict, Problem
from erp.kernel.records import SUBMITTED, Record
from erp.kernel.text import _

GIVES_BACK = -1
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Credited:
    """The invoice that a credit note names, its lines, and what other submitted credit notes took of it."""

    invoice: Any = None
    lines: Mapping[int, Any] = field(default_factory=dict)
    earlier: tuple[Any, ...] = ()
    earlier_lines: Mapping[int, list[Any]] = field(default_factory=dict)
    ways: Conventions = field(default_factory=Conventions)

    @property
    def cent(self) -> Decimal:
        """Return the smallest amount of the invoice's currency."""
        return self.ways.rounding_unit

    def left(self, line: Any) -> Decimal:
        """Return the quantity of a line that no credit note took back yet; signed as the line."""
        gone = taken_by(self.earlier_lines.get(line.id, ()), line, GIVES_BACK, self.cent)
        return Decimal(line.quantity) - gone

    def goods(self, line: Any) -> Decimal:
        """Return the quantity that a line of a credit note takes back; a reduction of the price takes none."""
        source = self.lines.get(line.credits_line_id)
        if source is None or is_reduction(line, source, self.cent):
            return ZERO
        return ONE if line.quantity is None else Decimal(line.quantity)

    def amount_left(self, line: Any, side: str) -> Decimal:
        """Return what is left of the amount of a line, before any discount on the whole document."""
        gone = sum((booked_amount(one, side, self.ways) for one in self.earlier_lines.get(line.id, ())), ZERO)
        return booked_amount(line, side, self.ways) + gone


def line_class(kind: Any) -> Any:
    """Return the class of the lines of a kind."""
    return kind.lines.property.mapper.class_


def credited_by(work: Work, document: Any, *, lock: bool = True) -> Credited:
    """Find, and lock, the invoice that a document credits; nothing for any other document."""
    if getattr(document, "credits_id", None) is None:
        return Credited()
    return credited(work, type(document), document.credits_id, but=document.id, lock=lock)


def credited(work: Work, kind: Any, invoice_id: int, *, but: int | None = None, lock: bool = False) -> Credited:
    """Find an invoice as credit notes see it; the note ``but`` itself is left out."""
    party = getattr(kind, f"{kind.__party__}_id")
    query = select(
        kind.id, kind.number, kind.state, party.label("party_id"), kind.company_id, kind.currency, kind.total,
        kind.rounding, kind.credits_id, kind.credit_note, kind.prices_include_tax,
    ).where(kind.id == invoice_id)  # fmt: skip
    invoice = work.session.execute(query.with_for_update() if lock else query).one()
    line = line_class(kind)
    owner = getattr(line, f"{kind.__kind__}_id")
    own = work.session.scalars(select(line).where(owner == invoice_id).order_by(line.position, line.id))
    others = select(kind).where(kind.credits_id == invoice_id, kind.state == SUBMITTED, kind.id != (but or 0))
    earlier = tuple(work.session.scalars(others.order_by(kind.id)))
    return Credited(
        invoice,
        {one.id: one for one in own},
        earlier,
        _by_source(work.session.scalars(select(line).where(owner.in_([one.id for one in earlier])))),
        books_of(work, invoice.company_id).ways_in(invoice.currency),
    )


def _by_source(lines: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for line in lines:
        if line.credits_line_id is not None:
            found.setdefault(line.credits_line_id, []).append(line)
    return found


def credited_lines(work: Work, document: Any) -> Credited:
    """Find what the lines of a credit note may be about, while it is typed."""
    return credited_by(work, document, lock=False)


def name_credited_lines(document: Any, facts: Credited) -> None:
    """Say of each line of a credit note with an item which line of the invoice it takes back.

    Where the item was invoiced in several lines and none has enough left, none is meant: the total holds the note.
    """
    left = {number: facts.left(line) for number, line in facts.lines.items()}
    for line in document.lines:
        same = [one for one in facts.lines.values() if line.item_id is not None and one.item_id == line.item_id]
        if line.credits_line_id is None and same:
            fitting = sorted(
                (one for one in same if fits(line, one, left[one.id], facts.cent)),
                key=lambda one: (is_reduction(line, one, facts.cent), one.position, one.id),
            )
            line.credits_line_id = fitting[0].id if fitting else (same[0].id if len(same) == 1 else None)
        if line.credits_line_id in left:
            left[line.credits_line_id] += facts.goods(line)


def not_itself(document: Any) -> list[Problem]:
    """Refuse a credit note about itself."""
    if document.id is None or getattr(document, "credits_id", None) != document.id:
        return []
    return [Problem("credits", "itself", _("A credit note credits another invoice."))]


def credit_problems(document: Any, facts: Credited) -> list[Problem]:
    """Refuse to credit what is no invoice of this party, and more than is left of it or of one of its lines."""
    if getattr(document, "credits_id", None) is None:
        return []
    source = facts.invoice
    if source.party_id != document.party[1] or source.company_id != document.company_id:
        words = (
            _("The credited invoice is not one of this customer.")
            if document.__side__ == "sale"
            else _("The credited invoice is not one of this supplier.")
        )
        return [Problem("credits", "not_found", words)]
    if source.state != SUBMITTED or source.credits_id or source.credit_note:
        return [Problem("credits", "not_creditable", _("Only a submitted invoice can be credited."))]
    found = []
    if source.currency != document.currency:
        message = _("The credited invoice is in %(currency)s.", currency=source.currency)
        found.append(Problem("currency", "currency_differs", message))
    if sum((one.total + one.rounding for one in (source, *facts.earlier, document)), ZERO) < 0:
        message = _("More than %(number)s has left to credit.", number=source.number)
        found.append(Problem("total", "more_than_invoiced", message))
    return [*found, *_line_problems(document, facts)]


def _line_problems(document: Any, facts: Credited) -> list[Problem]:
    left = {number: facts.left(line) for number, line in facts.lines.items()}
    money = {number: facts.amount_left(line, document.__side__) for number, line in facts.lines.items()}
    found = []
    for place, line in enumerate(document.lines, 1):
        source = facts.lines.get(line.credits_line_id)
        if source is None:
            if line.credits_line_id is not None:
                message = _("This line is not of the credited invoice.")
                found.append(Problem(f"lines.{place}.credits_line", "not_found", message, place))
            continue
        goods = facts.goods(line)
        if goods and _beyond(goods, left[source.id]):
            message = _("Only %(quantity)s of this line is left to credit.", quantity=decimal_text(left[source.id]))
            found.append(Problem(f"lines.{place}.quantity", "more_than_invoiced", message, place))
        amount = booked_amount(line, document.__side__, facts.ways)
        comparable = document.prices_include_tax == facts.invoice.prices_include_tax
        if comparable and _beyond(amount, money[source.id], facts.cent):
            message = _("Only %(amount)s of this line is left to credit.", amount=decimal_text(money[source.id]))
            found.append(Problem(f"lines.{place}.price", "more_than_invoiced", message, place))
        left[source.id] += goods
        money[source.id] += amount
    return found


def _beyond(given_back: Decimal, left: Decimal, cent: Decimal = ZERO) -> bool:
    """Return whether more is given back than is left; a cent of rounding is nobody's mistake."""
    return given_back * left > 0 or abs(given_back) > abs(left) + cent


def credit_notes_of(work: Work, invoice: Any) -> list[str]:
    """Find the submitted credit notes about an invoice."""
    kind = type(invoice)
    query = select(kind.number).where(kind.credits_id == invoice.id, kind.state == SUBMITTED)
    return [str(number) for number in work.session.scalars(query)]


def credited_invoices_stay(_invoice: Any, credit_notes: list[str]) -> list[Problem]:
    """Refuse to cancel an invoice that is credited."""
    if not credit_notes:
        return []
    message = _("Cancel its credit notes first: %(numbers)s.", numbers=", ".join(credit_notes))
    return [Problem("credits", "credited", message)]


def credit_draft(
    work: Work, invoice: Any, kept: Iterable[str], wanted: Any, given: dict[str, Any], *,
    more: Callable[[Any], dict[str, Any]] = lambda _line: {},
) -> Any:  # fmt: skip
    """Return a draft that takes back what is left of an invoice, or what ``wanted`` says ([{line, quantity}]).

    ``more`` adds to each line what only its kind has. With the last part goes the cent that taxes of parts differ.
    """
    if invoice.state != SUBMITTED or invoice.gives_back:
        raise Conflict(_("Only a submitted invoice can be credited. Nothing was changed."))
    kind: type[Record] = type(invoice)
    facts = credited(work, kind, invoice.id)
    left = {line.id: facts.left(line) for line in invoice.lines}
    parts = parts_of(invoice.lines, left, wanted, "line")
    if not parts and (invoice.lines or facts.earlier):
        raise Conflict(_("There is nothing left to credit. Nothing was changed."))
    taken = {line.id: line.quantity - left[line.id] for line in invoice.lines}
    for part in parts:
        left[part.line.id] -= part.quantity
        taken[part.line.id] += part.quantity
    passing = Passing(
        GIVES_BACK, facts.ways, share_of(taken, invoice.lines), facts.earlier, facts.earlier_lines, invoice.__side__
    )
    lines = [{**line_payload(part, passing), **more(part.line), "credits_line": part.line.id} for part in parts]
    payload = {
        **head_payload(invoice, kept), **fixed_amounts(invoice, passing), **read_head(given), "credits": invoice.id,
        "lines": lines,
    }  # fmt: skip
    note: Any = save(work, kind, payload)
    over = sum((one.total + one.rounding for one in (invoice, *facts.earlier, note)), ZERO)
    if over and facts.earlier and not any(left.values()):
        cents = facts.ways.rounding_unit * (len(facts.earlier) + 1) * max(len(note.taxes or ()), 1)
        if abs(over) <= cents:
            note = save(work, kind, {"rounding_given": note.rounding - over}, note)
    return note
