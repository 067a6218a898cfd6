"""Reminders on the screen: a window of their own that takes no keyboard, the tray, the desktop.

`desk.ReminderDesk` joins them; it lives as long as the session and is made after the first page.
"""
