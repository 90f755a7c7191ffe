"""What billing must look up before it can compute: few statements, none of them by line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from erp.accounts.account.model import Account
from erp.accounts.account.queries import Chart, chart_of
from erp.accounts.billing.shapes import currency_problems, shape_problems
from erp.accounts.billing.terms import TermLine
from erp.accounts.company import Books, books_of, day_rate
from erp.accounts.conventions import Conventions
from erp.accounts.currency import Rate
from erp.accounts.parties import item_accounts, party_accounts
from erp.accounts.payment_terms.queries import term_lines
from erp.accounts.settlement.items import items_of
from erp.accounts.tax.queries import DatedTax, taxes_on
from erp.kernel.change import Work
from erp.kernel.errors import Problems


@dataclass(frozen=True, slots=True)
class BillingFacts:
    """What adding a document up needs."""

    books: Books
    ways: Conventions
    taxes: dict[str, DatedTax]
    terms: tuple[TermLine, ...]
    rate: Rate | None = None


def billing_facts(work: Work, document: Any) -> BillingFacts:
    """Find the conventions, taxes and terms that hold for a document on its date."""
    books = books_of(work, document.company_id)
    day, terms_id = taken_back(work, document) or (document.posting_date, document.terms_id)
    taxes = taxes_on(work, document.company_id, tax_codes_of(document), day)
    terms = term_lines(work, terms_id)
    foreign = document.currency not in (None, books.currency) and document.company_amount is None
    rate = _known_rate(work, document, books) if foreign else None
    return BillingFacts(books, books.ways_in(document.currency or books.currency), taxes, terms, rate)


def taken_back(work: Work, document: Any) -> tuple[date, int | None] | None:
    """Return day and terms of the invoice that a credit note names: its taxes are given back as they were charged."""
    credits_id = getattr(document, "credits_id", None)
    if credits_id is None:
        return None
    kind: Any = type(document)
    query = select(kind.posting_date, kind.terms_id).where(kind.id == credits_id)
    row = work.once(("taken back", kind.__kind__, credits_id), lambda: work.session.execute(query).one_or_none())
    return None if row is None else (row[0], row[1])


def _known_rate(work: Work, document: Any, books: Books) -> Rate | None:
    """Return the rate of a draft if there is one by now; posting insists on it, a draft does not."""
    try:
        return document_rate(work, document, books)
    except Problems:
        return None


def tax_codes_of(document: Any) -> set[str]:
    """Return every tax code that a document names."""
    codes = {code for line in document.lines for code in line.tax_codes or ()}
    codes |= {code for row in document.allowances or () for code in row.get("tax_codes") or ()}
    return codes | {row["tax"] for row in document.manual_taxes or () if row.get("tax")}


def account_codes_of(document: Any) -> set[str]:
    """Return the codes of accounts that charges name."""
    return {str(row["account"]) for row in document.charges or () if row.get("account")}


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """What fills an empty document in: the usual terms and taxes."""

    books: Books
    terms: int | None
    currency: str | None
    items: dict[int, Any]


def fill_facts(work: Work, document: Any) -> PartyFacts:
    """Find the usual terms of the party and the taxes of the items; what cannot be computed with is refused here."""
    wrong = [*shape_problems(document), *currency_problems(document.currency, document.rate)]
    if wrong:
        raise Problems(wrong)
    books = books_of(work, document.company_id)
    party = party_accounts(work, *document.party)
    bare = {line.item_id for line in document.lines if line.item_id and line.tax_codes is None}
    return PartyFacts(books, party.terms or books.default_terms, party.currency, item_accounts(work, bare))


@dataclass(frozen=True, slots=True)
class PostingFacts:
    """What booking a document needs beyond adding it up."""

    books: Books
    chart: Chart
    rate: Rate
    taxes: dict[str, DatedTax]
    party_account: int
    items: dict[int, Any]
    charge_accounts: dict[str, int]
    credited: tuple[Any, ...] = ()

    @property
    def unit(self) -> Decimal:
        """Return the unit of the company's currency."""
        return self.books.unit


def posting_facts(work: Work, document: Any) -> PostingFacts:
    """Find the accounts, the exchange rate, and the open items of an invoice that is credited."""
    books, chart = books_of(work, document.company_id), chart_of(work, document.company_id)
    party = party_accounts(work, *document.party)
    role = "receivable" if document.__side__ == "sale" else "payable"
    bare = {line.item_id for line in document.lines if line.item_id and not line.account_id}
    day, _terms = taken_back(work, document) or (document.posting_date, None)
    return PostingFacts(
        books=books,
        chart=chart,
        rate=document_rate(work, document, books),
        taxes=taxes_on(work, document.company_id, tax_codes_of(document), day),
        party_account=party.account or chart.of(role),
        items=item_accounts(work, bare),
        charge_accounts=accounts_by_code(work, document.company_id, account_codes_of(document)),
        credited=_credited(work, document, books),
    )


def _credited(work: Work, document: Any, books: Books) -> tuple[Any, ...]:
    credits_id = getattr(document, "credits_id", None)
    if not credits_id or books.ways.credit_note_item != "applied":
        return ()
    rows = items_of(work, [(document.__kind__, credits_id)])
    return tuple(row for row in rows if row.outstanding)


def document_rate(work: Work, document: Any, books: Books) -> Rate:
    """Return the exchange rate of a document: its own, what its company amount says, or the rate of the day."""
    if document.currency == books.currency:
        return Rate()
    if document.company_amount is not None and document.total + document.rounding:
        return Rate(document.company_amount / (document.total + document.rounding))
    if document.rate is not None:
        return Rate(document.rate, books.ways.rate_quote)
    return day_rate(work, books, document.currency, document.posting_date)


def accounts_by_code(work: Work, company_id: int, codes: Iterable[str]) -> dict[str, int]:
    """Return accounts of a company by code."""
    wanted = set(codes)
    if not wanted:
        return {}
    query = select(Account.code, Account.id).where(Account.company_id == company_id, Account.code.in_(wanted))
    return {row.code: row.id for row in work.session.execute(query)}
