"""What accounts shows on the home page: income, cash, receivables and payables by month and by age."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from sqlalchemy import case, func, select

from erp.accounts.account.model import Account
from erp.accounts.home_chart import cash_picture
from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.rounding import ZERO, round_to
from erp.accounts.settlement.model import OpenItem
from erp.company.company import Company, currency_of
from erp.kernel.change import Work, visible
from erp.kernel.records import ACTIVE
from erp.kernel.text import _, ngettext
from erp.kernel.web.home import Desk, fills_home, home_company

MONTHS, AHEAD = 12, 2
BANDS = (0, 30, 60)
HUNDRED = Decimal(100)
INCOME, MONEY, OWED, OWING = "income", "money", "receivable", "payable"
Flows = dict[tuple[str, str], tuple[Decimal, Decimal]]


@home_company
def first_company(work: Work) -> int | None:
    """Return the first company that the reader may see."""
    query = select(Company.id).where(visible(work.actor, Company), Company.state == ACTIVE)
    return work.session.scalar(query.order_by(Company.code).limit(1))


def months_before(today: date, count: int = MONTHS, ahead: int = 0) -> list[date]:
    """Return the first days of the last ``count`` months, that of ``today`` among them, and of ``ahead`` more."""
    first = today.year * 12 + today.month - count
    return [date((first + n) // 12, (first + n) % 12 + 1, 1) for n in range(count + ahead)]


def key(month: date) -> str:
    """Return a month as it stands in the sums."""
    return f"{month:%Y-%m}"


def flows(desk: Desk) -> Flows:
    """Return debits and credits of income, money, receivables and payables by month: one query for the whole page."""
    return desk.work.once(("home flows", desk.company_id), lambda: _flows(desk))


def _flows(desk: Desk) -> Flows:
    group = case(
        (Account.role.in_(("cash", "bank")), MONEY), (Account.role == OWED, OWED), (Account.role == OWING, OWING),
        (Account.root_type == INCOME, INCOME),
    )  # fmt: skip
    debit = func.sum(case((LedgerEntry.amount > 0, LedgerEntry.amount), else_=0))
    credit = func.sum(case((LedgerEntry.amount < 0, -LedgerEntry.amount), else_=0))
    month = func.date_format(LedgerEntry.effective_on, "%Y-%m")
    query = (
        select(group, month, debit, credit)
        .join(Account, Account.id == LedgerEntry.account_id)
        .where(LedgerEntry.company_id == desk.company_id, group.is_not(None))
        .where(LedgerEntry.effective_on >= months_before(desk.today)[0], LedgerEntry.effective_on <= desk.today)
        .group_by(group, month)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in desk.work.session.execute(query)}


def balances(desk: Desk, group: str, now: Decimal) -> list[Decimal]:
    """Return the balance at the end of each month, counted back from what it is ``now``."""
    found = []
    for month in reversed(months_before(desk.today)):
        found.append(now)
        debit, credit = flows(desk).get((group, key(month)), (ZERO, ZERO))
        now -= debit - credit
    return found[::-1]


@fills_home("kpis")
def income(desk: Desk) -> list[dict[str, Any]]:
    """Show the income of this month beside the same days of the last one."""
    if not desk.may("read", "ledger"):
        return []
    sums = [flows(desk).get((INCOME, key(month)), (ZERO, ZERO)) for month in months_before(desk.today)]
    series = [credit - debit for debit, credit in sums]
    before = _income_until(desk, desk.today)
    change = int(round_to(HUNDRED * (series[-1] - before) / before, Decimal(1))) if before > 0 else None
    card = _card(desk, _("Income this month"), series[-1], "/reports/profit-and-loss", "sales_invoice")
    if change is None:
        return [card | {"series": series, "hint": _("last month %(amount)s", amount=_money(desk, series[-2]))}]
    tone = "ok" if change >= 0 else "bad"
    return [
        card | {"series": series, "delta": f"{change:+d} %", "tone": tone, "hint": _("on the same days last month")}
    ]


def _income_until(desk: Desk, today: date) -> Decimal:
    """Return the income of the last month up to the same day of the month."""
    start = months_before(today)[-2]
    end = min(start + timedelta(days=today.day - 1), months_before(today)[-1] - timedelta(days=1))
    query = (
        select(func.sum(-LedgerEntry.amount))
        .join(Account, Account.id == LedgerEntry.account_id)
        .where(LedgerEntry.company_id == desk.company_id, Account.root_type == INCOME)
        .where(LedgerEntry.effective_on >= start, LedgerEntry.effective_on <= end)
    )
    return desk.work.session.scalar(query) or ZERO


def _money(desk: Desk, amount: Decimal) -> str:
    return desk.fmt.money(amount, currency_of(desk.work, desk.company_id))


def _card(desk: Desk, label: str, amount: Decimal, url: str, topic: str) -> dict[str, Any]:
    """Return a key figure of the company's currency."""
    return {
        "label": label, "value": _money(desk, amount), "currency": currency_of(desk.work, desk.company_id), "url": url,
        "topic": topic,
    }  # fmt: skip


