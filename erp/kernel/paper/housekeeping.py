"""What paper leaves behind, swept up every night."""

from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import select

from erp.kernel.change.work import Work
from erp.kernel.paper.files import Blob, the_store
from erp.kernel.paper.notifications import forget_before
from erp.kernel.text import _l
from erp.kernel.work import job, schedule

READ_NOTICES = timedelta(days=90)
UNKNOWN_BYTES = timedelta(days=1)


@schedule("paper.sweep", cron="40 3 * * *")
@job("paper.sweep", label=_l("Sweep up files and notices that nobody needs"))
def sweep(work: Work) -> dict[str, Any]:
    """Delete bytes that no row names, and notices read long ago."""

    def known(names: list[str]) -> set[str]:
        return set(work.session.scalars(select(Blob.sha256).where(Blob.sha256.in_(names)))) if names else set()

    before = (work.now - UNKNOWN_BYTES).replace(tzinfo=UTC).timestamp()
    return {"files": the_store().sweep(known, before), "notices": forget_before(work, work.now - READ_NOTICES)}
