"""Terms of payment as people keep them; ``billing.terms`` computes with them."""

from sqlalchemy.orm import Mapped

from erp.kernel.records import Choice, Line, Master, Money, Percent, field, owner, rows
from erp.kernel.text import _l

PARTS = (
    ("remainder", _l("What is left")),
    ("percent", _l("Percent of what is left")),
    ("percent_of_total", _l("Percent of the total")),
    ("fixed", _l("Fixed amount")),
    ("equal", _l("Equal part")),
    ("net_part", _l("The net amount")),
    ("tax_part", _l("The tax")),
)


class PaymentTerms(Master):
    """When a document is to be paid, in one or more parts, and what an early payment earns."""

    __kind__ = "payment_terms"
    __collection__ = "payment-terms"
    __label__ = _l("Terms of payment")
    __plural_label__ = _l("Terms of payment")
    __icon__ = "calendar"
    __setup__ = True

    lines: Mapped[list["PaymentTermsLine"]] = rows("PaymentTermsLine", _l("Parts"))


class PaymentTermsLine(Line):
    """One part: how much, and due when: add months, then set the day of the month, then add days."""

    payment_terms_id: Mapped[int] = owner("payment_terms")
    part: Mapped[Choice] = field(_l("Part"), default="remainder", choices=PARTS)
    percent: Mapped[Percent | None] = field(_l("Percent"))
    amount: Mapped[Money | None] = field(_l("Amount"))
    parts: Mapped[int | None] = field(_l("Number of parts"))
    months: Mapped[int] = field(_l("Months"), default=0)
    days: Mapped[int] = field(_l("Days"), default=0)
    set_day: Mapped[int | None] = field(_l("Day of the month"))
    discount_percent: Mapped[Percent | None] = field(_l("Discount %"))
    discount_amount: Mapped[Money | None] = field(_l("Discount amount"))
    discount_days: Mapped[int | None] = field(_l("Discount days"))
