"""A mail server for demonstrations: accepts everything, delivers nothing, keeps each message as a file.

``python -m erp.kernel.paper.sink --port 2525 --folder var/mail``
"""

import argparse
import signal
import threading
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from erp.kernel.paper.inbox import Inbox


class Keeper:
    """Keeps what it is handed; the answer is given after the message is on disk."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002 - the library's name
        """Keep one message."""
        self.inbox.keep(bytes(envelope.content))
        return "250 kept, not delivered"


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    server = Controller(
        Keeper(Inbox(options.folder)), hostname=options.host, port=options.port, data_size_limit=60_000_000
    )
    server.start()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    server.stop()


if __name__ == "__main__":
    main()
