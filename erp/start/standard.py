"""What a company starts with besides its chart: the taxes of its country with their dated rates, and usual terms."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from erp.accounts.account.model import Account
from erp.accounts.payment_terms.model import PaymentTerms
from erp.accounts.tax.model import Tax
from erp.kernel.change import Work, save
from erp.kernel.paper.notifications import N_

Rate = tuple[str | None, str | None, str]
"""(first day, last day, percent); both days included, None is open."""


@dataclass(frozen=True, slots=True)
class StandardTax:
    """A tax of a country, with the codes of its accounts in the chart template."""

    code: str
    name: str
    rates: tuple[Rate, ...]
    sales_account: str | None
    purchase_account: str | None
    category: str = "S"


GERMANY = (
    StandardTax(
        "VAT19", "USt 19 %",
        (("2007-01-01", "2020-06-30", "19"), ("2020-07-01", "2020-12-31", "16"), ("2021-01-01", None, "19")),
        "3806", "1406",
    ),
    StandardTax(
        "VAT7", "USt 7 %",
        (("1983-07-01", "2020-06-30", "7"), ("2020-07-01", "2020-12-31", "5"), ("2021-01-01", None, "7")),
        "3801", "1401",
    ),
    StandardTax("EXPORT", "Steuerfreie Ausfuhr", ((None, None, "0"),), "3806", "1406", "G"),
)  # fmt: skip
JAPAN = (
    StandardTax(
        "CT10", "消費税",
        (("1997-04-01", "2014-03-31", "5"), ("2014-04-01", "2019-09-30", "8"), ("2019-10-01", None, "10")),
        "221", "141",
    ),
    StandardTax("CT8", "消費税（軽減税率）", (("2019-10-01", None, "8"),), "221", "141", "AA"),
    StandardTax("EXEMPT", "非課税", ((None, None, "0"),), "221", "141", "E"),
)  # fmt: skip
TAXES: dict[str, tuple[StandardTax, ...]] = {"germany": GERMANY, "japan": JAPAN}

REMAINDER = {"part": "remainder"}
TERMS: tuple[dict[str, Any], ...] = (
    {"code": "NOW", "name": N_("Due on receipt"), "lines": [{**REMAINDER, "days": 0}]},
    {"code": "N14", "name": N_("14 days net"), "lines": [{**REMAINDER, "days": 14}]},
    {"code": "N30", "name": N_("30 days net"), "lines": [{**REMAINDER, "days": 30}]},
    {
        "code": "2-10-N30", "name": N_("2 % within 10 days, 30 days net"),
        "lines": [{**REMAINDER, "days": 30, "discount_percent": "2", "discount_days": 10}],
    },
    {"code": "EOM1", "name": N_("End of next month"), "lines": [{**REMAINDER, "months": 1, "set_day": 31}]},
)  # fmt: skip


def add_standard_taxes(work: Work, company_id: int, template: str) -> int:
    """Add the taxes of a chart template to a company that has none; return how many."""
    if work.session.scalar(select(Tax.id).where(Tax.company_id == company_id).limit(1)):
        return 0
    wanted = TAXES.get(template, ())
    query = select(Account.code, Account.id).where(Account.company_id == company_id)
    accounts: dict[str, int] = {row[0]: row[1] for row in work.session.execute(query)}
    for tax in wanted:
        payload = {
            "company": company_id, "code": tax.code, "name": tax.name, "category": tax.category,
            "sales_account": accounts.get(tax.sales_account or ""),
            "purchase_account": accounts.get(tax.purchase_account or ""),
            "rates": [{"valid_from": start, "valid_to": end, "rate": rate} for start, end, rate in tax.rates],
        }  # fmt: skip
        save(work, Tax, payload)
    return len(wanted)


def add_standard_terms(work: Work) -> int:
    """Add the usual terms of payment where they are missing; return how many."""
    there = set(work.session.scalars(select(PaymentTerms.code)))
    missing = [terms for terms in TERMS if terms["code"] not in there]
    for terms in missing:
        save(work, PaymentTerms, dict(terms))
    return len(missing)
