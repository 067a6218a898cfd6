"""The planner below the window: who and what is busy when, between two moments, and what moves it.

`Planner` is the service; `question` asks the base, `moving` makes writes, `load` counts.
"""
