"""Requests that name a party as one thing: a customer or a supplier."""

from typing import Any

PARTIES = ("customer", "supplier")


def party_fields(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a payload whose ``party: {customer: 12}`` is turned into the field of that party.

    Anything else under ``party`` stays, so that it is refused as an unknown field.
    """
    party = payload.get("party")
    if party is None:
        return {key: value for key, value in payload.items() if key != "party"}
    if not isinstance(party, dict) or len(party) != 1 or not set(party) <= set(PARTIES):
        return payload
    return {key: value for key, value in payload.items() if key != "party"} | party


def party_of(shown: dict[str, Any]) -> dict[str, Any] | None:
    """Return the party of an answer as requests may name it: ``{customer: {...}}``; None when there is none."""
    return next(({name: shown[name]} for name in PARTIES if shown.get(name)), None)
