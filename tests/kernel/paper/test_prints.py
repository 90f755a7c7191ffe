"""A PDF is made once for each edition of a record, kept, and served again."""

import pytest
from sqlalchemy import select

from erp.company.company import Company
from erp.kernel.change import Work, save
from erp.kernel.errors import NotAllowed, NotFound
from erp.kernel.paper.files import find_file, read_bytes
from erp.kernel.paper.prints import Print, layout_of, made, make, preview, request_print, wanted
from erp.kernel.rights.actor import Actor
from erp.kernel.work import Task


def test_a_print_is_made_by_a_job_and_served_from_then_on(work: Work, company: Company) -> None:
    what = wanted(work, company, None, "ja")
    assert made(work, what) is None
    first = request_print(work, what)
    assert request_print(work, what) == first
    task = work.session.get_one(Task, first)
    assert (task.name, task.queue) == ("print.make", "pdf")
    work.session.commit()
    done = make(work, **task.args)
    assert make(work, **task.args) == done
    file = made(work, what)
    assert file is not None
    assert (file.id, file.mime, file.name) == (done["file"], "application/pdf", "PAPER.pdf")
    assert read_bytes(find_file(work, file.id)).startswith(b"%PDF-")
    assert len(list(work.session.scalars(select(Print)))) == 1


def test_a_changed_record_is_printed_anew(work: Work, company: Company) -> None:
    before = wanted(work, company).key
    save(work, Company, {"city": "東京"}, company, version=company.version)
    assert wanted(work, company).key != before


def test_the_preview_says_what_the_pdf_says(work: Work, company: Company) -> None:
    page = preview(work, wanted(work, company, None, "ja"), "/print/style.css")
    assert '<html lang="ja">' in page
    assert "横浜市" in page
    assert "㈱髙橋商店" in page


def test_who_may_not_print_gets_no_print(work: Work, company: Company) -> None:
    work.actor = Actor(user_id=9, name="Stranger", companies=None, roles=frozenset({"nobody"}))
    with pytest.raises(NotAllowed):
        wanted(work, company)


def test_there_is_no_layout_of_an_unknown_name(work: Work, company: Company) -> None:
    with pytest.raises(NotFound):
        layout_of("company", "fancy")
