"""The charts that a company may start with."""

from typing import Any

import pytest
from sqlalchemy import select

from erp.accounts.account.model import ROLES, Account
from erp.accounts.charts.commands import TEMPLATES, chart_rows, choose_chart, lay_out_chart
from erp.company.company import Company
from erp.kernel.change import find, save
from erp.kernel.errors import Conflict, NotFound


def codes(work: Any, company: int) -> set[str]:
    return set(work.session.scalars(select(Account.code).where(Account.company_id == company)))


@pytest.mark.parametrize("template", [name for name, _label in TEMPLATES])
def test_each_template_is_a_tree_with_an_account_for_every_role(template: str) -> None:
    rows = chart_rows(template)
    known = [row.code for row in rows]
    assert len(set(known)) == len(known)
    groups: set[str] = set()
    for row in rows:
        assert not row.parent or row.parent in groups
        if row.is_group:
            groups.add(row.code)
    defaults = [row.role for row in rows if row.default]
    assert sorted(role or "" for role in defaults) == sorted({role for role, _label in ROLES})


@pytest.mark.parametrize(("country", "sales"), [("US", "4100"), ("DE", "4400"), ("JP", "411")])
def test_a_new_company_has_the_chart_of_its_country(work: Any, country: str, sales: str) -> None:
    payload = {"code": f"CH{country}", "name": "New", "country": country, "currency": "EUR"}
    company = save(work, Company, payload)
    assert sales in codes(work, company.id)
    save(work, Company, {"name": "Renamed"}, company)
    assert sales in codes(work, company.id)


def test_a_chosen_chart_takes_the_place_of_the_one_that_came_by_itself(work: Any) -> None:
    company = save(work, Company, {"code": "CHX", "name": "New", "country": "US", "currency": "EUR"})
    assert lay_out_chart(work, company.id, "japan") > 0
    assert "411" in codes(work, company.id)
    assert lay_out_chart(work, company.id, "germany") == 0
    with pytest.raises(Conflict):
        choose_chart(work, find(work, Company, company.id), template="germany")


def test_an_unknown_template_is_refused() -> None:
    with pytest.raises(NotFound):
        chart_rows("moon")
