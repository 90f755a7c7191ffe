"""The company that benchmarks write into, and the hundred thousand invoices that are thrown into it."""

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, text

from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.settlement.model import OpenItem
from erp.catalog.item import Item
from erp.catalog.unit import seed_units
from erp.company.company import Company
from erp.company.currency import seed_currencies
from erp.kernel.change import Work, archive, restore, save
from erp.kernel.change.audit import AuditEntry
from erp.kernel.change.numbering import IssuedNumber
from erp.kernel.change.work import run_work
from erp.kernel.records import Base
from erp.kernel.rights import system_actor
from erp.parties.customer import Customer
from erp.selling.sales_invoice.model import SalesInvoice, SalesInvoiceLine
from tests.load.instance import Instance

CUSTOMERS = 40
PORTION = 5_000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scratch:
    """A company of the benchmark's own, in use while the benchmark runs and archived afterwards."""

    id: int
    code: str

    def invoice(self, lines: int) -> Row:
        """Return an invoice with so many lines, as a program sends it."""
        line = {"item": f"{self.code}-ITEM", "quantity": "2", "price": "10.50"}
        return {
            "company": self.code, "customer": f"{self.code}-1", "posting_date": time.strftime("%Y-%m-%d"),
            "lines": [line] * lines,
        }  # fmt: skip


def scratch(code: str) -> Scratch:
    """Return the benchmark's company, made through the product's own commands if it is not there yet."""
    actor = system_actor("bench")
    return Scratch(run_work(actor, lambda work: _opened(work, code)), code)


def _opened(work: Work, code: str) -> int:
    company = work.session.scalars(select(Company).where(Company.code == code)).one_or_none()
    if company is not None:
        if company.state == "archived":
            restore(work, company)
        return company.id
    seed_currencies(work)
    seed_units(work)
    about = {"code": code, "name": f"Benchmark {code}", "country": "US", "currency": "USD", "timezone": "UTC"}
    company = save(work, Company, about)
    item = {"code": f"{code}-ITEM", "name": "Thing measured", "unit": {"code": "pc"}, "company": company.id}
    save(work, Item, item)
    for n in range(1, CUSTOMERS + 1):
        save(work, Customer, {"code": f"{code}-{n}", "name": f"Customer number {n} of {code}", "company": company.id})
    return company.id


def put_away(codes: list[str]) -> None:
    """Archive the benchmark's companies, so that nobody meets them in a picker."""

    def act(work: Work) -> None:
        for company in work.session.scalars(select(Company).where(Company.code.in_(codes))):
            if company.state != "archived":
                archive(work, company)

    run_work(system_actor("bench"), act)


def throw_in(instance: Instance, company: Scratch, wanted: int) -> None:
    """Bring the company to ``wanted`` invoices: copies of one that was posted, each with rows of its own.

    Every copy has its own number, line, ledger entries, open item and audit entry, so that ``erp audit`` stays clean;
    only the entries of the search are left out.
    """
    actor = system_actor("bench")
    there = run_work(actor, lambda work: _count(work, company))
    if there >= wanted:
        return
    body = instance.call("POST", "/api/v1/sales-invoices?submit=1", company.invoice(1))
    left = wanted - there - 1
    while left > 0:
        portion = min(PORTION, left)
        run_work(actor, lambda work, n=portion: _copy(work, company, body["id"], n))  # type: ignore[misc]
        left -= portion


def _count(work: Work, company: Scratch) -> int:
    return work.session.scalar(select(func.count()).where(SalesInvoice.company_id == company.id)) or 0


def _copy(work: Work, company: Scratch, pattern: int, count: int) -> None:
    """Copy a posted invoice ``count`` times in one transaction: one statement for each table."""
    session = work.session
    about: Row = {"c": company.id, "p": pattern, "count": count}
    about["series"], about["prefix"] = session.execute(SERIES, about).one()
    session.execute(DRAW, about)
    about["n"] = (session.scalar(LAST_NUMBER, about) or 0) - count
    about["below"] = session.scalar(select(func.max(SalesInvoice.id)))
    about["days"] = date.today().timetuple().tm_yday - 1 or 1
    ids = list(session.scalars(select(Customer.id).where(Customer.company_id == company.id).order_by(Customer.id)))
    session.execute(_invoices(ids), about)
    session.execute(HEAD, about)
    about["seq"] = (session.scalar(LAST_SEQ, about) or 0) - 2 * count
    for statement in (LINES, ENTRIES, ITEMS, NUMBERS, BALANCES, TRAIL):
        session.execute(statement, about)


