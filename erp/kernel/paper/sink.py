"""A mail server for demonstrations: accepts everything, delivers nothing, keeps each message as a file.

``python -m erp.kernel.paper.sink --port 2525 --dir var/mail``
"""

import argparse
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from erp.kernel.records.types import new_uid


class Inbox:
    """Messages as ``.eml`` files of one folder, newest last by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002 - the library's name
        """Keep one message; the answer is given after it is on disk."""
        self.keep(bytes(envelope.content))
        return "250 kept, not delivered"

    def keep(self, content: bytes) -> str:
        """Write one message and return its name."""
        name = new_uid().hex
        part = self.folder / f".{name}"
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.folder / f"{name}.eml")
        return name

    def names(self) -> list[str]:
        """Return the names of all messages, newest first."""
        return sorted((path.stem for path in self.folder.glob("[0-9a-f]*.eml")), reverse=True)

    def message(self, name: str) -> "Kept | None":
        """Return one message, or None when there is none of this name."""
        if not (name.isalnum() and name.isascii()):
            return None
        path = self.folder / f"{name}.eml"
        return Kept(name, message_from_bytes(path.read_bytes(), policy=default)) if path.is_file() else None  # type: ignore[arg-type]

    def __iter__(self) -> Iterator["Kept"]:
        for name in self.names():
            found = self.message(name)
            if found is not None:
                yield found


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message: a body or an attachment."""

    number: int
    type: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A message in the inbox."""

    id: str
    message: EmailMessage

    def header(self, name: str) -> str:
        """Return a header, decoded."""
        return str(self.message.get(name, ""))

    @property
    def parts(self) -> list[Part]:
        """Return bodies and attachments in order."""
        leaves = [part for part in self.message.walk() if not part.is_multipart()]
        return [
            Part(number, part.get_content_type(), part.get_filename() or "", part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
            for number, part in enumerate(leaves)
        ]


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dir", type=Path, required=True)
    options = parser.parse_args()
    options.dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    server = Controller(Inbox(options.dir), hostname=options.host, port=options.port, data_size_limit=60_000_000)
    server.start()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    server.stop()


if __name__ == "__main__":
    main()
