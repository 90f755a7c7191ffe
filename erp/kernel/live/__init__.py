"""Live updates: hints after the commit that something changed. They carry ids, never data."""

from erp.kernel.live.announce import approval_hint, changed, changed_task, notify, publish, sign_out
from erp.kernel.live.events import event

__all__ = ["approval_hint", "changed", "changed_task", "event", "notify", "publish", "sign_out"]
