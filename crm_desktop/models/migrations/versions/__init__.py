"""One file a version of the schema, `version_0002.py` leads from 1 to 2. Written by `draft`.

A step must be repeatable: on a server its first half stays when its second half fails.
"""
