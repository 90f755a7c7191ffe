"""How things change: units of work, verbs, rules, numbers, approvals and the audit trail."""

from erp.kernel.change.approvals import ApprovalNeed
from erp.kernel.change.audit import audit, decimal_text, plain
from erp.kernel.change.commands import available, command, command_of, commands_of
from erp.kernel.change.effects import register_writer
from erp.kernel.change.find import find, visible
from erp.kernel.change.hooks import (
    Cancelled,
    Saved,
    Submitted,
    after,
    announce,
    cancel_checks,
    checks,
    computes,
    fills_in,
    needs_approval,
    on_approval,
    on_change,
    posts,
    valid_if,
)
from erp.kernel.change.kept import kept, kept_by_id
from erp.kernel.change.lifecycle import amend, approve, archive, cancel, copy_of, delete, restore, submit
from erp.kernel.change.links import Label, labels, resolve
from erp.kernel.change.save import save
from erp.kernel.change.work import Work, current_work, new_session, reading, run_work, snapshot, unit_of_work

__all__ = [
    "ApprovalNeed", "Cancelled", "Label", "Saved", "Submitted", "Work", "after", "amend", "announce", "approve",
    "archive", "audit", "available", "cancel", "cancel_checks", "checks", "command", "command_of", "commands_of", "computes", "copy_of",
    "current_work", "decimal_text", "delete", "fills_in", "find", "kept", "kept_by_id", "labels", "needs_approval", "new_session",
    "on_approval", "on_change", "plain", "posts", "reading", "register_writer", "resolve", "restore", "run_work",
    "save", "snapshot", "submit", "unit_of_work", "valid_if", "visible",
]  # fmt: skip
