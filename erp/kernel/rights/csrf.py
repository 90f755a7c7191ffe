"""Proof that an unsafe request comes from our own page: a secret of the session, masked anew in every answer."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from secrets import token_bytes
from urllib.parse import urlsplit

SIZE = 32


def new_secret() -> bytes:
    """Return the secret of a new session."""
    return token_bytes(SIZE)


def masked(secret: bytes) -> str:
    """Return ``secret`` under a fresh mask: no two answers carry the same text, so compression leaks nothing."""
    mask = token_bytes(len(secret))
    return urlsafe_b64encode(mask + _xor(mask, secret)).decode().rstrip("=")


def is_valid(token: str, secret: bytes) -> bool:
    """Return whether ``token`` is the secret under some mask."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return False
    if len(raw) != 2 * len(secret):
        return False
    return hmac.compare_digest(_xor(raw[: len(secret)], raw[len(secret) :]), secret)


def is_foreign(fetch_site: str | None, origin: str | None, hosts: Iterable[str]) -> bool:
    """Return whether the browser itself says that another site sent the request; ``hosts`` are our own names."""
    if fetch_site is not None:
        return fetch_site in {"cross-site", "same-site"}
    if origin is None:
        return False
    return urlsplit(origin).netloc.casefold() not in {host.casefold() for host in hosts if host}


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
