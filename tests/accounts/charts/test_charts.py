"""The charts that a company may start with."""

from typing import Any

import pytest

from erp.accounts.account.model import ROLES
from erp.accounts.charts.commands import TEMPLATES, chart_rows, lay_out_chart
from erp.kernel.errors import NotFound
from tests.accounts.makers import Books


@pytest.mark.parametrize("template", [name for name, _label in TEMPLATES])
def test_each_template_is_a_tree_with_an_account_for_every_role(template: str) -> None:
    rows = chart_rows(template)
    codes = [row.code for row in rows]
    assert len(set(codes)) == len(codes)
    groups: set[str] = set()
    for row in rows:
        assert not row.parent or row.parent in groups
        if row.is_group:
            groups.add(row.code)
    defaults = [row.role for row in rows if row.default]
    assert sorted(defaults) == sorted({role for role, _label in ROLES})


def test_an_unknown_template_is_refused_and_a_chart_is_laid_out_once(ledger: Any) -> None:
    with pytest.raises(NotFound):
        chart_rows("moon")
    books: Books = ledger
    assert lay_out_chart(books.work, books.company) == 0
