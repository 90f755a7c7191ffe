"""``?expand=customer,lines.item``: links of an answer replaced by what the reader may see of the linked record."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from erp.kernel.change.described import described
from erp.kernel.change.find import visible
from erp.kernel.change.work import Work
from erp.kernel.errors import BadRequest
from erp.kernel.records.description import Description
from erp.kernel.records.registry import kind_of
from erp.kernel.rights import may
from erp.kernel.text import _
from erp.kernel.web.present import documents_json

Link = dict[str, Any]


def expand(work: Work, description: Description, documents: list[dict[str, Any]], asked: str) -> None:
    """Widen the links named in ``asked``; raise ``BadRequest`` for a name that is no link. One query for each kind."""
    links: dict[str, list[Link]] = {}
    for path in dict.fromkeys(part.strip() for part in asked.split(",") if part.strip()):
        kind = _kind_behind(description, path)
        links.setdefault(kind, []).extend(_links(documents, path))
    for kind, found in links.items():
        if may(work.actor, "read", kind):
            _widen(work, kind, found)


def _kind_behind(description: Description, path: str) -> str:
    head, dot, rest = path.partition(".")
    owner = description.lines.get(head) if dot else description
    info = owner.get(rest or head) if owner is not None else None
    if info is None or not info.link:
        raise BadRequest(_("%(name)s is no link that can be expanded.", name=path))
    return info.link


def _links(documents: Iterable[dict[str, Any]], path: str) -> Iterable[Link]:
    head, dot, rest = path.partition(".")
    for document in documents:
        for holder in document.get(head) or [] if dot else [document]:
            link = holder.get(rest or head)
            if isinstance(link, dict):
                yield link


def _widen(work: Work, kind_name: str, links: list[Link]) -> None:
    kind = kind_of(kind_name)
    ids = {link["id"] for link in links}
    records = list(work.session.scalars(select(kind).where(kind.id.in_(ids), visible(work.actor, kind))))
    shown = documents_json(work, described(work, kind_name, "api"), records, lines=False)
    by_id = {one["id"]: one for one in shown}
    for link in links:
        found = by_id.get(link["id"])
        if found is not None:
            link.update({**found, **link})
