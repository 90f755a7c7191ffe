"""Prints: what a record looks like on paper. One template and one set of strings serve the PDF and its preview.

A department declares a print with ``@prints(Kind, "format")`` on a function that returns plain strings. The PDF is
made by a worker, kept with its hash, and served again: the PDF of a posted document never changes.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.described import described
from erp.kernel.change.find import find
from erp.kernel.change.work import Work, reading, run_work
from erp.kernel.errors import NotAllowed, NotFound
from erp.kernel.paper.files import PRINT, File, guards_file, store
from erp.kernel.paper.layouts import STYLE, sheet, style
from erp.kernel.paper.mail import Waiting, print_ready
from erp.kernel.paper.notifications import JOB, N_, notice
from erp.kernel.paper.standard import standard_print
from erp.kernel.records import DRAFT, Base, Choice, Instant, Record, Voucher, kind_of
from erp.kernel.records.description import Description, describe
from erp.kernel.records.setup import setup
from erp.kernel.rights import may
from erp.kernel.text import LANGUAGES, _, _l
from erp.kernel.work import Task, job, later

Paper = dict[str, Any]
Compose = Callable[[Work, Any, str], Paper]
Speaks = Callable[[Work, Any], str]
STANDARD = "standard"
EDITION = 4
"""The place of the edition in a key; a mark of hidden fields may follow."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to print a kind. ``compose(work, record, language)`` returns plain strings for ``template``."""

    format: str
    label: str
    template: str
    compose: Compose
    speaks: Speaks | None = None


_layouts: dict[tuple[str, str], Layout] = {}
PLAIN = Layout(STANDARD, _l("Standard"), "print/standard.html", standard_print)


def prints(
    kind: type[Record], format: str = STANDARD, *, label: str = "", template: str = "print/billing.html",
    speaks: Speaks | None = None,
) -> Callable[[Compose], Compose]:  # fmt: skip
    """Declare how a kind is printed. ``speaks(work, record)`` returns the language of the party that reads it."""

    def declare(compose: Compose) -> Compose:
        _layouts[kind.__kind__, format] = Layout(format, label or PLAIN.label, template, compose, speaks)
        return compose

    return declare


def layouts_of(kind: str) -> list[Layout]:
    """Return the ways to print a kind, the usual one first."""
    own = [layout for (name, _format), layout in _layouts.items() if name == kind]
    return own or [PLAIN]


def layout_of(kind: str, name: str | None) -> Layout:
    """Return one way to print a kind; without a name the usual one. Raises ``NotFound``."""
    for layout in layouts_of(kind):
        if name in {None, "", layout.format}:
            return layout
    if name == STANDARD:
        return PLAIN
    raise NotFound


