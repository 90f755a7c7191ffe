"""A company to write about, and mail servers that answer as told."""

import dataclasses
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from erp.company.company import Company
from erp.kernel.change import Work, save
from erp.kernel.paper import mail as mail_module
from erp.kernel.paper.inbox import Inbox
from erp.kernel.paper.sink import Keeper
from erp.settings import settings

Serve = Callable[[Any], str]


class Says:
    """A mail server that answers RCPT and DATA with fixed lines."""

    def __init__(self, data: str = "250 ok", rcpt: str = "250 ok") -> None:
        self.data, self.rcpt = data, rcpt

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return self.data


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a mail server with a handler; return its address."""
    started: list[Controller] = []

    def start(handler: Any) -> str:
        port = free_port()
        server = Controller(handler, hostname="127.0.0.1", port=port)
        server.start()
        started.append(server)
        return f"smtp://127.0.0.1:{port}"

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def hang_up() -> Iterator[str]:
    """A mail server that takes the content and ends the connection without an answer."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        try:
            connection, _address = listener.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 hello\r\n")
            for line in lines:
                if line[:4].upper() == b"DATA":
                    connection.sendall(b"354 go on\r\n")
                elif line == b".\r\n":
                    return
                elif line[:4].upper() in {b"EHLO", b"HELO", b"MAIL", b"RCPT"}:
                    connection.sendall(b"250 ok\r\n")

    thread = threading.Thread(target=talk)
    thread.start()
    yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
    thread.join()


@pytest.fixture
def company(work: Work) -> Company:
    """A Japanese company."""
    payload = {"code": "PAPER", "name": "㈱髙橋商店", "country": "JP", "currency": "JPY", "city": "横浜市"}
    return save(work, Company, payload)


@pytest.fixture
def mail_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Point the product's settings at a mail server."""

    def use(url: str) -> None:
        monkeypatch.setattr(mail_module, "settings", lambda: dataclasses.replace(settings(), mail_url=url))

    return use


@pytest.fixture
def inbox(serve: Serve, mail_to: Callable[[str], None], tmp_path: Path) -> Inbox:
    """A mail server that keeps everything."""
    box = Inbox(tmp_path)
    mail_to(serve(Keeper(box)))
    return box
