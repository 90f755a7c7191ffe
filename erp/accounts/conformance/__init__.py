"""What accounts offers to the acceptance cases: master data, events, plans, reports, and reading back."""

from erp.accounts.conformance import events, given, plans, reads, reports

__all__ = ["events", "given", "plans", "reads", "reports"]
