"""Recurrence by RFC 5545: rules parsed and checked, their dates in the zone they were planned in.

Pure arithmetic over python-dateutil, without a base.
"""
