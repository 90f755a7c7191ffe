"""Tables as customers really send them."""

import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp.kernel.paper.tables import UnreadableTable, read_table, safe_cell, write_csv, write_xlsx


def cells(content: bytes, name: str = "") -> list[dict[str, str]]:
    return [row.cells for row in read_table(content, name).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_japanese_is_read_in_every_encoding_that_spreadsheets_write(encoding: str) -> None:
    assert cells("code,name\nC1,株式会社ミナト珈琲\n".encode(encoding)) == [
        {"code": "C1", "name": "株式会社ミナト珈琲"}
    ]


def test_half_width_katakana_of_a_bank_file_is_japanese() -> None:
    assert cells("name\nｶ)ﾗﾝﾀﾝｺｰﾋｰ\n".encode("cp932")) == [{"name": "ｶ)ﾗﾝﾀﾝｺｰﾋｰ"}]


def test_german_and_french_in_latin_1_stay_what_they_are() -> None:
    assert cells("name;city\nMüller & Söhne;Köln\nGénérale;Orléans\n".encode("latin-1")) == [
        {"name": "Müller & Söhne", "city": "Köln"},
        {"name": "Générale", "city": "Orléans"},
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_separator_is_found_in_the_header_even_beside_quoted_ones(sign: str) -> None:
    text = f'"a,b;c"{sign}name\n1{sign}"x\ny"\n'
    assert cells(text.encode()) == [{"a,b;c": "1", "name": "x\ny"}]


def test_rows_count_as_in_the_spreadsheet_and_blank_rows_are_left_out() -> None:
    assert [row.number for row in read_table(b"a,b\n1,2\n,\n3,4\n").rows] == [2, 4]


def test_a_column_that_occurs_twice_is_refused_by_name() -> None:
    with pytest.raises(UnreadableTable, match="name"):
        read_table(b"name,name\n1,2\n")


def test_a_file_without_header_is_refused() -> None:
    with pytest.raises(UnreadableTable):
        read_table(b"")


def test_a_workbook_gives_exact_figures_and_dates() -> None:
    content = io.BytesIO()
    write_xlsx("Sales: [2026]", ["on", "total", "text"], [[date(2026, 6, 18), Decimal("1637.01"), "=1+1"]], content)
    assert cells(content.getvalue()) == [{"on": "2026-06-18", "total": "1637.01", "text": "=1+1"}]


def test_no_exported_text_becomes_a_formula_and_numbers_stay_numbers() -> None:
    assert safe_cell("=cmd()") == "'=cmd()"
    assert safe_cell("-12.50") == "-12.50"
    assert safe_cell("-1+2") == "'-1+2"


@given(st.lists(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"])), min_size=1, max_size=3))
def test_what_is_exported_reads_back(values: list[str]) -> None:
    header = [f"c{at}" for at in range(len(values))]
    content = b"".join(write_csv(header, [["x" + value for value in values]]))
    assert cells(content) == [dict(zip(header, ["x" + value for value in values], strict=True))]
