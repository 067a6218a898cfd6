"""Figures of sales beside the funnel: channels and what they cost, managers, the forecast.

Counted from what happened, never from what somebody reports; every number carries its query.
"""
