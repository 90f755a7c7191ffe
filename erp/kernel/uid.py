"""Identifiers that nobody has to hand out."""

import time
import uuid
from secrets import randbits


def new_uid() -> uuid.UUID:
    """Return a version 7 UUID (RFC 9562): ordered by time, unguessable in its tail."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | (0x7 << 76) | (randbits(12) << 64) | (0b10 << 62) | randbits(62)
    return uuid.UUID(int=value)
