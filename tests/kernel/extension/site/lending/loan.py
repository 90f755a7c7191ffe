"""A loan: who has which book, until when."""

from datetime import date

from sqlalchemy.orm import Mapped

from erp.kernel.records import Master, field
from erp.kernel.text import _l


class Loan(Master):
    """A book that somebody took home."""

    __label__ = _l("Loan")
    __plural_label__ = _l("Loans")

    reader: Mapped[str] = field(_l("Reader"), in_list=True, search=True)
    due_on: Mapped[date | None] = field(_l("Due back"), in_list=True)
