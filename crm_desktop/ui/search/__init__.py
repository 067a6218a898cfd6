"""The search box over the window: records and commands in one list, the newest question wins.

It asks the search of the base and the registry of actions; the navigator opens what was chosen.
"""
