"""An entry, before it is written: pure values that posting functions return and tests compare."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from erp.accounts.currency import Rate
from erp.accounts.rounding import ZERO
from erp.kernel.errors import Problem, Problems
from erp.kernel.text import _

Party = tuple[str, int]
Dimensions = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking on one account. Amounts are signed, debit positive.

    ``amount`` is in company currency, ``amount_transaction`` in ``currency`` (both equal where it is None).
    ``instalment`` makes the entry an open item of its voucher, ``open_item`` changes the one with that key.
    ``tax_side`` says where a tax report shows it: sale, sale_credit, purchase, purchase_credit, or pending until
    it is paid. ``red`` keeps a negative amount on its original side. Without ``effective_on`` the date of the
    voucher holds.
    """

    account: int
    amount: Decimal
    rule: str = ""
    currency: str | None = None
    amount_transaction: Decimal | None = None
    rate: Decimal | None = None
    party: Party | None = None
    dimensions: Dimensions = ()
    tax: int | None = None
    tax_base: Decimal | None = None
    tax_side: str | None = None
    due: date | None = None
    instalment: int | None = None
    discount: Decimal = ZERO
    discount_until: date | None = None
    line: int | None = None
    red: bool = False
    open_item: str | None = None
    effective_on: date | None = None
    reverses: int | None = None

    @property
    def is_debit(self) -> bool:
        """Return whether the entry stands on the debit side."""
        return (self.amount > 0) is not self.red

    @property
    def debit(self) -> Decimal:
        """Return the amount on the debit side; negative when booked in red."""
        return self.amount if self.is_debit else ZERO

    @property
    def credit(self) -> Decimal:
        """Return the amount on the credit side; negative when booked in red."""
        return ZERO if self.is_debit else -self.amount


def debit(account: int, amount: Decimal, rule: str = "", **more: object) -> Entry:
    """Return an entry that debits ``account``; a negative amount credits it."""
    return Entry(account, amount, rule, **more)  # type: ignore[arg-type]


def credit(account: int, amount: Decimal, rule: str = "", **more: object) -> Entry:
    """Return an entry that credits ``account``; a negative amount debits it."""
    return Entry(account, -amount, rule, **more)  # type: ignore[arg-type]


def reversal(entries: Iterable[Entry], style: str = "swap") -> list[Entry]:
    """Return the opposite of what was booked: sides exchanged, or the same sides in red."""
    red = style == "negative"
    return [
        replace(
            entry,
            amount=-entry.amount,
            amount_transaction=None if entry.amount_transaction is None else -entry.amount_transaction,
            tax_base=None if entry.tax_base is None else -entry.tax_base,
            red=red is not entry.red,
        )
        for entry in entries
    ]


def in_company_currency(
    entries: Iterable[Entry], currency: str, rate: Rate, unit: Decimal, *, exchange_account: int
) -> list[Entry]:
    """Return entries stated in ``currency`` converted one by one; the cent left over is an exchange difference."""
    converted = [
        replace(
            entry,
            amount=rate.to_company(entry.amount, unit),
            tax_base=None if entry.tax_base is None else rate.to_company(entry.tax_base, unit),
            currency=currency,
            amount_transaction=entry.amount,
            rate=rate.direct,
        )
        for entry in entries
    ]
    left = sum((entry.amount for entry in converted), ZERO)
    if left:
        converted.append(Entry(exchange_account, -left, "exchange_difference"))
    return converted


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries with those added together that differ in amount and line only; nothing of zero is kept.

    Open items and taxes stay as they are.
    """
    sums: dict[Entry, list[Entry]] = {}
    for entry in entries:
        key = replace(entry, amount=ZERO, amount_transaction=None, line=None, tax_base=None)
        sums.setdefault(key, []).append(entry)
    result = [_sum(group) for group in sums.values()]
    return [entry for entry in result if entry.amount or entry.amount_transaction or entry.tax_base]


def _sum(group: list[Entry]) -> Entry:
    if len(group) == 1:
        return group[0]
    transaction = [e.amount_transaction for e in group if e.amount_transaction is not None]
    bases = [e.tax_base for e in group if e.tax_base is not None]
    return replace(
        group[0],
        amount=sum((e.amount for e in group), ZERO),
        amount_transaction=sum(transaction, ZERO) if transaction else None,
        tax_base=sum(bases, ZERO) if bases else None,
        line=None,
    )


def unbalanced(entries: Iterable[Entry]) -> Decimal:
    """Return by how much debits exceed credits; zero is the only good answer."""
    return sum((entry.amount for entry in entries), ZERO)


def check_balanced(entries: Iterable[Entry]) -> None:
    """Refuse entries whose debits and credits differ, naming the rules that made them."""
    listed = list(entries)
    difference = unbalanced(listed)
    if difference:
        rules = ", ".join(sorted({entry.rule for entry in listed}))
        message = _("The entries do not balance: %(difference)s (%(rules)s)", difference=difference, rules=rules)
        raise Problems([Problem("lines", "unbalanced", message)])
