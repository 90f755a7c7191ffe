"""Files become records through the same save as a form; every error names its row and column."""

from typing import Any

import pytest
from sqlalchemy import func, select

from erp.company.company import Company
from erp.kernel.change import Work
from erp.kernel.errors import Problems
from erp.kernel.paper.export_jobs import make, request_export
from erp.kernel.paper.exports import counted, export
from erp.kernel.paper.files import File, read_bytes
from erp.kernel.paper.import_plan import read_map
from erp.kernel.paper.imports import Options, Result, import_table
from erp.kernel.paper.tables import read_table
from erp.kernel.work import Task
from erp.parties.customer import Customer

HEADER = "code,name,credit_limit,addresses.street,addresses.city,contacts.name\n"


def bring(work: Work, text: str, encoding: str = "utf-8", **options: Any) -> Result:
    wanted = Options(company="PAPER", **options)
    result = import_table(work.actor, Customer, read_table(text.encode(encoding)), wanted)
    work.session.expire_all()
    return result


def count(work: Work) -> int:
    return work.session.scalar(select(func.count()).select_from(Customer)) or 0


@pytest.fixture(autouse=True)
def _company(work: Work, company: Company) -> None:
    work.session.commit()


def test_rows_become_records_with_their_lines(work: Work) -> None:
    text = HEADER + 'A1,山﨑商店,"１,２34.50",本町1,横浜市,山崎\nA2,Müller,,Hauptstr. 2,Köln,\n,,,Nebenstr. 3,Bonn,\n'
    result = bring(work, text)
    assert result.as_json() == {"rows": 3, "created": 2, "updated": 0, "skipped": 0, "failed": 0, "errors": []}
    rows = [
        row
        for chunk in [export(work, Customer, {"sort": "code"}, columns=["code", "credit_limit", "addresses.city"]).rows]
        for row in chunk
    ]
    assert [[str(cell) for cell in row] for row in rows] == [
        ["A1", "1234.500000", "横浜市"], ["A2", "None", "Köln"], ["A2", "None", "Bonn"],
    ]  # fmt: skip


def test_a_dry_run_tells_the_same_and_keeps_nothing(work: Work) -> None:
    assert bring(work, "code,name\nA1,One\n", dry_run=True).created == 1
    assert count(work) == 0


def test_errors_name_row_and_column_and_keep_everything_out(work: Work) -> None:
    result = bring(work, "code,name,credit_limit\nA1,One,x\nA2,,5\nA3,Three,1.1234567\nA4,Four,4\n")
    assert [(one.row, one.column, one.code) for one in result.errors] == [
        (2, "credit_limit", "not_a_number"), (3, "", "required"), (4, "credit_limit", "too_precise"),
    ]  # fmt: skip
    assert (result.created, result.skipped, result.failed, count(work)) == (0, 1, 3, 0)


def test_good_rows_can_be_brought_in_without_the_bad(work: Work) -> None:
    result = bring(work, "code,name,credit_limit\nA1,One,x\nA2,Two,5\n", skip_bad=True)
    assert (result.created, result.failed, count(work)) == (1, 1, 1)


def test_a_code_that_exists_is_named_as_a_duplicate(work: Work) -> None:
    bring(work, "code,name\nA1,One\n")
    (error,) = bring(work, "code,name\nA1,Other\n").errors
    assert (error.row, error.column, error.code) == (2, "code", "duplicate")


def test_known_records_are_updated_or_skipped(work: Work) -> None:
    bring(work, HEADER + "A1,One,1,Street,Köln,\nA2,Two,2,Street,Bonn,\n")
    result = bring(work, HEADER + "A1,One,1,Street,Köln,\nA2,Two,3,Street,Bonn,\nA3,Three,,,,\n", mode="upsert")
    assert (result.created, result.updated, result.skipped) == (1, 1, 1)
    (error,) = bring(work, "code,name\nA9,Nine\n", mode="update").errors
    assert (error.row, error.column, error.code) == (2, "code", "not_found")


def test_an_unknown_column_refuses_the_file_by_name(work: Work) -> None:
    (error,) = bring(work, "code,nome\nA1,One\n").errors
    assert (error.row, error.column, error.code) == (1, "nome", "unknown_column")


def test_a_map_gives_foreign_columns_their_meaning(work: Work) -> None:
    fields = read_map(
        "key: code\ncolumns: {Kundennr.: code, Firma: name, Ort: addresses.city}\nconstants: {language: ja}\n"
    )
    result = bring(work, "Kundennr.;Firma;Ort;Egal\nA1;Müller;Köln;x\n", encoding="latin-1", fields=fields)
    assert result.created == 1
    (row,) = export(work, Customer, {}, columns=["code", "name", "language", "addresses.city"]).rows
    assert row == ["A1", "Müller", "ja", "Köln"]


def test_a_map_with_other_words_is_refused() -> None:
    for text in ("colums: {}", "[1]", "columns: [a]", "a: : b", "columns: &a {x: *a}"):
        with pytest.raises(Problems):
            read_map(text)


def test_what_is_exported_comes_in_again(work: Work) -> None:
    bring(work, HEADER + "A1,One,1,Street,Köln,Ann\n")
    content = b"".join(export(work, Customer, {}).written("csv"))
    work.session.expire_all()
    result = import_table(work.actor, Customer, read_table(content), Options(mode="upsert", company="PAPER"))
    assert (result.failed, result.created, result.skipped) == (0, 0, 1), result.errors


def test_a_large_export_is_made_by_a_worker_and_is_one_s_own(work: Work) -> None:
    bring(work, "code,name\nA1,One\nA2,Two\n")
    work.session.commit()
    assert counted(work, Customer, {"q": "Two"}) == 1
    asked = {"filters": {"q": "Two"}, "form": "csv", "columns": ["code"], "labels": False, "lines": True}
    task = work.session.get_one(Task, request_export(work, Customer, asked))
    made = make(work, **task.args)
    file = work.session.get_one(File, made["file"])
    assert (file.name, file.about_kind) == ("customers.csv", None)
    assert read_bytes(file).decode("utf-8-sig").splitlines() == ["code", "A2"]
