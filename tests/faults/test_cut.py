"""A line that is cut in the middle of a save: nothing is half done, and with the same key it is done once."""

import json
import socket
import time

import pytest

from deploy.layout import Instance
from tests.faults.client import Program, invoice
from tests.faults.conftest import Running


def request(program: Program, key: str) -> bytes:
    """Return a posting as it goes over the line."""
    body = json.dumps(invoice(5)).encode()
    head = (
        "POST /api/v1/sales-invoices?submit=1 HTTP/1.1", f"Host: 127.0.0.1:{program.port}",
        f"Authorization: Bearer {program.token}", "Content-Type: application/json", f"Idempotency-Key: {key}",
        f"Content-Length: {len(body)}",
    )  # fmt: skip
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def opened(instance: Running, where: str) -> socket.socket:
    """Return a line to the entry, or to the application behind it."""
    line = socket.socket(socket.AF_INET if where == "entry" else socket.AF_UNIX)
    line.settimeout(20)
    line.connect(
        ("127.0.0.1", instance.port) if where == "entry" else str(Instance(instance.data, instance.port).socket("web"))
    )
    return line


def count(program: Program) -> int:
    """Return how many invoices there are, over all pages."""
    found, after = 0, ""
    while True:
        page = program.insist("GET", f"/sales-invoices?sort=-id&limit=200&fields=id{after}")
        found += len(page["data"])
        if not page["next"]:
            return found
        after = f"&after={page['next']}"


@pytest.mark.parametrize("where", ["entry", "application"])
def test_a_request_that_is_cut_in_the_middle_changes_nothing_until_it_is_sent_again(
    instance: Running, program: Program, where: str
):
    instance.wait(instance.is_well, 60)
    before, key = count(program), f"cut-in-the-middle-{where}"
    sent = request(program, key)
    with opened(instance, where) as line:
        line.sendall(sent[: len(sent) - 20])
        time.sleep(0.3)
    time.sleep(1)
    assert count(program) == before
    found = program.insist("POST", "/sales-invoices?submit=1", invoice(5), key)
    assert (found["state"], count(program)) == ("submitted", before + 1)


@pytest.mark.parametrize("where", ["entry", "application"])
@pytest.mark.parametrize("seconds", [0, 0.02])
def test_a_request_whose_answer_is_cut_off_is_done_once_when_it_is_sent_again(
    instance: Running, program: Program, where: str, seconds: float
):
    instance.wait(instance.is_well, 60)
    before, key = count(program), f"cut-before-the-answer-{where}-{seconds}"
    with opened(instance, where) as line:
        line.sendall(request(program, key))
        time.sleep(seconds)
    first = program.insist("POST", "/sales-invoices?submit=1", invoice(5), key)
    assert program.insist("POST", "/sales-invoices?submit=1", invoice(5), key)["number"] == first["number"]
    assert count(program) == before + 1
