"""Large exports: made by a worker, kept as one's own file, announced when ready."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from erp.kernel.change.work import Work, run_work, snapshot
from erp.kernel.errors import NotAllowed
from erp.kernel.paper.exports import TYPES, Export, counted, export, file_name
from erp.kernel.paper.files import EXPORT, store
from erp.kernel.paper.notifications import JOB, N_, notice
from erp.kernel.records import Record, kind_of
from erp.kernel.rights import may
from erp.kernel.text import _, _l
from erp.kernel.work import job, later, progress

AT_ONCE = 2000
STEP = 250


def request_export(work: Work, kind: type[Record], args: dict[str, Any]) -> int:
    """Ask a worker for an export; return the task. ``args`` are those of ``export`` and ``form``."""
    return later(work, "export.make", {"kind": kind.__kind__, **args})


@job("export.make", queue="long", label=_l("Export a list"))
def make(
    work: Work, *, kind: str, filters: dict[str, str], form: str, columns: list[str], labels: bool, lines: bool
) -> dict[str, Any]:
    """Write the file from one consistent snapshot, with the rights of whoever asked."""
    actor = work.actor
    if not may(actor, "export", kind):
        raise NotAllowed(_("You may not export these."))
    with snapshot(actor) as own:
        total = counted(own, kind_of(kind), filters)
        made = export(own, kind_of(kind), filters, columns=columns, labels=labels, lines=lines)
        content = replace(made, rows=_watched(made, total)).written(form)

    def keep(own: Work) -> int:
        file = store(own, file_name(made, form), content, TYPES[form].partition(";")[0], purpose=EXPORT)
        if actor.user_id is not None:
            notice(own, actor.user_id, N_("%(name)s is ready"), values={"name": file.name}, url=file.url, type=JOB)
        return file.id

    with content:
        file_id = run_work(actor, keep)
    return {"file": file_id, "url": f"/files/{file_id}"}


def _watched(made: Export, total: int) -> Iterator[list[Any]]:
    """Yield the rows and tell how far it is."""
    for number, row in enumerate(made.rows):
        if number % STEP == 0:
            progress(min(number, total), total)
        yield row
