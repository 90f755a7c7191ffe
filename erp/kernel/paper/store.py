"""Where bytes are kept: by their own hash, written once, behind one small interface."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Protocol

CHUNK = 1 << 20


class TooLarge(ValueError):
    """The stream holds more bytes than allowed; nothing was kept."""


class Store(Protocol):
    """Bytes by hash; another kind of storage (an object store) needs just these."""

    def put(self, stream: BinaryIO, limit: int) -> tuple[str, int]:
        """Keep a stream and return its SHA-256 (hex) and its size."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Return the bytes of a hash, or raise ``FileNotFoundError``."""
        ...

    def path(self, sha256: str) -> Path | None:
        """Return where it lies, or None where there is no such place."""
        ...

    def sweep(self, is_known: Callable[[list[str]], set[str]], older_than: float) -> int:
        """Delete what nobody knows; return how many."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """Bytes in a folder: ``ab/cd/abcd...``. Names come from the hash only, never from a person."""

    root: Path

    def put(self, stream: BinaryIO, limit: int) -> tuple[str, int]:
        """Write to a temporary file, then move into place: a crash leaves no half file under a hash."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=self.root, prefix=".new-", delete=False) as part:
            try:
                sha256, size = _copied(stream, part, limit)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
            part.flush()
            os.fsync(part.fileno())
        self._settle(Path(part.name), sha256)
        return sha256, size

    def _settle(self, part: Path, sha256: str) -> None:
        place = self.path(sha256)
        with contextlib.suppress(FileNotFoundError):
            os.utime(place)  # known bytes are wanted again: the sweep leaves them alone
            part.unlink()
            return
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.chmod(0o640)
        part.rename(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def open(self, sha256: str) -> BinaryIO:
        """Return the open file of a hash."""
        return self.path(sha256).open("rb")

    def path(self, sha256: str) -> Path:
        """Return the place of a hash; anything but a hash is refused."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise FileNotFoundError(sha256)
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def sweep(self, is_known: Callable[[list[str]], set[str]], older_than: float) -> int:
        """Delete what nobody knows and is older than a moment (seconds since 1970); return how many.

        Such bytes were left by transactions that did not commit, or by a write that was cut off.
        """
        old = [path for path in self.root.glob("??/??/*") if path.stat().st_mtime < older_than]
        old += [path for path in self.root.glob(".new-*") if path.stat().st_mtime < older_than]
        kept = is_known([path.name for path in old])
        gone = [path for path in old if path.name not in kept]
        return sum(_removed(path, older_than) for path in gone)

    def remove_all(self) -> None:
        """Delete the folder: for tests and for a fresh demonstration."""
        shutil.rmtree(self.root, ignore_errors=True)


def _removed(path: Path, older_than: float) -> bool:
    """Remove a file unless somebody kept the same bytes again meanwhile."""
    try:
        if path.stat().st_mtime >= older_than:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def _copied(stream: BinaryIO, into: IO[bytes], limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(str(limit))
        digest.update(chunk)
        into.write(chunk)
    return digest.hexdigest(), size
