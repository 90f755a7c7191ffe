"""A journal entry: a date, a reason, and lines that debit and credit accounts."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from erp.accounts.payloads import party_fields, party_of
from erp.accounts.rounding import ZERO
from erp.kernel.records import Choice, Code, Currency, Json, Line, Money, Voucher, field, link, owner, rows
from erp.kernel.text import _l

TAX_SIDES = (
    ("sale", _l("Sales")),
    ("sale_credit", _l("Sales credits")),
    ("purchase", _l("Purchases")),
    ("purchase_credit", _l("Purchase credits")),
)


class JournalEntry(Voucher):
    """A booking made by hand. Debits equal credits; a line on a party's account is an open item of its own."""

    __label__ = _l("Journal entry")
    __plural_label__ = _l("Journal entries")
    __series__ = "JE"
    __icon__ = "book"
    __reference__ = "reason"

    posting_date: Mapped[date] = field(_l("Date"), name="date", in_list=True, in_filter=True)
    reason: Mapped[str | None] = field(_l("Reason"), in_list=True, search=True, wide=True)
    total: Mapped[Money] = field(_l("Total"), default=ZERO, readonly=True, in_form=False, in_list=True)
    source_kind: Mapped[Choice | None] = field(_l("Made by"), readonly=True, in_form=False)
    lines: Mapped[list["JournalEntryLine"]] = rows("JournalEntryLine", _l("Lines"))

    @classmethod
    def read_payload(cls, payload: dict[str, Any]) -> dict[str, Any]:
        """Understand ``party: {customer | supplier: ...}`` on lines beside the two fields."""
        lines = payload.get("lines")
        if not isinstance(lines, list):
            return payload
        return {**payload, "lines": [party_fields(line) if isinstance(line, dict) else line for line in lines]}


class JournalEntryLine(Line):
    """One account debited or credited. Negative amounts are bookings in red.

    Debit and credit are in company currency; ``amount_transaction`` is signed, debit positive, in ``currency``.
    """

    journal_entry_id: Mapped[int] = owner("journal_entry")
    account_id: Mapped[int] = link("account", _l("Account"))
    customer_id: Mapped[int | None] = link("customer", _l("Customer"), index=False)
    supplier_id: Mapped[int | None] = link("supplier", _l("Supplier"), index=False)
    debit: Mapped[Money | None] = field(_l("Debit"))
    credit: Mapped[Money | None] = field(_l("Credit"))
    description: Mapped[str | None] = field(_l("Description"), wide=True)
    currency: Mapped[Currency | None] = field(_l("Currency"), group="More", in_form=False)
    amount_transaction: Mapped[Money | None] = field(_l("Amount in currency"), group="More", in_form=False)
    due_date: Mapped[date | None] = field(_l("Due"), group="More", in_form=False)
    tax_id: Mapped[int | None] = link("tax", _l("Tax"), group="More", in_form=False, index=False)
    tax_side: Mapped[Choice | None] = field(_l("Side of the tax"), group="More", in_form=False, choices=TAX_SIDES)
    dimensions: Mapped[Json | None] = field(_l("Dimensions"), group="More", in_form=False)
    open_item: Mapped[Code | None] = field(_l("Open item"), group="More", in_form=False, api=False, readonly=True)

    def api_extra(self, shown: dict[str, Any]) -> dict[str, Any]:
        """Return what an answer of the API carries beside the fields."""
        return {"party": party_of(shown)}
