"""A job has the rights of whoever asked for it, of the moment when it runs: job × role × record."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from erp.kernel.change.work import Work
from erp.kernel.errors import NotAllowed, NotFound, Problems, Refused
from erp.kernel.paper.files import File, read_bytes
from erp.kernel.paper.import_runs import ImportRun
from erp.kernel.paper.prints import layouts_of
from erp.kernel.records import Record
from erp.kernel.rights.loading import actor_by_login
from erp.kernel.rights.registry import surface_of
from erp.kernel.work.jobs import all_jobs, job_named
from erp.kernel.work.schedule import all_schedules
from tests.access.house import House, house, kinds
from tests.access.table import ROLES, is_visible, scope_of

__all__ = ["house"]

Args = Callable[[type[Record], int], dict[str, Any]]


def print_args(kind: type[Record], record_id: int) -> dict[str, Any]:
    layout = layouts_of(kind.__kind__)[0].format
    return {"kind": kind.__kind__, "id": record_id, "format": layout, "language": "en", "key": "no such print"}


def batch_args(kind: type[Record], record_id: int) -> dict[str, Any]:
    return {"kind": kind.__kind__, "documents": [{"no such field": 1}], "submit": False, "together": False}


OF_A_RECORD: dict[str, tuple[str, Args]] = {"print.make": ("print", print_args)}
"""Job -> the verb that it needs, and its arguments for one record."""

OF_A_KIND: dict[str, tuple[str, Args]] = {"batch.create": ("create", batch_args)}
OF_A_LIST = {"export.make"}
OF_ONE_S_OWN = {"import.check", "import.run"}
OF_A_REPORT = {"report.print"}
OF_WHAT_WAS_ASKED = {"mail.send": "sends what somebody wrote who might; whoever runs it sees nothing of it"}


def test_every_job_is_in_one_of_these_tables(app: Flask) -> None:
    clock = {one.job for one in all_schedules()}
    known = {*OF_A_RECORD, *OF_A_KIND, *OF_A_LIST, *OF_ONE_S_OWN, *OF_A_REPORT, *OF_WHAT_WAS_ASKED, *clock}
    jobs = {job.name for job in all_jobs() if not job.name.startswith("test.")}
    assert jobs - known == set(), "say in this test what the job asks"
    assert all(surface_of(f"job:{name}") for name in jobs)


def asked(house: House) -> Work:
    """Return a unit of work of the user, as the worker makes it."""
    actor = actor_by_login(house.work.session, house.role)
    assert actor is not None
    return Work(house.work.session, actor)


@pytest.mark.parametrize("role", ROLES)
def test_a_job_about_a_record_asks_its_right_and_the_record(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from erp.kernel.paper import prints

    class Paper:
        def pdf_of(self, *_given: Any) -> bytes:
            return b"%PDF-1.7"

    monkeypatch.setattr(prints, "_renderer", Paper)  # what is drawn is not the question here, and costs seconds
    wrong = []
    for name, (verb, arguments) in OF_A_RECORD.items():
        job = job_named(name)
        assert job is not None
        for kind in kinds():
            for place in ("A", "B"):
                allowed = scope_of(house.role, kind.__kind__, verb) and is_visible(house.role, kind, place)
                outcome = ran(lambda kind=kind, place=place, job=job, arguments=arguments: job.act(
                    asked(house), **arguments(kind, house.made[kind.__kind__, place])))  # fmt: skip
                if (outcome in {"NotFound", "NotAllowed"}) is bool(allowed):
                    wrong.append(f"{house.role}: {name} of {kind.__kind__} {place}: {outcome}")
    assert not wrong, "\n".join(wrong)


def ran(act: Callable[[], Any]) -> str:
    try:
        act()
    except (NotFound, NotAllowed) as refused:
        return type(refused).__name__
    except Refused:
        return "refused by a rule"
    return "done"


@pytest.mark.parametrize("role", ["sales", "nobody", "administrator"])
def test_a_job_about_a_kind_asks_its_right(house: House) -> None:
    for name, (verb, arguments) in OF_A_KIND.items():
        job = job_named(name)
        if job is None:
            continue
        for kind in kinds():
            if not getattr(kind, "__api__", True):
                continue
            before = house.work.session.query(kind).count()
            try:
                job.act(asked(house), **arguments(kind, 0))
            except (NotFound, NotAllowed):
                assert not scope_of(house.role, kind.__kind__, verb), kind.__kind__
            except Problems:
                assert scope_of(house.role, kind.__kind__, verb), kind.__kind__
            assert house.work.session.query(kind).count() == before


@pytest.mark.parametrize("role", ROLES)
def test_an_export_in_a_worker_holds_what_its_asker_sees(house: House) -> None:
    job = job_named("export.make")
    assert job is not None
    how = {"filters": {}, "form": "csv", "columns": ["id"], "labels": False, "lines": False}
    for kind in kinds():
        work = asked(house)
        if not scope_of(house.role, kind.__kind__, "export"):
            with pytest.raises((NotAllowed, NotFound)):
                job.act(work, kind=kind.__kind__, **how)
            continue
        made = job.act(work, kind=kind.__kind__, **how)
        content = read_bytes(house.work.session.get_one(File, made["file"])).decode("utf-8-sig")
        found = {int(line.split(",")[0]) for line in content.splitlines()[1:] if line}
        seen = {house.made[kind.__kind__, place] for place in ("A", "B", "mine") if is_visible(house.role, kind, place)}
        assert found == seen, kind.__kind__


@pytest.mark.parametrize("role", ROLES)
def test_a_report_on_paper_needs_the_right_to_read_the_books(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from erp.kernel.paper import report_paper

    class Paper:
        def pdf_of(self, *_given: Any) -> bytes:
            return b"%PDF-1.7"

    monkeypatch.setattr(report_paper, "_renderer", Paper)
    for name in OF_A_REPORT:
        job = job_named(name)
        assert job is not None
        given = {"name": "trial-balance", "given": {}, "asked": house.work.now.isoformat()}
        outcome = ran(lambda job=job, given=given: job.act(asked(house), **given))
        assert (outcome == "NotAllowed") is (scope_of(house.role, "ledger", "read") not in {"all", "company"}), outcome


@pytest.mark.parametrize("role", ["sales", "administrator"])
def test_an_import_is_its_askers_own(house: House) -> None:
    run = ImportRun(
        kind="customer", file_id=_a_file(house), options=OPTIONS, created_at=house.work.now, created_by_id=None
    )
    house.work.session.add(run)
    house.work.session.flush()
    for name in OF_ONE_S_OWN:
        job = job_named(name)
        assert job is not None
        outcome = ran(lambda job=job: job.act(asked(house), run=run.id))
        assert (outcome == "NotFound") is (house.role != "administrator"), name


OPTIONS = {"mode": "upsert", "skip_bad": False, "submit": False, "map": None, "profile": None}


def _a_file(house: House) -> int:
    import io

    from erp.kernel.paper.files import IMPORT, store

    return store(house.work, "a.csv", io.BytesIO(b"code,name\n"), "text/csv", purpose=IMPORT).id
