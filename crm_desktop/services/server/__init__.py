"""A base that an office shares on a server of its own: set up, let people in, look after it.

Imported only for bases on a server; a local one needs nothing of it.
"""
