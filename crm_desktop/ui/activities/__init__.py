"""What one colleague has to do: the page of the day, and what can be done with an activity.

Everything is asked for and written through `services/activities` and `services/activities/my_day`.
"""
