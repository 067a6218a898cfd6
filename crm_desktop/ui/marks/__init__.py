"""Tags of a record and the selections it stands in, as chips in the head of its card.

`part` is what cards know of them; the widgets are imported with the first card that shows them.
"""
