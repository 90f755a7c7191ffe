"""Files: attachments of records, prints, imports and exports. Who may see the record may see its files."""

import base64
import io
import mimetypes
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import BigInteger, ForeignKey, Index, String, select
from sqlalchemy.dialects.mysql import insert
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.audit_checks import audit_check
from erp.kernel.change.find import find
from erp.kernel.change.hooks import announce
from erp.kernel.change.work import Work
from erp.kernel.errors import NotFound, Problem, Problems
from erp.kernel.paper.store import Folder, Store, TooLarge
from erp.kernel.records import Base, Choice, Instant, Record, kind_of
from erp.kernel.records.base import table_of
from erp.kernel.text import _
from erp.settings import settings

LARGEST_UPLOAD = 25_000_000
LARGEST_FILE = 500_000_000
ATTACHMENT, PRINT, EXPORT, IMPORT, REPORT = "attachment", "print", "export", "import", "report"
PASSING = (EXPORT, REPORT)
"""Made for one reading: dropped after some days, unlike what belongs to a record."""
TYPES = {
    **dict.fromkeys(("txt", "log", "md"), "text/plain"), "csv": "text/csv", "tsv": "text/tab-separated-values",
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "tif": "image/tiff", "tiff": "image/tiff", "heic": "image/heic", "svg": "image/svg+xml",
    "xml": "application/xml", "json": "application/json", "eml": "message/rfc822", "zip": "application/zip",
    **{name: mimetypes.types_map.get(f".{name}", "application/octet-stream")
       for name in ("xlsx", "xls", "docx", "doc", "pptx", "ppt", "ods", "odt", "odp", "yml", "yaml", "msg")},
}  # fmt: skip
MAGIC = {
    "application/pdf": (b"%PDF-",), "image/png": (b"\x89PNG\r\n\x1a\n",), "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"), "application/zip": (b"PK",), "image/webp": (b"RIFF",),
}  # fmt: skip


class Blob(Base):
    """Bytes in the store, once however many files show them."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[Instant]


class File(Base):
    """A named file, about a record or one's own. Never changed: another content is another file."""

    __tablename__ = "file"
    __table_args__ = (Index("ix_file_about", "about_kind", "about_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    sha256: Mapped[str] = mapped_column(String(64), ForeignKey("blob.sha256", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    mime: Mapped[str] = mapped_column(String(128))
    size: Mapped[int] = mapped_column(BigInteger)
    purpose: Mapped[Choice] = mapped_column(default=ATTACHMENT)
    about_kind: Mapped[Choice | None]
    about_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(BigInteger, index=True)

    @property
    def url(self) -> str:
        """Return where it is downloaded."""
        return f"/files/{self.id}"


_store: Callable[[], Store] = lambda: Folder(settings().files_folder)  # noqa: E731 - replaceable in one place


def the_store() -> Store:
    """Return the store of this installation."""
    return _store()


def store(
    work: Work, name: str, content: bytes | BinaryIO, mime: str, about: Record | tuple[str, int] | None = None, *,
    purpose: str = ATTACHMENT, limit: int = LARGEST_FILE,
) -> File:  # fmt: skip
    """Keep ``content`` and return its file, added to the running transaction.

    The bytes are on disk before the row commits; a rollback leaves bytes that the nightly sweep removes.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    try:
        sha256, size = the_store().put(stream, limit)
    except TooLarge:
        raise Problems([Problem("file", "too_large", _("At most %(n)s MB.", n=limit // 1_000_000))]) from None
    blob = insert(table_of(Blob)).values(sha256=sha256, size=size, created_at=work.now)
    work.session.execute(blob.on_duplicate_key_update(size=blob.inserted.size))
    kind, record_id = _about(about)
    file = File(
        sha256=sha256,
        name=clean_name(name),
        mime=mime,
        size=size,
        purpose=purpose,
        about_kind=kind,
        about_id=record_id,
        created_at=work.now,
        created_by_id=work.actor.user_id,
    )
    work.session.add(file)
    work.session.flush()
    return file


def _about(about: Record | tuple[str, int] | None) -> tuple[str | None, int | None]:
    if about is None:
        return None, None
    return (about.__kind__, about.id) if isinstance(about, Record) else about


def attach(work: Work, record: Record, name: str, content: BinaryIO) -> File:
    """Attach what a person sent; its type must be one we know and be what its name says."""
    head = content.read(16)
    content.seek(0)
    mime = type_of(clean_name(name), head)
    if not head:
        raise Problems([Problem("file", "empty", _("This file is empty."))])
    file = store(work, name, content, mime, record, limit=LARGEST_UPLOAD)
    announce(work, record, "attached")
    return file


def type_of(name: str, head: bytes) -> str:
    """Return the type of an upload by its name, checked against its first bytes."""
    ending = Path(name).suffix.lower().removeprefix(".")
    mime = TYPES.get(ending)
    if mime is None:
        raise Problems(
            [Problem("file", "file_type", _("Files of type “%(type)s” are not kept here.", type=ending or "?"))]
        )
    if mime in MAGIC and head and not head.startswith(MAGIC[mime]):
        raise Problems(
            [Problem("file", "file_type", _("The content is not what the name “%(name)s” says.", name=name))]
        )
    return mime


def clean_name(name: str) -> str:
    """Return the last part of a sent name, printable, at most 200 characters; it is shown, never used as a path."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in text if unicodedata.category(sign)[0] != "C").strip().strip(".")
    if len(kept) > 200:
        ending = Path(kept).suffix[:20]
        kept = kept[: 200 - len(ending)] + ending
    return kept or "file"


def find_file(work: Work, file_id: int) -> File:
    """Return a file that the actor may see: through its record, or because it is the actor's own."""
    file = work.session.get(File, file_id)
    if file is None:
        raise NotFound
    if file.about_kind is not None and file.about_id is not None:
        find(work, kind_of(file.about_kind), file.about_id, lines=False)
    elif file.created_by_id is None or file.created_by_id != work.actor.user_id:
        raise NotFound
    for guard in _guards:
        guard(work, file)
    return file


_guards: list[Callable[[Work, File], None]] = []


def guards_file(check: Callable[[Work, File], None]) -> Callable[[Work, File], None]:
    """Register a further question about who may read a file: ``check(work, file)`` raises ``NotFound``."""
    _guards.append(check)
    return check


def open_file(file: File) -> BinaryIO:
    """Return the content of a file that was found."""
    return the_store().open(file.sha256)


def read_bytes(file: File) -> bytes:
    """Return the whole content of a file that was found."""
    with open_file(file) as content:
        return content.read()


def image_address(work: Work, file_id: int | None) -> str:
    """Return a picture as a ``data:`` address for paper, which fetches nothing; empty without one."""
    file = work.session.get(File, file_id) if file_id else None
    if file is None or not file.mime.startswith("image/"):
        return ""
    return f"data:{file.mime};base64,{base64.b64encode(read_bytes(file)).decode()}"


def files_of(work: Work, record: Record, purpose: str = ATTACHMENT) -> list[File]:
    """Return the files of a record, newest first."""
    about = (File.about_kind == record.__kind__, File.about_id == record.id, File.purpose == purpose)
    return list(work.session.scalars(select(File).where(*about).order_by(File.id.desc())))


@audit_check("files are where their rows say")
def missing_files(work: Work) -> list[str]:
    """Name the files whose bytes are gone."""
    folder, found = the_store(), []
    for row in work.session.execute(select(File.id, File.name, File.sha256)):
        place = folder.path(row.sha256)
        if place is not None and not place.exists():
            found.append(f"file {row.id} {row.name}")
    return found
