"""Lists of fifty invoices: as a page and by the API, warm and cold, out of a thousand and out of a hundred thousand."""

import re
import statistics
import time
from collections.abc import Callable
from typing import Any

from tests.load.company import Scratch, scratch, throw_in
from tests.load.instance import Figure, Instance, NotMeasured, figure, judged
from tests.load.posting import post

FEW, MANY = 1_000, 100_000
FIELDS = "number,customer,posting_date,status,total,outstanding"
PAGE = "/sales-invoices"
API = f"/api/v1/sales-invoices?limit=50&fields={FIELDS}"
TOTALS = "/sales-invoices/totals"


def lists(instance: Instance, count: int) -> list[Figure]:
    """CPU of the first page of a list: warm, after a change (cold), and against a hundredth of the invoices."""
    few, many = scratch("BENCH-1K"), scratch("BENCH-100K")
    throw_in(instance, few, FEW)
    throw_in(instance, many, MANY)
    found = []
    for name, ask in (("page", _page), ("list of the API", _api)):
        warm, other = _in_turn(instance, ask(instance, many), ask(instance, few), count)
        found.append(figure(f"{name}: 50 of 100,000 invoices, warm, CPU", warm, "ms", 8))
        cold = instance.each(ask(instance, many), count // 2, before=lambda: post(instance, many, 1))
        found.append(figure(f"{name}: 50 of 100,000 invoices, cold, CPU", cold, "ms", 12))
        times = statistics.median(warm) / statistics.median(other)
        found.append(judged(f"{name}: out of 100,000 against out of 1,000", times, times, "times", 1.2))
    return [*found, *_totals(instance, many, count)]


def _in_turn(instance: Instance, act: Callable[[], Any], other: Callable[[], Any], count: int) -> tuple[Any, Any]:
    """Measure two acts in turn, in tens, so that both see the same machine."""
    figures: tuple[list[float], list[float]] = [], []
    for one in (act, other):
        for _ in range(20):
            one()
    for _ in range(max(1, count // 10)):
        for place, one in enumerate((act, other)):
            figures[place].extend(instance.each(one, 10))
    return figures


def _page(instance: Instance, company: Scratch) -> Callable[[], Any]:
    token = instance.token(company.id)
    if instance.page(PAGE, token=token).count('<tr id="r-') < 50:
        raise NotMeasured("the page of invoices does not show fifty rows")
    return lambda: instance.page(PAGE, token=token)


def _api(instance: Instance, company: Scratch) -> Callable[[], Any]:
    token = instance.token(company.id)
    if len(instance.call("GET", API, token=token)["data"]) != 50:
        raise NotMeasured("the list of the API does not hold fifty invoices")
    return lambda: instance.send("GET", API, token=token)


def _totals(instance: Instance, company: Scratch, count: int) -> list[Figure]:
    """The second fragment: exact after every change, and cheap while nothing changed."""
    token, wrong = instance.token(company.id), 0
    for _ in range(5):
        post(instance, company, 1)
        wrong += _shown(instance, token) != _counted(instance, company)
    values = instance.each(lambda: instance.page(TOTALS, token=token, fragment=True), count)
    started = time.perf_counter()
    post(instance, company, 1)
    cold = instance.each(lambda: _shown(instance, token), 5, before=lambda: post(instance, company, 1))
    del started
    return [
        judged("totals of 100,000 invoices: wrong after a change", wrong, wrong, "", 0),
        figure("totals of 100,000 invoices, nothing changed, CPU", values, "ms", 8),
        figure("totals of 100,000 invoices, after a change, CPU", cold, "ms", 1000),
    ]


def _shown(instance: Instance, token: str) -> str:
    """Return count and sum as the fragment shows them, digits alone."""
    text = instance.page(TOTALS, token=token, fragment=True)
    found = re.search(r'id="count"|hx-target="#count"[^>]*>([^<]*)<', text)
    sums = re.search(r'class="total">([^<]*)<', text)
    return ",".join(re.sub(r"[^0-9]", "", one.group(1) or "") for one in (found, sums) if one is not None)


def _counted(instance: Instance, company: Scratch) -> str:
    with instance.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), SUM(total) FROM sales_invoice WHERE company_id = %s", (company.id,))
        number, total = cursor.fetchone()
    return f"{number},{re.sub('[^0-9]', '', f'{total:.2f}')}"
