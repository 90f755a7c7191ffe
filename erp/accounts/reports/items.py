"""Open items: what is open by document, and what stands on the accounts of parties."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from erp.accounts.reports.entries import CUSTOMER, SUPPLIER, voucher_url
from erp.accounts.reports.source import AS_OF, KNOWN_ON, PERIOD, answer, scope_of, tree
from erp.accounts.reports.standing import Standing, party_names, standings
from erp.accounts.reports.texts import item_lines, voucher_texts
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.model import JOURNAL
from erp.kernel.change import Work
from erp.kernel.paper.reports import CHOICE, Column, Parameter, Table, report
from erp.kernel.text import _, _l

BY = Parameter(
    "by", _l("By"), CHOICE, choices=(("document", _l("Document")), ("instalment", _l("Instalment"))),
)  # fmt: skip
CURRENCY = Parameter("currency", _l("Currency"))


@report("open-items", _l("Open items"), parameters=[AS_OF, PERIOD, BY, CUSTOMER, SUPPLIER, CURRENCY, KNOWN_ON])
def open_items(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show every document, or every instalment, that is not settled."""
    scope = scope_of(work, asked)
    own = scope.books.currency
    by_instalment = asked.get("by") == "instalment"
    currency = asked.get("currency")
    kind, party = _party(asked)
    found = standings(work, scope, kind=kind, party=party, whole=not by_instalment)
    found = [one for one in found if currency in (None, one.row.currency)]
    names = party_names(work, found)
    groups: dict[Any, list[Standing]] = {}
    for one in found:
        alone = by_instalment or one.row.nature == JOURNAL
        groups.setdefault(one.row.key if alone else (one.row.voucher_kind, one.row.voucher_id), []).append(one)
    written = references(work, found)
    rows = [_item_row(group, names, written) for group in groups.values() if any(one.is_open for one in group)]
    money = ("invoiced", _("Invoiced")), ("paid", _("Paid")), ("credited", _("Credited"))
    columns = [
        Column("document", _("Document"), "link"), Column("reference", _("Reference")),
        Column("party", _("Party")), Column("due", _("Due"), "date"),
        Column("currency", _("Currency")), *(Column(key, label, "money") for key, label in money),
        Column("outstanding", _("Outstanding"), "money"),
        Column("outstanding_company", _("In %(currency)s", currency=own), "money", own),
    ]  # fmt: skip
    one_side = len({one.row.party_kind for one in found}) == 1
    totals = {"outstanding_company": sum((row["outstanding_company"] for row in rows), ZERO)} if one_side else {}
    return answer(columns, rows, totals, scope)


def references(work: Work, found: list[Standing]) -> dict[str, str]:
    """Return what is written on the voucher of each item, or on its line of a journal."""
    vouchers = voucher_texts(work, {(one.row.voucher_kind, one.row.voucher_id) for one in found})
    lines = item_lines(work, {one.row.voucher_id for one in found if one.row.nature == JOURNAL})
    return {
        one.row.key: (lines.get((one.row.voucher_id, one.row.instalment)) if one.row.nature == JOURNAL else None)
        or vouchers.get((one.row.voucher_kind, one.row.voucher_id), "")
        for one in found
    }


def _party(asked: Mapping[str, Any]) -> tuple[str | None, int | None]:
    """Return the party whose items are asked for: a kind and an id, or neither."""
    return next(((kind, asked[kind]) for kind in ("customer", "supplier") if asked.get(kind)), (None, None))


def _item_row(
    group: list[Standing], names: Mapping[tuple[str, int], str], written: Mapping[str, str]
) -> dict[str, Any]:
    """Return a row of one document, or of one line of a journal; positive where it is owed on its usual side."""
    open_ones = [one for one in group if one.outstanding] or group
    first = open_ones[0].row
    sign = -1 if first.party_kind == "supplier" else 1
    invoiced = sum((one.row.invoiced for one in group), ZERO)
    credited = sum((one.credited for one in group), ZERO)
    paid = sum((one.row.invoiced - one.outstanding - one.credited for one in group), ZERO)
    url = voucher_url(first.voucher_kind, first.voucher_id)
    return {
        "document": first.voucher_number, "voucher_kind": first.voucher_kind, "voucher_id": first.voucher_id,
        "reference": written[first.key], "party": names.get((first.party_kind, first.party_id), ""),
        "due": first.due_on, "currency": first.currency, "instalment": first.instalment, "depth": 0,
        "invoiced": sign * invoiced + ZERO, "paid": sign * paid + ZERO, "credited": sign * credited + ZERO,
        "outstanding": sign * sum((one.outstanding for one in group), ZERO) + ZERO,
        "outstanding_company": sign * sum((one.outstanding_company for one in group), ZERO) + ZERO,
        "links": {"document": url} if url else {},
    }  # fmt: skip


@report("party-balances", _l("Balances of parties"), parameters=[AS_OF, PERIOD, KNOWN_ON])
def party_balances(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show what stands on the accounts of customers and suppliers, and what of it is due on the day."""
    scope = scope_of(work, asked)
    as_of = scope.end or work.today(scope.company)
    sums: dict[int, list[Decimal]] = {}
    for one in standings(work, scope):
        row = sums.setdefault(one.row.account_id, [ZERO, ZERO])
        row[0] += one.outstanding_company
        if one.row.due_on is None or one.row.due_on <= as_of:
            row[1] += one.outstanding_company
    rows = [
        {
            "account": f"{node.code} {node.name}", "role": node.role, "account_id": node.id,
            "balance": sums[node.id][0], "due": sums[node.id][1], "depth": 0,
            "drill": scope.url("general-ledger", account=f"id:{node.id}"),
        }
        for node in tree(work, scope.company) if node.id in sums
    ]  # fmt: skip
    columns = [
        Column("account", _("Account")), Column("balance", _("Balance"), "money", scope.books.currency),
        Column("due", _("Due"), "money", scope.books.currency),
    ]  # fmt: skip
    return answer(columns, rows, {}, scope)
