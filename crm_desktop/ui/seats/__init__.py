"""Seats of a shared base in the window: the page of who finds none free, and the board of seats.

What keeps a seat alive is `ui/seat.py`; the strip about it belongs to the window.
"""