SERIES = text(
    "SELECT i.series_id, LEFT(i.number, CHAR_LENGTH(i.number) - GREATEST(5, CHAR_LENGTH(i.n))) FROM issued_number i "
    "WHERE i.kind = 'sales_invoice' AND i.record_id = :p"
)
DRAW = text("UPDATE number_series SET last = last + :count WHERE id = :series")
LAST_NUMBER = text("SELECT last FROM number_series WHERE id = :series")
HEAD = text("UPDATE ledger_head SET seq = seq + 2 * :count WHERE company_id = :c")
LAST_SEQ = text("SELECT seq FROM ledger_head WHERE company_id = :c")
UID = (
    "UNHEX(CONCAT(LPAD(HEX(FLOOR(UNIX_TIMESTAMP(NOW(6)) * 1000)), 12, '0'), '7', SUBSTR(HEX(RANDOM_BYTES(2)), 2), "
    "'A', SUBSTR(HEX(RANDOM_BYTES(8)), 2)))"
)
NUMBER = "CONCAT(:prefix, IF(:n + s.seq < 100000, LPAD(:n + s.seq, 5, '0'), :n + s.seq))"
COUNTING = (
    "WITH digits(d) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) "
    "SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS seq FROM digits a, digits b, digits c, digits e"
)
"""The numbers from 1 to 10,000."""
DAY = "DATE_SUB(p.posting_date, INTERVAL s.seq % :days DAY)"
FRESH = "FROM sales_invoice i WHERE i.company_id = :c AND i.id > :below"


def _copied(cls: type[Base], given: dict[str, str], source: str, alias: str) -> str:
    """Return INSERT ... SELECT of every column: as ``given``, else as the row ``alias`` has it."""
    names = [column.name for column in cls.__table__.columns if column.name != "id"]
    values = [given.get(name, f"{alias}.`{name}`") for name in names]
    return (
        f"INSERT INTO `{cls.__tablename__}` ({', '.join(f'`{n}`' for n in names)}) SELECT {', '.join(values)} {source}"
    )


def _invoices(customers: list[int]) -> Any:
    """Return the statement that writes the invoices: one after the other customer, over the days of this year."""
    chosen = f"ELT(1 + s.seq % {len(customers)}, {', '.join(str(int(one)) for one in customers)})"
    due = f"DATE_ADD({DAY}, INTERVAL 30 DAY)"
    given = {
        "uid": UID, "number": NUMBER, "posting_date": DAY, "due_date": due, "open_due": due, "customer_id": chosen,
        "instalments": f"JSON_SET(p.instalments, '$[0].due', DATE_FORMAT({due}, '%Y-%m-%d'))",
    }  # fmt: skip
    source = f"FROM ({COUNTING}) s JOIN sales_invoice p ON p.id = :p WHERE s.seq <= :count ORDER BY s.seq"
    return text(_copied(SalesInvoice, given, source, "p"))


LINES = text(
    _copied(
        SalesInvoiceLine, {"uid": UID, "sales_invoice_id": "i.id"},
        "FROM sales_invoice i JOIN sales_invoice_line l ON l.sales_invoice_id = :p WHERE i.company_id = :c AND i.id > :below",
        "l",
    )
)  # fmt: skip
ENTRIES = text(
    _copied(
        LedgerEntry,
        {
            "uid": UID, "voucher_id": "i.id", "voucher_number": "i.number", "effective_on": "i.posting_date",
            "seq": ":seq + ROW_NUMBER() OVER (ORDER BY i.id, e.seq)",
            "party_id": "IF(e.party_id IS NULL, NULL, i.customer_id)",
            "due_on": "IF(e.due_on IS NULL, NULL, i.due_date)",
            "voucher_line_id": "IF(e.voucher_line_id IS NULL, NULL, l.id)",
            "open_item": "IF(e.open_item IS NULL, NULL, CONCAT('sales_invoice\\:', i.id, '\\:1'))",
        },
        "FROM sales_invoice i JOIN sales_invoice_line l ON l.sales_invoice_id = i.id "
        "JOIN ledger_entry e ON e.voucher_kind = 'sales_invoice' AND e.voucher_id = :p "
        "WHERE i.company_id = :c AND i.id > :below",
        "e",
    )
)  # fmt: skip
ITEMS = text(
    _copied(
        OpenItem,
        {
            "key": "CONCAT('sales_invoice\\:', i.id, '\\:1')", "voucher_id": "i.id", "voucher_number": "i.number",
            "party_id": "i.customer_id", "effective_on": "i.posting_date", "due_on": "i.due_date",
        },
        "FROM sales_invoice i JOIN open_item o ON o.voucher_kind = 'sales_invoice' AND o.voucher_id = :p "
        "WHERE i.company_id = :c AND i.id > :below",
        "o",
    )
)  # fmt: skip
NUMBERS = text(
    _copied(
        IssuedNumber,
        {
            "series_id": ":series", "n": ":n + ROW_NUMBER() OVER (ORDER BY i.id)", "number": "i.number",
            "kind": "'sales_invoice'", "record_id": "i.id", "at": "i.submitted_at",
        },
        FRESH, "i",
    )
)  # fmt: skip
BALANCES = text(
    "INSERT INTO party_balance (company_id, party_kind, party_id, balance) "
    f"SELECT :c, 'customer', i.customer_id, SUM(i.total) {FRESH} GROUP BY i.customer_id "
    "ON DUPLICATE KEY UPDATE balance = balance + VALUES(balance)"
)
TRAIL = text(
    _copied(
        AuditEntry,
        {
            "at": "i.submitted_at", "user_id": "NULL", "user_name": "'bench'", "session_id": "NULL", "ip": "''",
            "action": "'create'", "kind": "'sales_invoice'", "record_id": "i.id", "changes": "NULL",
            "note": "'thrown in by erp bench'",
        },
        FRESH, "i",
    )
)  # fmt: skip
