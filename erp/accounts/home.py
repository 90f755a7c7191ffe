"""What accounts shows on the home page: income, cash, receivables and payables by age."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from sqlalchemy import case, func, select

from erp.accounts.account.model import Account
from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.rounding import ZERO, round_to
from erp.accounts.settlement.model import OpenItem
from erp.company.company import Company, currency_of
from erp.kernel.change import Work, visible
from erp.kernel.records import ACTIVE
from erp.kernel.text import _
from erp.kernel.web.home import Desk, fills_home, home_company

MONTHS = 6
BANDS = (0, 30, 60)
HUNDRED = Decimal(100)


@home_company
def first_company(work: Work) -> int | None:
    """Return the first company that the reader may see."""
    query = select(Company.id).where(visible(work.actor, Company), Company.state == ACTIVE)
    return work.session.scalar(query.order_by(Company.code).limit(1))


def months_before(today: date, count: int = MONTHS) -> list[date]:
    """Return the first days of the last ``count`` months, that of ``today`` last."""
    first = today.year * 12 + today.month - count
    return [date((first + n) // 12, (first + n) % 12 + 1, 1) for n in range(count)]


@fills_home("kpis")
def income(desk: Desk) -> list[dict[str, Any]]:
    """Show the income of this month beside that of the last ones."""
    if not desk.may("read", "ledger"):
        return []
    months = months_before(desk.today)
    month = func.date_format(LedgerEntry.effective_on, "%Y-%m")
    query = (
        select(month, func.sum(-LedgerEntry.amount))
        .join(Account, Account.id == LedgerEntry.account_id)
        .where(LedgerEntry.company_id == desk.company_id, Account.root_type == "income")
        .where(LedgerEntry.effective_on >= months[0], LedgerEntry.effective_on <= desk.today)
        .group_by(month)
    )
    found = {row[0]: row[1] for row in desk.work.session.execute(query)}
    series = [found.get(f"{one:%Y-%m}", ZERO) for one in months]
    currency = currency_of(desk.work, desk.company_id)
    before = desk.fmt.money(series[-2], currency)
    return [
        {
            "label": _("Income this month"), "value": desk.fmt.money(series[-1], currency), "currency": currency,
            "series": series, "hint": _("last month %(amount)s", amount=before), "url": "/reports/profit-and-loss",
            "topic": "sales_invoice",
        }
    ]  # fmt: skip


@fills_home("kpis")
def owed(desk: Desk) -> list[dict[str, Any]]:
    """Show what customers owe, what of it is overdue, and what is owed to suppliers."""
    if not desk.may("read", "payment"):
        return []
    table, currency = OpenItem, currency_of(desk.work, desk.company_id)
    late = func.sum(case((table.due_on < desk.today, table.outstanding_company), else_=0))
    query = select(table.party_kind, func.sum(table.outstanding_company), late).where(
        table.company_id == desk.company_id, table.is_open
    )
    found = {
        row[0]: (row[1] or ZERO, row[2] or ZERO) for row in desk.work.session.execute(query.group_by(table.party_kind))
    }
    cards = []
    for kind, sign, label, url in (
        ("customer", 1, _("Customers owe"), "/sales-invoices?status__in=unpaid,partly_paid,overdue"),
        ("supplier", -1, _("We owe"), "/purchase-invoices?status__in=unpaid,partly_paid,overdue"),
    ):
        total, overdue = found.get(kind, (ZERO, ZERO))
        overdue_text = desk.fmt.money(sign * overdue, currency)
        if desk.may("read", kind):
            cards.append(
                {
                    "label": label, "value": desk.fmt.money(sign * total + ZERO, currency), "currency": currency,
                    "delta": overdue_text if overdue else "", "tone": "bad", "url": url, "topic": "payment",
                    "hint": _("overdue") if overdue else _("nothing overdue"),
                }
            )  # fmt: skip
    return cards


@fills_home("kpis")
def cash(desk: Desk) -> list[dict[str, Any]]:
    """Show what is on the bank and cash accounts."""
    if not desk.may("read", "ledger"):
        return []
    currency = currency_of(desk.work, desk.company_id)
    query = select(func.sum(LedgerEntry.amount)).where(
        LedgerEntry.company_id == desk.company_id, LedgerEntry.account_id.in_(_money_accounts(desk))
    )
    balance = desk.work.session.scalar(query) or ZERO
    return [
        {
            "label": _("Cash and bank"), "value": desk.fmt.money(balance, currency), "currency": currency,
            "hint": _("on bank and cash accounts"), "url": "/reports/balance-sheet", "topic": "payment",
        }
    ]  # fmt: skip


def _money_accounts(desk: Desk) -> list[int]:
    query = select(Account.id).where(
        Account.company_id == desk.company_id, Account.role.in_(("cash", "bank")), Account.is_group.is_(False)
    )
    return list(desk.work.session.scalars(query)) or [0]


@fills_home("cash")
def cash_chart(desk: Desk) -> dict[str, Any] | None:
    """Draw the money that came in and went out, month by month."""
    if not desk.may("read", "ledger"):
        return None
    months = months_before(desk.today)
    month = func.date_format(LedgerEntry.effective_on, "%Y-%m")
    into = func.sum(case((LedgerEntry.amount > 0, LedgerEntry.amount), else_=0))
    out = func.sum(case((LedgerEntry.amount < 0, -LedgerEntry.amount), else_=0))
    query = select(month, into, out).where(
        LedgerEntry.company_id == desk.company_id, LedgerEntry.account_id.in_(_money_accounts(desk)),
        LedgerEntry.effective_on >= months[0], LedgerEntry.effective_on <= desk.today,
    )  # fmt: skip
    found = {row[0]: (row[1], row[2]) for row in desk.work.session.execute(query.group_by(month))}
    figures = [(one, *found.get(f"{one:%Y-%m}", (ZERO, ZERO))) for one in months]
    currency = currency_of(desk.work, desk.company_id)
    top = max((max(first, second) for _month, first, second in figures), default=ZERO) or Decimal(1)
    names = [str(format_date(one, "MMM", locale=desk.fmt.locale)) for one in months]
    words = (_("In"), _("Out"))
    return {
        "title": _("Cash, %(currency)s", currency=currency), "words": words,
        "desc": _("Money in and out of bank and cash accounts, month by month."),
        "rows": [
            (name, max(first, ZERO), max(second, ZERO), False)
            for name, (_one, first, second) in zip(names, figures, strict=True)
        ],
        "axis": [desk.fmt.number(round_to(top * n / 4, Decimal(1))) for n in range(5)],
        "texts": [
            (name, desk.fmt.money(first, currency), desk.fmt.money(second, currency))
            for name, (_one, first, second) in zip(names, figures, strict=True)
        ],
    }  # fmt: skip


@fills_home("ages")
def ages(desk: Desk) -> list[dict[str, Any]]:
    """Show receivables and payables by age."""
    if not desk.may("read", "payment"):
        return []
    table = OpenItem
    limits = [desk.today - timedelta(days=days) for days in BANDS]
    band = case((table.due_on >= limits[0], 0), (table.due_on >= limits[1], 1), (table.due_on >= limits[2], 2), else_=3)
    query = select(table.party_kind, band, func.sum(table.outstanding_company)).where(
        table.company_id == desk.company_id, table.is_open
    )
    found: dict[str, dict[int, Decimal]] = {}
    for kind, place, amount in desk.work.session.execute(query.group_by(table.party_kind, band)):
        found.setdefault(kind, {})[int(place)] = amount
    shown = []
    for kind, sign, title, url in (
        ("customer", 1, _("Receivables by age"), "/reports/receivables-ageing"),
        ("supplier", -1, _("Payables by age"), "/reports/payables-ageing"),
    ):
        if desk.may("read", kind) and found.get(kind):
            amounts = [sign * found[kind].get(place, ZERO) + ZERO for place in range(4)]
            shown.append({"title": title, "url": url if desk.may("read", "ledger") else None, **_parts(desk, amounts)})
    return shown


def _parts(desk: Desk, amounts: Iterable[Decimal]) -> dict[str, Any]:
    """Return the bands of an ageing: words, amount, and share of the whole in percent."""
    listed = list(amounts)
    currency = currency_of(desk.work, desk.company_id)
    whole = sum((max(amount, ZERO) for amount in listed), ZERO) or Decimal(1)
    words = (_("not due yet"), _("1 to 30 days"), _("31 to 60 days"), _("over 60 days"))
    parts = [
        (label, desk.fmt.money(amount, currency), int(round_to(HUNDRED * max(amount, ZERO) / whole, Decimal(1))), None)
        for label, amount in zip(words, listed, strict=True)
    ]
    return {"parts": parts, "total": f"{currency} {desk.fmt.money(sum(listed, ZERO), currency)}"}
