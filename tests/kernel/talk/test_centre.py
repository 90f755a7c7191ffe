"""What one has to read: by view, put off until later, by the channel one chose."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from erp.kernel.change.work import Work
from erp.kernel.errors import NotFound, Problems
from erp.kernel.paper.mail import Mail
from erp.kernel.paper.notifications import (
    APPROVAL,
    AT_ONCE,
    DAILY,
    JOB,
    MENTION,
    N_,
    OFF,
    Notification,
    choose_channels,
    notice,
)
from erp.kernel.rights.user import User
from erp.kernel.talk.centre import figures, latest, mark_read, mark_unread, own_notification, snooze, unread, wake
from erp.kernel.talk.centre_pages import moment
from erp.kernel.talk.mailed import last_morning, send_digests
from tests.kernel.flows.conftest import Office

SAID = N_("%(name)s is ready")


def tell(work: Work, user_id: int, type_: str, name: str = "x.pdf") -> Notification | None:
    return notice(work, user_id, SAID, values={"name": name}, type=type_, url="/jobs")


@pytest.fixture
def cho(office: Office) -> Work:
    """Cho reads his mail."""
    office.work.session.execute(update(User).where(User.id == office.ids["cho"]).values(email="cho@example.com"))
    return office.as_("cho")


def test_each_view_shows_its_types_and_counts_what_is_unread(office: Office, cho: Work):
    for type_ in (MENTION, APPROVAL, JOB, JOB):
        tell(office.work, office.ids["cho"], type_)
    tell(office.work, office.ids["bu"], JOB)
    assert figures(cho) == {"all": 4, "unread": 4, "mentions": 1, "approvals": 1, "jobs": 2, "snoozed": 0}
    assert [row.type for row in latest(cho, "jobs")] == [JOB, JOB]
    first = latest(cho, "mentions")[0]
    assert (mark_read(cho, first.id), unread(cho)) == (1, 3)
    assert len(latest(cho, "unread")) == 3
    mark_unread(cho, first.id)
    assert unread(cho) == 4
    with pytest.raises(NotFound):
        own_notification(office.as_("bu"), first.id)


def test_what_is_put_off_counts_again_when_its_time_has_come(office: Office, cho: Work):
    row = tell(office.work, office.ids["cho"], JOB)
    assert row is not None
    snooze(cho, row.id, cho.now + timedelta(hours=1))
    assert (unread(cho), len(latest(cho)), len(latest(cho, "snoozed")), mark_read(cho)) == (0, 0, 1, 0)
    assert wake(office.work) == 0
    later = Work(office.work.session, office.work.actor, now=office.work.now + timedelta(hours=2))
    assert (wake(later), wake(later)) == (1, 0)
    assert (unread(cho), len(latest(cho))) == (1, 1)
    with pytest.raises(Problems):
        snooze(cho, row.id, cho.now)


def test_later_is_a_moment_where_the_reader_lives(office: Office, cho: Work):
    friday = Work(cho.session, cho.actor, now=datetime(2026, 11, 27, 22, 30))
    friday.actor = type(cho.actor)(user_id=1, timezone="Asia/Tokyo")
    assert moment(friday, "hour") == datetime(2026, 11, 27, 23, 30)
    assert moment(friday, "tomorrow") == datetime(2026, 11, 28, 23, 0), (
        "Saturday 07:30 there; tomorrow is Sunday, 8 o’clock"
    )
    assert moment(friday, "monday") == datetime(2026, 11, 29, 23, 0)
    assert moment(friday, "2026-12-01T08:00:00+09:00") == datetime(2026, 11, 30, 23, 0)
    assert moment(friday, "soon") == friday.now


def test_each_type_goes_by_the_channel_that_was_chosen(office: Office, cho: Work):
    choose_channels(cho, {JOB: OFF, MENTION: AT_ONCE, "nonsense": OFF, APPROVAL: "pigeon"})
    choose_channels(cho, {JOB: OFF})
    assert tell(office.work, office.ids["cho"], JOB) is None
    tell(office.work, office.ids["cho"], APPROVAL)
    assert mails(office) == []
    tell(office.work, office.ids["cho"], MENTION, "SO-1")
    assert [(mail.to, mail.subject) for mail in mails(office)] == [("cho@example.com", "SO-1 is ready")]
    assert "/jobs" in mails(office)[0].text


def mails(office: Office) -> list[Mail]:
    return list(office.work.session.scalars(select(Mail).order_by(Mail.id)))


def test_the_mail_of_the_day_tells_once_what_is_still_unread_from_before_the_morning(office: Office, cho: Work):
    choose_channels(cho, {JOB: DAILY})
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        tell(office.work, office.ids["cho"], JOB, name)
    mark_read(cho, latest(cho)[-1].id)
    assert send_digests(office.work) == 0, "its morning has not come yet"
    tomorrow = Work(office.work.session, office.work.actor, now=office.work.now + timedelta(days=1))
    assert (send_digests(tomorrow), send_digests(tomorrow)) == (1, 0)
    (mail,) = mails(office)
    assert mail.subject == "2 things to read"
    assert "b.pdf is ready" in mail.text
    assert "c.pdf is ready" in mail.text
    assert "a.pdf" not in mail.text


@pytest.mark.parametrize(
    "now, zone, expected",
    [
        (datetime(2026, 11, 27, 6, 59), "UTC", datetime(2026, 11, 26, 7)),
        (datetime(2026, 11, 27, 7, 0), "UTC", datetime(2026, 11, 27, 7)),
        (datetime(2026, 11, 27, 6, 59), "Asia/Tokyo", datetime(2026, 11, 26, 22)),
    ],
)
def test_morning_is_seven_o_clock_where_the_reader_lives(now: datetime, zone: str, expected: datetime):
    assert last_morning(now, zone) == expected
