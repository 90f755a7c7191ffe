"""Secrets that are shown once and kept as a hash: sessions, tokens, invitations."""

import hashlib
from secrets import token_urlsafe


def new_secret_text() -> str:
    """Return 256 random bits as text."""
    return token_urlsafe(32)


def digest(secret: str) -> bytes:
    """Return what is stored of a secret: its SHA-256, enough because the secret is random."""
    return hashlib.sha256(secret.encode()).digest()
