"""What an SMTP answer means, asked of real servers that behave well, badly and very badly."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from erp.kernel.paper.inbox import Inbox
from erp.kernel.paper.sink import Keeper
from erp.kernel.paper.smtp import Outcome, deliver
from tests.kernel.paper.conftest import Says, Serve


def a_message() -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"], message["Subject"] = "<1@erp.example>", "請求書 SI-1"
    message["From"], message["To"] = "erp@example.com", "a@example.com"
    message.set_content("Line\n.dot at the start\n")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="請求書.pdf")
    return message


def send(url: str) -> tuple[Outcome, str]:
    answer = deliver(url, "erp@example.com", ["a@example.com"], a_message())
    return answer.outcome, answer.text


def test_the_sink_keeps_the_message_as_it_was_meant(serve: Serve, tmp_path: Path) -> None:
    assert send(serve(Keeper(Inbox(tmp_path))))[0] == Outcome.SENT
    (kept,) = Inbox(tmp_path)
    assert kept.header("Subject") == "請求書 SI-1"
    assert [(part.type, part.name) for part in kept.parts] == [("text/plain", ""), ("application/pdf", "請求書.pdf")]
    assert kept.parts[0].content == b"Line\r\n.dot at the start\r\n"
    assert kept.parts[1].content == b"%PDF-1.7"


@pytest.mark.parametrize(
    ("handler", "outcome"),
    [
        (Says(data="451 try again"), Outcome.LATER),
        (Says(rcpt="450 greylisted"), Outcome.LATER),
        (Says(data="554 spam"), Outcome.REFUSED),
        (Says(rcpt="550 no such user"), Outcome.REFUSED),
    ],
)
def test_four_hundreds_are_tried_later_and_five_hundreds_are_final(
    serve: Serve, handler: Says, outcome: Outcome
) -> None:
    found, text = send(serve(handler))
    assert found == outcome
    assert text[:3] in (handler.data, handler.rcpt)[handler.data == "250 ok"]


def test_nobody_listening_is_tried_later() -> None:
    assert send("smtp://127.0.0.1:1")[0] == Outcome.LATER


def test_a_connection_cut_after_the_content_leaves_the_outcome_unknown(hang_up: str) -> None:
    assert send(hang_up)[0] == Outcome.UNKNOWN


class RudeGoodbye(Says):
    """Takes the message, then answers QUIT as if something had gone wrong."""

    def __init__(self, goodbye: str) -> None:
        super().__init__()
        self.goodbye, self.taken = goodbye, 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken += 1
        return "250 ok"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return self.goodbye


@pytest.mark.parametrize("goodbye", ["421 too busy", "500 what?", "550 no"])
def test_a_message_that_was_taken_is_sent_whatever_the_goodbye_says(serve: Serve, goodbye: str) -> None:
    server = RudeGoodbye(goodbye)
    assert send(serve(server)) == (Outcome.SENT, "250 ok")
    assert server.taken == 1


def test_a_header_that_no_mail_can_carry_is_refused_and_not_a_broken_job(serve: Serve, tmp_path: Path) -> None:
    answer = deliver(serve(Keeper(Inbox(tmp_path))), "erp@example.com", ["請求@example.com"], a_message())
    assert answer.outcome == Outcome.REFUSED
