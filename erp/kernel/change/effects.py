"""What a submit does beyond the document: entries handed to the writers that departments registered, in layer order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from erp.kernel.change.hooks import rules
from erp.kernel.change.work import Work
from erp.kernel.errors import Problem
from erp.kernel.records.record import Voucher


class Writer(Protocol):
    """A ledger: it locks what it needs, checks, and appends; it never changes what it wrote."""

    entry: type[Any]

    def prepare(self, work: Work, document: Voucher, entries: Sequence[Any]) -> Any:
        """Lock periods and balances in the house's order and return a plan."""
        ...

    def check(self, plan: Any) -> list[Problem]:
        """Return what refuses the plan: a closed period, an unbalanced voucher."""
        ...

    def append(self, work: Work, document: Voucher, plan: Any) -> None:
        """Write the plan; sequence numbers are drawn here, last."""
        ...

    def reversal(self, work: Work, document: Voucher, on: date | None) -> Sequence[Any]:
        """Return the opposite of what was booked, dated ``on`` or as the writer's rule says."""
        ...


_writers: list[tuple[int, Writer]] = []


def register_writer(layer: int, writer: Writer) -> None:
    """Add a ledger; lower layers lock and write first."""
    _writers.append((layer, writer))
    _writers.sort(key=lambda pair: pair[0])


def writers() -> list[Writer]:
    """Return the ledgers in layer order."""
    return [writer for _, writer in _writers]


@dataclass
class Effects:
    """The plans of all writers for one document."""

    plans: list[tuple[Writer, Any]] = field(default_factory=list)

    def check(self) -> list[Problem]:
        """Return every problem of every plan."""
        return [problem for writer, plan in self.plans for problem in writer.check(plan)]

    def append(self, work: Work, document: Voucher) -> None:
        """Let every writer append its plan."""
        for writer, plan in self.plans:
            writer.append(work, document, plan)


def entries_of(work: Work, document: Voucher) -> list[Any]:
    """Return what a submit of ``document`` would book now: facts first, arithmetic second."""
    return [entry for rule in rules("posts", document.__kind__) for entry in rule.run(work, document)]


def planned(work: Work, document: Voucher, entries: Sequence[Any]) -> Effects:
    """Hand each entry to its writer and let the writers lock and plan."""
    effects = Effects()
    for writer in writers():
        mine = [entry for entry in entries if isinstance(entry, writer.entry)]
        if mine:
            effects.plans.append((writer, writer.prepare(work, document, mine)))
    return effects


def reversed_effects(work: Work, document: Voucher, on: date | None) -> Effects:
    """Plan the opposite of what was booked, writer by writer."""
    effects = Effects()
    for writer in writers():
        opposite = writer.reversal(work, document, on)
        if opposite:
            effects.plans.append((writer, writer.prepare(work, document, opposite)))
    return effects
