"""What a page on another site hears: that it should look again - of its one path, while it may, and nothing else."""

from typing import Any

import pytest
from socketio.exceptions import ConnectionError as NotLetIn

from erp.kernel.change.find import find
from erp.kernel.change.save import save
from erp.kernel.change.work import Work
from erp.kernel.embeds.commands import revoke
from erp.kernel.embeds.model import Embed
from erp.kernel.embeds.opening import token_of
from erp.parties.customer import Customer
from tests.kernel.house import Browser, House
from tests.kernel.live.conftest import Listen, eventually
from tests.kernel.live.test_realtime import CHECKED, ada, customer, rename, sid, topic

__all__ = ["ada", "customer"]
SHOP = "https://shop.example"


@pytest.fixture
def embed(house: House, ada: Browser, customer: int) -> tuple[int, str]:
    """An embed of the customer for a shop: its id and the signed part of its address."""

    def act(work: Work) -> tuple[int, str]:
        made: Any = save(work, Embed, {"path": f"/customers/{customer}", "origin": SHOP, "expires_in": "1h"})
        work.session.flush()
        return made.id, token_of(made)

    return house.does(act, ada.user)


def test_it_hears_that_something_changed_and_not_what(
    house: House, customer: int, listen: Listen, embed: tuple[int, str]
):
    page = listen(embed=embed[1], origin=SHOP)
    rename(house, customer, "New name")
    page.wait("touched")
    assert {(name, str(data)) for name, data in page.heard} == {("touched", "{}")}


def test_it_hears_nothing_of_another_record(house: House, customer: int, listen: Listen, embed: tuple[int, str]):
    page = listen(embed=embed[1], origin=SHOP)
    other = house.does(lambda work: save(work, Customer, {"code": "X", "name": "Other"}).id)
    rename(house, other, "Other still")
    rename(house, customer, "New name")
    page.wait("touched")
    assert len(page.heard) == 1


def test_it_may_watch_nothing_and_be_nowhere(listen: Listen, customer: int, embed: tuple[int, str]):
    page = listen(embed=embed[1], origin=SHOP)
    assert page.watch(topic("customer", customer)) == {"watching": [], "refused": [topic("customer", customer)]}
    page.client.emit("here", {"kind": "customer", "id": customer, "field": "name"})
    assert page.all("presence") == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://shop.example"])
def test_a_page_of_another_site_is_refused(listen: Listen, embed: tuple[int, str], origin: str):
    with pytest.raises(NotLetIn):
        listen(embed=embed[1], origin=origin)


def test_a_foreign_page_gets_nothing_for_the_cookie_it_brings(listen: Listen, ada: Browser):
    with pytest.raises(NotLetIn, match="signed out"):
        listen(sid=sid(ada), origin="https://evil.example")


def test_when_it_is_revoked_it_is_cut_and_not_let_in_again(house: House, listen: Listen, embed: tuple[int, str]):
    page = listen(embed=embed[1], origin=SHOP)
    house.does(lambda work: revoke(work, find(work, Embed, embed[0])))
    eventually(lambda: page.closed, CHECKED)
    with pytest.raises(NotLetIn):
        listen(embed=embed[1], origin=SHOP)
