"""What the conversation does by the clock."""

from erp.kernel.change.work import Work
from erp.kernel.talk import assigning, centre, mailed
from erp.kernel.text import _l
from erp.kernel.work import job, schedule


@schedule("talk.digest", cron="10 * * * *", daily=False)
@job("talk.digest", queue="mail", label=_l("Send the mails of the day"))
def digest(work: Work) -> int:
    """Send the notifications of a day to those who want one mail a day."""
    return mailed.send_digests(work)


@schedule("talk.wake", cron="* * * * *", daily=False)
@job("talk.wake", label=_l("Bring back notifications that were put off"))
def wake(work: Work) -> int:
    """Bring back notifications that were put off until now."""
    return centre.wake(work)


@schedule("talk.remind", cron="5 * * * *", daily=False)
@job("talk.remind", label=_l("Remind of what is due"))
def remind(work: Work) -> int:
    """Tell each what is due today."""
    return assigning.remind(work)
