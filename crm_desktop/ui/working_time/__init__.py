"""The page of working calendars: the hours of a week, and a year whose days are made off or short.

What it shows and writes is that of `services/worktime`.
"""
