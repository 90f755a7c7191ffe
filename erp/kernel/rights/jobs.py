"""What happens at night: sessions, links, counters, remembered answers and earlier versions that are over are dropped."""

from datetime import timedelta

from sqlalchemy import delete

from erp.kernel.change.earlier import forget_earlier
from erp.kernel.change.idempotency import forget_old_keys
from erp.kernel.change.undo import forget_steps
from erp.kernel.change.work import Work
from erp.kernel.rights.onetime import OneTimeLink
from erp.kernel.rights.sessions import SessionRow
from erp.kernel.rights.throttle import forget_old
from erp.kernel.text import _l
from erp.kernel.work import job, schedule

PAGES_OPEN = timedelta(days=7)
"""So long what a document held before a change can be merged with what somebody still types."""
KEPT = timedelta(days=30)
"""So long ended sessions can still be looked up by the audit trail."""


@schedule("rights.tidy", cron="30 3 * * *")
@job("rights.tidy", label=_l("Drop ended sessions"))
def tidy(work: Work) -> str:
    """Drop what is over for a month, and counters of failed tries."""
    long_ago = work.now - KEPT
    ended = work.session.execute(delete(SessionRow).where(SessionRow.expires_at < long_ago)).rowcount  # type: ignore[attr-defined]
    work.session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < long_ago))
    counters, answers = forget_old(work.session, work.now), forget_old_keys(work)
    versions = forget_earlier(work, work.now - PAGES_OPEN)
    forget_steps(work, work.now - timedelta(days=1))
    return f"{ended} sessions, {counters} counters, {answers} answers, {versions} versions"
