"""A search finds what people mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp.kernel.paper.fold import fold, index_text, must_hold, phrases


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("㈱髙橋商店", "株式会社高橋商店"),
        ("（株）髙橋", "株式会社高橋"),
        ("山﨑", "山崎"),
        ("ﾊﾟｿｺﾝ", "ぱそこん"),
        ("サーバー", "サーバ"),
        ("ＡＢＣ１２３", "abc123"),
        ("キヤノン", "キャノン"),
        ("Müller", "muller"),
        ("渡邊", "渡辺"),
        ("SI-2026-00012", "si202600012"),
    ],
)
def test_spellings_of_one_name_fold_into_one(written: str, meant: str) -> None:
    assert fold(written) == fold(meant)


def test_voiced_kana_stay_apart() -> None:
    assert fold("はは") != fold("パパ")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(min_size=1), st.text())
def test_index_words_are_plain_ascii_that_the_full_text_parser_keeps_whole(text: str, more: str) -> None:
    for token in index_text(text, more).split():
        assert token.isascii()
        assert token.isalnum()
        assert 3 <= len(token) <= 84


def found(query: str, text: str) -> bool:
    """Return what the database and the check behind it decide together."""
    index = index_text(text).split()
    for wanted in must_hold(query).split():
        word = wanted.removeprefix("+")
        if not any(token.startswith(word[:-1]) if word.endswith("*") else token == word for token in index):
            return False
    return all(f" {phrase} " in f" {' '.join(index)} " for phrase in phrases(query))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("高橋", "㈱髙橋商店"),
        ("株式会社", "㈱髙橋商店"),
        ("店", "髙橋商店"),
        ("handel", "Ernst Handel"),
        ("nst", "Ernst Handel"),
        ("SI-2026-0042", "SI-2026-00421"),
        ("0042", "SI-2026-00421"),
        ("421", "SI-2026-00421"),
        ("si2026", "SI-2026-00421"),
        ("サーバ", "サーバー室"),
        ("muller söhne", "Müller & Söhne"),
        ("１２３", "A-1234"),
    ],
)
def test_parts_of_names_and_numbers_find_them(query: str, text: str) -> None:
    assert found(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [("高橋店", "㈱髙橋商店"), ("0043", "SI-2026-00421"), ("handlen", "Ernst Handel"), ("はは", "パパ")],
)
def test_pairs_in_another_order_find_nothing(query: str, text: str) -> None:
    assert not found(query, text)


@given(st.text(alphabet="abc株式会社ミナト珈琲0123456789", min_size=2, max_size=20), st.data())
def test_any_part_of_a_word_finds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert found(text[start:end], text)


def test_signs_of_the_query_language_cannot_leak_into_it() -> None:
    assert must_hold('"+-<>()~*@') == ""
