"""Calls with their result and the next step: over a card, or one record of a list after another.

Also the box that plans one step for all records that were chosen in a list.
"""
