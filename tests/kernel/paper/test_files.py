"""Who may see a record may see its files; nobody else."""

import io
import os

import pytest

from erp.company.company import Company
from erp.kernel.change import Work
from erp.kernel.errors import NotFound, Problems
from erp.kernel.paper.files import attach, files_of, find_file, missing_files, read_bytes, store, the_store
from erp.kernel.paper.housekeeping import sweep
from erp.kernel.rights.actor import Actor

STRANGER = Actor(user_id=9, name="Stranger", companies=frozenset(), roles=frozenset({"sales"}))


def test_a_file_is_kept_by_what_it_holds_and_found_through_its_record(work: Work, company: Company) -> None:
    first = attach(work, company, "../ノート.txt", io.BytesIO(b"hello"))
    second = store(work, "again.txt", b"hello", "text/plain", company)
    assert first.name == "ノート.txt"
    assert first.sha256 == second.sha256
    assert read_bytes(find_file(work, first.id)) == b"hello"
    assert [file.id for file in files_of(work, company)] == [second.id, first.id]


def test_a_file_of_a_record_that_one_may_not_see_does_not_exist(work: Work, company: Company) -> None:
    file = store(work, "a.txt", b"x", "text/plain", company)
    own = store(work, "b.txt", b"y", "text/plain")
    work.actor = STRANGER
    for one in (file.id, own.id, 999_999):
        with pytest.raises(NotFound):
            find_file(work, one)


def test_one_s_own_file_is_one_s_own(work: Work) -> None:
    work.actor = STRANGER
    assert find_file(work, store(work, "b.txt", b"y", "text/plain").id).name == "b.txt"


def test_an_empty_or_strange_upload_is_refused(work: Work, company: Company) -> None:
    for name, content in (("a.txt", b""), ("a.exe", b"MZ"), ("a.pdf", b"<html>")):
        with pytest.raises(Problems):
            attach(work, company, name, io.BytesIO(content))


def test_the_audit_names_files_whose_bytes_are_gone(work: Work, company: Company) -> None:
    file = store(work, "gone.txt", b"soon gone", "text/plain", company)
    assert missing_files(work) == []
    place = the_store().path(file.sha256)
    assert place is not None
    place.unlink()
    assert missing_files(work) == [f"file {file.id} gone.txt"]


def test_bytes_that_no_row_names_are_swept_up_after_a_day(work: Work, company: Company) -> None:
    kept = store(work, "kept.txt", b"kept", "text/plain", company)
    sha256, _size = the_store().put(io.BytesIO(b"nobody knows me"), 100)
    places = [the_store().path(one) for one in (kept.sha256, sha256)]
    assert sweep(work)["files"] == 0
    for place in places:
        assert place is not None
        os.utime(place, (0, 0))
    assert sweep(work)["files"] == 1
    assert [place is not None and place.exists() for place in places] == [True, False]
