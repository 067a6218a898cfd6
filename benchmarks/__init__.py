"""Measurements of what the program promises, and the script that kills it at random moments.

Nothing here is part of the program; `python -m benchmarks` and `python -m benchmarks.kill` run it.
"""
