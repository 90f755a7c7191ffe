"""A search finds what people mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp.kernel.paper.fold import fold, index_text, phrases, tokens


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
        assert 4 <= len(token) <= 84


def test_a_phrase_asks_for_pairs_side_by_side() -> None:
    assert phrases("高橋商") == '+"g9ad8z6a4bz g6a4bz5546z"'
    assert tokens("高橋商")[-1] == "g5546z"


def test_signs_of_the_query_language_cannot_leak_into_it() -> None:
    assert phrases('"+-<>()~*@') == ""
