"""The two places a base can live in, a SQLite file and a Firebird server, behind one contract.

What differs between them belongs here and nowhere else; what a client is does not belong here.
"""
