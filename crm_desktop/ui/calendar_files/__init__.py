"""The page that brings a calendar file in: what would become of it first, then the deed.

Writing activities to a file is part of the export of lists.
"""
