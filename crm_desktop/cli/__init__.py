"""The command line: the same services as the window, for administrators and automation.

One module a group of commands; each command takes the parsed arguments and gives back an `Answer`.
"""
