"""The page on which a base is made, chosen or tried out, and what comes right after it.

Nothing here knows what is inside a base.
"""
