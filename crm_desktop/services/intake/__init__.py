"""Intake: files with enquiries out of folders, read as hostile, taken in once each.

What cannot be read is moved aside with the reason beside it; what was taken in goes to a subfolder.
"""
