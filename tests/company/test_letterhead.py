"""What a company prints about itself."""

from erp.company.company import Company
from erp.company.letterhead import company_address, letterhead_foot, paper_of


def test_an_empty_line_begins_the_next_column_of_the_foot() -> None:
    assert letterhead_foot("Sitz Hamburg\nHRB 1\n\nIBAN DE\n") == (("Sitz Hamburg", "HRB 1"), ("IBAN DE",))
    assert letterhead_foot(None) == ()


def test_the_address_follows_the_countrys_order() -> None:
    german = Company(country="DE", street="Kai 1", postal_code="20457", city="Hamburg")
    american = Company(country="US", street="1 Main St", postal_code="98101", city="Seattle", region="WA")
    japanese = Company(country="JP", street="中区山下町1-2-3", postal_code="231-0023", city="横浜市", region="神奈川県")
    assert company_address(german) == ("Kai 1", "20457 Hamburg")
    assert company_address(american) == ("1 Main St", "Seattle, WA 98101")
    assert company_address(japanese) == ("〒231-0023", "神奈川県横浜市中区山下町1-2-3")


def test_a_japanese_paper_shows_the_registration_number() -> None:
    company = Company(name="K", country="JP", tax_id="1", registration_number="T7000012050002")
    assert paper_of(company, "ja").tax_number == "T7000012050002"
