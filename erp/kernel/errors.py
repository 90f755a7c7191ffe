"""What can be refused, told as facts a person or a program can act on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to fix. ``field`` is the path as sent (``lines.2.quantity``); ``line`` counts from 1."""

    field: str
    code: str
    message: str
    line: int | None = None

    def under(self, prefix: str, line: int) -> "Problem":
        """Return the same problem as seen from the document that holds the line."""
        return replace(self, field=f"{prefix}.{line}.{self.field}", line=line)


class Refused(Exception):
    """A request that changes nothing. ``status`` is its HTTP status, ``code`` its machine name."""

    status = 400
    code = "refused"

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = list(problems)


class Problems(Refused):
    """A rule refuses the document; every problem is told at once."""

    status = 422
    code = "unprocessable"

    def __init__(self, problems: Sequence[Problem], message: str | None = None) -> None:
        super().__init__(message or "; ".join(str(problem.message) for problem in problems), problems)
        self.tried: object = None


class BadRequest(Refused):
    """The request cannot be understood: an unknown filter, a broken body."""

    status = 400
    code = "bad_request"


class NotSignedIn(Refused):
    """Nobody is signed in, or the token is unknown, expired or revoked."""

    status = 401
    code = "not_signed_in"


class NotAllowed(Refused):
    """A verb, field or kind is refused on a record one may see."""

    status = 403
    code = "not_allowed"


class NotFound(Refused):
    """The record does not exist, or the reader may not know that it does."""

    status = 404
    code = "not_found"

    def __init__(self, message: str = "Not found") -> None:
        super().__init__(message)


class Conflict(Refused):
    """The state of the record does not admit the verb."""

    status = 409
    code = "conflict"


class Stale(Refused):
    """Somebody saved a newer version; nothing was changed. Carries both versions."""

    status = 412
    code = "stale"

    def __init__(self, message: str, *, kind: str, record_id: int, theirs: int, current: int) -> None:
        super().__init__(message)
        self.kind, self.record_id, self.theirs, self.current = kind, record_id, theirs, current


class PreconditionRequired(Refused):
    """A change must say which version it was made on."""

    status = 428
    code = "version_required"


class TooManyRequests(Refused):
    """Slow down; ``retry_after`` is in seconds."""

    status = 429
    code = "too_many_requests"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
