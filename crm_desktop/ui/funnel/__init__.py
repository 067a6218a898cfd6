"""Page of sales figures: funnel, channels, managers, forecast.

The questions are asked in the worker; every number leads to the list of its rows.
"""
