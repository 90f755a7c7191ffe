"""Import: every row goes through the same save, rules and commands as a form; errors name row and column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, UniqueConstraint, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.described import described
from erp.kernel.change.find import find, visible
from erp.kernel.change.lifecycle import submit
from erp.kernel.change.links import code_column
from erp.kernel.change.save import save
from erp.kernel.change.work import Work, is_retryable, run_work
from erp.kernel.errors import Problem, Problems, Refused
from erp.kernel.format import Format
from erp.kernel.paper.import_plan import FieldMap, Planned, chunks, planned
from erp.kernel.paper.tables import Table
from erp.kernel.records import Base, Choice, Json, Name, Record, Voucher
from erp.kernel.records.types import normal_code
from erp.kernel.rights.actor import Actor
from erp.kernel.text import _

CREATE, UPDATE, UPSERT = "create", "update", "upsert"
MODES = (CREATE, UPDATE, UPSERT)
PORTION = 100
MOST_ERRORS = 1000
NOT_REQUIRED = "approval not required (import)"
Progress = Callable[[int, int], None]
Keep = Callable[[Work, "Result"], None]


class ImportProfile(Base):
    """A field map kept under a name, for files that come again and again."""

    __tablename__ = "import_profile"
    __table_args__ = (UniqueConstraint("kind", "name"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    kind: Mapped[Choice]
    name: Mapped[Name]
    fields: Mapped[Json]


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is imported. Without ``skip_bad`` one bad document keeps everything out."""

    fields: FieldMap = field(default_factory=FieldMap)
    mode: str = CREATE
    skip_bad: bool = False
    submit: bool = False
    dry_run: bool = False
    company: str | None = None


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with one cell; ``column`` is the file's own title, empty when it is about the whole row."""

    row: int
    column: str
    code: str
    message: str

    def as_json(self) -> dict[str, Any]:
        """Return the error as scripts read it."""
        return {"row": self.row, "column": self.column, "code": self.code, "message": self.message}


@dataclass
class Result:
    """What an import did, or would do: rows of the file, and documents."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    failed: int = 0
    errors: list[CellError] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """Return how many documents were dealt with."""
        return self.created + self.updated + self.skipped + self.failed

    def add(self, other: "Result") -> None:
        """Count what another portion did."""
        for name in ("rows", "created", "updated", "skipped", "failed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.errors = (self.errors + other.errors)[:MOST_ERRORS]
        self.ids += other.ids

    def as_json(self) -> dict[str, Any]:
        """Return the result as ``erp import`` prints it."""
        return {
            "rows": self.rows, "created": self.created, "updated": self.updated, "skipped": self.skipped,
            "failed": self.failed, "errors": [error.as_json() for error in self.errors],
        }  # fmt: skip


def result_of(kept: Mapping[str, Any]) -> Result:
    """Return a result from its JSON."""
    errors = [CellError(one["row"], one["column"], one["code"], one["message"]) for one in kept["errors"]]
    return Result(kept["rows"], kept["created"], kept["updated"], kept["skipped"], kept["failed"], errors)


class _Undo(Exception):
    """Roll the import back and keep its result."""

    def __init__(self, result: Result) -> None:
        super().__init__("undo")
        self.result = result


def import_table(
    actor: Actor, kind: type[Record], table: Table, options: Options, progress: Progress | None = None, *,
    keep: Keep | None = None, so_far: Result | None = None,
) -> Result:  # fmt: skip
    """Import ``table`` as ``actor``; return what was done and every error.

    With ``skip_bad`` good documents are written in portions, each in its own transaction; otherwise all or nothing.
    ``keep(work, result)`` is called in the same transaction as what it counts; after a crash, ``so_far`` is what was
    kept last, and the import goes on behind it.
    """
    if options.mode not in MODES:
        raise Problems([Problem("mode", "not_a_choice", _("Choose one of: %(list)s.", list=", ".join(MODES)))])
    documents, refused = _plan(actor, kind, table, options)
    if refused is not None:
        return refused
    if not options.skip_bad or options.dry_run:
        try:
            return run_work(
                actor, lambda work: _all_or_nothing(work, kind, documents, options, progress=progress, keep=keep)
            )
        except _Undo as undo:
            return undo.result
    result = so_far or Result()
    for portion in chunks(documents[result.documents :], PORTION):
        act = partial(_kept, kind=kind, portion=portion, options=options, before=result, keep=keep)
        result = run_work(actor, act)
        if progress is not None:
            progress(result.documents, len(documents))
    return result


def _kept(
    work: Work, *, kind: type[Record], portion: Sequence[Planned], options: Options, before: Result, keep: Keep | None
) -> Result:
    """Import a portion and keep the count in the same transaction."""
    result = replace(before, errors=list(before.errors), ids=list(before.ids))
    result.add(_portion(work, kind, portion, options))
    if keep is not None:
        keep(work, result)
    return result


def _plan(actor: Actor, kind: type[Record], table: Table, options: Options) -> tuple[list[Planned], Result | None]:
    """Read the file into documents; columns that nobody knows refuse it as a whole."""

    def read(work: Work) -> list[Planned]:
        return planned(described(work, kind.__kind__, "form"), table, options.fields, options.company)

    try:
        return run_work(actor, read), None
    except Problems as refused:
        errors = [CellError(1, problem.field, problem.code, str(problem.message)) for problem in refused.problems]
        return [], Result(failed=1, errors=errors)


def _all_or_nothing(
    work: Work,
    kind: type[Record],
    documents: list[Planned],
    options: Options,
    *,
    progress: Progress | None,
    keep: Keep | None,
) -> Result:
    result = Result()
    for portion in chunks(documents, PORTION):
        result.add(_portion(work, kind, portion, options))
        if progress is not None:
            progress(result.documents, len(documents))
    if options.dry_run:
        raise _Undo(result)
    if result.failed:
        good = result.created + result.updated
        raise _Undo(Result(result.rows, 0, 0, result.skipped + good, result.failed, result.errors))
    if keep is not None:
        keep(work, result)
    return result


def _portion(work: Work, kind: type[Record], portion: Sequence[Planned], options: Options) -> Result:
    """Import some documents, each in a savepoint of its own."""
    if options.submit:
        work.facts["approval not required"] = NOT_REQUIRED
    known = _known(work, kind, portion, options)
    result = Result()
    for document in portion:
        result.rows += len(document.rows)
        try:
            with work.session.begin_nested():
                record_id, what = _one(work, kind, document, known, options)
            setattr(result, what, getattr(result, what) + 1)
            result.ids.append(record_id)
        except (Refused, IntegrityError, ValueError) as error:
            result.failed += 1
            result.errors += errors_of(document, error, _key_field(kind, options))
        except DBAPIError as error:
            if is_retryable(error):
                raise
            result.failed += 1
            result.errors += errors_of(document, error)
    return result


def _key_field(kind: type[Record], options: Options) -> str:
    return options.fields.key or ("number" if issubclass(kind, Voucher) else "code")


def _known(work: Work, kind: type[Record], portion: Sequence[Planned], options: Options) -> dict[str, int]:
    """Return the ids of the records that the portion's keys name, in one query."""
    if options.mode == CREATE:
        return {}
    name = _key_field(kind, options)
    info = described(work, kind.__kind__, "form").get(name)
    column = info.column if info is not None and not info.custom and info.aspect is None else code_column(kind)
    keys = {normal_code(str(document.payload[name])) for document in portion if document.payload.get(name)}
    if not keys:
        return {}
    rows = work.session.execute(select(column, kind.id).where(column.in_(keys), visible(work.actor, kind)))
    return {normal_code(str(row[0])): row[1] for row in rows}


