"""Reminders: what is due for whom now, what was said to it, and when to look again.

What came up once in a place does not come up there again; what was answered is gone everywhere.
"""
