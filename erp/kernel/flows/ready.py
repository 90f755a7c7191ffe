"""Ready-made flows to start from: data that becomes a flow of the house's own, to be changed like any other."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from erp.kernel.change.save import save
from erp.kernel.change.work import Work
from erp.kernel.errors import NotFound
from erp.kernel.flows.model import ApprovalFlow
from erp.kernel.records.registry import has_kind, kind_of
from erp.kernel.rights import commands
from erp.kernel.rights.tables import Role
from erp.kernel.text import language

STEP_LINKS = {"role", "escalate"}


@dataclass(frozen=True, slots=True)
class Ready:
    """A flow to start from, for the first of its kinds that exists."""

    key: str
    name: str
    help: str
    kind: str
    label: str
    data: dict[str, Any]


@cache
def _data() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "ready.yml").read_text("utf-8"))
    return found


def ready_flows() -> list[Ready]:
    """Return the flows that fit the kinds of documents there are."""
    found = []
    for one in _data():
        kind = next((name for name in one["kinds"] if has_kind(name)), None)
        if kind is not None:
            name, help_ = (one.get(f"{what}_{language()}", one[what]) for what in ("name", "help"))
            found.append(Ready(one["key"], name, help_, kind, str(kind_of(kind).__label__), one))
    return found


def begin_with(work: Work, key: str) -> ApprovalFlow:
    """Make a flow of the house's own from a ready-made one, and the roles it names. Raises ``NotFound``."""
    ready = next((one for one in ready_flows() if one.key == key), None)
    if ready is None:
        raise NotFound
    for code, name in ready.data.get("roles", {}).items():
        _role(work, code, name, ready.kind)
    steps = [_step(step) for step in ready.data["steps"]]
    payload: dict[str, Any] = {
        "code": _free_code(work, key),
        "name": ready.name,
        "for_kind": ready.kind,
        "steps": steps,
    }
    for name in ("condition", "reason", "replaces_limits", "reopen_percent", "mails"):
        if name in ready.data:
            payload[name] = ready.data[name]
    if "notify_role" in ready.data:
        payload["notify_role"] = {"code": ready.data["notify_role"]}
    return save(work, ApprovalFlow, payload)


def _step(step: dict[str, Any]) -> dict[str, Any]:
    return {name: {"code": value} if name in STEP_LINKS else value for name, value in step.items()}


def _role(work: Work, code: str, name: str, kind: str) -> None:
    """Make a role that is not there, for people who read the documents that they decide about."""
    if work.session.scalars(select(Role.id).where(Role.code == code)).first() is not None:
        return
    role = commands.add_role(work, code, name)
    commands.set_right(work, role, kind, "read", "all")
    for verb in ("read", "create", "update", "delete"):
        commands.set_right(work, role, "approval_deputy", verb, "own")
    work.session.flush()


def _free_code(work: Work, key: str) -> str:
    taken = set(work.session.scalars(select(ApprovalFlow.code).where(ApprovalFlow.code.like(f"{key}%"))))
    return next(code for n in range(1, 1000) if (code := key if n == 1 else f"{key}-{n}") not in taken)
