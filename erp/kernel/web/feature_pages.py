"""The page on which an administrator switches features."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.features import switch_feature
from erp.kernel.change.work import current_work
from erp.kernel.records.features import Feature, all_features, features_on
from erp.kernel.rights.registry import surface
from erp.kernel.text import _
from erp.kernel.web.account import page

features = Blueprint("features", __name__, url_prefix="/settings/features")


@surface("features.list_features", kind="feature", verb="update")
@features.get("")
def list_features() -> ResponseReturnValue:
    """Show every feature, whether it is on, and what it needs."""
    on = features_on(current_work().session)
    labels = {one.key: one.label for one in all_features()}
    rows = [(one, one.key in on, [labels[need] for need in one.needs]) for one in sorted(all_features(), key=_order)]
    return page("features", _("Features"), rows=rows)


def _order(one: Feature) -> str:
    return str(one.label)


@surface("features.switch", kind="feature", verb="update")
@features.post("/<key>")
def switch(key: str) -> ResponseReturnValue:
    """Switch one feature."""
    switch_feature(current_work(), key, on=request.form.get("on") == "1")
    return redirect("/settings/features?done=1", code=303)
