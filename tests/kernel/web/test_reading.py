"""Reading changes nothing: every GET of every route, over every kind, leaves every table as it was."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from erp.kernel.change.work import run_work
from erp.kernel.database.migrate import engine_with_ddl
from erp.kernel.database.schema import whole_metadata
from erp.kernel.paper.reports import all_reports
from erp.kernel.records import all_kinds
from erp.kernel.rights import commands
from tests.access.makers import Made, make_all
from tests.kernel.house import SYSTEM, Browser, House

WISHES = {
    "prints.print_pdf": "asks a worker for a PDF that is not there yet, as the contract says: 202 with the job",
    "prints.print_wait": "the same, for the page that waits",
    "prints.print_preview": "the same: what is looked at is the PDF itself",
}
NOTED = {"session_row": "once a minute, that the browser was seen: an idle session ends"}
INLINE = re.compile(
    r"<style|\sstyle\s*=|<script(?![^>]*\bsrc=)|\son(?:click|load|error|change|input|submit)\s*=", re.IGNORECASE
)


def sums() -> dict[str, int]:
    """Return the checksum of every table."""
    engine = engine_with_ddl()
    with engine.connect() as connection:
        names = ", ".join(f"`{table.name}`" for table in whole_metadata().sorted_tables if table.name not in NOTED)
        rows = connection.execute(text(f"CHECKSUM TABLE {names} EXTENDED")).all()
        opened = connection.scalar(text("SELECT COUNT(*) FROM session_row WHERE revoked_at IS NULL"))
    engine.dispose()
    return {str(name).rpartition(".")[2]: int(value) for name, value in rows} | {"open sessions": int(opened or 0)}


def addresses(app: Flask, made: Made, *, wishes: bool = False) -> Iterator[str]:
    """Return every address that answers GET, with records of company A."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or (rule.endpoint in WISHES) is not wishes:
            continue
        for kind in all_kinds() if "<collection>" in rule.rule or "<kind>" in rule.rule else [None]:
            url = rule.rule
            if kind is not None:
                one = made.get((kind.__kind__, "A"), 1)
                url = url.replace("<collection>", kind.__collection__).replace("<kind>", kind.__kind__)
                url = url.replace("<int:record_id>", str(one))
            for name in [one.name for one in all_reports()] if "<name>" in url else [""]:
                filled = re.sub(r"<int:\w+>", "1", url.replace("<name>", name))
                yield re.sub(r"<(\w+:)?\w+>", "none", filled)


@pytest.fixture
def root(app: Flask, committed: None) -> tuple[Browser, Made]:
    """An administrator in a browser, and one record of every kind."""
    app.extensions["has company"] = True
    user = run_work(SYSTEM, lambda work: commands.add_user(work, "root", "Root", roles=["administrator"]).id)
    made = run_work(SYSTEM, lambda work: make_all(work.session, user))
    return House(app, made["company", "A"]).sign_in(user), made


@pytest.mark.slow
def test_no_get_changes_a_table(app: Flask, root: tuple[Browser, Made]) -> None:
    browser, made = root
    before, asked, broken, inline = sums(), 0, [], []
    for url in addresses(app, made):
        for more in ({}, {"HX_Request": "true"}):
            answer = browser.get(url, **more)
            asked += 1
            if answer.status_code >= 500 and not url.startswith(("/readyz", "/live")):
                broken.append(f"{url}: {answer.status_code}")
            if answer.mimetype == "text/html" and INLINE.search(answer.text):
                inline.append(url)
    after = sums()
    assert asked > 500
    assert [name for name in before if before[name] != after[name]] == []
    assert broken == []
    assert inline == [], "the content security policy forbids it"


def test_a_wish_for_a_print_writes_the_wish_alone(app: Flask, root: tuple[Browser, Made]) -> None:
    browser, made = root
    before = sums()
    for url in addresses(app, made, wishes=True):
        assert browser.get(url).status_code in {200, 202, 404}, url
    after = sums()
    assert {name for name in before if before[name] != after[name]} <= {"task"}
