"""Planning functions of accounts: the same pure functions that documents use."""

from datetime import date
from decimal import Decimal
from typing import Any

from erp.accounts.billing.taxes import net_from_gross as net_of
from erp.accounts.billing.terms import TermLine
from erp.accounts.billing.terms import instalments as parts_of
from erp.accounts.company import books_of
from erp.accounts.currency import cross_rate, rate_in_force, split_company_amount
from erp.accounts.rounding import round_to
from erp.accounts.settlement.arithmetic import Tolerance, judge_payment
from erp.accounts.tax.queries import taxes_on
from erp.company.currency import unit_of
from erp.kernel.change import Work
from erp.kernel.conformance.registry import plan
from erp.kernel.conformance.run import Run

Rows = list[dict[str, Any]]


def _whole(value: Any) -> int:
    return int(Decimal(value))


def term_line(line: dict[str, Any]) -> TermLine:
    """Return a line of terms of a plan."""
    return TermLine(
        kind=line["type"], percent=Decimal(line.get("percent", "0")), amount=Decimal(line.get("amount", "0")),
        parts=_whole(line.get("of", "1")), months=_whole(line.get("months", "0")), days=_whole(line.get("days", "0")),
        set_day=_whole(line["set_day"]) if "set_day" in line else None,
        discount_percent=Decimal(line.get("discount_percent", "0")),
        discount_amount=Decimal(line.get("discount_amount", "0")),
        discount_days=_whole(line["discount_days"]) if "discount_days" in line else None,
    )  # fmt: skip


@plan("instalments")
def instalments(run: Run, about: dict[str, Any]) -> Rows:
    """Return the instalments of an amount."""
    ways = run.does(lambda work: books_of(work, run.company).ways)
    lines = [term_line(line) for line in about["terms"]]
    found = parts_of(Decimal(about["amount"]), date.fromisoformat(about["date"]), lines, ways)
    return [{"due": part.due, "amount": part.amount, "discount_until": part.discount_until} for part in found]


@plan("rounding")
def rounding(run: Run, about: dict[str, Any]) -> Rows:  # noqa: ARG001
    """Return an amount rounded to several units."""
    amount = Decimal(about["amount"])
    return [{"result": round_to(amount, Decimal(row["unit"]), row.get("mode", "half_up"))} for row in about["rows"]]


@plan("currency_conversion")
def currency_conversion(run: Run, about: dict[str, Any]) -> Rows:
    """Return an amount converted by two rates of the same base."""
    rates = {currency: Decimal(rate) for currency, rate in about["rates"].items()}
    source, target = rates.get(about["from"], Decimal(1)), rates.get(about["to"], Decimal(1))
    if run.convention.get("rate_quote", "direct") == "direct":
        source, target = target, source
    return [{"amount": cross_rate(Decimal(about["amount"]), source, target, unit_of("USD"))}]


@plan("exchange_rate")
def exchange_rate(run: Run, about: dict[str, Any]) -> Rows:  # noqa: ARG001
    """Return the rates in force on days."""
    found = {
        currency: {date.fromisoformat(day): Decimal(rate) for day, rate in days.items()}
        for currency, days in about["rates"].items()
    }
    return [
        {"rate": rate_in_force(found.get(row["currency"], {}), date.fromisoformat(row["date"]))}
        for row in about["rows"]
    ]


@plan("net_from_gross")
def net_from_gross(run: Run, about: dict[str, Any]) -> Rows:
    """Return the price before tax of a price with tax."""
    on = date.fromisoformat(about["date"]) if "date" in about else run.today

    def net(work: Work) -> Decimal:
        found = taxes_on(work, run.company, about["taxes"], on)
        rules = [found[code].rule for code in about["taxes"] if code in found]
        return net_of(Decimal(about["gross_unit"]), Decimal(1), rules)

    return [{"net_unit": run.does(net)}]


@plan("split_open_item")
def split_open_item(run: Run, about: dict[str, Any]) -> Rows:
    """Return the company amounts of parts of an open item."""
    parts = [Decimal(part) for part in about["parts"]]
    unit = unit_of(run.currency)
    found = split_company_amount(Decimal(about["company_amount"]), Decimal(about["amount"]), parts, unit)
    return [{"company_amount": amount} for amount in found]


@plan("payment_tolerance")
def payment_tolerance(run: Run, about: dict[str, Any]) -> Rows:  # noqa: ARG001
    """Judge whether a payment closes its invoices."""
    allowed = Tolerance(
        date.fromisoformat(about["discount_until"]), _whole(about.get("grace_days", "0")),
        Decimal(about.get("max_tolerance_each", "0")), bool(about.get("grant_late_discount", False)),
    )  # fmt: skip
    invoices = [(Decimal(one["amount"]), Decimal(one.get("discount", "0"))) for one in about["invoices"]]
    found = judge_payment(invoices, Decimal(about["payment"]), date.fromisoformat(about["payment_date"]), allowed)
    row: dict[str, Any] = {
        "discount_taken": found.discount_taken, "closed": found.closed, "late_discount_amount": found.late_discount,
        "tolerance_amount": found.tolerance,
    }  # fmt: skip
    if found.remaining_on:
        row |= {"remaining": found.remaining, "remaining_on": found.remaining_on}
    return [row]
