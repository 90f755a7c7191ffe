"""One mail for each intent, sent once; what nobody can know is shown."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from erp.company.company import Company
from erp.kernel.change import Work
from erp.kernel.errors import Conflict, NotFound, Problems
from erp.kernel.paper.files import store
from erp.kernel.paper.inbox import Inbox
from erp.kernel.paper.mail import FAILED, QUEUED, SENDING, SENT, UNKNOWN, Mail, send, send_again, send_mail, sweep
from erp.kernel.paper.notifications import Notification
from erp.kernel.paper.prints import attachment, make
from erp.kernel.rights.actor import Actor
from erp.kernel.work import Task
from tests.kernel.paper.conftest import Says, Serve

MailTo = Callable[[str], None]


def a_mail(work: Work, **changes: object) -> Mail:
    wanted: dict[str, object] = {"to": ["Kai <kai@example.com>"], "subject": "Invoice", "text": "Hello\n", **changes}
    mail = send_mail(work, **wanted)  # type: ignore[arg-type]
    work.session.commit()
    return mail


def tasks(work: Work, name: str) -> list[Task]:
    return list(work.session.scalars(select(Task).where(Task.name == name).order_by(Task.id)))


def after(work: Work, mail: Mail) -> Mail:
    work.session.flush()
    work.session.refresh(mail)
    return mail


def test_a_mail_arrives_once_however_often_its_job_runs(work: Work, inbox: Inbox) -> None:
    mail = a_mail(work, key="invoice:1")
    assert [send(work, mail=mail.id), send(work, mail=mail.id)] == ["sent", "nothing to send"]
    (kept,) = inbox
    assert kept.header("Message-ID") == mail.message_id
    assert kept.header("To") == "kai@example.com"
    assert after(work, mail).state == SENT


def test_the_same_intent_is_the_same_mail(work: Work) -> None:
    assert a_mail(work, key="invoice:2").id == a_mail(work, key="invoice:2", subject="Other").id
    assert len(tasks(work, "mail.send")) == 1


@pytest.mark.parametrize("handler", [Says(data="451 later"), Says(rcpt="450 greylisted")])
def test_a_temporary_refusal_waits_and_tries_again_under_the_same_id(
    work: Work, serve: Serve, mail_to: MailTo, inbox: Inbox, handler: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = inbox.folder
    mail_to(serve(handler))
    mail = a_mail(work)
    assert send(work, mail=mail.id) == "later"
    after(work, mail)
    assert (mail.state, mail.attempts, mail.answer[:2]) == (QUEUED, 1, "45")
    assert tasks(work, "mail.send")[-1].run_at == mail.next_at
    assert send(work, mail=mail.id) == "nothing to send"
    mail.next_at -= timedelta(minutes=5)
    work.session.commit()
    assert list(good.iterdir()) == []


def test_a_final_refusal_is_shown_to_the_sender_and_can_be_sent_again(
    work: Work, serve: Serve, mail_to: MailTo
) -> None:
    work.actor = Actor(user_id=41, name="Sales", companies=None, is_admin=True)
    mail_to(serve(Says(data="554 no")))
    mail = a_mail(work)
    assert send(work, mail=mail.id) == "refused"
    assert after(work, mail).state == FAILED
    assert "554" in mail.answer
    (told,) = work.session.scalars(select(Notification).where(Notification.user_id == 41))
    assert told.text == "The mail “Invoice” was refused."
    send_again(work, mail)
    assert mail.state == QUEUED


def test_a_connection_that_ends_after_the_content_is_unknown_and_never_repeated(
    work: Work, hang_up: str, mail_to: MailTo
) -> None:
    mail_to(hang_up)
    mail = a_mail(work)
    assert send(work, mail=mail.id) == "unknown"
    assert after(work, mail).state == UNKNOWN
    assert send(work, mail=mail.id) == "nothing to send"


def test_a_sender_that_died_in_the_middle_leaves_an_unknown_outcome(work: Work) -> None:
    mail = a_mail(work)
    mail.state, mail.leased_until = SENDING, work.now - timedelta(minutes=1)
    work.session.commit()
    assert sweep(work) == 1
    assert after(work, mail).state == UNKNOWN


def test_without_a_mail_server_mail_waits(work: Work, mail_to: MailTo) -> None:
    mail_to("")
    mail = a_mail(work)
    assert send(work, mail=mail.id) == "later"
    assert after(work, mail).state == QUEUED


@pytest.mark.parametrize(
    "address",
    ["", "kai", "a@b@", "a@b.example\nBcc: x@y.example", "@example.com", "a b@example.com", "請求@example.com"],
)
def test_what_is_no_address_is_refused(work: Work, address: str) -> None:
    with pytest.raises(Problems):
        send_mail(work, to=[address], subject="x", text="x")


def test_nobody_mails_a_file_that_he_may_not_see(work: Work, company: Company) -> None:
    file = store(work, "secret.txt", b"secret", "text/plain", company)
    work.actor = Actor(user_id=9, name="Stranger", companies=frozenset({company.id}), roles=frozenset({"nobody"}))
    with pytest.raises(NotFound):
        send_mail(work, to=["a@example.com"], subject="x", text="x", attachments=[file.id])


def test_a_mail_waits_for_its_print_and_then_brings_it(work: Work, company: Company, inbox: Inbox) -> None:
    mail = a_mail(work, attachments=[attachment(work, company)], about=company)
    assert send(work, mail=mail.id) == "nothing to send"
    assert tasks(work, "mail.send") == []
    (wanted,) = tasks(work, "print.make")
    make(work, **wanted.args)
    work.session.expire_all()
    assert [task.args for task in tasks(work, "mail.send")] == [{"mail": mail.id}]
    assert send(work, mail=mail.id) == "sent"
    (kept,) = inbox
    assert [(part.type, part.name) for part in kept.parts] == [("text/plain", ""), ("application/pdf", "PAPER.pdf")]
    assert kept.parts[1].content.startswith(b"%PDF-")


def test_only_mails_that_wait_for_a_decision_are_decided(work: Work) -> None:
    mail = a_mail(work)
    with pytest.raises(Conflict):
        send_again(work, mail)


def test_a_domain_in_japanese_is_written_as_the_net_writes_it(work: Work) -> None:
    assert a_mail(work, to=["kai@請求.example"]).recipients == ["kai@xn--gsw746d.example"]
