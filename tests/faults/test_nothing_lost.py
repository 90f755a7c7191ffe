"""What was accepted is done once, whatever is killed meanwhile: postings, prints, mails."""

import itertools
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.faults.client import Program, set_up, signed_in
from tests.faults.conftest import Running, free_port

CLIENTS = 4
KILLED = ("web", "mariadb", "redis-queue", "redis-cache", "nginx", "office", "realtime", "mariadb", "relay")


class Postbox:
    """A real SMTP server that keeps what it accepts."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.messages.append(message_from_bytes(envelope.content))
        return "250 kept"


@pytest.fixture(scope="module")
def postbox() -> Iterator[tuple[Postbox, int]]:
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture(scope="module")
def shop(postbox: tuple[Postbox, int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An instance with a company, a customer and an item, whose mail goes to the postbox."""
    running = Running(tmp_path_factory.mktemp("shop"), free_port(), ERP_MAIL_URL=f"smtp://127.0.0.1:{postbox[1]}")
    running.start()
    set_up(running.port)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def program(shop: Running) -> Program:
    made = shop.erp("token", "create", "--user", "ada", "--scope", "all")
    assert made.returncode == 0, made.stderr
    one = Program(shop.port, made.stdout.split()[-1])
    one.insist("POST", "/customers", {"code": "C1", "name": "Ben", "email": "ben@ben.example"}, key="customer")
    one.insist("POST", "/items", {"code": "TEA", "name": "Tea", "unit": "pc", "type": "service"}, key="item")
    return one


def invoice(day: int) -> dict[str, Any]:
    return {
        "customer": {"code": "C1"}, "posting_date": f"2026-03-{day:02}",
        "lines": [{"item": {"code": "TEA"}, "quantity": "2", "price": "10.50"}],
    }  # fmt: skip


def test_every_posting_that_a_client_insists_on_is_in_the_books_once(shop: Running, program: Program):
    numbers: dict[str, str] = {}
    failures: list[BaseException] = []
    enough = threading.Event()

    def client(n: int) -> None:
        try:
            for i in itertools.count():
                key = f"client-{n}-{i}"
                found = program.insist("POST", "/sales-invoices?submit=1", invoice(i % 20 + 1), key)
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
        shop.kill(name)
    enough.set()
    for thread in threads:
        thread.join(300)

    assert failures == []
    assert program.repeats > 0, "nothing was cut: the test proves nothing"
    drawn = sorted(int(number.rsplit("-", 1)[1]) for number in numbers.values())
    assert drawn == list(range(drawn[0], drawn[0] + len(numbers)))
    rows = program.insist("GET", "/reports/profit-and-loss?from=2026-03-01&to=2026-03-20")["rows"]
    income = next(Decimal(row["amount"]) for row in rows if row["account"] == "Net income")
    assert income == 21 * len(numbers)
    audit = shop.erp("audit")
    assert audit.returncode == 0, audit.stdout


def test_a_print_is_made_although_its_worker_is_killed(shop: Running, program: Program):
    made = [program.insist("POST", "/sales-invoices?submit=1", invoice(25), f"print-{n}")["id"] for n in range(3)]
    for one in made:
        assert program.call("GET", f"/sales-invoices/{one}/print.pdf")[0] in {200, 202}
    shop.kill("pdf")
    for one in made:
        first = program.insist("GET", f"/sales-invoices/{one}/print.pdf")
        assert first.startswith(b"%PDF")
        assert program.insist("GET", f"/sales-invoices/{one}/print.pdf") == first


@pytest.mark.parametrize("killed", ["worker", "redis-queue", "relay"])
def test_a_mail_arrives_once_although_a_process_is_killed(
    shop: Running, program: Program, postbox: tuple[Postbox, int], killed: str
):
    subject = f"About {killed}"
    one = program.insist("POST", "/sales-invoices?submit=1", invoice(26), f"mail-{killed}")["id"]
    browser = signed_in(shop.port)
    shop.kill(killed)
    browser.post(
        f"/sales-invoices/{one}/mail",
        f"/sales-invoices/{one}/mail",
        to="ben@ben.example",
        subject=subject,
        text="Hello",
    )

    def arrived() -> list[Message]:
        return [message for message in postbox[0].messages if message["Subject"] == subject]

    shop.wait(arrived, 90)
    time.sleep(5)
    assert len(arrived()) == 1
