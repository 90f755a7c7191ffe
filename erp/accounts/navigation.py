"""The place of accounts in the navigation."""

from erp.kernel.text import _l
from erp.kernel.web.chrome import Entry, Group, navigation, way

navigation(
    Group(
        "accounts", _l("Accounting"), "landmark",
        (
            Entry(_l("Payments"), kind="payment", letter="p"),
            Entry(_l("Journal entries"), kind="journal_entry", letter="e"),
            Entry(_l("Chart of accounts"), kind="account"),
            Entry(_l("Reports"), url="/reports", right=("read", "ledger"), letter="r"),
        ),
        place=30,
    )
)  # fmt: skip

way(Entry(_l("Trial balance"), url="/reports/trial-balance", right=("read", "ledger"), letter="t"))
way(Entry(_l("General ledger"), url="/reports/general-ledger", right=("read", "ledger"), letter="l"))
