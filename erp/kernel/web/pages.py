"""Derived pages: the list, the form and their fragments of any kind, from its description alone."""

from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from flask import Blueprint, Response, g, redirect, render_template, request
from jinja2 import Template
from sqlalchemy import or_
from werkzeug.wrappers import Response as BaseResponse

from erp.kernel.change.described import described
from erp.kernel.change.find import find
from erp.kernel.change.links import labels
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import NotFound
from erp.kernel.format import Format
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.records.record import Record
from erp.kernel.rights import may
from erp.kernel.web.chrome import company_currency
from erp.kernel.web.listing import Listing, Query, read_query
from erp.kernel.web.present import shown

R = TypeVar("R", bound=Record)


def reader_format() -> Format:
    """Return the formatter of the reader of this request; amounts without a currency are in that of his company."""
    fmt: Format = g.format
    try:
        currency = company_currency(current_work())
    except LookupError:
        return fmt
    return replace(fmt, currency=currency) if currency else fmt


class DocumentPages(Blueprint):
    """A department's own views on a kind: what it does not override is derived.

    Routes are below ``/<collection>``; templates are looked for in ``<department>/<kind>/`` first.
    """

    def __init__(self, kind: type[Record], import_name: str) -> None:
        super().__init__(kind.__kind__, import_name, url_prefix=f"/{kind.__collection__}")
        self.kind = kind

    def find(self, record_id: int, **options: Any) -> Any:
        """Return the record if the reader may see it."""
        return find(current_work(), self.kind, record_id, **options)

    def render(self, template: str, **context: Any) -> str:
        """Render a fragment of this kind by its short name."""
        folder = f"{self.kind.__department__}/{self.kind.__kind__}"
        return render_template([f"{folder}/{template}.html", f"document/{template}.html"], **context)


def templates_for(kind: type[Record], name: str) -> list[str | Template]:
    """Return the templates to try: the department's own, then the derived one."""
    return [f"{kind.__department__}/{kind.__kind__}/{name}.html", f"document/{name}.html"]


@dataclass(frozen=True)
class ShownQuery:
    """A list's query as its template reads it."""

    query: Query
    filters: list[tuple[FieldInfo, str, str, str]] = field(default_factory=list)

    @property
    def q(self) -> str:
        """Return the words searched for."""
        return self.query.q

    @property
    def sort(self) -> str:
        """Return the order as the URL has it."""
        return ",".join(("-" if down else "") + info.name for info, down in self.query.sort)

    @property
    def args(self) -> list[tuple[str, str]]:
        """Return the list's whole state, but for the place in it."""
        return [(key, value) for key, value in self.query.args if key != "after"]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return the filters as fields of the search form."""
        return [(key, value) for key, value in self.query.args if key not in {"q", "sort", "after"}]

    def url(self, **changes: str | None) -> str:
        """Return this list's URL with some parameters changed."""
        return self.query.url(**changes)


def shown_query(work: Work, query: Query, fmt: Format) -> ShownQuery:
    """Return the query with its filters in words."""
    filters = []
    for one in query.filters:
        key = one.info.name if one.op == "eq" else f"{one.info.name}__{one.op}"
        if one.info.link and one.raw.isdigit():
            text = shown(
                one.info, int(one.raw), fmt, None, {one.info.link: labels(work.session, one.info.link, [int(one.raw)])}
            )
        elif one.info.choices:
            words = dict(one.info.choices)
            text = ", ".join(str(words.get(part, part)) for part in one.raw.split(","))
        else:
            text = one.raw
        filters.append((one.info, SIGNS.get(one.op, one.op), text, query.url(**{key: None})))
    return ShownQuery(query, filters)


SIGNS = {"eq": "", "ne": "≠", "lt": "<", "lte": "≤", "gt": ">", "gte": "≥", "in": "", "like": "≈", "isnull": "?"}


def listing_of(work: Work, kind: type[Record]) -> tuple[Description, Listing]:
    """Return the list that this request asks for, of the company one works in unless it names another.

    Raises ``NotFound`` when the reader may see no such record.
    """
    if not may(work.actor, "read", kind.__kind__):
        raise NotFound
    description = described(work, kind.__kind__, "list")
    query = read_query(description, request.args, reader_format())
    listing = Listing(work, query, reader_format())
    company = work.actor.company_id
    if (
        company is not None
        and hasattr(kind, "company_id")
        and not any(one.info.name == "company" for one in query.filters)
    ):
        table: Any = kind
        listing.narrowed = [or_(table.company_id == company, table.company_id.is_(None))]
    return description, listing


def see_other(url: str) -> Response | BaseResponse:
    """Answer an unsafe request with the page to show next."""
    if request.headers.get("HX-Request"):
        response = Response("", 204)
        response.headers["HX-Location"] = url
        return response
    return redirect(url, code=303)
