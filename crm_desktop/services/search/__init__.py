"""The search: its index, what a typed text may mean, and the records that it finds."""
