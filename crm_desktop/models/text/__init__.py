"""What people type, read and written back: pure functions over text, dates, numbers and names.

Nothing here knows the base, the catalogue or the screen; nothing heavy is imported on the way in.
"""
