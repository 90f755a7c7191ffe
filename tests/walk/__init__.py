"""The walk of the foundation: an order approved live, invoiced, printed, mailed, paid and in the books.

``bin/walk`` replays it against a running ``bin/dev``, printing each step with its address and leaving pictures;
``tests/browser/test_flow.py`` runs the same steps as a test. ``docs/walk.md`` tells it. Every person has a browser of
his own.
"""

from pathlib import Path

from playwright.sync_api import Browser

from tests.walk.books import Screens, check_books, receive_payment
from tests.walk.night import night
from tests.walk.order import (
    POPUP_SECONDS,
    approve_on_card,
    approve_on_phone,
    order_by_keyboard,
    second_order,
    submit_and_pop_up,
)
from tests.walk.paper import invoice_order, print_and_mail
from tests.walk.people import Say, Walk, people

__all__ = ["POPUP_SECONDS", "Walk", "walk"]


def walk(browser: Browser, base: str, say: Say, data: Path, pictures: Path | None = None) -> Walk:
    """Walk from the order to the books and through the night."""
    tour = Walk(base, data, say, pictures)
    with people(browser, base, "sales", "approver", "accounts", "admin") as (sales, approver, accounts, admin):
        order_by_keyboard(tour, sales)
        submit_and_pop_up(tour, sales, approver)
        approve_on_card(tour, sales, approver)
        screens = Screens(tour, admin)
        invoice_order(tour, accounts)
        screens.follow("The invoice is in both reports that somebody has open")
        print_and_mail(tour, accounts)
        receive_payment(tour, sales, accounts)
        screens.follow("So is the payment")
        check_books(tour, accounts)
        second_order(tour, sales)
        approve_on_phone(tour, sales, browser)
        night(tour, sales, accounts)
        problems = [problem for one in (sales, approver, accounts, admin) for problem in one.problems]
        assert not problems, problems
    return tour
