"""Leads: enquiries taken in once each, by whatever way they come, and what becomes of them.

Everything here is a plan for the one writer, so that a conversion is one operation and one undo.
"""
