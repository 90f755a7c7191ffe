"""What the settings page says about approvals."""

from erp.kernel.text import _l
from erp.kernel.web.settings_index import PEOPLE, YOURS, settings_line

settings_line(
    _l("Approval flows"), _l("Who approves which documents."), "/settings/approvals", group=PEOPLE,
    right=("create", "approval_flow"),
)  # fmt: skip
settings_line(
    _l("Deputies"), _l("Who decides in your place while you are away."), "/approval-deputies", group=YOURS,
    right=("create", "approval_deputy"),
)  # fmt: skip
