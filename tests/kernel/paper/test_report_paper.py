"""A report on paper is made by the PDF worker, never in the web process, with the rights of whoever asked."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from deploy.layout import ROOT
from erp.kernel.change.work import new_session, reading
from erp.kernel.paper import waiting
from erp.kernel.paper.files import Blob, File
from erp.kernel.paper.layouts import sheet
from erp.kernel.paper.notifications import Notification
from erp.kernel.paper.report_paper import paper_of
from erp.kernel.paper.reports import ask, report_named, run
from erp.kernel.rights import system_actor
from erp.kernel.text import in_language
from erp.kernel.web import reports as web_reports
from erp.kernel.work import run_task
from erp.kernel.work.task import DONE, FAILED, Task
from tests.kernel.house import Apart, House

FIRST, LAST = "from=2026-01-01", "to=2026-12-31"
BALANCE = f"trial-balance.pdf?{FIRST}&{LAST}"


def print_tasks() -> list[Task]:
    session = new_session()
    try:
        return list(session.scalars(select(Task).where(Task.name == "report.print").order_by(Task.id)))
    finally:
        session.close()


@contextmanager
def a_worker(house: House) -> Iterator[None]:
    """Somebody who runs the first report that is asked for."""

    def work() -> str:
        for _ in range(600):
            for task in print_tasks():
                return run_task(task.id)
            waiting.time.sleep(0.05)
        return "nothing was asked for"

    worker = Apart(house.app, work)
    yield
    assert worker.result() in {DONE, FAILED}


@pytest.fixture
def nobody_waits() -> Iterator[None]:
    """Others wait already: who asks now gets the job's number at once."""
    for _ in range(2):
        waiting._places.acquire()
    yield
    for _ in range(2):
        waiting._places.release()


def test_a_report_is_sent_when_the_worker_is_quick(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web_reports, "SOON", timedelta(minutes=2))
    ada = house.browser("ada")
    with a_worker(house):
        answer = ada.get(f"/reports/{BALANCE}&company={house.company}")
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''trial-balance-2026-12-31.pdf")
    (task,) = print_tasks()
    assert (task.queue, task.user_id, task.company_id) == ("pdf", ada.user, house.company)


def test_else_the_page_waits_and_then_leads_to_the_file(house: House, nobody_waits: None):
    ada = house.browser("ada")
    answer = ada.get(f"/reports/{BALANCE}&company={house.company}")
    (task,) = print_tasks()
    page = f"/jobs/{task.id}/wait"
    assert answer.status_code == 202
    assert f'hx-get="{page}"' in answer.text
    assert f'content="2;url={page}"' in answer.text
    assert 'aria-busy="true"' in ada.get(page, HX_Request="true").text
    assert run_task(task.id) == DONE
    file = house.value("SELECT id FROM file WHERE purpose = 'report'")
    assert ada.get(page, HX_Request="true").headers["HX-Redirect"] == f"/files/{file}"
    assert ada.get(page).headers["Location"] == f"/files/{file}"
    assert ada.get(f"/files/{file}").data.startswith(b"%PDF-")
    assert house.browser("ben").get(f"/files/{file}").status_code == 404
    assert house.browser("carl", "sales").get(page).status_code == 404
    assert house.value("SELECT COUNT(*) FROM notification") == 0


def test_a_program_gets_the_number_of_the_job(house: House, nobody_waits: None):
    ada = house.program("ada")
    answer = ada.get(f"reports/{BALANCE}&company={house.company}")
    (task,) = print_tasks()
    assert (answer.status_code, answer.get_json()) == (202, {"job": task.id})
    assert run_task(task.id) == DONE
    url = ada.get(f"jobs/{task.id}").get_json()["result"]["url"]
    assert ada.get(url.removeprefix("/")).data.startswith(b"%PDF-")


