"""The audit: what an administrator must be able to read later."""
