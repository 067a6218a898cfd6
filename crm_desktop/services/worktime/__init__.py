"""Working time from the base: calendars of the company, of departments and of colleagues.

The arithmetic is that of `models/worktime`; here its calendars are read, kept and changed.
"""
