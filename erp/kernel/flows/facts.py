"""What a condition may name, for each kind: the fields of its form, its lines, who asks, and what departments add."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from erp.kernel.change.content import value_in
from erp.kernel.change.links import labels
from erp.kernel.change.work import Work
from erp.kernel.expressions import DATE, NUMBER, TEXT, TRUTH, Kind, many
from erp.kernel.records.description import Description, FieldInfo, describe
from erp.kernel.records.record import Record
from erp.kernel.records.setup import setup
from erp.kernel.rights.actor import Actor
from erp.kernel.text import _l

TYPES = {"date": DATE, "boolean": TRUTH}
TEXTS = {"text", "choice", "code", "longtext", "currency", "link", "email"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that a department offers to conditions: ``find(work, document)`` gives it, None where there is none."""

    name: str
    kind: Kind
    label: str
    find: Callable[[Work, Any], Any]


_facts: dict[str, dict[str, Fact]] = {}
REQUESTER = {
    "requester": (TEXT, _l("Login of the requester")),
    "roles": (many(TEXT, "roles"), _l("Roles of the requester")),
}


def flow_fact(kind: type[Record], name: str, type_: Kind, label: str) -> Callable[[Callable[[Work, Any], Any]], Any]:
    """Offer a figure of a kind to the conditions of its flows; a decorator of ``find(work, document)``."""

    def attach(find: Callable[[Work, Any], Any]) -> Any:
        _facts.setdefault(kind.__kind__, {})[name] = Fact(name, type_, label, find)
        return find

    return attach


def names_of(work: Work, kind: str) -> dict[str, Kind]:
    """Return the names that a condition about ``kind`` may use, with their types."""
    return {name: type_ for name, type_, _label in words_of(work, kind)}


def words_of(work: Work, kind: str) -> list[tuple[str, Kind, str]]:
    """Return name, type and words of everything that a condition about ``kind`` may use."""
    description = _described(work, kind)
    found = [(info.name, type_, str(info.label)) for info in description.fields if (type_ := _type(info))]
    for name, line in description.lines.items():
        found += [(f"{name}.{info.name}", many(type_, name), f"{line.label}: {info.label}")
                  for info in line.fields if (type_ := _type(info))]  # fmt: skip
    found += [(fact.name, fact.kind, str(fact.label)) for fact in _facts.get(kind, {}).values()]
    return [*found, *((name, type_, str(label)) for name, (type_, label) in REQUESTER.items())]


def _described(work: Work, kind: str) -> Description:
    return describe(kind, "form", setup(work.session))


def _type(info: FieldInfo) -> Kind | None:
    if info.is_number:
        return NUMBER
    return TYPES.get(info.type) or (TEXT if info.type in TEXTS else None)


class Facts:
    """The values of names for one document and the one who asks; each is found when it is first asked for."""

    def __init__(self, work: Work, document: Record, requester: Actor) -> None:
        self.work, self.document, self.requester = work, document, requester
        self.description = _described(work, document.__kind__)
        self.found: dict[str, Any] = {}

    def __call__(self, name: str) -> Any:
        """Return the value of a name: a list where there is one for each line."""
        if name not in self.found:
            self.found[name] = self._find(name)
        return self.found[name]

    def _find(self, name: str) -> Any:
        if name == "requester":
            return self.requester.login
        if name == "roles":
            return sorted(self.requester.roles)
        fact = _facts.get(self.document.__kind__, {}).get(name)
        if fact is not None:
            return fact.find(self.work, self.document)
        lines, _dot, rest = name.partition(".")
        if rest and lines in self.description.lines:
            info = self.description.lines[lines][rest]
            return self._named(info, [getattr(row, info.attribute) for row in getattr(self.document, lines)])
        info = self.description[name]
        return self._named(info, [value_in(self.work, self.document, info)])[0]

    def _named(self, info: FieldInfo, values: list[Any]) -> list[Any]:
        """Return values as conditions compare them: a link by its code, login or number."""
        if not info.link:
            return values
        known = labels(self.work.session, info.link, [value for value in values if value])
        return [known[value].number or known[value].text if value in known else None for value in values]
