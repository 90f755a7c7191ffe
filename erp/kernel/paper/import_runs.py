"""Imports handed in by people: a file, its check as a job, the decision, and the import as another job."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.work import Work, run_work
from erp.kernel.errors import Conflict, NotFound
from erp.kernel.paper.files import File, read_bytes
from erp.kernel.paper.import_plan import FieldMap, map_of
from erp.kernel.paper.imports import Options, Result, import_table, profile, result_of
from erp.kernel.paper.notifications import JOB, N_, notice
from erp.kernel.paper.tables import UnreadableTable, read_table
from erp.kernel.records import Base, Choice, Instant, Json, Record, kind_of
from erp.kernel.text import _, _l
from erp.kernel.work import job, later, progress

CHECKING, CHECKED, WAITING, RUNNING, DONE, FAILED = "checking", "checked", "waiting", "running", "done", "failed"


class ImportRun(Base):
    """One file that somebody imports."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    kind: Mapped[Choice]
    file_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("file.id", ondelete="RESTRICT"))
    options: Mapped[Json]
    state: Mapped[Choice] = mapped_column(default=CHECKING)
    result: Mapped[Json | None]
    kept: Mapped[Json | None]
    message: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(BigInteger, index=True)

    @property
    def is_waiting(self) -> bool:
        """Return whether a job is still at it."""
        return self.state in {CHECKING, WAITING, RUNNING}


def start_check(work: Work, kind: type[Record], file: File, options: dict[str, Any]) -> ImportRun:
    """Keep what is to be imported and how, and check it as a job."""
    run = ImportRun(
        kind=kind.__kind__, file_id=file.id, options=options, state=CHECKING, created_at=work.now,
        created_by_id=work.actor.user_id, message="",
    )  # fmt: skip
    work.session.add(run)
    work.session.flush()
    later(work, "import.check", {"run": run.id})
    return run


def start(work: Work, run: ImportRun) -> None:
    """Import for good, as a job."""
    if run.state not in {CHECKED, CHECKING, FAILED}:
        raise Conflict(_("This import has been started already."))
    run.state = WAITING
    work.session.flush()
    later(work, "import.run", {"run": run.id}, unique=f"import:{run.id}")


def find_run(work: Work, run_id: int, *, for_update: bool = False) -> ImportRun:
    """Return an import of the actor's own; an administrator sees all."""
    run = work.session.get(ImportRun, run_id, with_for_update=for_update or None)
    if run is None or (run.created_by_id != work.actor.user_id and not work.actor.is_admin):
        raise NotFound
    return run


@job("import.check", queue="long", label=_l("Check a file to import"))
def check(work: Work, run: int) -> dict[str, Any]:
    """Try an import without keeping anything."""
    return _carry_out(work, run, dry_run=True)


@job("import.run", queue="long", label=_l("Import a file"))
def carry_out(work: Work, run: int) -> dict[str, Any]:
    """Import a file for good."""
    return _carry_out(work, run, dry_run=False)


def _carry_out(work: Work, run_id: int, *, dry_run: bool) -> dict[str, Any]:
    actor = work.actor
    taken = run_work(actor, lambda own: _taken(own, run_id, dry_run=dry_run))
    if taken is None:
        return {"message": "nothing to do"}
    kind, content, name, options, so_far = taken
    words = ""
    try:
        table = read_table(content, name)
        result = import_table(
            actor, kind, table, options, progress, keep=lambda own, done: _keep(own, run_id, done), so_far=so_far
        )
    except UnreadableTable as unreadable:
        result, words = Result(failed=1), str(unreadable)
    run_work(actor, lambda own: _finished(own, run_id, result, words, dry_run=dry_run))
    return result.as_json()


def _taken(work: Work, run_id: int, *, dry_run: bool) -> tuple[type[Record], bytes, str, Options, Result | None] | None:
    """Read what to import. A run whose worker died goes on behind what it kept; one that is done is left alone."""
    run = find_run(work, run_id, for_update=True)
    options = _options(work, run, dry_run=dry_run)
    so_far = None
    if dry_run and run.state != CHECKING:
        return None
    if not dry_run:
        if run.state not in {WAITING, RUNNING}:
            return None
        if run.state == RUNNING and run.kept:
            if not options.skip_bad:
                _close(run, DONE)
                return None
            so_far = result_of(run.kept)
        run.state = RUNNING
    file = work.session.get_one(File, run.file_id)
    return kind_of(run.kind), read_bytes(file), file.name, options, so_far


def _keep(work: Work, run_id: int, result: Result) -> None:
    """Write down how far an import is, in the transaction that brought it there."""
    run = work.session.get_one(ImportRun, run_id, with_for_update=True)
    run.kept = result.as_json()


def _close(run: ImportRun, state: str) -> None:
    """End a run whose documents were all written when its worker died."""
    run.state, run.result = state, run.kept


def _options(work: Work, run: ImportRun, *, dry_run: bool) -> Options:
    kept = run.options
    fields = map_of(kept["map"]) if kept.get("map") else FieldMap()
    if kept.get("profile"):
        row = profile(work, run.kind, str(kept["profile"]))
        fields = map_of(row.fields) if row is not None else fields
    return Options(
        fields, str(kept["mode"]), bool(kept["skip_bad"]), bool(kept["submit"]), dry_run, kept.get("company")
    )


def _finished(work: Work, run_id: int, result: Result, words: str, *, dry_run: bool) -> None:
    run = work.session.get_one(ImportRun, run_id, with_for_update=True)
    if dry_run and run.state != CHECKING:
        return
    bad = bool(words) or (result.failed > 0 and not run.options.get("skip_bad"))
    run.state = CHECKED if dry_run else (FAILED if bad else DONE)
    run.result, run.message = result.as_json(), words[:500]
    if run.created_by_id is not None and not dry_run:
        values = {"created": str(result.created), "updated": str(result.updated), "failed": str(result.failed)}
        notice(
            work,
            run.created_by_id,
            N_("Import: %(created)s new, %(updated)s changed, %(failed)s with errors"),
            values=values,
            url=f"/imports/{run.id}",
            type=JOB,
        )
