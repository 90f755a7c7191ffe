"""Switching a feature: a row, an audit entry, and everybody sees it within seconds."""

from erp.kernel.change.audit import audit
from erp.kernel.change.work import Work
from erp.kernel.errors import NotAllowed, NotFound
from erp.kernel.records.features import all_features, features_on, switch
from erp.kernel.records.setup import forget_setup
from erp.kernel.rights import declare_right, may
from erp.kernel.text import _, _l

declare_right("feature", "update", _l("Switch features on and off"))


def switch_feature(work: Work, key: str, *, on: bool) -> None:
    """Switch a feature on, with what it needs, or off. Raises ``NotFound`` when there is no such feature."""
    if not may(work.actor, "update", "feature"):
        raise NotAllowed(_("You may not do this here. Nothing was changed."))
    if key not in {one.key for one in all_features()}:
        raise NotFound(_("Not found"))
    before = features_on(work.session)
    switch(work.session, key, on)
    work.session.flush()
    after = features_on(work.session)
    if before != after:
        changed = {one: [one in before, one in after] for one in sorted(before ^ after)}
        audit(work, "switch", None, changed, kind="feature", note=key)
    work.after_commit(forget_setup)
