"""Jobs that take their time, or their worker's life: the tests kill processes in the middle of them."""

import os
import signal
import time
from typing import Any

from erp.kernel.change.work import Work
from erp.kernel.paper.notifications import notice
from erp.kernel.text import language
from erp.kernel.work import job, progress, schedule


@job("lending.nap", queue="long")
def nap(work: Work, user: int, seconds: float = 0) -> dict[str, Any]:
    """Write one notification, then sleep before the commit."""
    notice(work, user, "slept")
    progress(1, 2)
    time.sleep(seconds)
    return {"language": language(), "zone": work.actor.timezone, "company": work.actor.company_id, "pid": os.getpid()}


@job("lending.die", queue="pdf", attempts=2)
def die(work: Work) -> None:
    """End the process that runs it."""
    os.kill(os.getpid(), signal.SIGKILL)


@job("lending.swell", queue="pdf", attempts=1)
def swell(work: Work) -> int:
    """Take more memory than a document may."""
    return len(bytearray(3 * 2**30))


@schedule("lending.remind", cron="15 6 * * *")
@job("lending.remind")
def remind(work: Work) -> str:
    """Remind of books that are due."""
    return "reminded"
