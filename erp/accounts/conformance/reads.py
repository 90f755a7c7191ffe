"""Reading back: what documents, the ledger, the balances and the tax report say."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from erp.accounts.conformance.roles import role_by_account
from erp.accounts.ledger.model import LedgerEntry, LedgerHead
from erp.accounts.payment.queries import advances_for
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.items import items_of
from erp.kernel.change import Work, find
from erp.kernel.conformance.compare import Diff
from erp.kernel.conformance.registry import Unsupported, reads
from erp.kernel.conformance.run import Run
from erp.kernel.paper.reports import run as run_report
from erp.kernel.records import kind_of

E = LedgerEntry.__table__.c


@reads("mark")
def mark(run: Run) -> int:
    """Return the last number of the company's ledger."""
    return run.does(lambda work: head(work, run.company))


def head(work: Work, company: int) -> int:
    """Return the last number drawn; zero for an empty ledger."""
    return work.session.scalar(select(LedgerHead.seq).where(LedgerHead.company_id == company)) or 0


@reads("marked")
def marked(run: Run, event_id: str, before: int) -> None:
    """Remember which entries an event wrote."""
    run.facts.setdefault("span", {})[event_id] = (before, mark(run))


def report_rows(run: Run, name: str, **given: Any) -> Any:
    """Run a report of the product for the scratch company."""
    asked = {"company": str(run.company), **{key: str(value) for key, value in given.items() if value is not None}}
    return run.does(lambda work: run_report(work, name, asked))


@reads("balances")
def balances(run: Run) -> dict[str, Decimal]:
    """Return the balance of each role by the general ledger, debit positive."""
    roles = role_by_account(run)
    return {roles[row["account_id"]]: row["closing"] for row in report_rows(run, "general-ledger").rows
            if row["account_id"] in roles}  # fmt: skip


@reads("turnover")
def turnover(run: Run) -> dict[str, dict[str, Decimal]]:
    """Return both sides of each role by the general ledger."""
    roles = role_by_account(run)
    return {
        roles[row["account_id"]]: {"debit": row["debit"], "credit": row["credit"]}
        for row in report_rows(run, "general-ledger").rows if row["account_id"] in roles
    }  # fmt: skip


@reads("tax_report")
def tax_report(run: Run, tax: str | None, side: str) -> dict[str, Decimal]:
    """Return base and amount of the tax report for a side; of one tax, or of all."""
    wanted = {"invoice": ("sale", "purchase"), "credit": ("sale_credit", "purchase_credit")}[side]
    rows = [
        row for row in report_rows(run, "tax-report").rows
        if row["tax_side"] in wanted and (tax is None or row["tax"] == tax)
    ]  # fmt: skip
    return {key: sum((row[key] for row in rows), ZERO) for key in ("base", "amount")}


@reads("ledger")
def ledger(run: Run, event_id: str, journals: list[dict[str, Any]]) -> list[Diff]:
    """Compare net sums by role, currency and cost centre of what an event booked."""
    before, after = run.facts.get("span", {}).get(event_id, (0, 0))
    rows = run.does(lambda work: _rows(work, run.company, before, after))
    roles = role_by_account(run)
    expected = [entry for journal in journals for entry in journal["entries"]]
    sides = any(journal.get("storno") for journal in journals)
    actual = [Booked(row, roles.get(row.account_id, "")) for row in rows]
    return _compare(f"ledger.{event_id}", expected, actual, run.currency, sides=sides)


def _rows(work: Work, company: int, before: int, after: int) -> Any:
    query = select(LedgerEntry.__table__).where(E.company_id == company, E.seq > before, E.seq <= after)
    return work.session.execute(query.order_by(E.seq)).all()


class Booked:
    """A ledger row as comparison needs it."""

    def __init__(self, row: Any, role: str) -> None:
        self.role, self.currency = role, row.currency
        self.centre = (row.dimensions or {}).get("cost_centre")
        self.amount, self.foreign = row.amount, row.amount_transaction
        self.debit = row.amount if row.side == "D" else ZERO
        self.credit = -row.amount if row.side == "C" else ZERO


Group = tuple[str, str | None, str | None]


def _compare(path: str, expected: list[dict[str, Any]], actual: list[Booked], own: str, *, sides: bool) -> list[Diff]:
    groups: dict[Group, list[dict[str, Any]]] = {}
    for entry in expected:
        groups.setdefault((entry["account"], entry.get("currency"), entry.get("cost_centre")), []).append(entry)
    split = {(role, currency) for role, currency, _centre in groups if currency is not None}
    diffs = []
    for group, entries in groups.items():
        rows = [row for row in actual if _belongs(row, group, split, groups, own)]
        diffs += _compare_group(f"{path}.{'/'.join(part for part in group if part)}", entries, rows, sides=sides)
    return diffs


def _belongs(row: Booked, group: Group, split: set[tuple[str, str]], groups: dict[Group, Any], own: str) -> bool:
    role, currency, centre = group
    if row.role != role:
        return False
    if currency is not None and row.currency != currency:
        return False
    listed = {known for known_role, known in split if known_role == role}
    if currency is None and listed and row.currency in listed and own not in listed:
        return False
    centres = {known for known_role, _currency, known in groups if known_role == role and known is not None}
    return row.centre == centre if centres else True


