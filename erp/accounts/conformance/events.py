"""Events of accounts as commands: journals, payments, allocations, cancellations, the closing of periods."""

from decimal import Decimal
from typing import Any, cast

from erp.accounts.billing.facts import accounts_by_code
from erp.accounts.closing.commands import close_year, revalue, transfer
from erp.accounts.conformance.given import customer, supplier
from erp.accounts.conformance.roles import account_of
from erp.accounts.journal_entry.model import JournalEntry
from erp.accounts.payment.commands import allocate_payment
from erp.accounts.payment.model import Payment
from erp.accounts.reconciliation.commands import reconcile, reconcile_automatically
from erp.company.company import Company
from erp.kernel.change import Work, cancel, find, save, submit
from erp.kernel.conformance.registry import Unsupported, event
from erp.kernel.conformance.run import Made, Run
from erp.kernel.records import Voucher, kind_of

PARTY_ROLES = {"receivable": "customer", "receivable_child": "customer", "payable": "supplier"}


def refuse_fields(about: dict[str, Any], *names: str) -> None:
    """Say which fields of an event the product has no place for yet."""
    for name in names:
        if about.get(name):
            raise Unsupported(f"{about['type']}.{name}: the product has no command for it yet")


@event("journal")
def journal(run: Run, about: dict[str, Any]) -> None:
    """Enter and submit a journal entry."""
    lines = [_journal_line(run, entry) for entry in about["entries"]]
    payload = {"company": run.company, "date": run.today.isoformat(), "reason": about["id"], "lines": lines}
    run.made(about["id"], "journal_entry", run.does(lambda work: entered(work, JournalEntry, payload)))


def entered(work: Work, kind: Any, payload: dict[str, Any], *, draft: bool = False) -> Any:
    """Save a document and submit it."""
    document = save(work, kind, payload)
    if not draft:
        submit(work, document)
    return document


def _journal_line(run: Run, entry: dict[str, Any]) -> dict[str, Any]:
    role = entry["account"]
    line: dict[str, Any] = {"account": {"code": account_of(run, role)}}
    for side in ("debit", "credit"):
        if entry[side].strip("-0."):
            line[side] = entry[side]
    if PARTY_ROLES.get(role) == "customer":
        line["customer"] = {"code": customer(run)}
    if PARTY_ROLES.get(role) == "supplier":
        line["supplier"] = {"code": supplier(run)}
    for name, key in (("amount_transaction", "foreign_amount"), ("currency", "currency"), ("due_date", "due")):
        if key in entry:
            line[name] = entry[key]
    if "cost_centre" in entry:
        line["dimensions"] = {"cost_centre": entry["cost_centre"]}
    if "tax" in entry:
        side = "sale" if role != "tax_receivable" else "purchase"
        line["tax"] = {"code": entry["tax"]}
        line["tax_side"] = side + ("_credit" if entry.get("tax_side") == "credit" else "")
    return line


@event("payment")
def payment(run: Run, about: dict[str, Any]) -> None:
    """Enter and submit a payment with its allocations."""
    payload: dict[str, Any] = {
        "company": run.company, "direction": about.get("direction", "receive"), "date": run.today.isoformat(),
        "account": {"code": account_of(run, about.get("account", "cash"))}, "excess": about.get("excess", "keep"),
        "take_discount": about.get("take_discount", False),
        "allocations": [_allocation(run, row) for row in about.get("allocations", ())],
    }  # fmt: skip
    for key in ("currency", "rate", "amount", "company_amount", "manual_taxes"):
        if key in about:
            payload[key] = about[key]
    if "write_off" in about and not payload["allocations"]:
        raise Unsupported("payment.write_off without allocations: there is nothing to write off")
    if "write_off" in about:
        payload["allocations"][-1]["write_off"] = about["write_off"]
    if not payload["allocations"] or any(
        run.documents[row["document"]].kind.endswith("_order") for row in about["allocations"]
    ):
        payload |= _usual_party(run, payload["direction"])
    made = run.does(lambda work: entered(work, Payment, payload, draft=about.get("draft", False)))
    run.made(about["id"], "payment", made)


def _usual_party(run: Run, direction: str) -> dict[str, Any]:
    if direction == "receive":
        return {"customer": {"code": customer(run)}}
    return {"supplier": {"code": supplier(run)}}


