"""One SMTP dialogue, and what its answer means: sent, try later, refused for good, or nobody can know."""

import contextlib
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from urllib.parse import unquote, urlsplit

CONNECT_SECONDS = 15
ANSWER_SECONDS = 60
GO_AHEAD = 354
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
ACCEPTED = 250
TEMPORARY = range(400, 500)


class Outcome(StrEnum):
    """What became of a message."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """The server's last word, as people may read it."""

    outcome: Outcome
    text: str


class _Said(Exception):
    """An answer that ends the dialogue before the message was handed over."""

    def __init__(self, code: int, text: bytes) -> None:
        super().__init__(code)
        outcome = Outcome.LATER if code in TEMPORARY or code <= 0 else Outcome.REFUSED
        self.answer = Answer(outcome, f"{code} {text.decode(errors='replace')}"[:500])


def deliver(url: str, sender: str, recipients: Sequence[str], message: EmailMessage) -> Answer:
    """Hand ``message`` to the server at ``url`` (``smtp://user:password@host:port``) once; never raises.

    A connection lost after the content went out is ``UNKNOWN``: the server may have taken it.
    """
    try:
        content = message.as_bytes(policy=SMTP)
        server = _connected(url)
        try:
            _envelope(server, sender, recipients)
            return _content(server, content)
        finally:
            _part(server)
    except _Said as said:
        return said.answer
    except smtplib.SMTPAuthenticationError as error:
        return Answer(Outcome.LATER, f"{error.smtp_code} our own name or password was refused")
    except UnicodeError:
        return Answer(Outcome.REFUSED, "an address or a header cannot be written in a mail")
    except smtplib.SMTPResponseException as error:
        text = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        return _Said(error.smtp_code, text).answer
    except (OSError, smtplib.SMTPException) as error:
        return Answer(Outcome.LATER, f"{type(error).__name__}: {error}"[:500])


def _part(server: smtplib.SMTP) -> None:
    """Say goodbye; whatever is answered now changes nothing of what became of the message."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _connected(url: str) -> smtplib.SMTP:
    """Return a greeted, encrypted (where offered) and signed-in connection."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=CONNECT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=CONNECT_SECONDS)
        server.ehlo()
        if parts.scheme == "smtp+starttls" or (server.has_extn("starttls") and host not in LOOPBACK):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
    if server.sock is not None:
        server.sock.settimeout(ANSWER_SECONDS)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _envelope(server: smtplib.SMTP, sender: str, recipients: Sequence[str]) -> None:
    """Name sender and recipients; one refused recipient stops the message for all, before any got it."""
    for code, text in [server.mail(sender), *(server.rcpt(address) for address in recipients)]:
        if code not in {ACCEPTED, 251, 252}:
            raise _Said(code, text)


def _content(server: smtplib.SMTP, content: bytes) -> Answer:
    server.putcmd("data")
    code, text = server.getreply()
    if code != GO_AHEAD:
        raise _Said(code, text)
    try:
        server.send(_dotted(content))
        code, text = server.getreply()
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        return Answer(Outcome.UNKNOWN, f"no answer after the content was sent ({type(error).__name__})")
    if code == ACCEPTED:
        return Answer(Outcome.SENT, f"{code} {text.decode(errors='replace')}"[:500])
    if code <= 0:
        return Answer(Outcome.UNKNOWN, "no answer after the content was sent")
    return _Said(code, text).answer


def _dotted(content: bytes) -> bytes:
    """Return the content as it travels: leading dots doubled, ended by a single one."""
    body = content.replace(b"\r\n.", b"\r\n..")
    body = b"." + body if body.startswith(b".") else body
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"