def _compare_group(path: str, entries: list[dict[str, Any]], rows: list[Booked], *, sides: bool) -> list[Diff]:
    figures: list[tuple[str, Decimal, Decimal]] = []
    debit = sum((Decimal(entry["debit"]) for entry in entries), ZERO)
    credit = sum((Decimal(entry["credit"]) for entry in entries), ZERO)
    if sides:
        figures.append(("debit", debit, sum((row.debit for row in rows), ZERO)))
        figures.append(("credit", credit, sum((row.credit for row in rows), ZERO)))
    else:
        figures.append(("net", debit - credit, sum((row.amount for row in rows), ZERO)))
    if any("foreign_amount" in entry for entry in entries):
        foreign = sum((Decimal(entry.get("foreign_amount", "0")) for entry in entries), ZERO)
        figures.append(("foreign", foreign, sum((row.foreign for row in rows), ZERO)))
    return [Diff(f"{path}.{name}", wanted, got) for name, wanted, got in figures if wanted != got]


@reads("document")
def document(run: Run, event_id: str, fields: list[str]) -> dict[str, Any]:
    """Return fields of a document as the product shows them on the day of the running event."""
    made = run.documents.get(event_id)
    if made is None:
        raise Unsupported(f"{event_id} made no document to read from")
    return run.does(lambda work: _read(work, run, made.kind, made.id, fields))


def _read(work: Work, run: Run, kind: str, record_id: int, fields: list[str]) -> dict[str, Any]:
    record = find(work, kind_of(kind), record_id)
    answer = {}
    for name in fields:
        reader = READERS.get(name)
        if reader is None:
            raise Unsupported(f"document field {name}: the product does not have it yet")
        answer[name] = reader(work, run, record)
    return answer


STATUSES = {"draft", "submitted", "unpaid", "partly_paid", "paid", "overdue", "credited", "cancelled"}


def _status(work: Work, run: Run, record: Any) -> str:  # noqa: ARG001
    """Return the status; what only this product tells apart of a posted document, the cases call submitted."""
    on = getattr(record, "status_on", None)
    status = str(on(run.today)) if on else str(record.status)
    return status if status in STATUSES or record.state != "submitted" else "submitted"


def _tax_lines(work: Work, run: Run, record: Any) -> list[dict[str, Any]]:  # noqa: ARG001
    return [{"tax": row["code"], "base": row["base"], "amount": row["amount"]} for row in record.taxes or ()]


def _line_taxes(work: Work, run: Run, record: Any) -> list[dict[str, Any]]:  # noqa: ARG001
    return [
        {"line": str(place), "tax": row["tax"], "amount": row["amount"]}
        for place, line in enumerate(record.lines, 1)
        for row in line.tax_amounts or ()
    ]


def _instalments(work: Work, run: Run, record: Any) -> list[dict[str, Any]]:  # noqa: ARG001
    return [{"paid": "0", **row} for row in record.instalments or ()]


def _totals(work: Work, run: Run, record: Any) -> dict[str, Any]:  # noqa: ARG001
    known: dict[str, tuple[str, str]] = run.facts.get("categories", {})
    parts = record.breakdown or {}
    return {
        "line_total": parts.get("line_total"), "allowance_total": parts.get("allowance_total"),
        "charge_total": parts.get("charge_total"), "tax_exclusive": record.net, "tax_total": record.tax,
        "tax_inclusive": record.total, "prepaid": record.prepaid, "rounding": record.rounding,
        "payable": record.payable,
        "tax_breakdown": [
            {"category": known.get(row["code"], ("", ""))[0], "rate": row["rate_percent"], "base": row["base"],
             "amount": row["amount"]}
            for row in record.taxes or ()
        ],
    }  # fmt: skip


def _unallocated(work: Work, run: Run, record: Any) -> Decimal:  # noqa: ARG001
    items = items_of(work, [(record.__kind__, record.id)], lock=False)
    return Decimal(abs(sum((item.outstanding for item in items), ZERO)))


def _part(name: str) -> Any:
    return lambda _work, _run, record: (record.breakdown or {}).get(name)


def _column(name: str) -> Any:
    return lambda _work, _run, record: getattr(record, name)


READERS: dict[str, Any] = {
    **{name: _column(name) for name in ("net", "tax", "payable", "rounding", "outstanding")},
    "gross": _column("total"),
    "status": _status,
    "unallocated": _unallocated,
    "total_before_discount": _part("before_discount"),
    "company_gross": _part("company_total"),
    "discount_until": _part("discount_until"),
    "charges": _part("charges"),
    "tax_by_head": _part("heads"),
    "line_nets": lambda _work, _run, record: [line.amount for line in record.lines],
    "tax_lines": _tax_lines,
    "line_taxes": _line_taxes,
    "instalments": _instalments,
    "totals": _totals,
    "advance_paid": lambda work, _run, record: advances_for(work, record.__kind__, record.id),
}
