"""Amounts: their currencies, now and in the past, and what lines of a deal come to."""
