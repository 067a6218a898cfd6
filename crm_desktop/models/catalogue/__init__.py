"""What exists: objects, fields, links and traits as frozen values, built-in or made by a user.

Plain values only: no SQL, no widgets, no behaviour beyond what a field type knows of its values.
"""