def voucher(run: Run, event_id: str) -> dict[str, Any]:
    """Return how a request names the document of an event."""
    made = of(run, event_id)
    return {"kind": made.kind, "id": made.id}


def of(run: Run, event_id: str) -> Made:
    """Return the document of an event."""
    made = run.documents.get(event_id)
    if made is None:
        raise Unsupported(f"{event_id} made no document")
    return made


def _allocation(run: Run, row: dict[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {"voucher": voucher(run, row["document"])}
    if "amount" in row:
        given["amount"] = row["amount"]
    return given


@event("allocate")
def allocate(run: Run, about: dict[str, Any]) -> None:
    """Allocate an unallocated payment to a document."""
    row = {"voucher": voucher(run, about["document"])}
    if "amount" in about:
        row["amount"] = about["amount"]
    source = of(run, about["payment"])

    def act(work: Work) -> None:
        allocate_payment(work, find(work, Payment, source.id), allocations=[row], date=run.today)

    run.does(act)


@event("reconcile")
def match(run: Run, about: dict[str, Any]) -> None:
    """Match the open items of documents."""
    vouchers = [(of(run, one).kind, of(run, one).id) for one in about["of"]]
    made = run.does(
        lambda work: reconcile(work, run.company, vouchers, write_off=about.get("write_off", False), on=run.today)
    )
    run.made(about["id"], "reconciliation", made)


@event("auto_reconcile")
def match_all(run: Run, about: dict[str, Any]) -> None:
    """Run the automatic matching."""
    made = run.does(lambda work: reconcile_automatically(work, run.company, run.today))
    if made:
        run.made(about["id"], "reconciliation", made[0])


@event("clear_company_balance")
def clear(run: Run, about: dict[str, Any]) -> None:
    """Clear a rest in company currency of a document with nothing open in its own."""
    source = of(run, about["document"])
    made = run.does(lambda work: reconcile(work, run.company, [(source.kind, source.id)], on=run.today))
    run.made(about["id"], "reconciliation", made)


@event("cancel")
def take_back(run: Run, about: dict[str, Any]) -> None:
    """Cancel a document; on a day of its own where the event states one."""
    source = of(run, about["of"])
    on = run.today if "date" in about else None

    def act(work: Work) -> None:
        cancel(work, cast("Voucher", find(work, kind_of(source.kind), source.id)), reason=about["id"], date=on)

    run.does(act)


@event("close_period")
def close_period(run: Run, about: dict[str, Any]) -> None:
    """Close the books up to a day."""

    def act(work: Work) -> None:
        save(work, Company, {"books_closed_until": about["until"]}, find(work, Company, run.company))

    run.does(act)


@event("close_year")
def closing(run: Run, about: dict[str, Any]) -> None:
    """Close income, expense and dividends of a year."""
    made = run.does(lambda work: close_year(work, find(work, Company, run.company), year=about["year"]))
    run.made(about["id"], "journal_entry", made)


def account_ids(work: Work, run: Run, roles: list[str]) -> list[int]:
    """Return the ids of the accounts that play roles."""
    codes = {account_of(run, role) for role in roles}
    return list(accounts_by_code(work, run.company, codes).values())


@event("fx_revaluation")
def revaluation(run: Run, about: dict[str, Any]) -> None:
    """Value foreign items and balances at the rate."""
    roles = about.get("accounts", ["receivable", "payable"])
    rate = Decimal(about["rate"])

    def act(work: Work) -> Any:
        return revalue(work, run.company, about["currency"], rate, account_ids(work, run, roles), run.today)

    run.made(about["id"], "journal_entry", run.does(act))


@event("bank_transfer")
def bank_transfer(run: Run, about: dict[str, Any]) -> None:
    """Transfer money between own accounts."""
    figures = {key: Decimal(about[key]) for key in ("amount", "rate", "received") if key in about}

    def act(work: Work) -> Any:
        source, target = (account_ids(work, run, [about[key]])[0] for key in ("from_account", "to_account"))
        return transfer(
            work, run.company, run.today, source=source, target=target, currency=about.get("currency"), **figures
        )

    run.made(about["id"], "journal_entry", run.does(act))
