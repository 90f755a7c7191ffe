"""What the declared table of rights promises: read here by itself, without asking the product."""

from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from erp.kernel.change.verbs import verbs_of
from erp.kernel.records import Record
from erp.kernel.rights.grants import declared
from erp.kernel.rights.registry import BY_RECORD, BY_ROUTE, Surface, surface_of

OWN_CLERK = "own_clerk"
ROLES = ("accounts", "administrator", "approver", "buyer", "nobody", OWN_CLERK, "sales", "stock")


@dataclass(frozen=True)
class Try:
    """One request: how, where, and the verb that it needs."""

    method: str
    url: str
    verb: str
    on_record: bool


def scope_of(role: str, kind: str, verb: str) -> str:
    """Return "all", "own", a scope key, or "" when the role may not."""
    if "|" in verb:
        return next((found for one in verb.split("|") if (found := scope_of(role, kind, one))), "")
    if role == "administrator":
        return "all"
    if role == OWN_CLERK:
        return "own" if verb in {"read", "update"} else ""
    return declared().rights.get(role, {}).get((kind, verb), "")


def is_visible(role: str, kind: type[Record], place: str) -> bool:
    """Return whether somebody of this role in company A sees the record of ``place``."""
    scope = scope_of(role, kind.__kind__, "read")
    if role == "administrator":
        return True
    if place == "B" and (hasattr(kind, "company_id") or kind.__kind__ == "company"):
        return False
    return scope == "all" or (scope == "own" and place == "mine" and kind.__kind__ != "company")


def record_rules(app: Flask) -> list[tuple[Rule, Surface]]:
    """Return the routes whose kind is in the URL."""
    found = []
    for rule in app.url_map.iter_rules():
        surface = surface_of(rule.endpoint)
        if surface is not None and surface.kind == BY_RECORD:
            found.append((rule, surface))
    return found


def tries(app: Flask, kind: type[Record], record_id: int) -> list[Try]:
    """Return every request that the registered routes offer about one record of ``kind``."""
    found = []
    for rule, surface in record_rules(app):
        url = rule.rule.replace("<collection>", kind.__collection__).replace("<kind>", kind.__kind__)
        on_record = "<int:record_id>" in url
        url = url.replace("<int:record_id>", str(record_id))
        routes = (
            [(one.route, one.right or one.verb) for one in verbs_of(kind)] if "<route>" in url else [("", surface.verb)]
        )
        for route, verb in routes:
            assert verb != BY_ROUTE, rule
            found += [
                Try(method, url.replace("<route>", route), verb, on_record)
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            ]
    return found
