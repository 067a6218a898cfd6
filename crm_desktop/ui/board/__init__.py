"""The board: open deals as cards in columns that are dragged, filtered and looked through.

`reading` works in the worker, `piles` says what lies where, `drawing` paints only what is seen.
"""
