"""Addresses as they stand on an envelope, and what cannot be true of a party."""

from erp.parties.customer import Customer, CustomerAddress, customer_problems, tidy_customer
from erp.parties.party import address_lines, chosen_address


def a_customer(**fields: object) -> Customer:
    return Customer(**{"code": "C", "name": "Name", "addresses": [], "contacts": [], **fields})


def test_a_german_town_follows_its_postal_code() -> None:
    address = CustomerAddress(street="Obere Str. 57", postal_code="12209", city="Berlin", country="DE")
    assert address_lines(address) == ["Obere Str. 57", "12209 Berlin"]


def test_an_american_town_precedes_state_and_code() -> None:
    address = CustomerAddress(
        street="89 Chiaroscuro Rd.", postal_code="97219", city="Portland", region="OR", country="US"
    )
    assert address_lines(address) == ["89 Chiaroscuro Rd.", "Portland, OR 97219"]


def test_a_japanese_address_goes_from_large_to_small() -> None:
    address = CustomerAddress(street="銀座1-2-3", postal_code="104-0061", city="中央区", region="東京都", country="JP")
    assert address_lines(address) == ["〒104-0061", "東京都中央区銀座1-2-3"]


def test_the_address_for_delivery_is_chosen_by_use_else_the_first() -> None:
    billing, delivery = CustomerAddress(use="billing"), CustomerAddress(use="delivery")
    assert chosen_address(a_customer(addresses=[billing, delivery]), "delivery") is delivery
    assert chosen_address(a_customer(addresses=[billing]), "delivery") is billing


def test_country_and_tax_number_are_tidied_and_every_problem_is_told() -> None:
    customer = a_customer(
        country="de", tax_id="de 123 456 789", kana="Tokyo漢", addresses=[CustomerAddress(country="xx")]
    )
    tidy_customer(customer)
    assert customer.tax_id == "DE123456789"
    assert customer.country == "DE"
    assert [problem.field for problem in customer_problems(customer)] == ["tax_id", "addresses.1.country", "kana"]
