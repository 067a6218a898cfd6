"""The files of a record: seen, added, opened in their own programs and taken back when saved.

Nothing of a file is ever run; previews are made from its bytes in workers.
"""
