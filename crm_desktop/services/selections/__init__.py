"""Segments: records chosen by hand or by a query."""
