"""Widgets that know nothing of the catalogue: they take plain values and give signals.

What needs a record, a query or a service belongs in a feature package beside this one.
"""
