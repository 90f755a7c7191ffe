"""Gapless numbers, drawn when a document is submitted: the last lock but one of the posting transaction."""

import re
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, String, UniqueConstraint, bindparam, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.kept import kept
from erp.kernel.change.versions import setup_moved
from erp.kernel.change.work import Work
from erp.kernel.records.base import Base, table_of
from erp.kernel.records.record import Voucher
from erp.kernel.records.types import Choice, Code, Instant


class NumberSeries(Base):
    """A counter of one company, kind and period; ``last`` is the number drawn last."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("company_id", "kind", "period"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    company_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[Choice]
    period: Mapped[str] = mapped_column(String(16), default="")
    pattern: Mapped[str] = mapped_column(String(64))
    last: Mapped[int] = mapped_column(BigInteger, default=0)


class SeriesPattern(Base):
    """How a company writes the numbers of a kind: ``SI-{year}-{n:05}``."""

    __tablename__ = "series_pattern"
    __setup__ = True
    __table_args__ = (UniqueConstraint("company_id", "kind"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    company_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[Choice]
    pattern: Mapped[str] = mapped_column(String(64))


class IssuedNumber(Base):
    """A number that was given to a document, for ever."""

    __tablename__ = "issued_number"
    __table_args__ = (UniqueConstraint("series_id", "n"), {"info": {"append_only": True}})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    series_id: Mapped[int] = mapped_column(BigInteger)
    n: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[Code]
    kind: Mapped[Choice]
    record_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[Instant]


def default_pattern(document: Voucher) -> str:
    """Return the pattern a kind starts with."""
    prefix = document.__series__ or "".join(word[0] for word in document.__kind__.split("_")).upper()
    return f"{prefix}-{{year}}-{{n:05}}"


def _period(pattern: str, on: date) -> str:
    if "{month}" in pattern:
        return f"{on.year}-{on.month:02}"
    return str(on.year) if "{year}" in pattern else ""


def write_number(pattern: str, on: date, n: int) -> str:
    """Return the number ``n`` of ``on`` in ``pattern``: only {year}, {month} and {n:0W} are known."""
    done = pattern.replace("{year}", str(on.year)).replace("{month}", f"{on.month:02}")
    return re.sub(r"\{n(?::0?(\d+))?\}", lambda found: str(n).zfill(int(found.group(1) or 0)), done)


def series_key(document: Voucher) -> str:
    """Return what counts its numbers: the kind, or what the document says (credit notes have numbers of their own)."""
    return str(getattr(document, "series_key", document.__kind__))


def series_of(work: Work, document: Voucher, on: date) -> tuple[int, str]:
    """Return the id and pattern of the series; a missing row is made in a transaction of its own."""
    company, key = document.company_id, series_key(document)
    pattern = kept(work, ("pattern", company, key), lambda: _chosen_pattern(work, company, key))
    pattern = pattern or default_pattern(document)
    period = _period(pattern, on)

    def find() -> int:
        found = work.session.scalar(SERIES, {"company": company, "key": key, "period": period})
        return found or _make_series(work, document, period, pattern)

    return kept(work, ("series", company, key, period), find), pattern


PATTERN = select(SeriesPattern.pattern).where(
    SeriesPattern.company_id == bindparam("company"), SeriesPattern.kind == bindparam("key")
)
SERIES = select(NumberSeries.id).where(
    NumberSeries.company_id == bindparam("company"), NumberSeries.kind == bindparam("key"),
    NumberSeries.period == bindparam("period"),
)  # fmt: skip


def _chosen_pattern(work: Work, company_id: int, key: str) -> str | None:
    return work.session.scalar(PATTERN, {"company": company_id, "key": key})


def _make_series(work: Work, document: Voucher, period: str, pattern: str) -> int:
    """Make the counter row so that no one locks a row that does not exist: an upsert, which never fails.

    It counts as a change of the setup: nobody keeps what may be rolled back yet.
    """
    setup_moved(work.session)
    work.session.execute(
        text(
            "INSERT INTO number_series (company_id, kind, period, pattern, last) VALUES (:c, :k, :p, :w, 0) "
            "ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)"
        ),
        {"c": document.company_id, "k": series_key(document), "p": period, "w": pattern},
    )
    return int(work.session.scalar(text("SELECT LAST_INSERT_ID()")) or 0)


DRAW = text("UPDATE number_series SET last = LAST_INSERT_ID(last + 1) WHERE id = :id")
ISSUE = insert(table_of(IssuedNumber))


def draw_number(work: Work, document: Voucher, on: date, series: tuple[int, str]) -> str:
    """Draw the next number: the counter row stays locked until the transaction ends, so there is no gap."""
    series_id, pattern = series
    done: Any = work.session.execute(DRAW, {"id": series_id})
    if done.rowcount != 1:
        raise LookupError(f"there is no number series {series_id}")
    n = int(done.lastrowid)
    number = write_number(pattern, on, n)
    work.session.execute(
        ISSUE,
        {
            "series_id": series_id, "n": n, "number": number, "kind": document.__kind__, "record_id": document.id,
            "at": work.now,
        },
    )  # fmt: skip
    return number
