"""Working time as pure arithmetic: hours of weekdays, special days, holidays, absences, zones.

No base stands behind it; `services/worktime` reads the calendars and asks here.
"""