class Print(Base):
    """A PDF that was made. ``key`` names record, layout, language and edition: one of each."""

    __tablename__ = "print"
    __table_args__ = (Index("ix_print_about", "about_kind", "about_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(190), unique=True)
    file_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("file.id", ondelete="RESTRICT"))
    about_kind: Mapped[Choice]
    about_id: Mapped[int] = mapped_column(BigInteger)
    format: Mapped[Choice]
    language: Mapped[Choice]
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A print that somebody asks for: which record, in which layout, language and edition."""

    record: Record
    layout: Layout
    language: str
    sight: str = ""

    @property
    def key(self) -> str:
        """Return the name of this print: the same for as long as the paper would say the same."""
        parts = [self.record.__kind__, str(self.record.id), self.layout.format, self.language, edition_of(self.record)]
        return ":".join([*parts, self.sight] if self.sight else parts)

    @property
    def file_name(self) -> str:
        """Return the name under which it is saved and mailed."""
        return (
            f"{getattr(self.record, 'number', None) or self.record.__kind__ + '-' + str(self.record.id)}.pdf".replace(
                "/", "-"
            )
        )

    def args(self, user_id: int | None) -> dict[str, Any]:
        """Return what the worker must know."""
        return {
            "kind": self.record.__kind__, "id": self.record.id, "format": self.layout.format, "language": self.language,
            "key": self.key, "user": user_id,
        }  # fmt: skip


def edition_of(record: Record) -> str:
    """Return what changes when the paper must change: a posted document has one edition until it is cancelled."""
    if isinstance(record, Voucher) and record.state != DRAFT:
        return str(record.state)
    return f"v{record.version}"


def wanted(work: Work, record: Record, format: str | None = None, language: str | None = None) -> Wanted:
    """Return the print that is meant: the usual layout in the party's language, unless told otherwise."""
    if not may(work.actor, "print", record.__kind__):
        raise NotAllowed(_("You may not print these."))
    layout = layout_of(record.__kind__, format)
    if language not in LANGUAGES:
        language = layout.speaks(work, record) if layout.speaks else work.actor.language
    sight = sight_of(work, record.__kind__) if layout.compose is standard_print else ""
    return Wanted(record, layout, language if language in LANGUAGES else "en", sight)


def sight_of(work: Work, kind: str) -> str:
    """Return a mark of the fields that the actor does not see; empty for who sees them all.

    The derived print shows what its maker may see, so one paper serves those alone who see the same.
    """
    whole, seen = describe(kind, "print", setup(work.session)), described(work, kind, "print")
    hidden = sorted(_names(whole) - _names(seen))
    return sha256(",".join(hidden).encode()).hexdigest()[:12] if hidden else ""


def _names(description: Description) -> set[str]:
    lines = {f"{name}.{info.name}" for name, line in description.lines.items() for info in line.fields}
    return lines | {info.name for info in description.fields}


@guards_file
def must_show(work: Work, file: File) -> None:
    """Raise ``NotFound`` when a print shows more of its record than the actor may see."""
    row = work.session.scalars(select(Print).where(Print.file_id == file.id)).first() if file.purpose == PRINT else None
    if row is None or layout_of(row.about_kind, row.format).compose is not standard_print:
        return
    if sight_of(work, row.about_kind) not in {"", row.key.split(":")[5] if row.key.count(":") > EDITION else ""}:
        raise NotFound


def made(work: Work, what: Wanted) -> File | None:
    """Return the PDF when it is there."""
    row = find_print(work, what.key)
    return work.session.get(File, row.file_id) if row is not None else None


def find_print(work: Work, key: str) -> Print | None:
    """Return the print of this key, or None."""
    return work.session.scalars(select(Print).where(Print.key == key)).one_or_none()


def request_print(work: Work, what: Wanted) -> int:
    """Ask a worker for the PDF; asking twice is asking once. Return the task."""
    return later(work, "print.make", what.args(work.actor.user_id), unique=f"print:{what.key}", queue="pdf")


def attachment(work: Work, record: Record, format: str | None = None, language: str | None = None) -> int | Waiting:
    """Return a print as an attachment of a mail: its file, or the promise that the worker fulfils."""
    what = wanted(work, record, format, language)
    file = made(work, what)
    if file is not None:
        return file.id
    request_print(work, what)
    return Waiting(what.key)


def composed(work: Work, what: Wanted) -> Paper:
    """Return the strings of a print."""
    return what.layout.compose(work, what.record, what.language)


def preview(work: Work, what: Wanted, css: str) -> str:
    """Return the print as a page: the same template and the same strings as the PDF."""
    return sheet(what.layout.template, composed(work, what), css)


def failed_task(work: Work, what: Wanted) -> Task | None:
    """Return the task that failed to make this print, or None."""
    query = select(Task).where(Task.unique_key == f"print:{what.key}", Task.state == "failed")
    return work.session.scalars(query).one_or_none()


@job("print.make", queue="pdf", label=_l("Make a PDF"), attempts=3)
def make(
    work: Work, *, kind: str, id: int, format: str, language: str, key: str, user: int | None = None
) -> dict[str, Any]:
    """Render one print with the rights of whoever asked, keep it, and say that it is ready."""
    with reading(work.actor) as own:
        known = find_print(own, key)
        if known is not None:
            return {"file": known.file_id, "url": f"/files/{known.file_id}"}
        record = find(own, kind_of(kind), id)
        what = wanted(own, record, format, language)
        html = sheet(what.layout.template, composed(own, what))
        key, name = what.key, what.file_name
    pdf = _renderer().pdf_of(html, {STYLE: (style(), "text/css")})
    file_id = run_work(
        work.actor, lambda own: _keep(own, pdf, key, name, about=(kind, id, format, language), user=user)
    )
    return {"file": file_id, "url": f"/files/{file_id}"}


def _renderer() -> Any:
    """Load WeasyPrint in the process that renders, and only there: it costs 50 MB and two seconds."""
    return importlib.import_module("erp.kernel.paper.pdf")


def _keep(work: Work, pdf: bytes, key: str, name: str, *, about: tuple[str, int, str, str], user: int | None) -> int:
    """Store the PDF under its key; when another worker was faster, its PDF stays."""
    known = find_print(work, key)
    if known is not None:
        return known.file_id
    kind, record_id, format_, language = about
    file = store(work, name, pdf, "application/pdf", (kind, record_id), purpose=PRINT)
    work.session.add(
        Print(
            key=key, file_id=file.id, about_kind=kind, about_id=record_id, format=format_, language=language,
            created_at=work.now, created_by_id=user,
        )
    )  # fmt: skip
    work.session.flush()
    print_ready(work, key, file.id)
    if user is not None:
        notice(
            work, user, N_("%(name)s is ready"), values={"name": name}, url=file.url, about=(kind, record_id), type=JOB
        )
    return file.id
