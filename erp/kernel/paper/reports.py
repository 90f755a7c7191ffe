"""Reports: declared by departments, asked with parameters from a URL, answered as columns, rows and totals."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select

from erp.kernel.change.find import visible
from erp.kernel.change.links import resolve
from erp.kernel.change.save import default_company
from erp.kernel.change.values import LinkRef
from erp.kernel.change.work import Work
from erp.kernel.errors import BadRequest, NotAllowed, NotFound, Problem, Problems
from erp.kernel.records import ACTIVE, kind_of
from erp.kernel.rights import may, token_allows
from erp.kernel.rights.actor import Actor
from erp.kernel.text import _, _l

F = TypeVar("F", bound=Callable[..., "Table"])
DATE, LINK, TEXT, CHOICE, BOOL, INSTANT = "date", "link", "text", "choice", "boolean", "instant"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One question a report asks before it answers. A link is given by id or by code (``id:7``, ``code:1200``)."""

    name: str
    label: str
    type: str = TEXT
    link: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a report: text, date, money, number, integer, percent or link."""

    key: str
    label: str
    type: str = "text"
    currency: str | None = None
    compare: bool = False

    def shown(self) -> dict[str, Any]:
        """Return the column as the API writes it."""
        found = {"key": self.key, "label": str(self.label), "type": self.type}
        return found | ({"currency": self.currency} if self.currency else {})


@dataclass(slots=True)
class Table:
    """An answer. Rows are keyed by column, with ``depth`` and ``drill`` (a URL of entries, by column or for all).

    ``left`` rows are not among them: totals are always of all. Where all were asked for, rows may be read once only.
    """

    columns: list[Column]
    rows: Iterable[dict[str, Any]]
    totals: dict[str, Any] = field(default_factory=dict)
    as_of: date | None = None
    known_on: Any = None
    note: str = ""
    subtitle: str = ""
    currency: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    left: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A declared report: its name in URLs, its words, what it asks, and the right that it needs."""

    name: str
    label: str
    parameters: tuple[Parameter, ...]
    run: Callable[..., Table]
    right: tuple[str, str]
    drill_only: bool = False
    start: str = ""
    feature: str | None = None


MOST, LIMIT = 2000, "limit"
"""How many rows are shown on a page, and under which name a report is told how many are wanted (None: all)."""
COMPANY = Parameter("company", _l("Company"), LINK, link="company", required=True)
_reports: dict[str, Report] = {}


def report(
    name: str,
    label: str,
    *,
    parameters: Sequence[Parameter] = (),
    right: tuple[str, str] = ("read", "ledger"),
    drill_only: bool = False,
    start: str = "",
    feature: str | None = None,
) -> Callable[[F], F]:
    """Declare ``run(work, asked) -> Table`` as a report; ``asked`` maps parameter names to values.

    ``start`` is the query with which people usually begin (``period=this_year``).
    """

    def register(run: F) -> F:
        _reports[name] = Report(name, label, (COMPANY, *parameters), run, right, drill_only, start, feature)
        return run

    return register


def all_reports() -> list[Report]:
    """Return every report, in order of declaration."""
    return list(_reports.values())


def may_run(actor: Actor, one: Report) -> bool:
    """Return whether the actor may run a report: by right, and by the token's scope where one is used."""
    return may(replace(actor, token_scopes=None), *one.right) and token_allows(actor, f"reports:{one.name}")


def report_named(actor: Actor, name: str) -> Report:
    """Return the report, or refuse: unknown to those who may not read any, forbidden otherwise."""
    found = _reports.get(name)
    if found is None:
        raise NotFound
    if not may_run(actor, found):
        raise NotAllowed(_("You may not run this report."))
    return found


def ask(work: Work, one: Report, given: Mapping[str, str]) -> dict[str, Any]:
    """Read the parameters of a report from a URL; raise ``Problems`` with every mistake."""
    names = {parameter.name for parameter in one.parameters}
    unknown = sorted(set(given) - names - {"format"})
    if unknown:
        raise BadRequest(_("This report knows no parameter %(name)s.", name=", ".join(unknown)))
    asked: dict[str, Any] = {}
    problems: list[Problem] = []
    for parameter in one.parameters:
        try:
            text = given.get(parameter.name, "").strip()
            asked[parameter.name] = _read(work, parameter, text, asked.get(COMPANY.name))
        except ValueError as wrong:
            problems.append(Problem(parameter.name, "not_understood", str(wrong)))
    if problems:
        raise Problems(problems)
    return asked


