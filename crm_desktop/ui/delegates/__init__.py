"""Painting of rows in item views: quick, from cached texts and pictures, never by style sheets.

A delegate paints the plain `Cell` that its model gives; what a value means is decided before.
"""
