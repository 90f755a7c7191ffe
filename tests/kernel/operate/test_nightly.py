"""The nightly audit: silent about clean books, heard by every administrator about others, and of one instant."""

from typing import Any

import pytest
from sqlalchemy import select, text

from erp.kernel.change.audit_checks import _checks
from erp.kernel.change.work import Work
from erp.kernel.database.migrate import engine_with_ddl
from erp.kernel.operate.nightly import audit_and_tell, named
from erp.kernel.paper.mail import Mail
from erp.kernel.paper.notifications import Notification
from erp.kernel.rights import commands
from erp.kernel.text import in_language
from erp.selling.overdue import overdue
from tests.kernel.house import House


def administrators(house: House) -> tuple[int, int]:
    """Ada, who reads English and has an address, and Hana, who reads Japanese and has none; Ben sells."""
    house.user("ben", "sales")
    return house.does(_made)


def _made(work: Work) -> tuple[int, int]:
    ada = commands.add_user(work, "ada", "Ada", email="ada@kalo.example", roles=["administrator"])
    hana = commands.add_user(work, "hana", "Hana", roles=["administrator"], language="ja")
    return int(ada.id), int(hana.id)


def told(house: House) -> dict[int, list[str]]:
    """The notifications of each user, in English and as written."""

    def read(work: Work) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for one in work.session.scalars(select(Notification).order_by(Notification.id)):
            found.setdefault(one.user_id, []).append(one.text)
        return found

    return house.does(read)


def posted(house: House) -> None:
    assert house.program("bot").post("sales-orders?submit=1", house.order("2")).status_code == 201


def planted() -> None:
    """A number of an order is lost, as nobody can do through the product."""
    engine = engine_with_ddl()
    with engine.begin() as connection:
        connection.execute(text("UPDATE sales_order SET number = NULL"))
    engine.dispose()


def mails(house: House) -> list[tuple[str, str, str]]:
    return house.does(lambda work: [(one.to, one.subject, one.text) for one in work.session.scalars(select(Mail))])


def test_clean_books_are_no_news(house: House):
    administrators(house)
    posted(house)
    assert house.does(overdue)["audit"] == "clean"
    assert (told(house), mails(house)) == ({}, [])


def test_what_the_nightly_audit_finds_is_told_to_administrators_and_mailed_once(house: House):
    ada, hana = administrators(house)
    posted(house)
    planted()
    check = "a document is numbered if and only if it was submitted"
    found = house.does(overdue)["audit"]
    (document,) = found[check]
    assert document.startswith("sales_order ")
    heard = told(house)
    assert set(heard) == {ada, hana, house.value("SELECT id FROM `user` WHERE login = 'bot'")}
    assert f"The nightly check of the books failed: {check}. It names {document}." in heard[ada]
    assert any("提出済みの伝票だけに番号がある" in one for one in heard[hana])

    house.does(overdue)
    ((to, subject, body),) = mails(house)
    assert "ada@kalo.example" in to
    assert subject == "The nightly check of the books failed"
    assert f"{check}: {document}" in body


def test_the_audit_sees_one_instant_whatever_is_posted_meanwhile(house: House, monkeypatch: pytest.MonkeyPatch):
    counted: list[Any] = []

    def count(work: Work) -> list[str]:
        counted.append(work.session.scalar(text("SELECT COUNT(*) FROM sales_order")))
        return []

    def post(work: Work) -> list[str]:
        posted(house)
        return []

    for name in list(_checks):
        monkeypatch.delitem(_checks, name)
    for name, act in (("before", count), ("meanwhile", post), ("after", count)):
        monkeypatch.setitem(_checks, name, act)
    house.does(audit_and_tell)
    assert counted == [0, 0]
    assert house.value("SELECT COUNT(*) FROM sales_order") == 1


def test_many_documents_are_counted_in_the_reader_s_language():
    assert named(["1", "2"]) == "1, 2"
    assert named([str(n) for n in range(9)]) == "0, 1, 2, 3, 4, and 4 more"
    with in_language("ja"):
        assert named([str(n) for n in range(9)]).endswith("ほか 4 件")
