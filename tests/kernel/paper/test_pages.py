"""The pages of paper as a signed-in administrator opens them."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from erp.company.company import Company
from erp.kernel.change import Work, save
from erp.kernel.paper.import_runs import ImportRun, carry_out, check
from erp.kernel.paper.inbox import Inbox
from erp.kernel.paper.mail import Mail
from erp.kernel.paper.notifications import notice
from erp.kernel.paper.prints import make, request_print, wanted
from erp.kernel.rights import commands
from erp.kernel.rights.seed import seed_rights
from erp.kernel.rights.user import User
from erp.kernel.work import Task

PASSWORD = "matcha and azuki"


@pytest.fixture
def ann(work: Work, company: Company) -> User:
    """An administrator."""
    seed_rights(work.session)
    user = commands.add_user(work, "ann", "Ann", email="ann@example.com", password=PASSWORD, roles=["administrator"])
    work.session.commit()
    return user


@pytest.fixture
def browser(app: Flask, ann: User) -> FlaskClient:
    """Ann's browser, signed in."""
    app.extensions["has company"] = True
    client = app.test_client()
    client.post("/login", data={"login": "ann", "password": PASSWORD, "csrf_token": csrf(client, "/login")})
    return client


def csrf(client: FlaskClient, page: str = "/notifications") -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(page).text)
    assert found
    return found[1]


def url_of(company: Company) -> str:
    return f"/companies/{company.id}"


def test_a_comment_and_a_file_appear_beside_the_record(browser: FlaskClient, company: Company) -> None:
    page, token = url_of(company), csrf(browser)
    sent = {"text": "Look <b>here</b>", "csrf_token": token}
    assert browser.post(f"{page}/comments", data=sent).status_code == 303
    fragment = browser.post(f"{page}/comments", data=sent, headers={"HX-Request": "true"})
    assert 'id="timeline"' in fragment.text
    assert "&lt;b&gt;here" in fragment.text
    upload = {"file": (io.BytesIO(b"<svg onload=alert(1)>"), "drawing.svg"), "csrf_token": token}
    assert browser.post(f"{page}/files", data=upload).status_code == 303
    shown = browser.get(page).text
    assert "drawing.svg" in shown
    link = re.search(r"/files/\d+", shown)
    assert link
    file = browser.get(link[0])
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Security-Policy"].startswith("sandbox")


def test_the_preview_is_the_pdf_itself(browser: FlaskClient, company: Company, work: Work) -> None:
    page = url_of(company)
    first = browser.get(f"{page}/print?lang=ja").text
    assert 'id="print-wait"' in first
    assert "<iframe" not in first
    task = work.session.get_one(Task, request_print(work, wanted(work, company, None, "ja")))
    make(work, **task.args)
    frame = f'<iframe class="sheet" src="{page}/print.pdf?format=standard&amp;lang=ja#navpanes=0'
    assert frame in browser.get(f"{page}/print?lang=ja").text
    wait = browser.get(f"{page}/print/wait?format=standard&lang=ja&view=1", headers={"HX-Request": "true"})
    assert "HX-Redirect" not in wait.headers
    assert "<iframe" in wait.text
    pdf = browser.get(f"{page}/print.pdf?format=standard&lang=ja")
    assert (pdf.mimetype, pdf.headers["Content-Disposition"].split(";")[0]) == ("application/pdf", "inline")
    assert "frame-ancestors 'self'" in pdf.headers["Content-Security-Policy"]
    save(work, Company, {"city": "東京"}, company, version=company.version)
    work.session.commit()
    assert 'id="print-wait"' in browser.get(f"{page}/print?lang=ja").text


def test_a_pdf_is_waited_for_and_then_shown(browser: FlaskClient, company: Company, work: Work) -> None:
    page = url_of(company)
    assert browser.get(f"{page}/print").status_code == 200
    assert "㈱髙橋商店" in browser.get(f"{page}/print/sheet?lang=ja").text
    waiting = browser.get(f"{page}/print.pdf?lang=ja")
    assert waiting.status_code == 202
    assert 'aria-busy="true"' in waiting.text
    # The task was written in a transaction of its own, which here is part of the one that the GET rolled back.
    task = work.session.get_one(Task, request_print(work, wanted(work, company, None, "ja")))
    make(work, **task.args)
    wait = browser.get(f"{page}/print/wait?lang=ja", headers={"HX-Request": "true"})
    assert wait.headers["HX-Redirect"] == f"{page}/print.pdf?lang=ja"
    pdf = browser.get(f"{page}/print.pdf?lang=ja")
    assert (pdf.status_code, pdf.mimetype, pdf.data[:5]) == (200, "application/pdf", b"%PDF-")


