"""Northwind's files: the figures that everybody knows."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from erp.demo import northwind

CENT = Decimal("0.01")


def test_the_orders_add_up_to_the_known_figures() -> None:
    sales = northwind.sales()
    lines = [line for sale in sales for line in sale.lines]
    exact = [line.quantity * line.price * (100 - line.discount_percent) / 100 for line in lines]
    assert (len(sales), len(lines)) == (830, 2155)
    assert sum(line.quantity for line in lines) == 51317
    assert sum(exact) == Decimal("1265793.0395")
    assert sum(amount.quantize(CENT, ROUND_HALF_UP) for amount in exact) == Decimal("1265793.29")
    assert sum(sale.freight for sale in sales) == Decimal("64942.69")


def test_twenty_one_orders_were_never_shipped_and_are_invoiced_when_ordered() -> None:
    open_sales = [sale for sale in northwind.sales() if sale.shipped is None]
    assert len(open_sales) == 21
    assert all(sale.invoiced == sale.ordered and sale.paid is None for sale in open_sales)


def test_payments_come_thirty_days_after_invoices_shipped_by_the_seventh_of_march() -> None:
    paid = [sale for sale in northwind.sales() if sale.paid]
    assert all(sale.paid == sale.invoiced + timedelta(days=30) for sale in paid)
    assert max(sale.invoiced for sale in paid) <= date(1998, 3, 7)


def test_days_move_by_whole_weeks_up_to_the_last_one() -> None:
    today = date(2026, 11, 24)
    last = northwind.LAST_DAY + northwind.day_shift(today)
    assert timedelta(0) <= today - last < timedelta(days=7)
    assert last.weekday() == northwind.LAST_DAY.weekday()


def test_moving_the_days_keeps_who_has_paid() -> None:
    moved, kept = northwind.sales(timedelta(weeks=1000)), northwind.sales()
    assert [sale.is_paid for sale in moved] == [sale.is_paid for sale in kept]


def test_masters_are_read_whole_with_countries_as_codes() -> None:
    counts = [
        len(list(table.rows))
        for table in (northwind.customers(), northwind.suppliers(), northwind.items(), northwind.employees())
    ]
    assert counts == [91, 29, 77, 9]
    assert {len(row.cells["country"]) for row in northwind.customers().rows} == {2}


def test_employees_come_after_those_to_whom_they_report() -> None:
    seen: set[str] = set()
    for row in northwind.employees().rows:
        assert row.cells["reports_to"] == "" or row.cells["reports_to"] in seen
        seen.add(row.cells["code"])
