"""Every letter has a subject and says its words, unescaped."""

import pytest

from erp.kernel.paper.letters import letter

WORDS = {
    "document": {"kind": "Invoice", "number": "SI-1", "sender": "Ann & Co"},
    "invoice": {
        "number": "SI-1",
        "recipient": "Müller & Söhne",
        "amount": "€1.00",
        "due": "18 July 2026",
        "sender": "Ann & Co",
    },
    "reminder": {
        "recipient": "Müller & Söhne",
        "sender": "Ann & Co",
        "total": "€1.00",
        "invoices": [{"number": "SI-1", "due": "1 July 2026", "amount": "€1.00"}],
    },
    "invitation": {
        "product": "Daifuku",
        "name": "Ann & Co",
        "inviter": "Bob",
        "url": "https://x/y?a=1&b=2",
        "until": "tomorrow",
    },
    "password_reset": {"name": "Ann & Co", "url": "https://x/y?a=1&b=2", "until": "tomorrow"},
}


@pytest.mark.parametrize("name", sorted(WORDS))
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_letter_has_a_subject_and_plain_words(name: str, language: str) -> None:
    written = letter(name, language, to=["a@example.com"], **WORDS[name])
    assert written.subject
    assert "\n" not in written.subject
    assert "&amp;" not in written.text
    assert "&" in written.text
