"""Relations of a record: a tab of its card with a small picture and a table.

`part` is what cards know of them; the widgets are imported when the tab is first opened.
"""
