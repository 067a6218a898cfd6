"""What is not a record of the catalogue: changes, operations, search rows, saved views.

Plain SQLAlchemy Core tables; the services that own them are named at each.
"""