def test_a_mail_is_written_from_a_record(browser: FlaskClient, company: Company, work: Work) -> None:
    page = url_of(company)
    assert "㈱髙橋商店" in browser.get(f"{page}/mail").text
    sent = {"to": "a@example.com; b@example.com", "subject": "Hi", "text": "Hello", "csrf_token": csrf(browser)}
    assert browser.post(f"{page}/mail", data=sent).status_code == 303
    (mail,) = work.session.scalars(select(Mail).where(Mail.about_id == company.id))
    assert mail.recipients == ["a@example.com", "b@example.com"]
    assert "Hello" in browser.get(f"/mails/{mail.id}").text
    assert "Hi" in browser.get("/mails").text
    assert browser.post(f"{page}/mail", data={**sent, "to": "nobody"}).status_code == 422


def test_a_file_is_tried_and_then_imported(browser: FlaskClient, work: Work) -> None:
    assert browser.get("/customers/import").status_code == 200
    assert "addresses.street" in browser.get("/customers/import/columns.csv").text
    content = "code,name,company,credit_limit\nW1,One,PAPER,1\nW2,Two,PAPER,x\n"
    token = csrf(browser)
    sent = {"file": (io.BytesIO(content.encode()), "c.csv"), "mode": "upsert", "skip_bad": "1", "dry_run": "1"}
    answer = browser.post("/customers/import", data={**sent, "csrf_token": token})
    page = answer.headers["Location"]
    assert 'aria-busy="true"' in browser.get(page).text
    (run,) = work.session.scalars(select(ImportRun))
    check(work, run=run.id)
    tried = browser.get(page).text
    assert "credit_limit" in tried
    assert "/start" in tried
    assert browser.post(f"{page}/start", data={"csrf_token": token}).status_code == 303
    carry_out(work, run=run.id)
    carry_out(work, run=run.id)
    assert "/customers" in browser.get(page).text
    exported = browser.get("/customers/export?format=csv&columns=code,name&q=One").text
    assert exported.removeprefix("\ufeff").splitlines() == ["code,name", "W1,One"]


def test_notifications_are_listed_counted_and_read(browser: FlaskClient, ann: User, work: Work) -> None:
    notice(work, ann.id, "%(name)s is ready", values={"name": "SI-1.pdf"}, url="/jobs")
    work.session.commit()
    assert "SI-1.pdf is ready" in browser.get("/notifications").text
    assert 'id="notification-feed"' in browser.get("/notifications?show=menu").text
    assert browser.get("/live/counts").get_json() == {"approvals": 0, "todo": 0, "unread": 1}
    (found,) = browser.get("/api/v1/notifications").get_json()["data"]
    assert 'data-url="/jobs">SI-1.pdf is ready' in browser.get(f"/notifications/{found['id']}").text
    assert browser.post("/notifications/reading", data={"csrf_token": csrf(browser)}).status_code == 303
    assert browser.get("/live/counts").get_json() == {"approvals": 0, "todo": 0, "unread": 0}


def test_the_demonstration_s_inbox_is_open_and_serves_parts(browser: FlaskClient, app: Flask) -> None:
    box = Inbox(Path(app.config["ERP"].data) / "mail")
    box.folder.mkdir(parents=True, exist_ok=True)
    name = box.keep(b"Message-ID: <1@x>\r\nTo: a@example.com\r\nSubject: Hi\r\n\r\nHello\r\n")
    found = next(one for one in app.test_client().get("/dev/mail.json").get_json() if one["id"] == name)
    assert (found["message_id"], found["to"], found["subject"]) == ("<1@x>", "a@example.com", "Hi")
    assert set(found["parts"][0]) == {"type", "name", "size", "url"}
    assert browser.get(found["parts"][0]["url"]).data == b"Hello\r\n"
    assert "Hi" in browser.get("/dev/mail").text
    assert browser.get("/dev/mail/../../etc/0").status_code == 404


def test_a_search_without_scripts_has_a_page(browser: FlaskClient) -> None:
    assert "New company" in browser.get("/search?q=company").text
    assert browser.get("/palette?q=%22%2B%2A").status_code == 200
