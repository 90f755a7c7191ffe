"""The auditor's view: who could, who did, how long, and where it waits."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from erp.kernel.change.approvals import Approval
from erp.kernel.errors import NotAllowed
from erp.kernel.paper.reports import run
from erp.kernel.rights import commands
from tests.kernel.flows.conftest import Office, seat


def asked(office: Office, **given: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    office.work.session.expire_all()
    table = run(office.work, "approval-log", {"company": str(office.shop.ledger.company), **given})
    return list(table.rows), table.totals


def test_each_decision_tells_who_could_who_did_and_how_long_it_took(office: Office):
    office.flow(seat(1, "section", name="Section"), seat(2, "department", name="Department"))
    order = office.order()
    office.work.session.execute(update(Approval).values(requested_at=office.work.now - timedelta(hours=3)))
    office.do("cho", order, "approval", comment="fine")
    request, decision = asked(office)[0]
    assert (request["who"], request["what"], request["could"]) == ("Mia", "Awaiting approval", "Bu")
    assert request["hours"] == Decimal("3.0")
    assert (decision["who"], decision["what"], decision["could"]) == ("Cho", "approved as Section", "Section")
    assert (decision["hours"], decision["said"], decision["depth"]) == (Decimal("3.0"), "fine", 1)
    office.do("bu", order, "approval")
    rows, totals = asked(office)
    assert [row["what"] for row in rows] == ["Approved", "approved as Section", "approved as Department"]
    assert rows[0]["could"] == "Section; Department"
    assert (totals["document"], totals["hours"]) == ("1 requests", Decimal("3.0"))


def test_it_is_asked_by_day_and_state(office: Office):
    office.flow(seat(1, "section", name="Section"))
    office.order()
    today = office.work.today(office.shop.ledger.company)
    assert len(asked(office, to=today.isoformat())[0]) == 1
    assert asked(office, to=(today - timedelta(days=1)).isoformat())[0] == []
    assert asked(office, state="rejected")[0] == []
    assert len(asked(office, state="pending")[0]) == 1


def test_it_needs_a_right_of_its_own(office: Office):
    company = {"company": str(office.shop.ledger.company)}
    with pytest.raises(NotAllowed):
        run(office.as_("ann"), "approval-log", company)
    role = commands.add_role(office.work, "auditor", "Auditor")
    commands.set_right(office.work, role, "approval", "audit", "all")
    commands.set_right(office.work, role, "company", "read", "all")
    office.hire("ada.audits", "auditor")
    assert run(office.as_("ada.audits"), "approval-log", company).rows == []
