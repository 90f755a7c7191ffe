"""What accounts offers to the acceptance cases: master data, events, plans, reports, and reading back."""