@fills_home("kpis")
def owed(desk: Desk) -> list[dict[str, Any]]:
    """Show what customers owe, what of it is overdue, and what is owed to suppliers."""
    if not desk.may("read", "payment"):
        return []
    late = OpenItem.due_on < desk.today
    query = select(
        OpenItem.party_kind, func.sum(OpenItem.outstanding_company),
        func.sum(case((late, OpenItem.outstanding_company), else_=0)), func.count(case((late, 1))),
    ).where(OpenItem.company_id == desk.company_id, OpenItem.is_open)  # fmt: skip
    found = {row[0]: row[1:] for row in desk.work.session.execute(query.group_by(OpenItem.party_kind))}
    cards = []
    for kind, group, sign, label, url in (
        ("customer", OWED, 1, _("To collect"), "/sales-invoices?status__in=unpaid,partly_paid,overdue"),
        ("supplier", OWING, -1, _("To be paid"), "/purchase-invoices?status__in=unpaid,partly_paid,overdue"),
    ):
        if not desk.may("read", kind):
            continue
        total, overdue, count = found.get(kind, (ZERO, ZERO, 0))
        card = _card(desk, label, sign * total + ZERO, url, "payment")
        if desk.may("read", "ledger"):
            card["series"] = [sign * amount for amount in balances(desk, group, total)]
        if overdue:
            card |= {"delta": _("%(amount)s overdue", amount=_money(desk, sign * overdue)), "tone": "bad"}
            card["hint"] = ngettext("%(n)s item", "%(n)s items", count)
        cards.append({"hint": _("nothing overdue"), **card})
    return cards


@fills_home("kpis")
def cash(desk: Desk) -> list[dict[str, Any]]:
    """Show what is on the bank and cash accounts."""
    if not desk.may("read", "ledger"):
        return []
    now = money_now(desk)
    card = _card(desk, _("Cash and bank"), now, "/reports/balance-sheet", "payment")
    return [card | {"series": balances(desk, MONEY, now), "hint": _("on bank and cash accounts")}]


def money_now(desk: Desk) -> Decimal:
    """Return what is on the bank and cash accounts today."""
    query = select(Account.id).where(
        Account.company_id == desk.company_id, Account.role.in_(("cash", "bank")), Account.is_group.is_(False)
    )
    accounts = list(desk.work.session.scalars(query)) or [0]
    total = select(func.sum(LedgerEntry.amount)).where(
        LedgerEntry.company_id == desk.company_id, LedgerEntry.account_id.in_(accounts),
        LedgerEntry.effective_on <= desk.today,
    )  # fmt: skip
    return desk.work.once(("home money", desk.company_id), lambda: desk.work.session.scalar(total) or ZERO)


@fills_home("cash")
def cash_chart(desk: Desk) -> dict[str, Any] | None:
    """Draw the money that came in and went out, the balance, and what is due in the months to come."""
    if not desk.may("read", "ledger"):
        return None
    months = months_before(desk.today)
    moved = [(month, *flows(desk).get((MONEY, key(month)), (ZERO, ZERO))) for month in months]
    due = _due(desk) if desk.may("read", "payment") else {}
    later = [(month, *due.get(key(month), (ZERO, ZERO))) for month in months_before(desk.today, ahead=AHEAD)[MONTHS:]]
    expected = later if any(into or out for _month, into, out in later) else []
    balance = balances(desk, MONEY, money_now(desk))
    for _month, into, out in expected:
        balance.append(balance[-1] + into - out)
    named = [
        (str(format_date(month, "MMM", locale=desk.fmt.locale)), into, out) for month, into, out in moved + expected
    ]
    currency = currency_of(desk.work, desk.company_id)
    return cash_picture(desk.fmt, currency, named, balance, len(expected))


def _due(desk: Desk) -> dict[str, tuple[Decimal, Decimal]]:
    """Return what customers and suppliers are due to pay in the months to come."""
    month = func.date_format(OpenItem.due_on, "%Y-%m")
    total = func.sum(OpenItem.outstanding_company)
    first, *_others, after = months_before(desk.today, ahead=AHEAD + 1)[MONTHS:]
    query = select(
        month, func.sum(case((OpenItem.party_kind == "customer", OpenItem.outstanding_company), else_=0)), total
    )
    query = query.where(
        OpenItem.company_id == desk.company_id, OpenItem.is_open, OpenItem.due_on >= first, OpenItem.due_on < after
    )
    rows = desk.work.session.execute(query.group_by(month))
    return {row[0]: (row[1], row[1] - row[2]) for row in rows}


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
    whole = sum((max(amount, ZERO) for amount in listed), ZERO) or Decimal(1)
    words = (_("Not due"), _("1 to 30 days"), _("31 to 60 days"), _("Over 60 days"))
    shares = [int(round_to(HUNDRED * max(amount, ZERO) / whole, Decimal(1))) for amount in listed]
    parts = [
        (label, _money(desk, amount), share, None) for label, amount, share in zip(words, listed, shares, strict=True)
    ]
    currency = currency_of(desk.work, desk.company_id)
    return {"parts": parts, "total": f"{currency} {_money(desk, sum(listed, ZERO))}"}
