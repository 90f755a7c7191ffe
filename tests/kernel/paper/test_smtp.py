"""What an SMTP answer means, asked of real servers that behave well, badly and very badly."""

import socket
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from erp.kernel.paper.inbox import Inbox
from erp.kernel.paper.sink import Keeper
from erp.kernel.paper.smtp import Outcome, deliver

Serve = Callable[[Any], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server with a handler; return its address."""
    started: list[Controller] = []

    def start(handler: Any) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = Controller(handler, hostname="127.0.0.1", port=port)
        server.start()
        started.append(server)
        return f"smtp://127.0.0.1:{port}"

    yield start
    for server in started:
        server.stop()


def a_message() -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"], message["Subject"] = "<1@erp.example>", "請求書 SI-1"
    message["From"], message["To"] = "erp@example.com", "a@example.com"
    message.set_content("Line\n.dot at the start\n")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="請求書.pdf")
    return message


def send(url: str) -> tuple[Outcome, str]:
    answer = deliver(url, "erp@example.com", ["a@example.com"], a_message())
    return answer.outcome, answer.text


class Says:
    """Answers DATA, or RCPT, with a fixed line."""

    def __init__(self, data: str = "250 ok", rcpt: str = "250 ok") -> None:
        self.data, self.rcpt = data, rcpt

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return self.data


def test_the_sink_keeps_the_message_as_it_was_meant(serve: Serve, tmp_path: Path) -> None:
    assert send(serve(Keeper(Inbox(tmp_path))))[0] == Outcome.SENT
    (kept,) = Inbox(tmp_path)
    assert kept.header("Subject") == "請求書 SI-1"
    assert [(part.type, part.name) for part in kept.parts] == [("text/plain", ""), ("application/pdf", "請求書.pdf")]
    assert kept.parts[0].content == b"Line\r\n.dot at the start\r\n"
    assert kept.parts[1].content == b"%PDF-1.7"


@pytest.mark.parametrize(
    ("handler", "outcome"),
    [
        (Says(data="451 try again"), Outcome.LATER),
        (Says(rcpt="450 greylisted"), Outcome.LATER),
        (Says(data="554 spam"), Outcome.REFUSED),
        (Says(rcpt="550 no such user"), Outcome.REFUSED),
    ],
)
def test_four_hundreds_are_tried_later_and_five_hundreds_are_final(
    serve: Serve, handler: Says, outcome: Outcome
) -> None:
    found, text = send(serve(handler))
    assert found == outcome
    assert text[:3] in (handler.data, handler.rcpt)[handler.data == "250 ok"]


def test_nobody_listening_is_tried_later() -> None:
    assert send("smtp://127.0.0.1:1")[0] == Outcome.LATER


def test_a_connection_cut_after_the_content_leaves_the_outcome_unknown() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        connection, _address = listener.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 hello\r\n")
            for line in lines:
                verb = line[:4].upper()
                if verb == b"DATA":
                    connection.sendall(b"354 go on\r\n")
                elif line == b".\r\n":
                    return
                elif verb in {b"EHLO", b"HELO", b"MAIL", b"RCPT"}:
                    connection.sendall(b"250 ok\r\n")

    thread = threading.Thread(target=talk)
    thread.start()
    assert send(f"smtp://127.0.0.1:{listener.getsockname()[1]}")[0] == Outcome.UNKNOWN
    thread.join()
    listener.close()
