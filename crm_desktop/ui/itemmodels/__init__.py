"""Item models that hold plain rows handed to them: no query, no database, no catalogue.

Whoever owns a model answers its wishes for rows from a worker thread.
"""
