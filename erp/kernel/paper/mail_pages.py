"""Mail in pages: writing about a record, what became of it, and the inbox of a demonstration."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from erp.kernel.change.hooks import announce
from erp.kernel.change.undo import OFFERED, may_be_taken_back
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import NotAllowed, NotFound, Problem, Problems
from erp.kernel.paper.files import files_of
from erp.kernel.paper.inbox import Inbox, Kept
from erp.kernel.paper.letters import letter_about
from erp.kernel.paper.mail import MAILED, UNKNOWN, Mail, find_mail, may_mail, send_again, send_mail, settle
from erp.kernel.paper.pages import SANDBOX, back_to, record_in_url
from erp.kernel.paper.prints import attachment, layouts_of
from erp.kernel.text import _
from erp.kernel.web.pages import see_other
from erp.kernel.web.undoing import offer_undo
from erp.settings import Settings

mail_pages = Blueprint("mail", __name__)


@mail_pages.get("/<collection>/<int:record_id>/mail")
def write_mail(collection: str, record_id: int) -> ResponseReturnValue:
    """Show the mail that would be sent about a record."""
    work, record = record_in_url(collection, record_id, lines=True)
    if not may_mail(work.actor, record.__kind__):
        raise NotAllowed(_("You may not send mail about these."))
    return render_template(
        "paper/mail_form.html", record=record, letter=letter_about(work, record), layouts=layouts_of(record.__kind__),
        files=files_of(work, record), title=_("Email %(title)s", title=record.title), base=f"/{collection}/{record_id}",
        crumbs=[(str(record.__plural_label__), f"/{collection}"), (str(record.title), f"/{collection}/{record_id}")],
    )  # fmt: skip


@mail_pages.post("/<collection>/<int:record_id>/mail")
def post_mail(collection: str, record_id: int) -> ResponseReturnValue:
    """Send a mail about a record, with its print and files attached as ticked."""
    work, record = record_in_url(collection, record_id, lines=True)
    if not may_mail(work.actor, record.__kind__):
        raise NotAllowed(_("You may not send mail about these."))
    mail = _written(work, record)
    if mail.created_at == work.now:
        may_be_taken_back(work, MAILED, record, {"mail": mail.id})
        offer_undo(work)
    announce(work, record, "mailed")
    return back_to(record)


def _written(work: Work, record: Any) -> Mail:
    """Return the mail that the form says, waiting for the moments in which it can be taken back."""
    to = [one for one in request.form.get("to", "").replace(";", ",").split(",") if one.strip()]
    subject, text = request.form.get("subject", "").strip(), request.form.get("text", "").strip()
    if not subject:
        raise Problems([Problem("subject", "required", _("Write a subject."))])
    attached: list[Any] = [attachment(work, record, name) for name in request.form.getlist("print")]
    attached += [int(one) for one in request.form.getlist("file") if one.isdigit()]
    key = request.form.get("idempotency_key") or None
    return send_mail(
        work, to=to, subject=subject, text=text + "\n", attachments=attached, about=record,
        reply_to=letter_about(work, record).reply_to, key=f"form:{work.actor.user_id}:{key}" if key else None, hold=OFFERED,
    )  # fmt: skip


@mail_pages.get("/mails")
def list_mails() -> ResponseReturnValue:
    """Show the mails that the reader sent; an administrator sees all."""
    work = current_work()
    query = select(Mail).order_by(Mail.id.desc()).limit(200)
    if not work.actor.is_admin:
        query = query.where(Mail.created_by_id == work.actor.user_id)
    state = request.args.get("state")
    if state:
        query = query.where(or_(Mail.state == state))
    rows = list(work.session.scalars(query))
    return render_template("paper/mails.html", mails=rows, title=_("Mails"), crumbs=[(_("Mails"), None)])


@mail_pages.get("/mails/<int:mail_id>")
def show_mail(mail_id: int) -> ResponseReturnValue:
    """Show one mail: what it said, what the server answered, what is still to decide."""
    mail = find_mail(current_work(), mail_id)
    return render_template(
        "paper/mail.html",
        mail=mail,
        unknown=mail.state == UNKNOWN,
        title=mail.subject,
        crumbs=[(_("Mails"), "/mails"), (mail.subject, None)],
    )


@mail_pages.post("/mails/<int:mail_id>/resending")
def resend(mail_id: int) -> ResponseReturnValue:
    """Send a refused or doubtful mail once more, under the same Message-ID."""
    work = current_work()
    send_again(work, find_mail(work, mail_id, for_update=True))
    return see_other(f"/mails/{mail_id}")


@mail_pages.post("/mails/<int:mail_id>/settlement")
def settle_mail(mail_id: int) -> ResponseReturnValue:
    """Say what became of a mail: it arrived, or it is withdrawn."""
    work = current_work()
    settle(work, find_mail(work, mail_id, for_update=True), arrived=request.form.get("arrived") == "1")
    return see_other(f"/mails/{mail_id}")


def inbox() -> Inbox:
    """Return the inbox of a demonstration; elsewhere there is no such page."""
    config: Settings = current_app.config["ERP"]
    if not config.demo:
        raise NotFound
    return Inbox(config.data / "mail")


@mail_pages.get("/dev/mail")
def show_inbox() -> ResponseReturnValue:
    """Show the demonstration's inbox."""
    kept = list(inbox())
    return render_template("paper/dev_mail.html", mails=[_json(one) for one in kept], title=_("Outgoing mail"))


@mail_pages.get("/dev/mail.json")
def inbox_json() -> ResponseReturnValue:
    """Return the demonstration's inbox, newest first."""
    return jsonify([_json(one) for one in inbox()])


@mail_pages.get("/dev/mail/<name>/<int:number>")
def inbox_part(name: str, number: int) -> ResponseReturnValue:
    """Return one part of a kept message."""
    found = inbox().message(name)
    parts = found.parts if found is not None else []
    if number >= len(parts):
        raise NotFound
    part = parts[number]
    shown = part.type if part.type in {"text/plain", "application/pdf"} else "application/octet-stream"
    response = Response(part.content, mimetype="text/html" if part.type == "text/html" else shown)
    response.headers["X-Content-Type-Options"] = "nosniff"
    if part.type != "application/pdf":
        response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _json(kept: Kept) -> dict[str, Any]:
    return {
        "id": kept.id,
        "message_id": kept.header("Message-ID"),
        "from": kept.header("From"),
        "to": kept.header("To"),
        "subject": kept.header("Subject"),
        "date": kept.header("Date"),
        "parts": [
            {
                "type": part.type,
                "name": part.name,
                "size": len(part.content),
                "url": f"/dev/mail/{kept.id}/{part.number}",
            }
            for part in kept.parts
        ],
    }
