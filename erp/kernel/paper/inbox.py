"""The inbox of a demonstration: messages that the sink kept as files, newest first."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from erp.kernel.uid import new_uid


class Inbox:
    """Messages as ``.eml`` files of one folder, newest last by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

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
        return Kept(name, message_from_bytes(path.read_bytes(), policy=default)) if path.is_file() else None

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
