"""The place of accounts in the navigation."""

from erp.kernel.text import _l
from erp.kernel.web.chrome import Entry, Group, navigation

navigation(
    Group(
        "accounts", _l("Accounting"), "landmark",
        (
            Entry(_l("Payments"), kind="payment"),
            Entry(_l("Journal entries"), kind="journal_entry"),
            Entry(_l("Chart of accounts"), kind="account"),
            Entry(_l("Reports"), url="/reports", right=("read", "ledger")),
        ),
        place=30,
    )
)  # fmt: skip
