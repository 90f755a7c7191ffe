"""Invariants that ``erp audit`` recomputes and verifies; each names the documents that break it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import func, or_, select

from erp.kernel.change.numbering import IssuedNumber, NumberSeries
from erp.kernel.change.work import Work
from erp.kernel.records.record import DRAFT, Voucher
from erp.kernel.records.registry import all_kinds

F = TypeVar("F", bound=Callable[[Work], list[str]])
NAMED = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check: ``documents`` is empty when all is well, fifty names at the most."""

    name: str
    ok: bool
    documents: list[str]


_checks: dict[str, Callable[[Work], list[str]]] = {}


def audit_check(name: str) -> Callable[[F], F]:
    """Register an invariant: the function returns the documents that break it, in words."""

    def register(check: F) -> F:
        _checks[name] = check
        return check

    return register


def run_audit(work: Work) -> list[Finding]:
    """Run every check on one consistent snapshot."""
    found = []
    for name, check in _checks.items():
        broken = check(work)
        found.append(Finding(name, not broken, broken[:NAMED]))
    return found


@audit_check("numbers have no gaps and no duplicates")
def numbers_are_gapless(work: Work) -> list[str]:
    """Compare each series with the numbers it issued: as many as its counter says, from 1."""
    issued = (
        select(IssuedNumber.series_id, func.count().label("n"), func.min(IssuedNumber.n).label("low"),
               func.max(IssuedNumber.n).label("high"))
        .group_by(IssuedNumber.series_id).subquery()
    )  # fmt: skip
    rows = work.session.execute(
        select(NumberSeries.kind, NumberSeries.period, NumberSeries.last, issued.c.n, issued.c.low, issued.c.high)
        .outerjoin(issued, issued.c.series_id == NumberSeries.id)
        .where(NumberSeries.last > 0)
        .where(
            or_(
                issued.c.n.is_(None),
                issued.c.n != NumberSeries.last,
                issued.c.low != 1,
                issued.c.high != NumberSeries.last,
            )
        )
    )
    return [f"{row.kind} {row.period}: counter {row.last}, issued {row.n or 0}" for row in rows]


@audit_check("a document is numbered if and only if it was submitted")
def numbers_follow_state(work: Work) -> list[str]:
    """Find drafts that hold a number and submitted documents that hold none."""
    found = []
    for kind in all_kinds():
        if not issubclass(kind, Voucher):
            continue
        table = cast("Any", kind)
        wrong = or_((table.state == DRAFT) & table.number.is_not(None), (table.state != DRAFT) & table.number.is_(None))
        found += [
            f"{kind.__kind__} {row[0]}" for row in work.session.execute(select(table.id).where(wrong).limit(NAMED))
        ]
    return found
