"""Tags of a record, selections it stands in, links of an activity: chips in the head of a card.

`part` and `links_part` are what cards know of them; the widgets are imported with the first card
that shows them.
"""