def _read(work: Work, parameter: Parameter, text: str, company: int | None) -> Any:
    if not text:
        return _absent(work, parameter)
    if parameter.type == DATE:
        return _date(text)
    if parameter.type == INSTANT:
        return _instant(work, text, company)
    if parameter.type == BOOL:
        return text in {"1", "true", "on", "yes"}
    if parameter.type == LINK:
        return _link(work, parameter, text, company)
    if parameter.choices and text not in dict(parameter.choices):
        raise ValueError(_("Choose one of: %(list)s.", list=", ".join(value for value, _label in parameter.choices)))
    return text


def usual_company(work: Work) -> int | None:
    """Return the company of a report that names none: the reader's own, else the first that he may see."""
    own = default_company(work)
    if own is not None:
        return own
    table: Any = kind_of("company")
    query = select(table.id).where(visible(work.actor, table), table.state == ACTIVE)
    return work.session.scalar(query.order_by(table.code).limit(1))


def _absent(work: Work, parameter: Parameter) -> Any:
    if parameter.name == "company":
        company = usual_company(work)
        if company is None:
            raise ValueError(_("Choose a company."))
        return company
    return False if parameter.type == BOOL else None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("Enter a date, such as 2026-06-18.")) from None


def _instant(work: Work, text: str, company: int | None) -> datetime | int:
    """Return a moment in UTC, or a sequence number given as such; a day stands for its end where the company is."""
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        if len(text) == len("2026-06-18"):
            midnight = datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), work.zone(company))
            return midnight.astimezone(UTC).replace(tzinfo=None) - timedelta(microseconds=1)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise ValueError(_("Send an instant in ISO 8601, in UTC.")) from None
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def _link(work: Work, parameter: Parameter, text: str, company: int | None) -> int:
    """Return the id of a record of the asked company, archived ones too: books are read long after.

    A plain number may be an id or a code (accounts are coded by numbers). Where it is both, of two records, the reader
    must say which: a report of another account than the one meant would look right.
    """
    how, _colon, name = text.partition(":") if text.startswith(("id:", "code:")) else ("", "", text)
    by_id = [LinkRef(parameter.link, id=int(name))] if name.isdigit() and how != "code" else []
    by_code = [LinkRef(parameter.link, code=name, words=not name.isdigit())] if how != "id" else []
    found = resolve(work, by_id + by_code, company, past=True)
    if not found:
        raise ValueError(_("No such record: %(what)s.", what=text))
    if len(set(found.values())) > 1:
        raise ValueError(_("%(what)s is an id and a code of another. Say id:%(what)s or code:%(what)s.", what=name))
    return next(iter(found.values()))


def run(work: Work, name: str, given: Mapping[str, str], *, limit: int | None = MOST) -> Table:
    """Run a report for the actor of ``work``, who must be in a consistent snapshot; ``limit`` None asks for all rows."""
    one = report_named(work.actor, name)
    asked = ask(work, one, given)
    company = asked["company"]
    if work.actor.companies is not None and company not in work.actor.companies:
        raise NotFound
    return one.run(work, asked | {LIMIT: limit})


def as_json(table: Table) -> dict[str, Any]:
    """Return a table as the API writes it: decimals as strings, dates in ISO 8601."""
    return {
        "columns": [column.shown() for column in table.columns],
        "rows": [_plain_row(row) for row in table.rows],
        "totals": _plain_row(table.totals),
        "left": table.left,
        "as_of": table.as_of.isoformat() if table.as_of else None,
        "known_on": _plain(table.known_on),
        "currency": table.currency,
        **{key: _plain(value) for key, value in table.facts.items()},
    }


def _plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return _plain_row(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, int | float | bool | str) or value is None else str(value)


def plain_decimal(value: Decimal) -> str:
    """Return an exact amount with at least two decimals."""
    text = format(value.normalize(), "f") if value else "0"
    whole, _point, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def as_lines(table: Table) -> Iterator[list[Any]]:
    """Yield the rows of a table as a file has them, totals last."""
    for row in table.rows:
        yield [_indented(row, place, row.get(column.key)) for place, column in enumerate(table.columns)]
    if table.totals:
        yield [table.totals.get(column.key) for column in table.columns]


def _indented(row: Mapping[str, Any], place: int, value: Any) -> Any:
    depth = int(row.get("depth") or 0)
    return f"{'  ' * depth}{value}" if depth and place == 0 and isinstance(value, str) else value
