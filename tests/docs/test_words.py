"""The Japanese of the page of words is the Japanese of the product."""

import re

from babel.messages.pofile import read_po

from tests.docs.pages import ROOT, prose_of


def test_each_japanese_word_is_one_that_pages_show():
    with (ROOT / "erp/translations/ja/LC_MESSAGES/messages.po").open("rb") as file:
        shown = "\n".join(str(message.string) for message in read_po(file, locale="ja"))
    rows = [
        line.split("|")
        for line in (ROOT / "docs/words.md").read_text(encoding="utf-8").splitlines()
        if line[:2] == "| "
    ]
    words = [word for row in rows[1:] for word in re.split("、", row[3].strip()) if word != "–"]
    assert len(words) > 40
    assert [word for word in words if word not in shown] == []


def test_words_are_in_order_and_named_once():
    rows = [
        line.split("|")[1].strip()
        for line in (ROOT / "docs/words.md").read_text(encoding="utf-8").splitlines()
        if line[:2] == "| "
    ]
    assert rows[1:] == sorted(set(rows[1:]))


def test_what_the_users_pages_call_a_button_is_what_the_product_calls_it():
    with (ROOT / "erp/translations/ja/LC_MESSAGES/messages.po").open("rb") as file:
        shown = {str(message.id).rstrip("….") for message in read_po(file, locale="ja")}
    named = {
        (page.name, words.replace("\n", " "))
        for page in (ROOT / "docs" / "users").glob("*.md")
        for words in re.findall(r"(?<![*\w])\*([^*]+)\*(?!\*)", prose_of(page))
    }
    assert len(named) > 30
    assert {one for one in named if one[1] not in shown} == set()
