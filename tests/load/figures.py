"""The figures: postings, lists, many clients at once, memory; durability is printed beside them."""

import http.client
import itertools
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import create_engine, text

from erp.settings import Settings
from tests.load.instance import Instance, figure

Measured = list[dict[str, Any]]


def invoice(lines: int) -> dict[str, Any]:
    """Return an invoice of the demo company with so many lines."""
    line = {"item": "P01", "quantity": "2", "price": "10.50"}
    today = time.strftime("%Y-%m-%d")
    return {"company": "NORTHWIND", "customer": "ALFKI", "posting_date": today, "lines": [line] * lines}


def post(instance: Instance, lines: int, connection: Any = None) -> dict[str, Any]:
    """Create and submit one invoice; anything but success ends the benchmark."""
    status, body = instance.call("POST", "/api/v1/sales-invoices?submit=1", invoice(lines), connection)
    if status != 201:
        raise RuntimeError(f"{status}: {body}")
    found: dict[str, Any] = body
    return found


def posting(instance: Instance, count: int) -> Measured:
    """CPU of creating and submitting an invoice, all server processes together, warm."""
    found = []
    for lines, target in ((1, 20), (50, 45)):
        for _ in range(10):
            post(instance, lines)
        median, p95 = instance.cpu_each(lambda n=lines: post(instance, n), count if lines == 1 else count // 4)
        found.append(figure(f"post an invoice of {lines} line(s), CPU", median, p95, "ms", target))
    return found


def together(instance: Instance, count: int) -> Measured:
    """Sixteen clients post at once: no error, and the numbers have no gap."""
    numbers: list[str] = []
    errors: list[str] = []

    def client() -> None:
        connection = http.client.HTTPConnection(instance.url.hostname or "", instance.url.port, timeout=60)
        for _ in range(max(2, count // 16)):
            try:
                numbers.append(post(instance, 1, connection)["number"])
            except (RuntimeError, OSError, http.client.HTTPException) as error:
                errors.append(str(error))

    threads = [threading.Thread(target=client) for _ in range(16)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    drawn = sorted(int(number.rsplit("-", 1)[1]) for number in numbers)
    gaps = sum(1 for a, b in itertools.pairwise(drawn) if b != a + 1)
    rate = round(len(numbers) / seconds, 1)
    return [
        figure("16 clients at once: errors", len(errors), len(errors), "", 0),
        figure("16 clients at once: gaps in the numbers", gaps, gaps, "", 0),
        figure("16 clients at once: invoices a second", rate, rate, "/s", 25, most=False),
    ]


def lists(instance: Instance, count: int) -> Measured:
    """CPU of the list of fifty invoices, as JSON of the API."""
    path = "/api/v1/sales-invoices?limit=50&fields=number,customer,posting_date,status,total,outstanding"
    for _ in range(5):
        instance.call("GET", path)
    median, p95 = instance.cpu_each(lambda: instance.call("GET", path), count)
    return [figure("list of 50 invoices, CPU", median, p95, "ms", 8)]


def reports(instance: Instance, count: int) -> Measured:
    """Time of the trial balance."""
    path = "/api/v1/reports/trial-balance?company=NORTHWIND"
    times = []
    for _ in range(max(5, count // 20)):
        started = time.perf_counter()
        status, body = instance.call("GET", path)
        times.append((time.perf_counter() - started) * 1000)
        if status != 200:
            raise RuntimeError(body)
    times.sort()
    return [
        figure("trial balance", round(statistics.median(times), 1), round(times[int(len(times) * 0.95)], 1), "ms", 300)
    ]


def raw(instance: Instance, count: int) -> Measured:
    """CPU of a hand-written transaction that writes the same rows, and how many times that a posting costs."""
    engine = create_engine(instance.config.database_url)
    tables = ("sales_invoice", "sales_invoice_line", "open_item", "ledger_entry", "issued_number", "audit_entry")
    statements = [_copy(engine, table) for table in tables]

    def write() -> None:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
            connection.rollback()

    own = time.process_time()
    median, p95 = instance.cpu_each(write, count)
    own_ms = (time.process_time() - own) / max(1, count) * 1000
    posted, _p95 = instance.cpu_each(lambda: post(instance, 1), count)
    raw_ms = median + own_ms
    return [
        figure("the same rows by hand, CPU", round(raw_ms, 2), round(p95 + own_ms, 2), "ms", 1000),
        figure("posting against the same rows by hand", round(posted / raw_ms, 2), 0, "times", 3),
    ]


def _copy(engine: Any, table: str) -> str:
    """Return a statement that writes one more row like the newest, into a table without keys of its own."""
    with engine.connect() as connection:
        columns = [row[0] for row in connection.execute(text(f"SHOW COLUMNS FROM `{table}`"))]
        row = connection.execute(text(f"SELECT * FROM `{table}` ORDER BY 1 DESC LIMIT 1")).mappings().one()
    fresh = {
        "uid": "RANDOM_BYTES(16)",
        "number": "UUID()",
        "key": "UUID()",
        "seq": "-FLOOR(RAND() * 1e15)",
        "n": "-FLOOR(RAND() * 1e15)",
    }
    kept = [name for name in columns if name != "id"]
    values = [fresh.get(name) or _literal(row[name]) for name in kept]
    return f"INSERT INTO `{table}` ({', '.join(f'`{name}`' for name in kept)}) VALUES ({', '.join(values)})".replace(
        ":", "\\:"
    )


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"


def memory(instance: Instance, count: int) -> Measured:
    """Proportional memory of the whole idle stack."""
    del count
    time.sleep(2)
    total = round(instance.memory(), 0)
    return [figure("whole idle stack, PSS", total, total, "MB", 350)]


def durability(instance: Instance, count: int) -> Measured:
    """The two settings under which every figure here is taken."""
    del count
    engine = create_engine(instance.config.database_url)
    with engine.connect() as connection:
        flush, sync = connection.execute(text("SELECT @@innodb_flush_log_at_trx_commit, @@sync_binlog")).one()
    return [
        figure("innodb_flush_log_at_trx_commit", flush, flush, "", 1),
        figure("sync_binlog", sync, sync, "", 1),
    ]


BENCHMARKS: dict[str, Callable[[Instance, int], Measured]] = {
    "durability": durability, "memory": memory, "posting": posting, "together": together, "lists": lists,
    "reports": reports, "raw": raw,
}  # fmt: skip


def measure(config: Settings, name: str | None, count: int) -> Measured:
    """Return the figures of one benchmark, or of all."""
    instance = Instance(config)
    return [one for key, run in BENCHMARKS.items() if name in (None, key) for one in run(instance, count)]