def _one(
    work: Work, kind: type[Record], document: Planned, known: dict[str, int], options: Options
) -> tuple[int, str]:  # fmt: skip
    """Save one document; return its id and what happened ("created", "updated" or "skipped")."""
    reader = Format(work.actor.language, work.actor.timezone or "UTC")
    key = _key_field(kind, options)
    found = known.get(normal_code(str(document.payload.get(key, ""))))
    if options.mode == UPDATE and found is None:
        raise Problems([Problem(key, "not_found", _("No such record: %(what)s.", what=document.payload.get(key, "")))])
    if found is None:
        record = _saved(work, kind, document, document.payload, current=None, reader=reader)
        if options.mode != CREATE and document.payload.get(key):
            known[normal_code(str(document.payload[key]))] = record.id
        what = "created"
    else:
        current = find(work, kind, found, for_update=True)
        before = current.version
        record = _saved(work, kind, document, _merged(current, document.payload), current=current, reader=reader)
        work.session.flush()
        what = "updated" if record.version != before else "skipped"
    if options.submit and isinstance(record, Voucher):
        submit(work, record)
    return record.id, what


def _saved(
    work: Work,
    kind: type[Record],
    document: Planned,
    payload: dict[str, Any],
    *,
    current: Record | None,
    reader: Format,
) -> Record:
    """Save, and tell what the file itself gets wrong together with what the rules refuse."""
    try:
        record = save(work, kind, payload, current, reader=reader)
    except Problems as refused:
        raise Problems([*document.problems, *refused.problems]) from None
    if document.problems:
        raise Problems(document.problems)
    return record


def _merged(record: Record, payload: dict[str, Any]) -> dict[str, Any]:
    """Return the payload with the lines' identities, by position; lines that the file no longer has are removed."""
    merged = dict(payload)
    for relation in record.__mapper__.relationships:
        name = relation.key
        if "rows" in relation.info and name in payload:
            present = sorted(getattr(record, name), key=lambda row: row.position)
            lines = [
                {**line, "id": present[at].id} if at < len(present) else line for at, line in enumerate(payload[name])
            ]
            lines += [{"id": row.id, "_delete": True} for row in present[len(payload[name]) :]]
            merged[name] = lines
    return merged


def errors_of(document: Planned, error: Exception, key: str = "") -> list[CellError]:
    """Return what refused a document as errors of its cells."""
    if isinstance(error, Refused) and error.problems:
        return [CellError(*document.place(one.field), one.code, str(one.message)) for one in error.problems]
    if isinstance(error, Refused):
        return [CellError(document.rows[0], "", error.code, error.message)]
    if isinstance(error, IntegrityError):
        return [CellError(*document.place(key), "duplicate", _("A record with this code or number exists already."))]
    return [CellError(document.rows[0], "", "refused", str(getattr(error, "orig", error))[:300])]


def profile(work: Work, kind: str, name: str) -> ImportProfile | None:
    """Return a kept field map, or None."""
    return work.session.scalars(
        select(ImportProfile).where(ImportProfile.kind == kind, ImportProfile.name == name)
    ).one_or_none()


def profiles_of(work: Work, kind: str) -> list[ImportProfile]:
    """Return the field maps that are kept for a kind."""
    return list(
        work.session.scalars(select(ImportProfile).where(ImportProfile.kind == kind).order_by(ImportProfile.name))
    )


def keep_profile(work: Work, kind: str, name: str, fields: FieldMap) -> ImportProfile:
    """Keep a field map under a name; the old one of that name is replaced."""
    row = profile(work, kind, name) or ImportProfile(kind=kind, name=name, fields={})
    row.fields = fields.as_json()
    work.session.add(row)
    work.session.flush()
    return row
