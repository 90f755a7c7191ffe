"""What a journal entry must be before it is posted."""

from erp.accounts.journal_entry.model import JournalEntry, JournalEntryLine
from erp.accounts.rounding import ZERO
from erp.kernel.change import checks, computes
from erp.kernel.errors import Problem
from erp.kernel.text import _


@computes(JournalEntry)
def add_up(journal: JournalEntry) -> None:
    """Set the total: the sum of the debits."""
    journal.total = sum((line.debit or ZERO for line in journal.lines), ZERO)


@checks(JournalEntry)
def problems(journal: JournalEntry) -> list[Problem]:
    """Return what is wrong: too few lines, both sides on one line, sums that differ."""
    found = [problem for place, line in enumerate(journal.lines, 1) for problem in _line_problems(line, place)]
    if not journal.lines:
        found.append(Problem("lines", "no_lines", _("Add at least two lines.")))
    debit = sum((line.debit or ZERO for line in journal.lines), ZERO)
    credit = sum((line.credit or ZERO for line in journal.lines), ZERO)
    if debit != credit:
        message = _("Debits and credits differ by %(amount)s.", amount=format(debit - credit, "f"))
        found.append(Problem("lines", "unbalanced", message))
    return found


def _line_problems(line: JournalEntryLine, place: int) -> list[Problem]:
    found = []
    if line.debit and line.credit:
        message = _("A line debits or credits, not both.")
        found.append(Problem(f"lines.{place}.credit", "both_sides", message, place))
    if line.customer_id and line.supplier_id:
        message = _("A line has a customer or a supplier, not both.")
        found.append(Problem(f"lines.{place}.supplier", "two_parties", message, place))
    return found
