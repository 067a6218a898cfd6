"""Looking after a base: checked, copied, moved to another place."""
