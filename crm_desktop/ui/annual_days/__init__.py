"""The page of days that come round soon: birthdays and annual dates of everybody.

One list over all objects, the nearest day first.
"""
