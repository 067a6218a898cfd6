"""The list of any object: views, filters, table, footer, and what is done with many records.

Everything here asks the catalogue; the word of an object stands nowhere.
"""
