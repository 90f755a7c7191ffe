"""Whatever is done in whatever order, through the product's own commands, the books stay books."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from erp.accounts.account.model import Account
from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.payment.commands import allocate_payment, deallocate_payment
from erp.accounts.payment.model import Payment
from erp.accounts.payment_terms.model import PaymentTerms
from erp.accounts.reconciliation.commands import reconcile, reconcile_automatically
from erp.buying.purchase_invoice.commands import credit_note as credit_bill
from erp.buying.purchase_invoice.model import PurchaseInvoice
from erp.company.exchange_rate import ExchangeRate
from erp.kernel.change import Work, cancel, find, run_work, save, submit
from erp.kernel.change.audit_checks import run_audit
from erp.kernel.errors import Refused
from erp.kernel.paper.reports import run as run_report
from erp.kernel.records import kind_of
from erp.kernel.rights import system_actor
from erp.selling.sales_invoice.commands import credit_note as credit_invoice
from erp.selling.sales_invoice.model import SalesInvoice
from tests.accounts.makers import books

FIRST = date(2026, 1, 1)
ACTOR = system_actor("test")
Step = tuple[str, int, int, int]


@dataclass
class World:
    """A company, what was made in it, and reports of the past with their answers."""

    company: int
    customer: int
    supplier: int
    terms: int
    made: list[tuple[str, int]] = field(default_factory=list)
    remembered: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    def pick(self, place: int, *kinds: str) -> tuple[str, int]:
        """Return one of the documents of some kinds; the place of nothing when there is none."""
        found = [one for one in self.made if one[0] in kinds] or [(kinds[0], 0)]
        return found[place % len(found)]

    def keep(self, document: Any) -> None:
        self.made.append((document.__kind__, document.id))


def day(number: int) -> str:
    return (FIRST + timedelta(days=number % 90)).isoformat()


def amount(number: int) -> str:
    return f"{number % 40 + 1}.{number % 2 * 37:02}"


def bill(work: Work, world: World, kind: Any, a: int, b: int, c: int) -> None:
    lines = [
        {"description": "x", "quantity": str(1 + n), "price": f"{(a * 7 + n * 331) % 900}.{(b + n) % 100:02}",
         "tax_codes": [[], ["V19"], ["V7", "CASH"], ["CASH"]][(c + n) % 4]}
        for n in range(1 + a % 3)
    ]  # fmt: skip
    party = {"customer": world.customer} if kind is SalesInvoice else {"supplier": world.supplier}
    payload = {
        "company": world.company, **party, "posting_date": day(b), "lines": lines, "prices_include_tax": bool(c % 3 == 0),
        **({"currency": "USD"} if c % 5 == 0 else {}), **({"terms": world.terms} if b % 2 else {}),
    }  # fmt: skip
    document = save(work, kind, payload)
    submit(work, document)
    world.keep(document)


def sell(work: Work, world: World, a: int, b: int, c: int) -> None:
    bill(work, world, SalesInvoice, a, b, c)


def buy(work: Work, world: World, a: int, b: int, c: int) -> None:
    bill(work, world, PurchaseInvoice, a, b, c)


def credit(work: Work, world: World, a: int, b: int, c: int) -> None:
    kind, one = world.pick(a, "sales_invoice", "purchase_invoice")
    act: Any = credit_invoice if kind == "sales_invoice" else credit_bill
    source: Any = find(work, kind_of(kind), one)
    lines = [{"line": source.lines[0].id, "quantity": "1"}] if c % 2 else None
    draft = act(work, source, lines=lines, posting_date=date.fromisoformat(day(b)))
    submit(work, draft)
    world.keep(draft)


def pay(work: Work, world: World, a: int, b: int, c: int) -> None:
    kind, one = world.pick(a, "sales_invoice", "purchase_invoice")
    selling = kind == "sales_invoice"
    source: Any = find(work, kind_of(kind), one)
    open_there = source.outstanding > 0
    allocation: dict[str, Any] = {"voucher": {"kind": kind, "id": one}}
    if c % 3 == 1:
        allocation |= {"amount": amount(b)}
    if c % 7 == 2:
        allocation |= {"write_off": "0.37"}
    payload = {
        "company": world.company, "date": day(b), "account": {"code": "1110"}, "allocations": [allocation],
        "direction": "receive" if selling is open_there else "pay", "take_discount": c % 2 == 0,
        "currency": source.currency, "excess": ["keep", "write_off"][c % 2],
        **({"customer": world.customer} if selling else {"supplier": world.supplier}),
        **({"amount": amount(a * b)} if c % 4 == 3 else {}), **({"rate": "0.777"} if source.currency == "USD" else {}),
    }  # fmt: skip
    document = save(work, Payment, payload)
    submit(work, document)
    world.keep(document)


def pay_ahead(work: Work, world: World, a: int, b: int, c: int) -> None:
    payload = {
        "company": world.company, "date": day(b), "account": {"code": "1110"}, "amount": amount(a),
        "direction": ["receive", "pay"][c % 2], **({"currency": "USD"} if c % 5 == 0 else {}),
        **({"customer": world.customer} if c % 3 else {"supplier": world.supplier}),
    }  # fmt: skip
    document = save(work, Payment, payload)
    submit(work, document)
    world.keep(document)


def allocate(work: Work, world: World, a: int, b: int, c: int) -> None:
    payment = find(work, Payment, world.pick(a, "payment")[1])
    kind, one = world.pick(b, "sales_invoice", "purchase_invoice")
    row: dict[str, Any] = {"voucher": {"kind": kind, "id": one}} if c % 2 else {}
    allocate_payment(work, payment, **row, date=day(c))


def deallocate(work: Work, world: World, a: int, b: int, c: int) -> None:
    deallocate_payment(work, find(work, Payment, world.pick(a, "payment")[1]), date=day(b))


def match(work: Work, world: World, a: int, b: int, c: int) -> None:
    if c % 3 == 0:
        for one in reconcile_automatically(work, world.company, date.fromisoformat(day(b))):
            world.keep(one)
        return
    chosen = [world.pick(a, "sales_invoice", "purchase_invoice"), world.pick(b, "payment")]
    world.keep(reconcile(work, world.company, chosen, write_off=c % 3 == 1, on=date.fromisoformat(day(b))))


def take_back(work: Work, world: World, a: int, b: int, c: int) -> None:
    kind, one = world.pick(a, "sales_invoice", "payment", "purchase_invoice", "reconciliation")
    document: Any = find(work, kind_of(kind), one)
    cancel(work, document, reason="test", date=date.fromisoformat(day(b)) if c % 2 else None)


STEPS: dict[str, Callable[[Work, World, int, int, int], None]] = {
    "sell": sell, "buy": buy, "credit": credit, "pay": pay, "pay_ahead": pay_ahead, "allocate": allocate,
    "deallocate": deallocate, "match": match, "take_back": take_back,
}  # fmt: skip
steps = st.tuples(st.sampled_from(sorted(STEPS)), *(st.integers(0, 500) for _ in range(3)))


def begin(currency: str) -> World:
    def act(work: Work) -> World:
        ledger = books(work, currency)
        for code, rate, more in (("V19", "19", {}), ("V7", "7", {}), ("CASH", "10", {"cash_basis": True})):
            ledger.tax(code, rate, **more)
        part = {"part": "percent_of_total", "percent": "40", "days": 10, "discount_percent": "3", "discount_days": 20}
        lines = [part, {"part": "remainder", "days": 40}]
        code = f"P{ledger.company}"
        terms = save(work, PaymentTerms, {"code": code, "name": code, "lines": lines})
        for on, rate in ((FIRST, "0.91"), (FIRST + timedelta(days=30), "0.8873"), (FIRST + timedelta(days=60), "1.02")):
            payload = {"company": ledger.company, "currency": "USD", "valid_from": on.isoformat(), "rate": rate}
            save(work, ExchangeRate, payload)
        return World(ledger.company, ledger.customer, ledger.supplier, terms.id)

    return run_work(ACTOR, act)


def ask(work: Work, world: World, name: str, **given: str) -> Any:
    return run_report(work, name, {"company": str(world.company), **given})


def parties_agree(work: Work, world: World, as_of: str | None) -> None:
    for report, role, sign in (("receivables-ageing", "receivable", 1), ("payables-ageing", "payable", -1)):
        aged = ask(work, world, report, **({"as_of": as_of} if as_of else {})).totals["total"]
        query = (
            select(func.coalesce(func.sum(LedgerEntry.amount), 0))
            .join(Account, Account.id == LedgerEntry.account_id)
            .where(Account.company_id == world.company, Account.role == role, LedgerEntry.party_kind.is_not(None))
        )
        kind = {"receivable": "customer", "payable": "supplier"}[role]
        query = query.where(LedgerEntry.party_kind == kind)
        if as_of:
            query = query.where(LedgerEntry.effective_on <= as_of)
        assert sign * aged == work.session.scalar(query), (report, as_of)


def books_are_books(work: Work, world: World) -> None:
    assert [(one.name, one.documents) for one in run_audit(work) if not one.ok] == []
    trial = ask(work, world, "trial-balance")
    assert trial.totals["debit_balance"] == trial.totals["credit_balance"]
    sheet, income = ask(work, world, "balance-sheet"), ask(work, world, "profit-and-loss")
    assert sheet.facts["balanced"] is True
    net = next(row["amount"] for row in income.rows if row.get("key") == "net_income")
    assert net == sum(row["amount"] for row in sheet.rows if row.get("key"))
    for on in (None, day(15), day(45)):
        parties_agree(work, world, on)
    for kind, one in world.made:
        document: Any = work.session.get(kind_of(kind), one)
        if document.state == "cancelled":
            entry = LedgerEntry.__table__.c
            own = (entry.voucher_kind == kind) & (entry.voucher_id == one)
            query = select(entry.account_id, func.sum(entry.amount), func.sum(entry.amount_transaction)).where(own)
            assert [row for row in work.session.execute(query.group_by(entry.account_id)) if row[1] or row[2]] == []
        if kind.endswith("_invoice"):
            whole = document.total + document.rounding
            assert abs(document.outstanding) <= abs(whole)
            assert document.outstanding * whole >= 0


def remember(work: Work, world: World) -> None:
    for name, given_ in (("trial-balance", {"as_of": day(45)}), ("receivables-ageing", {"as_of": day(45)})):
        table = ask(work, world, name, **given_)
        asked = {**given_, "known_on": str(table.facts["known_seq"])}
        world.remembered.append((name, asked, ask(work, world, name, **asked).totals))


def nothing_known_changed(work: Work, world: World) -> None:
    for name, asked, totals in world.remembered:
        assert ask(work, world, name, **asked).totals == totals


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip
@given(st.sampled_from(["EUR", "JPY", "KWD"]), st.lists(steps, min_size=4, max_size=14))
def test_the_books_stay_books(savepoint: None, currency: str, what: list[Step]) -> None:
    world = begin(currency)
    for place, (name, a, b, c) in enumerate(what):
        with contextlib.suppress(Refused):
            run_work(ACTOR, lambda work, step=(name, a, b, c): STEPS[step[0]](work, world, *step[1:]))  # type: ignore[misc]
        run_work(ACTOR, lambda work: books_are_books(work, world))
        if place % 4 == 0:
            run_work(ACTOR, lambda work: remember(work, world))
    run_work(ACTOR, lambda work: nothing_known_changed(work, world))