def test_a_report_that_took_long_is_announced(house: House, nobody_waits: None):
    ada = house.browser("ada")
    ada.get(f"/reports/{BALANCE}&company={house.company}")
    (task,) = print_tasks()
    house.does(lambda work: _aged(work, task.id))
    run_task(task.id)
    session = new_session()
    (told,) = session.scalars(select(Notification).where(Notification.user_id == ada.user))
    session.close()
    assert (told.text, told.url[:7]) == ("Trial balance is ready", "/files/")


def _aged(work: Any, task_id: int) -> None:
    task = work.session.get_one(Task, task_id)
    task.args = {**task.args, "asked": "2026-01-01T00:00:00"}


def test_what_is_refused_is_refused_at_once(house: House):
    ada, ben = house.browser("ada"), house.program("ben", scopes=("reports:trial-balance",))
    assert ada.get(f"/reports/trial-balance.pdf?from=nonsense&company={house.company}").status_code == 422
    assert ada.get("/reports/no-such-report.pdf").status_code == 404
    assert ben.get(f"reports/balance-sheet.pdf?company={house.company}").status_code == 403
    assert house.browser("carl", "sales").get(f"/reports/{BALANCE}&company={house.company}").status_code in {403, 404}
    assert print_tasks() == []


def test_a_report_that_may_not_be_read_any_more_is_not_made(house: House, nobody_waits: None):
    from erp.kernel.rights import commands
    from erp.kernel.rights.user import User

    ada, _other = house.browser("ada", "accounts"), house.browser("boss")
    ada.get(f"/reports/{BALANCE}&company={house.company}")
    (task,) = print_tasks()
    house.does(lambda work: commands.set_roles(work, work.session.get_one(User, ada.user), ["sales"], []))
    assert run_task(task.id) == FAILED
    assert house.value("SELECT COUNT(*) FROM file") == 0
    assert "was not made" in ada.get(f"/jobs/{task.id}/wait").text


def test_a_report_speaks_the_language_of_its_reader(house: House):
    with reading(system_actor("test")) as work, in_language("ja"):
        one = report_named(work.actor, "trial-balance")
        given = {"company": str(house.company), "from": "2026-01-01", "to": "2026-12-31"}
        html = sheet("print/report.html", paper_of(work, one, run(work, one.name, given), ask(work, one, given)))
    assert '<html lang="ja">' in html
    assert "試算表" in html
    assert "2026/12/31" in html


WEB = """
import sys
from erp.kernel.paper import waiting
from erp.kernel.web.application import create_app
app = create_app()
app.extensions["has company"] = True
waiting._places.acquire(); waiting._places.acquire()
answer = app.test_client().get(sys.argv[1], headers={"Authorization": "Bearer " + sys.argv[2]})
print(answer.status_code, "weasyprint" in sys.modules)
"""


def test_the_web_process_never_loads_the_renderer(house: House):
    token = house.program("ada").token
    command = [sys.executable, "-c", WEB, f"/api/v1/reports/{BALANCE}&company={house.company}", token]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.split() == ["202", "False"]


def test_old_exports_and_reports_are_swept_and_what_belongs_to_a_record_stays(house: House, nobody_waits: None):
    from sqlalchemy import update

    from erp.kernel.paper.files import store
    from erp.kernel.paper.housekeeping import sweep

    def keep(work: Any) -> list[int]:
        passing = store(work, "old.pdf", b"old", "application/pdf", purpose="report").id
        attached = store(work, "kept.pdf", b"kept", "application/pdf", ("customer", 1)).id
        both = store(work, "same.csv", b"kept", "text/csv", purpose="export").id
        for table in (File, Blob):
            work.session.execute(update(table).values(created_at=work.now - timedelta(days=40)))
        fresh = store(work, "new.pdf", b"new", "application/pdf", purpose="report").id
        assert passing < both < fresh
        return [attached, fresh]

    kept = house.does(keep)
    assert house.does(sweep)["passing"] == 2
    assert house.value("SELECT COUNT(*) FROM file") == 2
    assert [house.value("SELECT id FROM file WHERE id = :i", i=one) for one in kept] == kept
    assert house.value("SELECT COUNT(*) FROM `blob`") == 2
