"""What was accepted is done once, whatever is killed meanwhile: postings, prints, mails."""

import itertools
import threading
import time
from decimal import Decimal
from email.message import Message

import pytest

from tests.faults.client import Program, invoice, signed_in
from tests.faults.conftest import Postbox, Running

CLIENTS = 4
FEBRUARY = 2
"""A month in which no other test of this instance posts."""
KILLED = ("web", "mariadb", "redis-queue", "redis-cache", "nginx", "office", "realtime", "mariadb", "relay")


def test_every_posting_that_a_client_insists_on_is_in_the_books_once(instance: Running, program: Program):
    numbers: dict[str, str] = {}
    failures: list[BaseException] = []
    enough = threading.Event()

    def client(n: int) -> None:
        try:
            for i in itertools.count():
                key = f"client-{n}-{i}"
                found = program.insist("POST", "/sales-invoices?submit=1", invoice(i % 20 + 1, FEBRUARY), key)
                numbers[key] = found["number"]
                if enough.wait(0.2):
                    return
        except BaseException as error:  # noqa: BLE001 - told by the test, not by the thread
            failures.append(error)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for name in KILLED:
        time.sleep(1.5)
        instance.kill(name)
    enough.set()
    for thread in threads:
        thread.join(300)

    assert failures == []
    assert program.repeats > 0, "nothing was cut: the test proves nothing"
    drawn = sorted(int(number.rsplit("-", 1)[1]) for number in numbers.values())
    assert drawn == list(range(drawn[0], drawn[0] + len(numbers)))
    rows = program.insist("GET", "/reports/profit-and-loss?from=2026-02-01&to=2026-02-20")["rows"]
    income = next(Decimal(row["amount"]) for row in rows if row["account"] == "Net income")
    assert income == 21 * len(numbers)
    audit = instance.erp("audit")
    assert audit.returncode == 0, audit.stdout


def test_a_print_is_made_although_its_worker_is_killed(instance: Running, program: Program):
    made = [program.insist("POST", "/sales-invoices?submit=1", invoice(25), f"print-{n}")["id"] for n in range(3)]
    for one in made:
        assert program.call("GET", f"/sales-invoices/{one}/print.pdf")[0] in {200, 202}
    instance.kill("pdf")
    for one in made:
        first = program.insist("GET", f"/sales-invoices/{one}/print.pdf")
        assert first.startswith(b"%PDF")
        assert program.insist("GET", f"/sales-invoices/{one}/print.pdf") == first


@pytest.mark.parametrize("killed", ["worker", "redis-queue", "relay"])
def test_a_mail_arrives_once_although_a_process_is_killed(
    instance: Running, program: Program, postbox: Postbox, killed: str
):
    subject = f"About {killed}"
    one = program.insist("POST", "/sales-invoices?submit=1", invoice(26), f"mail-{killed}")["id"]
    browser = signed_in(instance.port)
    instance.kill(killed)
    browser.post(
        f"/sales-invoices/{one}/mail",
        f"/sales-invoices/{one}/mail",
        to="ben@ben.example",
        subject=subject,
        text="Hello",
    )

    def arrived() -> list[Message]:
        return [message for message in postbox.messages if message["Subject"] == subject]

    instance.wait(arrived, 90)
    time.sleep(5)
    assert len(arrived()) == 1
