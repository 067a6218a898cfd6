"""The board: what is open in a pipeline as cards in columns, with counts, sums and marks.

`reading` asks the base one question for all cards, `columns` sorts them, `moving` writes a drag.
"""
