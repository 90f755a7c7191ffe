"""What paper leaves behind, swept up every night."""

from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import delete, exists, select

from erp.kernel.change.work import Work
from erp.kernel.paper.files import PASSING, Blob, File, the_store
from erp.kernel.paper.mail import MailAttachment
from erp.kernel.paper.notifications import forget_before
from erp.kernel.records.base import table_of
from erp.kernel.text import _l
from erp.kernel.work import job, schedule

READ_NOTICES = timedelta(days=90)
UNKNOWN_BYTES = timedelta(days=1)
PASSING_FILES = timedelta(days=14)


@schedule("paper.sweep", cron="40 3 * * *")
@job("paper.sweep", label=_l("Sweep up files and notices that nobody needs"))
def sweep(work: Work) -> dict[str, Any]:
    """Drop exports and reports made for one reading, bytes that no row names, and notices read long ago."""
    passing = _passing(work)

    def known(names: list[str]) -> set[str]:
        return set(work.session.scalars(select(Blob.sha256).where(Blob.sha256.in_(names)))) if names else set()

    before = (work.now - UNKNOWN_BYTES).replace(tzinfo=UTC).timestamp()
    gone = the_store().sweep(known, before)
    return {"passing": passing, "files": gone, "notices": forget_before(work, work.now - READ_NOTICES)}


def _passing(work: Work) -> int:
    """Delete the rows of passing files, then those of bytes that no file shows any more; return how many files."""
    old = (File.purpose.in_(PASSING), File.created_at < work.now - PASSING_FILES)
    mailed = exists().where(MailAttachment.file_id == File.id)
    files = delete(table_of(File)).where(*old, ~mailed)
    shown = exists().where(File.sha256 == Blob.sha256)
    blobs = delete(table_of(Blob)).where(~shown, Blob.created_at < work.now - UNKNOWN_BYTES)
    count = int(work.session.execute(files).rowcount)  # type: ignore[attr-defined]
    work.session.execute(blobs)
    return count
