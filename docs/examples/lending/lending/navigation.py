"""The place of the desk in the navigation."""

from erp.kernel.web.chrome import Entry, Group, navigation

navigation(
    Group(
        "lending", "Lending", "handshake",
        (
            Entry("Loans", kind="loan"),
            Entry("Out now", url="/loans/out", right=("read", "loan")),
            Entry("Tools", kind="tool"),
        ),
    )
)  # fmt: skip
