"""Verbs: one module-level function each, asked for its right, its version and its audit entry in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from erp.kernel.change.audit import audit
from erp.kernel.change.hooks import announce
from erp.kernel.change.work import Work
from erp.kernel.errors import NotAllowed, Problem, Problems
from erp.kernel.records.record import Record
from erp.kernel.rights import may
from erp.kernel.text import _

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Command:
    """A verb of a kind: its noun route, its word on the button, and when it makes sense."""

    kind: str
    verb: str
    route: str
    label: str
    act: Callable[..., Any]
    when: Callable[[Any], bool]
    primary: bool = False
    danger: bool = False
    needs_reason: bool = False
    confirm: str = ""
    right: str = ""
    makes: str = ""
    told: str = ""


_commands: dict[tuple[str, str], Command] = {}


def command(
    kind: type[Record], verb: str, *, route: str, label: str, when: Callable[[Any], bool] = lambda record: True,  # noqa: ARG005
    primary: bool = False, danger: bool = False, needs_reason: bool = False, confirm: str = "", right: str = "",
    makes: str = "", told: str = "",
) -> Callable[[F], F]:  # fmt: skip
    """Declare ``act(work, record, **values)`` as the verb of a kind.

    ``route`` is the noun in its URL (``submission``), ``right`` the verb asked of the table of rights (by default
    the verb itself), ``makes`` the kind of document that it drafts (its result is shown next), ``told`` what the history
    says somebody did ("closed this").
    """

    def declare(act: F) -> F:
        own = list(signature(act).parameters)[:2]

        @wraps(act)
        def checked(work: Work, record: Any, /, **values: Any) -> Any:
            if not may(work.actor, right or verb, kind.__kind__, record):
                raise NotAllowed(_("You may not do this here. Nothing was changed."))
            wrong = [name for name in own if name in values]
            if wrong:
                raise Problems([Problem(name, "unknown_field", _("There is no such field here.")) for name in wrong])
            return _carry_out(act, verb, work, record, values)

        _commands[kind.__kind__, verb] = Command(
            kind.__kind__,
            verb,
            route,
            label,
            checked,
            when,
            primary,
            danger,
            needs_reason,
            confirm,
            right or verb,
            makes,
            told,
        )
        return checked  # type: ignore[return-value]

    return declare


def _carry_out(act: Callable[..., Any], verb: str, work: Work, record: Any, values: dict[str, Any]) -> Any:
    result = act(work, record, **values)
    work.session.flush()
    audit(work, verb, record, note=str(values.get("reason") or values.get("comment") or ""))
    announce(work, record, verb)
    return result


def commands_of(kind: str) -> list[Command]:
    """Return the verbs of a kind, in order of declaration."""
    return [found for (name, _verb), found in _commands.items() if name == kind]


def command_of(kind: str, route: str) -> Command | None:
    """Return the verb behind a noun route (``submission``)."""
    return next((found for found in commands_of(kind) if found.route == route), None)


def available(actor: Any, record: Record) -> list[Command]:
    """Return the verbs that make sense for ``record`` now and that the actor may do."""
    return [
        one
        for one in commands_of(record.__kind__)
        if one.when(record) and may(actor, one.right, record.__kind__, record)
    ]
