"""Journal entries: bookings made by hand, and opening balances."""
