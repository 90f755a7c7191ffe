"""Why a command could not do its work, in one line for an operator."""

from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from erp.kernel.change.work import AWAY, number_of
from erp.kernel.modules import BrokenExtension

SERVER_AWAY = 3
"""The exit code when a server is away: repeating the command later may help, unlike after 1 and 2."""


def explained(error: Exception) -> tuple[int, str]:
    """Return the exit code and one line for what an operator can mend; an empty line for a fault of ours."""
    if isinstance(error, BrokenExtension):
        return 2, str(error)
    if isinstance(error, RedisError):
        return SERVER_AWAY, (
            f"erp: Redis does not answer ({error}). What was saved is kept, and waiting jobs run when it is back."
            " Start it (erp doctor says which), then repeat the command."
        )
    if isinstance(error, OperationalError) or type(error).__module__.startswith("pymysql"):
        if number_of(error) in AWAY:
            return SERVER_AWAY, (
                "erp: the database does not answer. What was saved before is kept; of what did not end nothing is saved."
                " Start it (erp doctor says what else is missing), then repeat the command."
            )
        return 1, f"erp: the database refused: {getattr(error, 'orig', error)}"
    return 1, ""
