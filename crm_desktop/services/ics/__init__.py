"""Calendar files (iCalendar, RFC 5545): activities are written to them and read from them.

The library icalendar reads and writes single entries; what surrounds them is ours (decision 011).
"""
