"""How a base of an older version of the program becomes one of this version, step by step.

One file in `versions` a version; what a step may use beside Alembic's operations is here too.
"""
