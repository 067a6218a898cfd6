"""Bringing records in from files: reading, mapping columns to fields, testing, writing.

Readers know no catalogue; the rest knows no file formats.
"""
