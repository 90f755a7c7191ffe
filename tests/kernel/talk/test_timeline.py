"""The history of a document: decisions as sentences, changes in a row as one entry, older ones behind a button."""

from datetime import datetime, timedelta

from markupsafe import Markup

from erp.kernel.format import Format
from erp.kernel.talk.comments import comment
from erp.kernel.talk.timeline import SHOWN, Happening, folded, timeline
from tests.kernel.flows.conftest import Office, seat

NOON = datetime(2026, 11, 27, 12)


def change(who: str, minutes: int, said: str = "") -> Happening:
    return Happening(NOON - timedelta(minutes=minutes), "avatar", who, Markup("changed"), said, is_change=True)


def test_changes_of_one_person_in_a_row_are_one_entry():
    entries = folded(
        [change("Mia", 0), change("Mia", 5), change("Mia", 12), change("Cho", 13), change("Mia", 14), change("Mia", 60)]
    )
    assert [(one.who, len(one.parts)) for one in entries] == [("Mia", 3), ("Cho", 0), ("Mia", 0), ("Mia", 0)]


def test_a_change_with_words_of_its_own_stands_alone():
    assert len(folded([change("Mia", 0), change("Mia", 1, "because")])) == 2


def test_decisions_are_sentences_with_seat_and_reason(office: Office):
    office.flow(seat(1, "section", name="Section"), mails=False)
    order = office.order()
    office.do("cho", order, "return", comment="Too much")
    told = timeline(office.as_("mia"), office.sees(order), Format())["newest"]
    words = [(one["who"], str(one["text"]), str(one["said"])) for one in told]
    assert ("Cho", "returned this for changes as Section", "Too much") in words
    assert any(who == "Mia" and text == "asked for approval" for who, text, _said in words)
    assert len([1 for _who, text, _said in words if "returned" in text]) == 1


def test_older_entries_are_kept_apart(office: Office):
    order = office.order("1")
    for n in range(SHOWN + 3):
        comment(office.as_("mia"), order, f"Remark {n}")
    told = timeline(office.as_("mia"), order, Format())
    assert len(told["newest"]) == SHOWN
    assert next(one["said"] for one in told["newest"]) == f"Remark {SHOWN + 2}"
    assert told["older"] >= 3
    whole = timeline(office.as_("mia"), order, Format(), whole=True)
    assert (len(whole["newest"]), whole["older"]) == (SHOWN + told["older"], 0)
