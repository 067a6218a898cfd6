"""Conditions of queries: their values, and what they are as SQL."""
