"""What a journal entry must be before it is posted."""

from erp.accounts.billing.shapes import currency_problems, dimension_problems, too_precise
from erp.accounts.company import Books, books_of
from erp.accounts.journal_entry.model import JournalEntry, JournalEntryLine
from erp.accounts.rounding import ZERO, is_finer
from erp.kernel.change import checks, computes, valid_if
from erp.kernel.errors import Problem
from erp.kernel.text import _

Found = list[Problem]


@computes(JournalEntry)
def add_up(journal: JournalEntry) -> None:
    """Set the total: the sum of the debits."""
    journal.total = sum((line.debit or ZERO for line in journal.lines), ZERO)


@valid_if(JournalEntry)
def shapes(journal: JournalEntry) -> Found:
    """Refuse what is not even a draft: dimensions that are no words by name, currencies that do not exist."""
    return [
        problem.under("lines", place)
        for place, line in enumerate(journal.lines, 1)
        for problem in (*dimension_problems(line), *currency_problems(line.currency, None))
    ]


@checks(JournalEntry, given=lambda work, journal: books_of(work, journal.company_id))
def problems(journal: JournalEntry, books: Books) -> Found:
    """Return what is wrong: no lines, lines that contradict themselves, sums that differ."""
    found = []
    for place, line in enumerate(journal.lines, 1):
        own = [*_sides(line), *_tax(line), *_foreign(line, books), *_precision(line, books)]
        found += [problem.under("lines", place) for problem in own]
    if not journal.lines:
        found.append(Problem("lines", "no_lines", _("Add at least two lines.")))
    debit = sum((line.debit or ZERO for line in journal.lines), ZERO)
    credit = sum((line.credit or ZERO for line in journal.lines), ZERO)
    if debit != credit:
        message = _("Debits and credits differ by %(amount)s.", amount=format(debit - credit, "f"))
        found.append(Problem("lines", "unbalanced", message))
    return found


def _sides(line: JournalEntryLine) -> Found:
    found = []
    if line.debit and line.credit:
        found.append(Problem("credit", "both_sides", _("A line debits or credits, not both.")))
    if line.customer_id and line.supplier_id:
        found.append(Problem("supplier", "two_parties", _("A line has a customer or a supplier, not both.")))
    return found


def _tax(line: JournalEntryLine) -> Found:
    """A tax without its side would stand in no report."""
    if bool(line.tax_id) is bool(line.tax_side):
        return []
    return [Problem("tax_side", "required", _("A tax and the side it is reported on go together."))]


def _foreign(line: JournalEntryLine, books: Books) -> Found:
    """An amount in another currency needs both, on one side."""
    amount = (line.debit or ZERO) - (line.credit or ZERO)
    if line.currency in (None, books.currency):
        if line.amount_transaction in (None, amount):
            return []
        message = _("This is not the amount of the line; say in which currency it is.")
        return [Problem("amount_transaction", "amounts_differ", message)]
    if line.amount_transaction is None:
        message = _("Say how much it is in %(currency)s.", currency=line.currency)
        return [Problem("amount_transaction", "required", message)]
    if line.amount_transaction * amount < 0:
        return [Problem("amount_transaction", "other_side", _("Both amounts stand on the same side."))]
    return []


def _precision(line: JournalEntryLine, books: Books) -> Found:
    own, foreign = books.finest(), books.finest(line.currency)
    transaction = ("amount_transaction", line.amount_transaction, foreign)
    amounts = (("debit", line.debit, own), ("credit", line.credit, own), transaction)
    return [Problem(name, "too_precise", too_precise(unit)) for name, amount, unit in amounts if is_finer(amount, unit)]
