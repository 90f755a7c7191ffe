"""Master data of a case: the company with its conventions, taxes, terms, rates, accounts, items and parties."""

from decimal import Decimal
from functools import partial
from typing import Any

from erp.accounts.charts.commands import lay_out_chart
from erp.accounts.conformance.roles import account_of
from erp.accounts.conventions import AMOUNTS, CHOICES
from erp.accounts.payment_terms.model import PaymentTerms
from erp.accounts.rounding import round_to
from erp.accounts.tax.model import Tax
from erp.catalog.item import Item
from erp.catalog.unit import Unit
from erp.company.company import Company
from erp.company.exchange_rate import ExchangeRate
from erp.kernel.change import Work, save
from erp.kernel.conformance.registry import Unsupported, adopts, given, reads
from erp.kernel.conformance.run import Run
from erp.parties.customer import Customer
from erp.parties.supplier import Supplier

for key, values in CHOICES.items():
    adopts(key, *values)
adopts("charge_rounding", "row")
adopts("fx_write_off", "day_rate")

COUNTRIES = {"JPY": "JP", "EUR": "DE", "INR": "IN", "GBP": "GB"}


@reads("company")
def make_company(run: Run) -> None:
    """Make the scratch company: its currency, its chart, its conventions as company settings."""
    settings = {
        key: str(value) for key, value in run.convention.items()
        if key in CHOICES or (key in AMOUNTS and value != "none")
    }  # fmt: skip

    def make(work: Work) -> int:
        payload = {
            "code": run.code, "name": run.code, "currency": run.currency,
            "country": COUNTRIES.get(run.currency, "US"), "timezone": "UTC", "conventions": settings,
        }  # fmt: skip
        company = save(work, Company, payload)
        lay_out_chart(work, company.id)
        return company.id

    run.company = run.does(make)
    run.facts["round"] = round_to


def ensure(run: Run, kind: Any, code: str, **more: Any) -> str:
    """Return the code of a master of the scratch company, made with the defaults when nobody listed it."""
    known: set[tuple[str, str]] = run.facts.setdefault("masters", set())
    if (kind.__kind__, code) not in known:
        payload = {"company": run.company, "code": code, "name": code, **more}
        run.does(lambda work: save(work, kind, payload))
        known.add((kind.__kind__, code))
    return code


def customer(run: Run, code: str = "C") -> str:
    """Return the code of a customer."""
    return ensure(run, Customer, code)


def supplier(run: Run, code: str = "S") -> str:
    """Return the code of a supplier."""
    return ensure(run, Supplier, code)


def item(run: Run, code: str = "A", **more: Any) -> str:
    """Return the code of an item in its stock unit."""
    if ("item", code) in run.facts.setdefault("masters", set()):
        return code
    return ensure(run, Item, code, unit={"code": unit(run, more.pop("unit", "unit"))}, **more)


def unit(run: Run, code: str, factor: str = "1") -> str:
    """Return the code of a unit of measure of this run: ``factor`` stock units."""
    own = f"{run.code}-{code}"
    known: set[str] = run.facts.setdefault("units", set())
    if own not in known:
        run.does(lambda work: save(work, Unit, _unit_payload(own, code, factor)))
        known.add(own)
    return own


def _unit_payload(own: str, code: str, factor: str) -> dict[str, Any]:
    numerator, denominator = Decimal(factor).as_integer_ratio()
    return {"code": own, "name": code, "dimension": "count", "numerator": numerator, "denominator": denominator}


def terms_code(run: Run, code: str) -> str:
    """Return the code under which the terms of a case are kept: terms are known to all companies."""
    return f"{run.code}-{code}"


@given("company_currency")
def company_currency(run: Run, value: str) -> None:
    """The currency was set with the company."""


@given("items")
def items(run: Run, value: dict[str, Any]) -> None:
    """Make items; what stock alone asks of them waits for the stock department."""
    for code, about in value.items():
        wanted = {key for key in about if key in {"components", "template", "variant_of", "serial"}}
        if wanted:
            raise Unsupported(f"items.{', '.join(sorted(wanted))}: waits for stock")
        more: dict[str, Any] = {"unit": about.get("unit", "unit")}
        for key in ("sales_price", "standard_cost"):
            if key in about:
                more[key] = about[key]
        item(run, code, **more)
        run.facts.setdefault("item units", {})[code] = {
            other: unit(run, f"{code}-{other}", factor) for other, factor in about.get("units", {}).items()
        }


@given("taxes")
def taxes(run: Run, value: dict[str, Any]) -> None:
    """Make taxes with their dated rate; with an account of their own where the case names one."""
    for code, about in value.items():
        payload: dict[str, Any] = {
            "company": run.company, "code": code, "name": code, "tax_kind": about["kind"],
            "sequence": int(Decimal(about.get("sequence", "0"))), "affects_base": about.get("affects_base", False),
            "cash_basis": about.get("basis", "accrual") == "cash", "deductible": about.get("deductible", True),
            "discounted": about.get("discounted", True), "head": about.get("head"),
            "rates": [
                {"valid_from": about.get("valid_from"), "valid_to": about.get("valid_to"), "rate": about["rate"]}
            ],
        }  # fmt: skip
        if "account" in about:
            account = {"code": account_of(run, about["account"])}
            payload |= {"sales_account": account, "purchase_account": account}
        run.does(partial(save, kind=Tax, payload=payload))


def category_tax(run: Run, category: str, rate: str) -> str:
    """Return the code of a tax of a category and rate (EN 16931), made at first use."""
    plain = format(Decimal(rate).normalize(), "f")
    code = f"{category}-{plain}"
    known: dict[str, tuple[str, str]] = run.facts.setdefault("categories", {})
    if code not in known:
        payload = {
            "company": run.company, "code": code, "name": code, "tax_kind": "percent", "category": category,
            "rates": [{"rate": plain}],
        }  # fmt: skip
        run.does(lambda work: save(work, Tax, payload))
        known[code] = (category, plain)
    return code


@given("payment_terms")
def payment_terms(run: Run, value: dict[str, Any]) -> None:
    """Make terms of payment."""
    for code, lines in value.items():
        payload = {
            "code": terms_code(run, code), "name": code, "lines": [term_payload(line) for line in lines],
        }  # fmt: skip
        run.does(partial(save, kind=PaymentTerms, payload=payload))


def term_payload(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line of terms as the product has it."""
    payload: dict[str, Any] = {"part": line["type"]}
    for name, key in (
        ("percent", "percent"), ("amount", "amount"), ("discount_percent", "discount_percent"),
        ("discount_amount", "discount_amount"),
    ):  # fmt: skip
        if key in line:
            payload[name] = line[key]
    for name, key in (
        ("parts", "of"), ("months", "months"), ("days", "days"), ("set_day", "set_day"),
        ("discount_days", "discount_days"),
    ):  # fmt: skip
        if key in line:
            payload[name] = int(Decimal(line[key]))
    return payload


@given("rates")
def rates(run: Run, value: dict[str, Any]) -> None:
    """Enter exchange rates by day."""
    for currency, days in value.items():
        for day, rate in days.items():
            payload = {"company": run.company, "currency": currency, "valid_from": day, "rate": rate}
            run.does(partial(save, kind=ExchangeRate, payload=payload))


@given("accounts")
def accounts(run: Run, value: Any) -> None:
    """Make the accounts a case names, below their parent where it names one."""
    for row in value:
        account_of(run, row["role"], row.get("parent"))


@given("units")
def units(run: Run, value: dict[str, Any]) -> None:
    """Units of a case are facts of its plans."""
    run.facts["measures"] = value
