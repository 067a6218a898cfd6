"""The card of one record: side panel, full page, form, tabs of what hangs on it.

Everything is built from the catalogue; nothing here knows a particular object.
"""
