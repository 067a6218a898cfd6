"""The page of reference books: the books at the left, their values in order and tree at the right.

Values are renamed, coloured, moved, retired, merged and deleted here; a book of one's own is made.
"""
