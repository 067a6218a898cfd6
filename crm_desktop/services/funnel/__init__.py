"""Funnel of a pipeline: how far its deals came, how long it took, why they were lost.

`service.Funnels` answers; every number of an answer carries the query that gives its rows.
"""
